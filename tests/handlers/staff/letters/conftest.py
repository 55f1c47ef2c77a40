"""Letters of one commune: an officer writes, a leader approves, on each engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.letters_road import LetterRoad, SealedPictures
from handlers.staff.letters.delivery import Post
from handlers.staff.letters.room import LetterRoom
from handlers.staff.letters.writing import NewLetter, make
from handlers.staff.permissions import Role
from messages.letters.kinds import shipped
from messages.letters.office import Office
from storage.file_folder import FileFolder
from storage.tables import conversation, identity, letter, outbox
from storage.vault import Vault
from tests.handlers.staff.office import StaffOffice

ZALO_ID = "5566778899001122"
COUPLE = {"chong": "Nguyễn Văn Tám", "vo": "Trần Thị Lụa", "ngay": "2026-11-20"}


@dataclass(slots=True)
class LettersOffice:
    """The rooms of an officer and a leader."""

    office: StaffOffice
    post: Post
    extra: dict[str, Any] = field(default_factory=dict)

    def room(self, by: str = "an") -> LetterRoom:
        """Return somebody's room."""
        desk = self.office.as_(by)
        vault = Vault(desk.unit_id, desk.keys)
        return LetterRoom(desk, vault, shipped(), Office("xã Mẫu"))

    @property
    def leader(self) -> LetterRoom:
        """The leader's room."""
        return self.room("dung")

    async def draft(self, kind: str = "ket_hon", **more: Any) -> str:
        """Write a draft; the wedding of COUPLE unless told otherwise."""
        told = {"data": COUPLE} | more
        new = NewLetter(shipped().named(kind), **told)
        return (await make(self.room(), new)).letter_id

    async def row(self, letter_id: str) -> dict[str, Any]:
        """Return the row of a letter."""
        rows = await self.office.rows(letter)
        return next(row for row in rows if row["letter_id"] == letter_id)

    async def sends(self) -> list[dict[str, Any]]:
        """Return what is planned."""
        return await self.office.rows(outbox)

    async def reached_on(
        self, letter_id: str, channel: str, ago: timedelta, *, opted_out: bool = False
    ) -> None:
        """Give the person of a letter a talk whose last word lies ``ago`` back."""
        person = (await self.row(letter_id))["person_id"]
        desk = self.office.desk
        last = desk.now_ms() - round(ago.total_seconds() * 1000)
        shared = {"unit_id": desk.unit_id, "person_id": person, "channel": channel}
        talk = shared | {
            "version": 1,
            "sealed": b"x",
            "opted_out": opted_out,
            "last_inbound_at": last,
            "updated_at": last,
        }
        known = shared | {"id_mac": f"mac-{person[-6:]}-{channel}", "sealed_id": b"x"}
        await desk.database.write(
            lambda c: (
                c.execute(insert(conversation), talk),
                c.execute(insert(identity), known),
            )
        )

    async def end(self, *states: str) -> None:
        """Let the platform answer: the planned sends end in these states."""
        database = self.office.desk.database
        query = select(outbox.c.row_id).order_by(outbox.c.cause, outbox.c.position)
        ids = await database.read(lambda c: list(c.execute(query).scalars()))
        for row_id, state in zip(ids, states, strict=True):
            change = update(outbox).where(outbox.c.row_id == row_id)
            await database.write(
                lambda c, change=change, state=state: c.execute(  # type: ignore[misc]
                    change.values(state=state)
                )
            )


@pytest.fixture
async def letters_office(staff_office: StaffOffice, tmp_path: Path) -> LettersOffice:
    """An office with the officer "an" and the leader "dung"."""
    await staff_office.hire("an")
    await staff_office.hire("dung", Role.LEADER)
    desk = staff_office.desk
    folder = FileFolder(tmp_path / "files")
    pictures = SealedPictures(folder, desk.keys, desk.ids, desk.now_ms)
    return LettersOffice(staff_office, Post(LetterRoad(), pictures))
