"""A unit with three weeks behind it, papers filed, and a way to build its dossier."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection

from handlers.files.kinds import JPEG
from handlers.staff.dossier import paper
from handlers.staff.dossier.build import Ask, Built, Unit, build
from handlers.staff.dossier.pack import pack
from handlers.staff.dossier.paper import NewPaper, PaperRoom
from handlers.staff.dossier.point import at_instant
from handlers.staff.dossier.verify_dossier import Dossier
from handlers.staff.letters.room import LetterRoom
from handlers.staff.people.desk import Desk
from messages.criteria.load import shipped
from messages.criteria.model import Criteria
from messages.letters import kinds
from messages.letters.office import Office as OfficeOfLetters
from storage import dossier
from storage.database import Database
from storage.file_folder import FileFolder
from storage.ids import Ids
from storage.keys import KeyRing
from storage.vault import Vault
from tests.handlers.staff.dossier.year import Year

UNIT = "thanh-ha"
FIRST = date(2026, 9, 25)
FEW = {"I", "I.1.b", "I.1.d", "I.3.b", "I.3.c", "II.4.a", "II.7.1", "III.1.4.a"}
SMALL = replace(
    shipped(), rows=tuple(r for r in shipped().rows if r.id in FEW | {"IV.3.d"})
)
"""A row of each source; all 69 take a second."""
ASK = Ask(FIRST, date(2026, 10, 31))


@dataclass(slots=True)
class Office:
    """The unit; ``year`` writes its story on and tells the time."""

    year: Year
    room: PaperRoom
    unit: Unit

    async def file(
        self, criterion: str, title: str, day: date, number: str = ""
    ) -> str:
        """File a photo."""
        draft = self.room.folder.draft()
        draft.write(b"\xff\xd8\xff\xe0" + title.encode())
        new = NewPaper(criterion, title, day, number)
        try:
            return await paper.file(self.room, new, draft, JPEG)
        finally:
            draft.drop()

    async def sign(self) -> int:
        """Order and sign the log, keep the root; return the instant."""
        await self.year.sequencer().run()
        keys = self.unit.vault.keys
        database = self.year.database
        await database.write(lambda c: dossier.keep_newest(c, UNIT, keys))
        return self.year.at

    async def build(
        self, at: int, criteria: Criteria | None = None
    ) -> tuple[Built, bytes]:
        """Build as of an instant; return what it says and its bytes."""
        out, steps = io.BytesIO(), list[str]()
        unit = self.unit
        if criteria is not None:
            unit = replace(unit, criteria=criteria)

        def work(connection: Connection) -> Built:
            point = at_instant(connection, UNIT, at)
            told = build(
                connection, unit, ASK, point, lambda s, _d, _t: steps.append(s)
            )
            pack(connection, unit, told, out, lambda s, _d, _t: steps.append(s))
            return told

        made = await self.year.database.read(work)
        assert list(dict.fromkeys(steps)) == ["read", "write", "pack"]
        return made, out.getvalue()


@pytest.fixture
async def office(sqlite_database: Database, ring: KeyRing, tmp_path: Path) -> Office:
    """Written by the bot and by officers up to the middle of October."""
    keys = ring.unit(UNIT)
    year = Year(sqlite_database, UNIT, keys, FIRST, 20, 120, people=12)
    await year.write()
    folder, criteria = FileFolder(tmp_path / "files"), shipped()
    ids = Ids(lambda: year.at)
    desk = Desk(sqlite_database, UNIT, keys, ids, lambda: year.at)
    vault = Vault(UNIT, keys)
    name = "xã Thanh Hà"
    letters = LetterRoom(desk, vault, kinds.shipped(), OfficeOfLetters(name))
    unit = Unit(UNIT, name, "", vault, folder, criteria, letters)
    return Office(year, PaperRoom(desk, folder, criteria), unit)


def checked(content: bytes, folder: Path, key: str = "") -> Dossier:
    """Unpack a dossier and check it as a stranger does."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    found = Dossier(folder)
    found.check(key)
    return found
