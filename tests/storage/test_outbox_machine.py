"""Does the outbox follow its state machine whatever happens in which order?

A model in plain Python plays beside the real table (SQLite); after every step the
two must agree, and the promises of RELIABILITY.md rules 5 and 6 must hold.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import StaticPool, create_engine, select

from storage import outbox
from storage.errors import LeaseLostError
from storage.outbox import ACTIVE, FINAL, Priority, State
from storage.tables import metadata
from storage.tables import outbox as table
from tests.storage.rows import UNIT, Row, ids_of, send, take

PEOPLE = ("p1", "p2", "p3")
OWNERS = ("s1", "s2")
LEASE = 10_000


@dataclass(slots=True)
class Model:
    """What a row should be, as a person would note it on paper."""

    row_id: str
    person: str
    priority: int
    kind: str
    available_at: int
    state: State = State.PLANNED
    owner: str | None = None
    lease_until: int = 0
    attempt: int = 0
    resend_of: str | None = None


class OutboxMachine(RuleBasedStateMachine):
    """Senders, sweepers and a clock at work on one outbox."""

    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        metadata.create_all(self.engine)
        self.rows: dict[str, Model] = {}
        self.causes: set[str] = set()
        self.now = 1000
        self.number = 0
        self.lost: set[str] = set()

    def teardown(self) -> None:
        """Let the memory go."""
        self.engine.dispose()

    @rule(
        person=st.sampled_from(PEOPLE),
        priority=st.sampled_from(Priority),
        kind=st.sampled_from(("reply", "letter")),
        wait=st.sampled_from((0, 0, 500)),
        cause=st.integers(0, 30),
    )
    def plan(
        self, person: str, priority: Priority, kind: str, wait: int, cause: int
    ) -> None:
        """Plan a row; the same cause again plans nothing."""
        self.number += 1
        row_id, due = f"r{self.number:04d}", self.now + wait
        row = send(row_id, person, priority=priority, kind=kind, at=due)
        with self.engine.begin() as connection:
            outbox.plan(connection, [row | {"cause": f"c{cause}"}])
        if f"c{cause}" not in self.causes:
            self.causes.add(f"c{cause}")
            self.rows[row_id] = Model(row_id, person, priority, kind, due)

    @rule(ms=st.sampled_from((1, 400, 9_000, 20_000)))
    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.now += ms

    @rule(
        target=claims,
        owner=st.sampled_from(OWNERS),
        limit=st.integers(1, 4),
        upto=st.sampled_from(Priority),
    )
    def claim(self, owner: str, limit: int, upto: Priority) -> Any:
        """A sender gets exactly the rows that the model says are next."""
        with self.engine.begin() as connection:
            rows = take(connection, owner, self.now, limit, upto)
        expected = self._next(limit, upto)
        assert [model.row_id for model in expected] == ids_of(rows)
        for model in expected:
            model.state, model.owner = State.CLAIMED, owner
            model.lease_until = self.now + LEASE
        return multiple(*rows)

    def _next(self, limit: int, upto: int) -> list[Model]:
        due = [
            model
            for model in self.rows.values()
            if model.state in (State.PLANNED, State.RETRY)
            and model.available_at <= self.now
            and model.priority <= upto
            and not any(self._blocks(other, model) for other in self.rows.values())
        ]
        return sorted(due, key=lambda m: (m.priority, m.row_id))[:limit]

    @staticmethod
    def _blocks(other: Model, model: Model) -> bool:
        return (
            other.person == model.person
            and other.state in ACTIVE
            and other.row_id < model.row_id
            and other.priority <= model.priority
        )

    @rule(row=claims)
    def start(self, row: Row) -> None:
        """Begin the call; refused when the claim is no longer ours."""
        model = self.rows[row["row_id"]]
        is_ours = model.state is State.CLAIMED and model.owner == row["owner"]
        until = self.now + LEASE
        with self._expect(is_ours=is_ours) as run:
            run(
                lambda c: outbox.mark_sending(
                    c, row, owner=row["owner"], now=self.now, lease_until=until
                )
            )
        if is_ours:
            model.state, model.lease_until = State.SENDING, until
            model.attempt = row["attempt"] + 1

    @rule(row=consumes(claims), end=st.sampled_from(FINAL))
    def finish(self, row: Row, end: State) -> None:
        """Write an end; refused when it is not ours any more."""
        model = self.rows[row["row_id"]]
        is_ours = self._is_held(model, row)
        with self._expect(is_ours=is_ours) as run:
            run(
                lambda c: outbox.finish(
                    c, row, owner=row["owner"], now=self.now, state=end
                )
            )
        if is_ours:
            model.state, model.owner = end, None
            if end is State.UNKNOWN:
                self._resend(model)

    @rule(row=consumes(claims), wait=st.sampled_from((0, 300, 30_000)))
    def retry(self, row: Row, wait: int) -> None:
        """The platform said not now."""
        model = self.rows[row["row_id"]]
        is_ours = self._is_held(model, row)
        with self._expect(is_ours=is_ours) as run:
            run(
                lambda c: outbox.retry(
                    c,
                    row,
                    owner=row["owner"],
                    now=self.now,
                    available_at=self.now + wait,
                    code="later",
                    attempt=row["attempt"] + 1,
                )
            )
        if is_ours:
            model.state, model.owner = State.RETRY, None
            model.available_at, model.attempt = self.now + wait, row["attempt"] + 1

    @rule(row=consumes(claims), wait=st.sampled_from((0, 300)))
    def put_back(self, row: Row, wait: int) -> None:
        """The channel is paused; only what was not sent can go back."""
        model = self.rows[row["row_id"]]
        is_ours = model.state is State.CLAIMED and model.owner == row["owner"]
        until = self.now + wait
        with self._expect(is_ours=is_ours) as run:
            run(
                lambda c: outbox.put_back(
                    c,
                    row,
                    owner=row["owner"],
                    now=self.now,
                    available_at=until,
                    code="paused",
                )
            )
        if is_ours:
            model.state, model.owner = State.PLANNED, None
            model.available_at = until

    @rule(everything=st.booleans())
    def sweep(self, everything: bool) -> None:
        """Judge what dead senders left: plan again, or unknown and one resend."""
        with self.engine.begin() as connection:
            rows = outbox.stranded(connection, self.now, everything=everything)
            for row in rows:
                outbox.reset_claimed(connection, row, self.now)
                outbox.mark_unknown(connection, row, self.now, "crash")
        held = [m for m in self.rows.values() if m.owner is not None]
        lost = [m for m in held if everything or m.lease_until < self.now]
        assert sorted(m.row_id for m in lost) == sorted(ids_of(rows))
        for model in lost:
            was_sending = model.state is State.SENDING
            model.state = State.UNKNOWN if was_sending else State.PLANNED
            model.owner = None
            if was_sending:
                self._resend(model)

    @rule(place=st.integers(0, 50))
    def echo(self, place: int) -> None:
        """The platform shows a message: an unknown row arrived, no second try then."""
        if not self.rows:
            return
        model = list(self.rows.values())[place % len(self.rows)]
        with self.engine.begin() as connection:
            was_unknown = outbox.confirm(
                connection, UNIT, model.row_id, message_mac="m", now=self.now
            )
        assert was_unknown == (model.state is State.UNKNOWN)
        if was_unknown:
            model.state = State.ACCEPTED
        for other in self.rows.values():
            is_waiting = other.state in (State.PLANNED, State.RETRY)
            if other.resend_of == model.row_id and is_waiting:
                other.state = State.REFUSED

    def _resend(self, model: Model) -> None:
        self.lost.add(model.row_id)
        self.number += 1
        row_id = f"r{self.number:04d}"
        with self.engine.begin() as connection:
            row = self._stored(connection)[model.row_id]
            planned = outbox.plan_resend(connection, row, row_id=row_id, now=self.now)
        assert planned == (model.kind == "reply" and model.resend_of is None)
        if planned:
            self.rows[row_id] = Model(
                row_id,
                model.person,
                model.priority,
                "reply",
                self.now,
                resend_of=model.row_id,
            )

    @contextlib.contextmanager
    def _expect(self, *, is_ours: bool) -> Any:
        def run(work: Callable[[Any], None]) -> None:
            with self.engine.begin() as connection:
                work(connection)

        with contextlib.nullcontext() if is_ours else pytest.raises(LeaseLostError):
            yield run

    @staticmethod
    def _is_held(model: Model, row: Row) -> bool:
        held = model.state in (State.CLAIMED, State.SENDING)
        return held and model.owner == row["owner"]

    @staticmethod
    def _stored(connection: Any) -> dict[str, Row]:
        rows = connection.execute(select(table)).mappings()
        return {row["row_id"]: dict(row) for row in rows}

    @invariant()
    def the_table_is_as_the_model_says(self) -> None:
        """State, owner, due time, attempts and resends agree for every row."""
        with self.engine.connect() as connection:
            stored = self._stored(connection)
        assert stored.keys() == self.rows.keys()
        for row_id, model in self.rows.items():
            row = stored[row_id]
            assert (row["state"], row["owner"]) == (model.state, model.owner)
            assert row["available_at"] == model.available_at
            assert (row["attempt"], row["resend_of"]) == (
                model.attempt,
                model.resend_of,
            )

    @invariant()
    def one_row_of_a_citizen_and_priority_is_on_its_way(self) -> None:
        """Order inside a priority: never two in flight to one citizen."""
        held = [(m.person, m.priority) for m in self.rows.values() if m.owner]
        assert len(held) == len(set(held))

    @invariant()
    def an_unknown_reply_has_one_second_try_and_nothing_else_has(self) -> None:
        """Every lost reply gets exactly one resend; letters and resends get none."""
        resends = [m.resend_of for m in self.rows.values() if m.resend_of]
        may = {r for r in self.lost if self.rows[r].kind == "reply"}
        may -= {r for r in may if self.rows[r].resend_of}
        assert sorted(resends) == sorted(may)


OutboxMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None
)
TestOutboxMachine = OutboxMachine.TestCase
