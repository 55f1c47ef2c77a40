"""How are the staff channels of an installation wired?"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import structlog

from bot.channels.zalo_bot.client import ZaloBotClient
from bot.config_channels import Channels, Telegram, ZaloBot
from bot.desk.adapters import StaffAdapter
from bot.desk.directory import Directory, StoredDirectory
from bot.desk.letter_cards import LettersDesk
from bot.desk.poster import Poster
from bot.desk.road import DeskRoad
from bot.desk.staff_files import StaffFiles
from bot.desk.ticket import UnitDesk
from bot.desk.zalo_bot import ZaloBotAdapter
from bot.fetch_scan import scanner_of
from bot.installation import Installation
from bot.letters_keeper import room_of
from bot.limits import RateLimit
from bot.runtime import Adapter, UnitRuntime
from bot.stored_files import UnitFiles
from bot.webhooks.common import Door
from bot.webhooks.staff import StaffWebhooks
from handlers.model import Channel
from handlers.staff.disclosure import Content
from storage.file_folder import FileFolder

if TYPE_CHECKING:
    from bot.desk.telegram import TelegramAdapter

TELEGRAM_A_MINUTE = 15.0
TELEGRAM_BURST = 5.0
"""A group takes twenty messages in any minute, all topics together (PLATFORMS.md 4.1):
five at once and fifteen more in the minute after them."""
ZALO_BOT_A_MINUTE = 60.0
"""Nothing is published (PLATFORMS.md 2); one a second is our own modesty."""

log = structlog.get_logger("desk")


@dataclass(slots=True)
class StaffSide:
    """The staff platforms of all units as they are wired."""

    session: aiohttp.ClientSession
    files: Mapping[str, UnitFiles] = field(default_factory=dict)
    telegram: dict[str, tuple[Telegram, TelegramAdapter]] = field(default_factory=dict)
    zalo_bot: dict[str, tuple[ZaloBot, ZaloBotAdapter]] = field(default_factory=dict)

    def add(
        self, unit_id: str, channels: Channels, limits: dict[str, RateLimit]
    ) -> dict[Channel, Adapter]:
        """Make the adapters of a unit, with their rates; return them by channel."""
        made: dict[Channel, Adapter] = {}
        if channels.telegram is not None:
            made[Channel.TELEGRAM] = self._telegram(unit_id, channels.telegram)
        if channels.zalo_bot is not None:
            made[Channel.ZALO_BOT] = self._zalo_bot(unit_id, channels.zalo_bot)
        for channel, adapter in made.items():
            limits.setdefault(adapter.bucket, _limit(channel))
        return made

    def webhooks(self, door: Door) -> StaffWebhooks:
        """Return what answers the platforms."""
        return StaffWebhooks(door, self.telegram, self.zalo_bot)

    async def set_webhooks(self, public_url: str) -> None:
        """Tell each platform where we are; what fails is tried at the next start."""
        places: list[tuple[str, str, StaffAdapter]] = [
            (unit_id, f"/webhooks/telegram/{unit_id}", adapter)
            for unit_id, (_, adapter) in self.telegram.items()
        ]
        places += [
            (unit_id, f"/webhooks/zalo-bot/{unit_id}", adapter)
            for unit_id, (_, adapter) in self.zalo_bot.items()
        ]
        for unit_id, path, adapter in places:
            code = await adapter.set_webhook(public_url.rstrip("/") + path)
            if code:
                log.warning("webhook_not_set", unit=unit_id, path=path, code=code)

    def _telegram(self, unit_id: str, section: Telegram) -> TelegramAdapter:
        # A commune without Telegram does not pay for its library at the start.
        from bot.channels.telegram.client import TelegramClient  # noqa: PLC0415
        from bot.desk.telegram import TelegramAdapter  # noqa: PLC0415

        client = TelegramClient(
            self.session, section.api_base, section.bot_token, section.chat_id
        )
        adapter = TelegramAdapter(section, client, self.files.get(unit_id))
        self.telegram[unit_id] = (section, adapter)
        return adapter

    def _zalo_bot(self, unit_id: str, section: ZaloBot) -> ZaloBotAdapter:
        client = ZaloBotClient(self.session, section.api_base, section.bot_token)
        adapter = ZaloBotAdapter(section, client, unit_id)
        self.zalo_bot[unit_id] = (section, adapter)
        return adapter


def _limit(channel: Channel) -> RateLimit:
    if channel is Channel.TELEGRAM:
        return RateLimit(TELEGRAM_A_MINUTE / 60, time.monotonic, TELEGRAM_BURST)
    return RateLimit(ZALO_BOT_A_MINUTE / 60, time.monotonic, TELEGRAM_BURST)


def _content(channels: Channels) -> Content:
    """The key is Telegram's: beside another platform the stricter rule holds."""
    if channels.telegram is None or channels.zalo_bot is not None:
        return Content.MASKED
    return Content(channels.telegram.content)


def staff_parts(
    installation: Installation,
    units: Mapping[str, UnitRuntime],
    directories: Mapping[str, Directory],
    owner: str,
    wake: Callable[[str], None],
) -> tuple[DeskRoad, Poster]:
    """Return what handles the acts of staff, and what tells them.

    A unit without a directory of its own has the people stored for it.
    """
    ring, clock, ids = installation.ring, installation.clock, installation.ids
    desks = {}
    for unit_id, unit in units.items():
        known = directories.get(unit_id) or StoredDirectory(unit_id, ring.unit(unit_id))
        content = _content(installation.config.units[unit_id].channels)
        desks[unit_id] = UnitDesk(unit, known, content)
    desks = {key: one for key, one in desks.items() if one.adapters}
    database = installation.database
    config = installation.config
    folder = FileFolder(installation.files_folder)
    files = StaffFiles(folder, scanner_of(config.files), config.files, clock, ids)
    letters = LettersDesk(partial(room_of, installation), config.server.public_url)
    road = DeskRoad(database, desks, clock, ids, owner, wake, files, letters)
    return road, Poster(database, desks, clock, ids, wake, letters)
