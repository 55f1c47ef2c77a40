"""How does a greeting come to stand on the page, once?

What is about to be posted is written down first. A process that dies between, or an
answer that is lost, leaves "posting": a minute later the page is read. If the post
stands it is ours; if it does not, it is posted; if nobody can look, it stays open until
the last hour and a person is asked then (RELIABILITY.md rules 5 and 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import Connection

from bot.channels.results import Accepted, Retry, SendResult, Unknown
from handlers.model import Tag
from handlers.staff.greetings.drafts import tell
from handlers.staff.greetings.model import PageState, texts_of
from handlers.staff.proof import AtWork, proof
from messages.greetings.compose import Road
from storage import evidence, greetings
from storage.database import Database

Row = dict[str, Any]
STALE_MS: Final = 60_000
NOTICE: Final = "greeting_page"


class Page(Protocol):
    """Somewhere to post."""

    async def publish(self, text: str) -> SendResult:
        """Post a text for everybody to read; never raises for the platform."""
        ...

    async def find_post(self, text: str) -> SendResult | None:
        """Return a post by its text, None when there is none; a failure: unseen."""
        ...


@dataclass(frozen=True, slots=True)
class Posting:
    """Posts the greetings of one unit; ``page`` None: the unit has no page."""

    database: Database
    at: AtWork
    page: Page | None

    async def post(self, row: Row) -> None:
        """Post what waits; settle what a dead process left.

        Raises StorageError, ConflictError when another process was faster.
        """
        if row["page_state"] == PageState.POSTING:
            if self.at.now_ms() - row["updated_at"] > STALE_MS:
                await self._settle(row)
        elif row["page_state"] == PageState.WAITING and self.page is None:
            await self._move(row, PageState.NONE)
        elif row["page_state"] == PageState.WAITING and self.page is not None:
            await self._move(row, PageState.POSTING)
            told = await self.page.publish(texts_of(row)[Road.POST])
            if not isinstance(told, Unknown):  # an unknown one is looked for later
                await self._end(row, told)

    async def close(self, row: Row, code: str) -> None:
        """The greeting is over while nobody knows whether its post stands."""
        if row["page_state"] == PageState.POSTING:
            await self._end(row, Unknown(code or "ended"))

    async def _settle(self, row: Row) -> None:
        if self.page is None:
            await self._end(row, Unknown("process_died"))
            return
        told = await self.page.find_post(texts_of(row)[Road.POST])
        if told is None:
            await self._move(row, PageState.WAITING)
        elif isinstance(told, Accepted):
            await self._end(row, told)

    async def _move(self, row: Row, state: PageState) -> None:
        await self.database.write(lambda c: self._write(c, row, state))
        row["mark"] += 1

    async def _end(self, row: Row, result: SendResult) -> None:
        """Only "not now" is tried again, at the next round until the last hour."""
        if isinstance(result, Retry):
            await self._move(row, PageState.WAITING)
            return
        state = PageState.REFUSED
        if isinstance(result, Accepted):
            state = PageState.POSTED
        elif isinstance(result, Unknown):
            state = PageState.UNKNOWN
        ref = result.message_id[:80] if isinstance(result, Accepted) else None

        def work(connection: Connection) -> None:
            self._write(connection, row, state, page_ref=ref)
            self._prove(connection, row, state, getattr(result, "code", ""))

        await self.database.write(work)

    def _write(
        self, connection: Connection, row: Row, state: PageState, **more: str | None
    ) -> None:
        greetings.change(
            connection,
            self.at.unit_id,
            row["greeting_id"],
            row["mark"],
            page_state=state.value,
            updated_at=self.at.now_ms(),
            **more,
        )

    def _prove(
        self, connection: Connection, row: Row, state: PageState, code: str
    ) -> None:
        is_there = state is PageState.POSTED
        tag = Tag.GREETING_POSTED if is_there else Tag.GREETING_NOT_POSTED
        told = {"version": row["version"], "state": state.value, "code": code[:40]}
        entry = proof(self.at, tag, row["greeting_id"], "", **told)
        evidence.append(connection, [entry.row()])
        if not is_there:
            detail = f"{row['occasion']} {state.value} {code}"
            tell(connection, self.at, NOTICE, row["greeting_id"], detail)
