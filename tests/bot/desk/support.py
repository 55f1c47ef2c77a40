"""What do the tests of the desk share? A whole service, citizens and officers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp.test_utils import TestServer

from bot.app import Service
from bot.config import Config, parse_config
from bot.desk.directory import Listed
from bot.installation import Installation
from bot.sandbox import staff_acts
from bot.sandbox.citizens import CITIZENS
from bot.sandbox.model import Act, ActKind, Platform, SandboxConfig, StaffPlatform
from bot.sandbox.officers import OFFICERS
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.staff_room import BOT, Line
from handlers.model import Channel
from handlers.staff.desk import Colleague
from storage import tables
from tests.bot.support import UNIT, Row, document, eventually
from tests.conftest import FakeClock

LANH = CITIZENS[0]
MAI, TUAN, HOA, STRANGER = OFFICERS
WAIT = "em cần gặp cán bộ"


def staff_channels(settings: SandboxConfig, base: str, *kinds: str) -> Row:
    """Return the configuration of the staff channels."""
    telegram, zalo_bot = settings.telegram, settings.zalo_bot
    known = {
        "telegram": {
            "bot_token": telegram.bot_token,
            "chat_id": telegram.chat_id,
            "secret_token": telegram.secret_token,
            "api_base": base,
        },
        "zalo_bot": {
            "bot_token": zalo_bot.bot_token,
            "secret_token": zalo_bot.secret_token,
            "api_base": base,
        },
    }
    return {kind: known[kind] for kind in kinds}


def listed() -> Listed:
    """Return who is who among the made-up officers."""
    return Listed(
        {
            (Channel(platform.value), one.user_id(platform)): one.key
            for one in OFFICERS
            if one.is_known
            for platform in StaffPlatform
        },
        tuple(
            Colleague(one.key, one.name, frozenset({one.role}))
            for one in OFFICERS
            if one.is_known
        ),
    )


@dataclass(slots=True)
class Office:
    """One running service, its platforms, and the people on both sides."""

    service: Service
    sandbox: Sandbox
    clock: FakeClock
    server: TestServer
    config: Config
    opened: Installation

    async def citizen(self, text: str, channel: Platform = Platform.FACEBOOK) -> None:
        """Let bà Lành write, and wait until that is handled."""
        self.clock.advance(ms=50)
        user = LANH.user_id(channel)
        self.sandbox.act(channel, user, Act(ActKind.TEXT, text=text))
        await self.settled()

    async def round(self) -> None:
        """Let the poster look, and wait until everything has left."""
        self.clock.advance(ms=1000)
        await self.service.poster.round()
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        await self.sandbox.poster.idle()
        await eventually(self._is_done)

    async def citizen_answered(self) -> None:
        """Wait until the citizen's own channel has nothing on its way."""
        await eventually(lambda: self._is_done(staff=False))

    async def _is_done(self, *, staff: bool = True) -> bool:
        self.clock.advance(ms=200 * staff)  # what was put back becomes due
        events = await self.rows(tables.inbox_event)
        found = await self.rows(tables.outbox)
        sends = [row for row in found if staff or row["kind"] != "staff"]
        ends = ("accepted", "refused", "unknown")
        return all(e["state"] == "done" for e in events) and all(
            s["state"] in ends for s in sends
        )

    async def tap(self, officer: Any, title: str, place: str | None = None) -> None:
        """Let an officer press the newest button with that title."""
        line, data = self.button(title, place)
        staff_acts.tap(self.sandbox, officer, line.message_id, data)
        await self.settled()
        await asyncio.sleep(0)

    def button(self, title: str, place: str | None = None) -> tuple[Line, str]:
        """Return the newest message with such a button, and its payload."""
        for line in reversed(self.sandbox.room.group):
            for row in line.buttons:
                for one in row:
                    if one["text"] == title and place in (None, line.place):
                        return line, one["callback_data"]
        raise AssertionError(title)

    async def reply(self, officer: Any, text: str, to: Line, **more: Any) -> None:
        """Let an officer reply to a message of the group."""
        staff_acts.say_in_group(
            self.sandbox,
            officer,
            text,
            place=to.place,
            reply_to=to.message_id,
            **more,
        )
        await self.settled()

    async def to_bot(self, officer: Any, text: str) -> None:
        """Let an officer write to the Zalo bot."""
        self.clock.advance(ms=50)
        staff_acts.say_to_bot(self.sandbox, officer, text)
        await self.settled()

    @property
    def card(self) -> Line:
        """The card of the only matter."""
        lines = [one for one in self.sandbox.room.group if one.place]
        return next(one for one in lines if one.who == BOT)

    def said(self, place: str | None = None) -> list[str]:
        """Return what the bot said in the group."""
        return [
            one.text
            for one in self.sandbox.room.group
            if one.who == BOT and place in (None, one.place)
        ]

    def heard(self, channel: str = "facebook") -> list[str]:
        """Return what bà Lành was sent, in order."""
        found = self.sandbox.record.sent(channel=channel)
        return [str(one.body["message"].get("text", "")) for one in found]

    async def rows(self, table: Any, **where: Any) -> list[Row]:
        """Return rows of a table."""
        query = table.select().where(*(table.c[k] == v for k, v in where.items()))
        return await self.service.database.read(
            lambda c: [dict(row) for row in c.execute(query).mappings()]
        )

    async def tags(self, subject: str) -> list[str]:
        """Return the evidence of what bot and staff did with a matter, in order."""
        found = await self.rows(tables.evidence_entry, subject=subject)
        tags = [row["tag"] for row in sorted(found, key=lambda r: r["entry_id"])]
        return [tag for tag in tags if not tag.startswith("citizen:")]

    async def handover(self) -> Row:
        """Return the only hand-over."""
        (row,) = await self.rows(tables.handover)
        return row

    def later(self, **parts: float) -> None:
        """Move the clock on."""
        self.clock.advance(timedelta(**parts))


def office_config(
    settings: SandboxConfig, base: str, folder: Any, *kinds: str, **telegram: Any
) -> Config:
    """Return the configuration of a commune with staff channels."""
    raw = document(settings, base)
    channels = raw["units"][UNIT]["channels"]
    channels |= staff_channels(settings, base, *kinds)
    channels.get("telegram", {}).update(telegram)
    return parse_config(raw, {}, folder)
