"""How does each end of a send become rows and evidence, in one transaction?"""

from __future__ import annotations

import random
from collections.abc import Callable

from sqlalchemy import Connection

from bot.channels.results import Retry
from bot.clock import Clock
from bot.policy import WINDOWS
from handlers.model import Tag
from storage import cases, conversations, operations, outbox
from storage.database import Database
from storage.evidence import Entry, append
from storage.ids import Ids
from storage.outbox import Priority, Row, State

LEASE_MS = 30_000
ATTEMPTS = 10
BACKOFF_MS = 1_000
BACKOFF_LIMIT_MS = 300_000
UNCOUNTED_SECONDS = 5.0
CLOSED = frozenset(window.code for window in WINDOWS.values())
RESEND_MS = 1_500
"""A reply left unknown goes once more within 5 s; first an echo may settle it."""


class SendLog:
    """Writes what happened to a row; every write proves that the row is still ours."""

    def __init__(self, database: Database, clock: Clock, ids: Ids, owner: str) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._owner = owner

    async def sending(self, row: Row) -> None:
        """The last write before the call."""
        now = self._clock.now_ms()
        await self._write(
            lambda c: outbox.mark_sending(
                c, row, owner=self._owner, now=now, lease_until=now + LEASE_MS
            )
        )
        row["attempt"] += 1
        row["state"] = State.SENDING

    async def accepted(self, row: Row, message_mac: str) -> None:
        """The platform said yes: its id first, with the evidence, alone."""
        now = self._clock.now_ms()

        def work(connection: Connection) -> None:
            outbox.finish(
                connection,
                row,
                owner=self._owner,
                now=now,
                state=State.ACCEPTED,
                message_mac=message_mac,
            )
            conversations.count_sent(
                connection, row["unit_id"], row["person_id"], row["channel"]
            )
            self._prove(connection, row, Tag.SEND_ACCEPTED, "", now)

        # What nobody waits for goes behind what citizens wait for.
        await self._write(work, urgent=row["priority"] < Priority.LETTER)

    async def refuse(self, row: Row, code: str) -> None:
        """It will not be sent; staff see why."""
        await self._end(row, State.REFUSED, Tag.SEND_REFUSED, code)

    async def stopped(self, row: Row, code: str) -> None:
        """The citizen cannot or does not want to be reached."""
        await self._end(row, State.REFUSED, Tag.SEND_REFUSED, f"stopped:{code}")

    async def unknown(self, row: Row, code: str) -> None:
        """Nobody can say whether it arrived."""
        now = self._clock.now_ms()

        def work(connection: Connection) -> None:
            outbox.finish(
                connection,
                row,
                owner=self._owner,
                now=now,
                state=State.UNKNOWN,
                code=code,
            )
            self.after_unknown(connection, row, code, now)

        await self._write(work, urgent=True)

    async def put_back(self, row: Row, until: int, code: str) -> None:
        """Not sent and not tried: wait until an instant."""
        now = self._clock.now_ms()
        await self._write(
            lambda c: outbox.put_back(
                c, row, owner=self._owner, now=now, available_at=until, code=code
            )
        )

    async def retry(self, row: Row, result: Retry, *, counts: bool = True) -> None:
        """Try again later; after the last try the row is refused and staff told."""
        if counts and row["attempt"] >= ATTEMPTS:
            await self._end(
                row, State.REFUSED, Tag.SEND_REFUSED, f"gave_up:{result.code}"
            )
            return
        now = self._clock.now_ms()
        wait = UNCOUNTED_SECONDS if not counts else None
        later = now + _wait_ms(row["attempt"], result.after_seconds or wait)

        def work(connection: Connection) -> None:
            outbox.retry(
                connection,
                row,
                owner=self._owner,
                now=now,
                available_at=later,
                code=result.code,
                attempt=row["attempt"] if counts else row["attempt"] - 1,
            )
            if counts or row["code"] != result.code:
                self._prove(connection, row, Tag.SEND_DELAYED, result.code, now)

        await self._write(work)

    async def tell_token_dead(self, row: Row, code: str) -> None:
        """Tell staff, once, that a page's access must be granted anew."""
        notice = {
            "unit_id": row["unit_id"],
            "notice_id": self._ids.new(),
            "kind": "token_reauthorise",
            "subject": row["channel"],
            "detail": f"cần cấp quyền lại ({code})",
            "created_at": self._clock.now_ms(),
        }
        await self._write(lambda c: operations.add_notice_once(c, notice))

    def after_unknown(
        self, connection: Connection, row: Row, code: str, now: int
    ) -> None:
        """Evidence, a notice to staff, and the one second try of a chat reply."""
        self._prove(connection, row, Tag.SEND_UNKNOWN, code, now)
        again = self._ids.new()
        if not outbox.plan_resend(connection, row, row_id=again, now=now + RESEND_MS):
            self._notice(connection, row, "send_unknown", code, now)

    async def _end(self, row: Row, state: State, tag: Tag, code: str) -> None:
        now = self._clock.now_ms()

        def work(connection: Connection) -> None:
            outbox.finish(
                connection, row, owner=self._owner, now=now, state=state, code=code
            )
            self._prove(connection, row, tag, code, now)
            if not self._waits_again(connection, row, code, now):
                self._notice(connection, row, "send_refused", code, now)

        await self._write(work, urgent=True)

    def _waits_again(
        self, connection: Connection, row: Row, code: str, now: int
    ) -> bool:
        """News about a case whose window has closed is told at the next contact."""
        if row["kind"] != "case" or code not in CLOSED:
            return False
        again = self._ids.new()
        return cases.wait_again(connection, row["unit_id"], row["row_id"], again, now)

    async def _write(
        self, work: Callable[[Connection], None], *, urgent: bool = False
    ) -> None:
        await self._database.write(work, urgent=urgent)

    def _prove(
        self, connection: Connection, row: Row, tag: Tag, code: str, now: int
    ) -> None:
        data: dict[str, str | int | bool] = {
            "channel": row["channel"],
            "kind": row["kind"],
            "attempt": row["attempt"],
        }
        if code:
            data["code"] = code
        if row["resend_of"]:
            data["resend_of"] = row["resend_of"]
        entry = Entry(
            unit_id=row["unit_id"],
            entry_id=self._ids.new(),
            at=now,
            tag=tag.value,
            subject=row["row_id"],
            person=row["person_id"],
            item=row["item_id"],
            data=data,
        )
        append(connection, [entry.row()])

    def _notice(
        self, connection: Connection, row: Row, kind: str, code: str, now: int
    ) -> None:
        if row["kind"] == "greeting":
            return  # told once a campaign, not once a person (bot.broadcast_keeper)
        if row["kind"] == "staff":
            kind = f"staff_{kind}"  # not told on the channel that just failed
        operations.add_notice(
            connection,
            {
                "unit_id": row["unit_id"],
                "notice_id": self._ids.new(),
                "kind": kind,
                "subject": row["row_id"],
                "detail": code[:200],
                "created_at": now,
            },
        )


def _wait_ms(attempt: int, after_seconds: float | None) -> int:
    if after_seconds is not None:
        return int(after_seconds * 1000)
    base = min(BACKOFF_MS * 2 ** max(0, attempt - 1), BACKOFF_LIMIT_MS)
    return int(base * random.uniform(0.5, 1.0))  # noqa: S311  jitter, not a secret
