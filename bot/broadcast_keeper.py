"""What does the clock do with greetings? Drafts, reminders, sends, and their end.

Every round may be repeated and may run in several processes: each change names what it
saw. A greeting begins only when approved, and only within three hours of its hour;
later a person is asked, and after its last hour nothing of it goes out any more.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from bot.broadcast_article import ArticleRoad, Publishing
from bot.broadcast_days import UnitDays
from bot.broadcast_page import Page, Posting
from bot.broadcast_people import Campaign
from bot.clock import Clock
from handlers.model import Tag
from handlers.staff.greetings.drafts import draft, tell
from handlers.staff.greetings.model import (
    CELEBRATIONS,
    OPEN,
    UNDER_WAY,
    GreetingState,
    PageState,
)
from handlers.staff.greetings.report import in_words, report
from handlers.staff.proof import proof
from messages.greetings.errors import GreetingError
from scheduler.errors import SchedulerError
from scheduler.moments import LOCAL
from scheduler.occasions.plan import LATE_FOR
from storage import evidence, fires, greetings, letters
from storage.database import Database
from storage.errors import ConflictError, StorageError
from storage.fires import Fire
from storage.ids import Ids

Row = dict[str, Any]
ROUND_SECONDS: Final = 5.0
BUSY_SECONDS: Final = 1.0
"""While a campaign is under way: the backlog must outlast it at the platform's rate."""
BREATH_SECONDS: Final = 0.02
"""Between two batches: what citizens ask goes before what we plan."""
BACKLOG: Final = 2_000
"""So many sends of a campaign wait at most: a pause or a stop has little to undo."""
REMIND_MS: Final = 2 * 24 * 3_600_000
LATE_MS: Final = int(LATE_FOR.total_seconds() * 1000)
SCHEDULE: Final = "greeting"
BY: Final = "clock"
TOO_LATE, STOPPED = "too_late", "celebrations_stopped"
_S = GreetingState

log = structlog.get_logger("greetings")


@dataclass(frozen=True, slots=True)
class AtClock:
    """The clock at work in one unit (handlers.staff.proof.AtWork)."""

    unit_id: str
    ids: Ids
    clock: Clock
    by: str = BY

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970."""
        return self.clock.now_ms()


@dataclass(frozen=True, slots=True)
class UnitGreetings:
    """What the rounds of one unit need."""

    at: AtClock
    days: Callable[[], UnitDays]
    campaign: Campaign
    page: Page | None
    articles: ArticleRoad | None = None


class GreetingKeeper:
    """Looks after the greetings of every unit of an installation."""

    def __init__(
        self,
        database: Database,
        units: Mapping[str, UnitGreetings],
        owner: str,
        wake: Callable[[str], None],
    ) -> None:
        self._database = database
        self._units = dict(units)
        self._owner = owner
        self._wake = wake
        self._drafted: dict[str, tuple[str, ...]] = {}
        self._busy: set[str] = set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            for unit_id in self._units:
                await self.round(unit_id)
            await asyncio.sleep(BUSY_SECONDS if self._busy else ROUND_SECONDS)

    async def round(self, unit_id: str) -> None:
        """Do what is due of one unit; what fails is done in the next round."""
        unit = self._units[unit_id]
        for step in (self._draft, self._remind, self._begin, self._go_on):
            try:
                await step(unit)
            except ConflictError:
                log.info("greeting_changed_meanwhile", unit=unit_id)
            except (StorageError, SchedulerError, GreetingError) as error:
                log.warning(
                    "greetings_round_failed", unit=unit_id, error=type(error).__name__
                )

    async def _draft(self, unit: UnitGreetings) -> None:
        days, at = unit.days(), unit.at
        coming = days.coming(at.clock.now())
        names = tuple(f"{one.subject.code}:{one.day}" for one in coming)
        if self._drafted.get(at.unit_id) == names:
            return

        def work(connection: Connection) -> None:
            known = greetings.days_known(connection, at.unit_id, _today(at))
            for one in coming:
                key = (one.subject.code, one.day)
                if key not in known and self._claim(connection, at, *key):
                    draft(connection, at, one, days.office)

        await self._database.write(work)
        self._drafted[at.unit_id] = names

    def _claim(self, connection: Connection, at: AtClock, code: str, day: str) -> bool:
        """One fire an occasion and year; claimed and done with the draft it makes."""
        now = at.now_ms()
        mark = hashlib.sha256(code.encode()).hexdigest()[:12]
        fire = Fire(at.unit_id, SCHEDULE, f"{day}:{mark}")
        ours = fires.claim(connection, [fire], self._owner, now, now)
        if ours:
            fires.finish(connection, fire, now, "drafted")
        return bool(ours)

    async def _remind(self, unit: UnitGreetings) -> None:
        at, now = unit.at, unit.at.now_ms()

        def work(connection: Connection) -> None:
            for row in greetings.listed(connection, at.unit_id, [_S.DRAFT.value]):
                detail = f"{row['occasion']} {row['day']}"
                if now >= row["ends_at"]:
                    continue
                if now >= row["due_at"]:
                    subject = row["greeting_id"]
                    tell(connection, at, "greeting_waits", subject, detail)
                elif now >= row["due_at"] - REMIND_MS:
                    subject = f"{row['greeting_id'][:20]}:{_today(at)}"
                    tell(connection, at, "greeting_unapproved", subject, detail)

        if await self._soon(unit, now):
            await self._database.write(work)

    async def _soon(self, unit: UnitGreetings, now: int) -> bool:
        rows = await self._listed(unit, frozenset({_S.DRAFT}))
        return any(row["due_at"] - REMIND_MS <= now < row["ends_at"] for row in rows)

    async def _begin(self, unit: UnitGreetings) -> None:
        for row in await self._listed(unit, OPEN):
            now = unit.at.now_ms()
            if now >= row["ends_at"]:
                await self._move(unit, row, _S.MISSED, Tag.GREETING_MISSED)
            elif row["state"] == _S.APPROVED and now >= row["due_at"]:
                is_late = now - row["due_at"] > LATE_MS
                state = _S.ASKED if is_late else _S.SENDING
                tag = Tag.GREETING_ASKED if is_late else Tag.GREETING_BEGUN
                await self._move(unit, row, state, tag, begun_at=now)

    async def _move(
        self,
        unit: UnitGreetings,
        row: Row,
        state: GreetingState,
        tag: Tag,
        **values: Any,
    ) -> None:
        at = unit.at
        told = {"version": row["version"], "approved": row["approved"]}
        entry = proof(at, tag, row["greeting_id"], "", **told)
        detail = f"{row['occasion']} {row['day']}"

        def work(connection: Connection) -> None:
            greetings.change(
                connection,
                at.unit_id,
                row["greeting_id"],
                row["mark"],
                **{"state": state.value, "updated_at": at.now_ms(), **values},
            )
            evidence.append(connection, [entry.row()])
            if state in {_S.ASKED, _S.MISSED}:
                kind = f"greeting_{state.value}"
                tell(connection, at, kind, row["greeting_id"], detail)

        await self._database.write(work)

    async def _go_on(self, unit: UnitGreetings) -> None:
        stopped = await self._database.read(
            lambda c: letters.is_stopped(c, unit.at.unit_id)
        )
        rows = await self._listed(unit, UNDER_WAY)
        is_busy = any(row["state"] == _S.SENDING for row in rows)
        (self._busy.add if is_busy else self._busy.discard)(unit.at.unit_id)
        for row in rows:
            if stopped and row["tone"] in CELEBRATIONS:
                await self._end(unit, row, STOPPED)
            elif unit.at.now_ms() >= row["ends_at"]:
                await self._end(unit, row, TOO_LATE)
            elif row["state"] == _S.SENDING:
                await self._send(unit, row)

    async def _send(self, unit: UnitGreetings, row: Row) -> None:
        name = row["greeting_id"]
        await Posting(self._database, unit.at, unit.page).post(row)
        is_due = await Publishing(self._database, unit.at, unit.articles).go_on(row)
        while not (now := await self._get(unit, name))["is_counted"]:
            if now["state"] != _S.SENDING or await self._waiting(unit, name) >= BACKLOG:
                return
            await self._feed(unit, now)
            await asyncio.sleep(BREATH_SECONDS)
        row = await self._get(unit, name)
        is_open = row["page_state"] in {PageState.WAITING, PageState.POSTING}
        if not is_open and not is_due and not await self._waiting(unit, name):
            await self._end(unit, row, "")

    async def _feed(self, unit: UnitGreetings, row: Row) -> None:
        """Plan the next batch of people; a public greeting has none."""
        if row["reach"] != "people":
            await self._database.write(lambda c: self._count(c, row, unit))
            return
        for channel in await self._database.write(
            lambda c: unit.campaign.feed(c, unit.at, row)
        ):
            self._wake(channel)

    @staticmethod
    def _count(connection: Connection, row: Row, unit: UnitGreetings) -> None:
        greetings.change(
            connection,
            unit.at.unit_id,
            row["greeting_id"],
            row["mark"],
            is_counted=True,
        )

    async def _end(self, unit: UnitGreetings, row: Row, code: str) -> None:
        """Nothing more goes out; what had not begun is refused with its reason."""
        at, name = unit.at, row["greeting_id"]
        await Publishing(self._database, at, unit.articles).close(row, code)
        await Posting(self._database, at, unit.page).close(row, code)
        row = await self._get(unit, name)

        def work(connection: Connection) -> None:
            now, page = at.now_ms(), row["page_state"]
            values = {"state": _S.DONE.value, "is_counted": True, "updated_at": now}
            if page == PageState.WAITING:
                values["page_state"] = PageState.REFUSED.value
            greetings.change(connection, at.unit_id, name, row["mark"], **values)
            ended = greetings.refuse(connection, at.unit_id, name, now, code)
            entry = proof(at, Tag.GREETING_ENDED, name, "", code=code, not_sent=ended)
            evidence.append(connection, [entry.row()])
            if said := in_words(report(connection, row, now)):
                detail = f"{row['occasion']} {row['day']}: {said}"
                tell(connection, at, "greeting_report", name, detail)

        await self._database.write(work)

    async def _listed(
        self, unit: UnitGreetings, states: frozenset[GreetingState]
    ) -> list[Row]:
        names = sorted(state.value for state in states)
        return await self._database.read(
            lambda c: greetings.listed(c, unit.at.unit_id, names)
        )

    async def _get(self, unit: UnitGreetings, name: str) -> Row:
        row = await self._database.read(
            lambda c: greetings.get(c, unit.at.unit_id, name)
        )
        if row is None:
            raise ConflictError("greeting")
        return row

    async def _waiting(self, unit: UnitGreetings, name: str) -> int:
        return await self._database.read(
            lambda c: greetings.active(c, unit.at.unit_id, name)
        )


def _today(at: AtClock) -> str:
    now = datetime.fromtimestamp(at.now_ms() / 1000, UTC)
    return now.astimezone(LOCAL).date().isoformat()
