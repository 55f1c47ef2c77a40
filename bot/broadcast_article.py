"""How does a greeting become an article of the OA, sent to all followers once?

Each call that changes something is written down first. A lost answer to the making is
settled by the list of articles; a lost answer to the broadcast cannot be read back and
is never tried again: a person looks (RELIABILITY.md rules 5 and 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any, Final, Protocol

from sqlalchemy import Connection

from bot.channels.results import Accepted, Failure, Retry, SendResult, Unknown
from bot.channels.zalo.articles import Article
from handlers.model import Tag
from handlers.staff.greetings.drafts import tell
from handlers.staff.greetings.model import texts_of
from handlers.staff.proof import AtWork, proof
from messages.greetings.compose import Road
from scheduler.moments import LOCAL
from storage import articles, evidence
from storage.database import Database

Row = dict[str, Any]
STALE_MS: Final = 60_000
TRIES: Final = 3
DAY: Final = (time(6), time(21, 59))
"""Zalo takes broadcasts only then (PLATFORMS.md 1.7, code -234)."""
NOTICE: Final = "greeting_article"


class ArticleState(StrEnum):
    """How far an article got; the last three are ends."""

    WAITING = "waiting"
    CREATING = "creating"
    MADE = "made"
    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


_S = ArticleState
ENDS: Final = frozenset({_S.SENT, _S.REFUSED, _S.UNKNOWN})


class ArticleRoad(Protocol):
    """An OA that publishes; nothing here raises for the platform."""

    def article(self, title: str, paragraphs: list[str]) -> Article:
        """Return what would be published."""
        ...

    async def create(self, article: Article) -> SendResult:
        """Hand it over; Accepted holds the token of its making."""
        ...

    async def verify(self, token: str) -> SendResult:
        """Return the article's id by that token."""
        ...

    async def find(self, title: str, since_ms: int) -> Accepted | Failure | None:
        """Look for an article by its title."""
        ...

    async def broadcast(self, article_id: str) -> SendResult:
        """Send it to all followers."""
        ...


@dataclass(frozen=True, slots=True)
class Publishing:
    """Publishes the greetings of one unit; ``road`` None: it has no articles."""

    database: Database
    at: AtWork
    road: ArticleRoad | None

    async def go_on(self, greeting: Row) -> bool:
        """Do the next step; return whether something is still to come.

        Raises StorageError, ConflictError when another process was faster.
        """
        if self.road is None:
            return False
        row = await self._row(greeting)
        if row["state"] == _S.WAITING:
            await self._create(self.road, greeting, row)
        elif row["state"] == _S.CREATING:
            await self._settle(self.road, greeting, row)
        elif row["state"] == _S.MADE:
            told = await self.road.verify(str(row["token"]))
            await self._write(row, told, _S.READY, _S.MADE, "article_id", greeting)
        elif row["state"] == _S.READY:
            await self._send(self.road, greeting, row)
        elif row["state"] == _S.SENDING and self._is_stale(row):
            await self._end(greeting, row, _S.UNKNOWN, "process_died")
        return row["state"] not in ENDS

    async def close(self, greeting: Row, code: str) -> None:
        """The greeting is over: what was not sent is not sent any more."""
        if self.road is None:
            return
        row = await self._row(greeting)
        if row["state"] not in ENDS:
            is_known = row["state"] != _S.SENDING
            state = _S.REFUSED if is_known else _S.UNKNOWN
            await self._end(greeting, row, state, code or "ended")

    async def _row(self, greeting: Row) -> Row:
        unit_id, name = self.at.unit_id, greeting["greeting_id"]
        found = await self.database.read(lambda c: articles.get(c, unit_id, name))
        if found is not None:
            return found
        now = self.at.now_ms()
        new = {
            "unit_id": unit_id,
            "greeting_id": name,
            "state": _S.WAITING.value,
            "token": None,
            "article_id": None,
            "message_id": None,
            "code": "",
            "tries": 0,
            "mark": 1,
            "since": now,
            "at": now,
        }
        await self.database.write(lambda c: articles.add(c, new))
        return new

    async def _create(self, road: ArticleRoad, greeting: Row, row: Row) -> None:
        await self._move(row, _S.CREATING, since=self.at.now_ms())
        told = await road.create(self._article(road, greeting))
        if not isinstance(told, Unknown):  # an unknown one is looked for later
            await self._write(row, told, _S.MADE, _S.WAITING, "token", greeting)

    async def _settle(self, road: ArticleRoad, greeting: Row, row: Row) -> None:
        """A lost answer: is the article there?"""
        if not self._is_stale(row):
            return
        title = self._article(road, greeting).title
        told = await road.find(title, row["since"] - STALE_MS)
        if told is None and row["tries"] + 1 < TRIES:
            await self._move(row, _S.WAITING, tries=row["tries"] + 1)
        elif told is None:
            await self._end(greeting, row, _S.UNKNOWN, "not_listed")
        elif isinstance(told, Accepted):
            await self._move(row, _S.READY, article_id=told.message_id[:80])

    async def _send(self, road: ArticleRoad, greeting: Row, row: Row) -> None:
        now = datetime.fromtimestamp(self.at.now_ms() / 1000, UTC)
        if not DAY[0] <= now.astimezone(LOCAL).time() <= DAY[1]:
            return
        await self._move(row, _S.SENDING)
        told = await road.broadcast(str(row["article_id"]))
        await self._write(row, told, _S.SENT, _S.READY, "message_id", greeting)

    async def _write(
        self,
        row: Row,
        told: SendResult,
        good: ArticleState,
        again: ArticleState,
        column: str,
        greeting: Row,
    ) -> None:
        if isinstance(told, Accepted) and good is _S.SENT:
            await self._end(greeting, row, good, "", message_id=told.message_id[:80])
        elif isinstance(told, Accepted):
            await self._move(row, good, **{column: told.message_id[:200]})
        elif isinstance(told, Retry):
            await self._move(row, again, code=told.code[:64])
        else:
            state = _S.UNKNOWN if isinstance(told, Unknown) else _S.REFUSED
            await self._end(greeting, row, state, told.code)

    async def _move(self, row: Row, state: ArticleState, **values: Any) -> None:
        def work(connection: Connection) -> None:
            self._put(connection, row, state, **values)

        await self.database.write(work)
        row |= {"state": state, "mark": row["mark"] + 1, **values}

    async def _end(
        self, greeting: Row, row: Row, state: ArticleState, code: str, **values: Any
    ) -> None:
        is_sent = state is _S.SENT
        tag = Tag.GREETING_BROADCAST if is_sent else Tag.GREETING_NOT_BROADCAST
        told = {"version": greeting["version"], "state": state.value}
        entry = proof(self.at, tag, row["greeting_id"], "", code=code[:40], **told)

        def work(connection: Connection) -> None:
            self._put(connection, row, state, code=code[:64], **values)
            evidence.append(connection, [entry.row()])
            if not is_sent:
                detail = f"{greeting['occasion']} {state.value} {code}"
                tell(connection, self.at, NOTICE, row["greeting_id"], detail)

        await self.database.write(work)
        row |= {"state": state, "mark": row["mark"] + 1}

    def _put(
        self, connection: Connection, row: Row, state: ArticleState, **values: Any
    ) -> None:
        articles.change(
            connection,
            self.at.unit_id,
            row["greeting_id"],
            row["mark"],
            **{"state": state.value, "at": self.at.now_ms(), **values},
        )

    def _is_stale(self, row: Row) -> bool:
        return bool(self.at.now_ms() - row["at"] > STALE_MS)

    @staticmethod
    def _article(road: ArticleRoad, greeting: Row) -> Article:
        lines = [line for line in texts_of(greeting)[Road.PORTAL].split("\n") if line]
        return road.article(lines[0], lines[1:] or lines)
