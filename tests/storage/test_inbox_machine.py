"""Does the inbox hand out every message once and in order, whatever happens?

A model in plain Python plays beside the real tables (SQLite): workers claim, finish,
fail and die, platforms deliver again, and after every step the two must agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from sqlalchemy import StaticPool, create_engine, select

from storage import inbox
from storage.errors import LeaseLostError
from storage.inbox import EVENTS_PER_CLAIM, MAX_ATTEMPTS, LaneRef
from storage.tables import inbox_body, inbox_event, metadata
from storage.tables import lane as lane_table
from tests.storage.rows import UNIT, delivery, digest

LANES = ("anna", "binh", "chi")
OWNERS = ("w1", "w2")
LEASE = 10_000


@dataclass(slots=True)
class Event:
    """One message as the model sees it."""

    event_id: str
    lane: str
    body: str
    platform_at: int
    available_at: int
    state: str = "received"
    attempts: int = 0


@dataclass(slots=True)
class Lane:
    """Who works on a citizen's messages."""

    ready_at: int | None
    owner: str | None = None
    lease_until: int = 0


@dataclass(slots=True)
class Held:
    """What a worker holds in its hands, perhaps no longer rightly."""

    ref: LaneRef
    owner: str
    left: list[dict[str, Any]] = field(default_factory=list)


class InboxMachine(RuleBasedStateMachine):
    """Platforms, workers and sweepers at work on one inbox."""

    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        metadata.create_all(self.engine)
        self.events: dict[str, Event] = {}
        self.keys: dict[int, str] = {}
        self.lanes: dict[str, Lane] = {}
        self.now = 1000
        self.number = 0

    def teardown(self) -> None:
        """Let the memory go."""
        self.engine.dispose()

    @rule(
        messages=st.lists(
            st.tuples(
                st.integers(0, 40), st.sampled_from(LANES), st.integers(500, 520)
            ),
            min_size=1,
            max_size=4,
        )
    )
    def deliver(self, messages: list[tuple[int, str, int]]) -> None:
        """One webhook call; keys that are known change nothing."""
        self.number += 1
        body = f"b{self.number:04d}"
        events = []
        for index, (key, lane, at) in enumerate(messages):
            event_id = f"e{self.number:04d}-{index}"
            events.append(
                inbox.StoredEvent(event_id, index, digest(f"k{key}"), lane, at)
            )
            if key not in self.keys:
                self.keys[key] = event_id
                self.events[event_id] = Event(event_id, lane, body, at, self.now)
            known = self.lanes.setdefault(lane, Lane(self.now))
            known.ready_at = self.now if known.ready_at is None else known.ready_at
        with self.engine.begin() as connection:
            inbox.store(connection, [delivery(body, *events, at=self.now)])

    @rule(ms=st.sampled_from((1, 600, 9_000, 11_000)))
    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.now += ms

    def _pending(self, lane: str) -> list[Event]:
        waiting = [
            e for e in self.events.values() if e.lane == lane and e.state == "received"
        ]
        return sorted(waiting, key=lambda e: (e.platform_at, e.event_id))

    @rule(target=held, owner=st.sampled_from(OWNERS))
    def claim(self, owner: str) -> Any:
        """Exactly the free lanes that are due come, with their first due events."""
        with self.engine.begin() as connection:
            refs = inbox.claim(
                connection,
                owner=owner,
                now=self.now,
                lease_until=self.now + LEASE,
                limit=10,
            )
        assert {ref.lane for ref in refs} == self._ready()
        for ref in refs:
            lane = self.lanes[ref.lane]
            if lane.owner is not None and self._pending(ref.lane):
                self._pending(ref.lane)[0].attempts += 1
            lane.owner, lane.lease_until = owner, self.now + LEASE
            assert self._due(ref.lane) == [e["event_id"] for e in ref.events]
        return multiple(*(Held(ref, owner, list(ref.events)) for ref in refs))

    def _ready(self) -> set[str]:
        return {
            name
            for name, lane in self.lanes.items()
            if lane.ready_at is not None
            and lane.ready_at <= self.now
            and (lane.owner is None or lane.lease_until < self.now)
        }

    def _release(self, name: str) -> None:
        lane, pending = self.lanes[name], self._pending(name)
        lane.owner = None
        lane.ready_at = pending[0].available_at if pending else None

    def _due(self, lane: str) -> list[str]:
        due = []
        for event in self._pending(lane)[:EVENTS_PER_CLAIM]:
            if event.available_at > self.now:
                break
            due.append(event.event_id)
        return due

    @rule(work=held)
    def finish_one(self, work: Held) -> None:
        """Finish the next event; refused when lane or event is no longer ours."""
        if not work.left:
            return
        row = work.left.pop(0)
        event, lane = self.events[row["event_id"]], self.lanes[work.ref.lane]
        is_ours = lane.owner == work.owner and event.state == "received"
        if is_ours:
            self._complete(row, work.owner)
            event.state, lane.lease_until = "done", self.now + LEASE
        else:
            with pytest.raises(LeaseLostError):
                self._complete(row, work.owner)

    def _complete(self, row: dict[str, Any], owner: str) -> None:
        with self.engine.begin() as connection:
            inbox.complete(connection, row, owner=owner, lease_until=self.now + LEASE)

    @rule(work=held, wait=st.sampled_from((0, 700, 30_000)))
    def fail_one(self, work: Held, wait: int) -> None:
        """The next event fails: later, or set aside at the last try."""
        lane = self.lanes[work.ref.lane]
        if not work.left or lane.owner != work.owner:
            return
        row = work.left[0]
        event = self.events[row["event_id"]]
        if event.state != "received":
            return
        with self.engine.begin() as connection:
            is_final = inbox.retry(
                connection, row, available_at=self.now + wait, error="BrokenError"
            )
            inbox.release(connection, UNIT, work.ref.lane, work.owner)
        work.left.clear()
        assert is_final == (row["attempts"] + 1 >= MAX_ATTEMPTS)
        if is_final:
            event.state = "failed"
        else:
            event.attempts = row["attempts"] + 1
            event.available_at = self.now + wait
        self._release(work.ref.lane)

    @rule(work=held)
    def let_go(self, work: Held) -> None:
        """Release the lane; without effect when another worker has it."""
        with self.engine.begin() as connection:
            inbox.release(connection, UNIT, work.ref.lane, work.owner)
        work.left.clear()
        if self.lanes[work.ref.lane].owner == work.owner:
            self._release(work.ref.lane)

    @rule(everything=st.booleans())
    def sweep(self, everything: bool) -> None:
        """Take back what dead workers held."""
        lost = [
            name
            for name, lane in self.lanes.items()
            if lane.owner and (everything or lane.lease_until < self.now)
        ]
        with self.engine.begin() as connection:
            owner = None if everything else "sweeper"
            assert inbox.take_back(connection, self.now, owner) == len(lost)
            assert inbox.wake_forgotten(connection, self.now) == 0
        for name in lost:
            self.lanes[name].owner, self.lanes[name].ready_at = None, self.now
            if pending := self._pending(name):
                pending[0].attempts += 1

    @invariant()
    def every_message_is_known_once_with_its_state(self) -> None:
        """States and attempts agree; no key is stored twice."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(inbox_event)).mappings().all()
        stored = {r["event_id"]: (r["state"], r["attempts"]) for r in rows}
        expected = {e.event_id: e.state for e in self.events.values()}
        assert expected == {key: state for key, (state, _) in stored.items()}
        for event in self.events.values():
            if event.state == "received":
                assert event.attempts == stored[event.event_id][1]

    @invariant()
    def no_lane_with_work_sleeps_for_ever(self) -> None:
        """A lane with a waiting message is held or has a time to wake."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(lane_table)).mappings().all()
        for row in rows:
            assert (row["ready_at"], row["owner"]) == (
                self.lanes[row["lane"]].ready_at,
                self.lanes[row["lane"]].owner,
            )
            if self._pending(row["lane"]):
                assert row["ready_at"] is not None

    @invariant()
    def a_raw_body_lives_while_it_is_needed(self) -> None:
        """Bodies are kept for waiting and failed events, and for nothing else."""
        with self.engine.connect() as connection:
            bodies = set(connection.execute(select(inbox_body.c.body_id)).scalars())
        assert bodies == {e.body for e in self.events.values() if e.state != "done"}


InboxMachine.TestCase.settings = settings(
    max_examples=50, stateful_step_count=40, deadline=None
)
TestInboxMachine = InboxMachine.TestCase
