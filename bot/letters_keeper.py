"""When do letters leave, and when is their end read? Every half minute, each unit.

Several processes may do it at once: a letter is taken by one of them alone
(``storage.letters.take``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time

import structlog

from bot.case_mail import CaseMail
from bot.cli.letters_office import office_of
from bot.installation import Installation
from bot.letters_birthdays import rule_of
from bot.letters_road import LetterRoad, SealedPictures
from bot.letters_sealed import SealedFiles
from bot.stored_files import UnitFiles
from handlers.staff.letters import (
    birthday_drafts,
    delivery,
    own_kinds,
    reminders,
    result_notice,
)
from handlers.staff.letters.model import SENDER
from handlers.staff.letters.room import LOCAL, LetterRoom, OwnApproval
from handlers.staff.people.desk import Desk
from messages.documents.errors import DocumentError
from messages.letters.errors import LetterError
from messages.letters.kinds import shipped
from storage.errors import StorageError
from storage.file_folder import FileFolder
from storage.vault import Vault

SECONDS = 30.0
MORNING = time(6)

log = structlog.get_logger("letters")


class LettersKeeper:
    """Sends what is due for every unit of an installation."""

    def __init__(self, opened: Installation, wake: Callable[[str], None]) -> None:
        self._opened = opened
        self._wake = wake
        self._asked: dict[str, datetime] = {}

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(SECONDS)

    async def once(self) -> None:
        """Send what is due and read what became of the rest; log what went wrong."""
        for unit_id in self._opened.config.units:
            try:
                await self._unit(unit_id)
            except (StorageError, LetterError, DocumentError) as error:
                log.warning("letters_stuck", unit=unit_id, error=type(error).__name__)

    def room(self, unit_id: str, by: str) -> LetterRoom:
        """Return the room of a unit's letters in somebody's name."""
        return room_of(self._opened, unit_id, by)

    def papers(self, unit_id: str) -> SealedFiles:
        """Return where the papers of a unit's letters are kept sealed."""
        opened = self._opened
        folder, keys = FileFolder(opened.files_folder), opened.ring.unit(unit_id)
        return SealedFiles(folder, keys, opened.ids, opened.clock.now_ms)

    def reader(self, unit_id: str, by: str) -> UnitFiles:
        """Return what opens those papers in somebody's name; each look is proved."""
        opened = self._opened
        vault = Vault(unit_id, opened.ring.unit(unit_id))
        folder = FileFolder(opened.files_folder)
        return UnitFiles(
            opened.database, vault, folder, opened.ids, opened.clock.now_ms, by
        )

    async def _birthdays(self, room: LetterRoom) -> None:
        """Once an hour from the morning on; what was drafted is not drafted again."""
        local = room.now().astimezone(LOCAL)
        hour = local.replace(minute=0, second=0, microsecond=0)
        if local.time() < MORNING or self._asked.get(room.unit_id) == hour:
            return
        rule = rule_of(self._opened.config)
        await birthday_drafts.propose(room, rule)
        self._asked[room.unit_id] = hour

    async def _unit(self, unit_id: str) -> None:
        room = await own_kinds.equipped(room_of(self._opened, unit_id, SENDER))
        await delivery.settle(room)
        woken = await delivery.send_due(room, post_of(self._opened, unit_id))
        utility = _utility(self._opened, unit_id)
        woken |= await result_notice.tell_due(room, CaseMail(), utility)
        await reminders.remind(room)
        await self._birthdays(room)
        for channel in woken:
            self._wake(channel)


def _utility(opened: Installation, unit_id: str) -> str:
    """Return the approved template of Messenger for results, "" for none."""
    facebook = opened.config.units[unit_id].channels.facebook
    return facebook.result_template if facebook is not None else ""


def room_of(opened: Installation, unit_id: str, by: str) -> LetterRoom:
    """Return the room of a unit's letters in somebody's name, with our kinds alone."""
    keys = opened.ring.unit(unit_id)
    desk = Desk(opened.database, unit_id, keys, opened.ids, opened.clock.now_ms)
    return LetterRoom(
        replace(desk, by=by),
        Vault(unit_id, keys),
        shipped(),
        office_of(opened.config.units[unit_id]),
        OwnApproval(opened.config.letters.own_approval),
    )


def post_of(opened: Installation, unit_id: str) -> delivery.Post:
    """Return the platforms and the folder of pictures of a unit."""
    pictures = SealedPictures(
        FileFolder(opened.files_folder),
        opened.ring.unit(unit_id),
        opened.ids,
        opened.clock.now_ms,
    )
    return delivery.Post(LetterRoad(), pictures)
