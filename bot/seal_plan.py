"""How do the words of a denunciation move to the sealed queue, all or nothing?

In the transaction that handles the message: the sealed copy is written and every other
copy goes, so a crash leaves the one or the other (docs/adr/0021).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bot.channels.wire import WireEvent
from bot.clock import from_ms
from bot.codec import dump_reply
from bot.complaint_papers import told
from bot.erasure import Redactor
from bot.planner import Person
from bot.policy import LOCAL
from bot.runtime import UnitRuntime
from handlers.citizen.memory import TOPIC_LIFE
from handlers.model import Channel, Consent, Inbound, Outcome, Reply, Secrecy
from handlers.staff.sealed.words import contact_context, words_context
from storage import desk_search, people, sealed, sealed_traces
from storage.day_keys import DayKeys
from storage.evidence import iso_ms
from storage.keys import InvalidTag, UnitKeys
from storage.randomness import random_bytes
from storage.sealed_traces import Trace

Row = dict[str, Any]
WINDOW_MS = round(TOPIC_LIFE.total_seconds() * 1000)
"""What was said in the half hour before belongs to it (see storage.sealed_traces)."""
BLANK = Reply("Dạ, em xin phép giữ kín nội dung này ạ.")
"""What stands where an answer repeated the words."""


@dataclass(slots=True)
class Moved:
    """What was found, to be sealed together."""

    messages: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    replies: list[Row] = field(default_factory=list)
    files: list[Row] = field(default_factory=list)


class SealPlanner:
    """Plans what becomes of the words of one unit's messages."""

    def __init__(self, unit_id: str, keys: UnitKeys, day_keys: DayKeys) -> None:
        self._unit_id = unit_id
        self._keys = keys
        self._redactor = Redactor(unit_id, keys, day_keys)

    def plan(
        self,
        event: Row,
        inbound: Inbound,
        person: Person | None,
        outcome: Outcome,
        now: int,
    ) -> Callable[[Connection], None] | None:
        """Return what to do in the transaction of the event; None for other words."""
        if person is None or outcome.secrecy is Secrecy.OPEN:
            return None
        known = person
        is_moved = outcome.secrecy is Secrecy.SEALED
        talk = outcome.conversation or known.conversation
        text = "" if talk.consent is Consent.DECLINED else inbound.text

        def work(connection: Connection) -> None:
            traces: Sequence[Trace] = ()
            if is_moved:
                traces = self._move(connection, event, text, known, now)
            self._clean(connection, [event, *(t.event for t in traces)], now)
            # After the items are gone: nobody may search for these words.
            desk_search.forget(connection, self._unit_id, known.vault.person_id)

        return work

    def cleaned(self, connection: Connection, row: Row) -> bytes | None:
        """Return a raw body without any words that are kept nowhere."""
        macs: dict[str, str] = {}

        def note(wire: WireEvent) -> bool:
            macs[wire.key] = self._source(Channel(row["channel"]), wire)
            return False

        self._redactor.without(row, note)
        gone = sealed.known_sources(connection, self._unit_id, macs.values())
        if not gone:
            same: bytes = row["sealed"]
            return same
        return self._redactor.without(row, lambda wire: macs[wire.key] in gone)

    def _move(
        self, connection: Connection, event: Row, text: str, person: Person, now: int
    ) -> list[Trace]:
        person_id = person.vault.person_id
        traces = sealed_traces.earlier(connection, event, person_id, WINDOW_MS)
        found = self._take(connection, traces, person, now)
        if text:
            found.messages += told(person.conversation.complaint, now)
            found.messages.append({"at": iso_ms(event["platform_at"]), "text": text})
        if found.messages or found.files:
            sealed.add(connection, self._entry(found, person, event, now))
        return traces

    def _take(
        self,
        connection: Connection,
        traces: Sequence[Trace],
        person: Person,
        now: int,
    ) -> Moved:
        """Open what the earlier messages left, oldest first, and delete it."""
        found, unit_id = Moved(), self._unit_id
        causes = [trace.event["event_id"] for trace in traces]
        if not causes:
            return found
        wanted = [item for t in traces for item in (*t.texts, *t.others, *t.replies)]
        items = people.get_items(connection, unit_id, wanted)
        for trace in reversed(traces):
            head = {
                "at": iso_ms(trace.event["platform_at"]),
                "event": trace.event["event_id"],
            }
            for name in trace.texts:
                found.messages += _opened(items, name, person, head)
            for name in trace.others:
                found.others += _opened(items, name, person, head)
            for name in trace.replies:
                found.replies += _opened(items, name, person, head)
        sealed_traces.stop_replies(connection, unit_id, causes, now)
        for item_id in (name for t in traces for name in t.replies):
            blank = person.vault.seal({"reply": dump_reply(BLANK)}, item_id)
            sealed_traces.blank(connection, unit_id, item_id, blank)
        texts = [name for t in traces for name in (*t.texts, *t.others)]
        sealed_traces.drop_items(connection, unit_id, texts)
        since = min(trace.handled_at for trace in traces)
        person_id = person.vault.person_id
        sealed_traces.drop_lessons(connection, unit_id, person_id, since)
        found.files = self._files(connection, causes, person)
        return found

    def _files(
        self, connection: Connection, causes: Sequence[str], person: Person
    ) -> list[Row]:
        """What is known of files that came with it; no file is kept of such talk."""
        rows = sealed_traces.take_files(connection, self._unit_id, causes)
        names = [row["item_id"] for row in rows]
        items = people.get_items(connection, self._unit_id, names)
        sealed_traces.drop_items(connection, self._unit_id, names)
        return [one for name in names for one in _opened(items, name, person, {})]

    def _entry(self, found: Moved, person: Person, event: Row, now: int) -> Row:
        """Return the row; its id and its day tell nothing of whose it is."""
        entry_id, keys = random_bytes(16).hex(), self._keys.sealed
        content = {
            "at": iso_ms(now),
            "messages": found.messages,
            "others": found.others,
            "replies": found.replies,
            "files": found.files,
        }
        contact = {
            "channel": event["channel"],
            "user_id": person.user_id,
            "person_id": person.vault.person_id,
        }
        where = (self._unit_id, entry_id)
        return {
            "unit_id": self._unit_id,
            "entry_id": entry_id,
            "person_mac": keys.mac("person", person.vault.person_id),
            "day": _day(now),
            "sealed": keys.box.seal(_json(content), words_context(*where)),
            "contact": keys.box.seal(_json(contact), contact_context(*where)),
        }

    def _clean(self, connection: Connection, events: Sequence[Row], now: int) -> None:
        """Note these events, and take them out of bodies in which others wait."""
        macs = {self._keys.sealed.mac("event", event["dedupe"]) for event in events}
        sealed.add_sources(connection, self._unit_id, macs, _day(now))
        for body_id in sorted({event["body_id"] for event in events}):
            sealed_traces.clean_body(
                connection, self._unit_id, body_id, lambda row: self._without(row, macs)
            )

    def _without(self, row: Row, macs: set[str]) -> bytes | None:
        channel = Channel(row["channel"])
        return self._redactor.without(
            row, lambda wire: self._source(channel, wire) in macs
        )

    def _source(self, channel: Channel, wire: WireEvent) -> str:
        dedupe = self._keys.mac(f"event:{channel}", wire.key)
        return self._keys.sealed.mac("event", dedupe)


def sealers(
    units: Mapping[str, UnitRuntime], day_keys: DayKeys
) -> dict[str, SealPlanner]:
    """Return a planner for each unit."""
    return {
        key: SealPlanner(key, unit.vault.keys, day_keys) for key, unit in units.items()
    }


def _opened(items: Any, name: str, person: Person, head: Row) -> list[Row]:
    """Return what an item holds: texts with their salts prove what the log says."""
    row = items.get(name)
    if row is None:
        return []
    try:
        return [head | person.vault.open(row["sealed"], name)]
    except InvalidTag:
        return []


def _day(now: int) -> str:
    return from_ms(now).astimezone(LOCAL).date().isoformat()


def _json(value: Row) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
