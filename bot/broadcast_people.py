"""Who is written to in a campaign, and how do their sends come to be planned once?

A batch of people is one transaction: the campaign moves on, the people are written
down, their sends are planned. A process that dies leaves all of it or nothing. Written
to is who wrote within the platform's window, agreed to our keeping their talk, did not
tell us to stop, and was not started by us too often this week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection

from bot.codec import dump_reply, load_conversation
from bot.policy import WEEKLY_CAP, WINDOWS
from handlers.model import Consent, Reply
from handlers.staff.greetings.model import audience_of, texts_of
from handlers.staff.proof import AtWork
from messages.greetings.compose import Road
from storage import greetings, outbox, people
from storage.errors import ErasedError
from storage.outbox import Priority, State
from storage.vault import Vault

Row = dict[str, Any]
BATCH: Final = 200
WEEK_MS: Final = 7 * 24 * 3_600_000
KIND: Final = "greeting"
_WINDOW_MS: Final = {
    channel.value: int(window.automatic.total_seconds() * 1000)
    for channel, window in WINDOWS.items()
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """One person of a batch: the channel to write on, or why not."""

    person_id: str
    wrapped_key: bytes | None
    channel: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """Plans the sends of one unit's greetings on the channels that it has."""

    vault: Vault
    channels: frozenset[str]

    def feed(self, connection: Connection, at: AtWork, row: Row) -> Counter[str]:
        """Plan the next batch; return how many were planned on each channel.

        Raises ConflictError when another process was faster; then nothing is written.
        """
        now = at.now_ms()
        talks = greetings.people(
            connection,
            at.unit_id,
            row["cursor"],
            now - WEEK_MS,
            BATCH,
            audience_of(row),
        )
        chosen = self._chosen(connection, at.unit_id, talks, now)
        greetings.change(
            connection,
            at.unit_id,
            row["greeting_id"],
            row["mark"],
            cursor=chosen[-1].person_id if chosen else row["cursor"],
            is_counted=len(chosen) < BATCH,
        )
        self._plan(connection, at, row, chosen)
        return Counter(one.channel for one in chosen if one.channel)

    def _chosen(
        self, connection: Connection, unit_id: str, talks: list[Row], now: int
    ) -> list[Chosen]:
        names = sorted({talk["person_id"] for talk in talks})
        forbidden = greetings.forbidden(connection, unit_id, names, now)
        begun = greetings.started(connection, unit_id, names, now - WEEK_MS)
        return [
            Chosen(name, None, why="withdrawn")
            if name in forbidden
            else self._judge(name, list(own), begun.get(name, 0), now)
            for name, own in groupby(talks, key=lambda talk: str(talk["person_id"]))
        ]

    def _judge(self, name: str, talks: list[Row], begun: int, now: int) -> Chosen:
        """The channel last written on is the one; others are not tried beside it."""
        key = talks[0]["wrapped_key"]
        if any(talk["opted_out"] for talk in talks):
            return Chosen(name, key, why="opted_out")
        if begun >= WEEKLY_CAP:
            return Chosen(name, key, why="weekly_cap")
        for talk in talks:
            if self._is_open(talk, now):
                consent = self._has_agreed(name, talk)
                channel = talk["channel"] if consent else ""
                return Chosen(name, key, channel, "" if consent else "no_consent")
        return Chosen(name, key, why="no_window")

    def _is_open(self, talk: Row, now: int) -> bool:
        window = _WINDOW_MS.get(talk["channel"], 0)
        return (
            talk["channel"] in self.channels and now - talk["last_inbound_at"] <= window
        )

    def _has_agreed(self, name: str, talk: Row) -> bool:
        try:
            vault = self.vault.unwrap(name, talk["wrapped_key"])
            kept = vault.open(talk["sealed"], f"talk:{name}:{talk['channel']}")
        except (ErasedError, InvalidTag):
            return False
        return load_conversation(kept).consent is Consent.GIVEN

    def _plan(
        self, connection: Connection, at: AtWork, row: Row, chosen: list[Chosen]
    ) -> None:
        content = {"reply": dump_reply(Reply(texts_of(row)[Road.CHAT]))}
        now = at.now_ms()
        made = [self._send(at, one, content, now) for one in chosen if one.channel]
        rows = {send["person_id"]: send["row_id"] for send, _ in made}
        greetings.add_people(connection, list(_people(at, row, chosen, rows, now)))
        people.add_items(connection, [item for _, item in made])
        outbox.plan(connection, [send for send, _ in made])

    def _send(
        self, at: AtWork, one: Chosen, content: Mapping[str, Any], now: int
    ) -> tuple[Row, Row]:
        row_id, item_id = at.ids.new(), at.ids.new()
        vault = self.vault.unwrap(one.person_id, one.wrapped_key)
        shared = {"unit_id": at.unit_id, "person_id": one.person_id, "kind": KIND}
        item = {
            **shared,
            "item_id": item_id,
            "sealed": vault.seal(content, item_id),
            "created_at": now,
        }
        send = {
            **shared,
            "row_id": row_id,
            "channel": one.channel,
            "item_id": item_id,
            "priority": int(Priority.BULK),
            "human": False,
            "cause": f"greeting:{row_id}",
            "position": 0,
            "state": State.PLANNED.value,
            "attempt": 0,
            "available_at": now,
            "owner": None,
            "lease_until": None,
            "resend_of": None,
            "created_at": now,
            "updated_at": now,
        }
        return send, item


def _people(
    at: AtWork, row: Row, chosen: list[Chosen], rows: Mapping[str, str], now: int
) -> Iterator[Row]:
    for one in chosen:
        yield {
            "unit_id": at.unit_id,
            "greeting_id": row["greeting_id"],
            "person_id": one.person_id,
            "row_id": rows.get(one.person_id),
            "why": one.why,
            "at": now,
        }
