"""Does a table put into groups only who is known, agreed, and is still with us?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.staff.catalogue.errors import HeaderError
from handlers.staff.greetings import segments
from scheduler.occasions.rule import groups
from storage import erasure
from storage import segments as kept
from storage.keys import KeyRing
from storage.sqlite import SqliteDatabase
from tests.bot.broadcast.support import UNIT, Commune, commune
from tests.conftest import FakeClock

TODAY = "2026-11-25"


@pytest.fixture
async def here(
    sqlite_database: SqliteDatabase, ring: KeyRing, clock: FakeClock
) -> Commune:
    """A commune with two people on Zalo."""
    made = commune(sqlite_database, ring, clock)
    await made.people(2)
    return made


async def _zalo_id(here: Commune) -> tuple[str, str]:
    """Return a person and the id under which Zalo knows them."""
    rows = await here.database.read(
        lambda c: list(c.exec_driver_sql("SELECT person_id FROM person"))
    )
    person = str(rows[0][0])
    return person, person  # the fake's identity is the mac of the person's own id


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "nhom.csv"
    head = "Mã Zalo,Nhóm,Ngày đồng ý,Cách đồng ý"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


async def test_only_known_people_with_consent_come_in(
    here: Commune, tmp_path: Path
) -> None:
    """Each bad row has its reason; the good one is kept once, with its source."""
    person, zalo = await _zalo_id(here)
    path = _file(
        tmp_path,
        f"{zalo},Thầy cô giáo,20/11/2026,giấy",
        f"{zalo},Người ngoài hành tinh,20/11/2026,giấy",
        f"{zalo},giao_vien,,giấy",
        f"{zalo},giao_vien,26/11/2026,giấy",
        "999,giao_vien,20/11/2026,nói trực tiếp",
    )
    mark, rows = segments.read(path)
    found = await segments.looked(here.desk, rows, groups(), TODAY)
    assert [one.problem for one in found] == [
        "",
        segments.NO_GROUP,
        segments.NO_CONSENT,
        segments.LATER,
        segments.NOBODY,
    ]
    for new in (1, 0):
        added, refused = await segments.put(here.desk, mark, rows, groups(), TODAY)
        assert (added, len(refused)) == (new, 4)
    tags = await here.database.read(lambda c: kept.of_person(c, UNIT, person))

    assert [(t["tag"], t["consent"], t["consent_day"]) for t in tags] == [
        ("giao_vien", "paper", "2026-11-20")
    ]
    assert await segments.counts(here.desk) == {"giao_vien": 1}
    assert await segments.clear(here.desk, "giao_vien") == 1


async def test_tags_go_with_the_person(here: Commune, tmp_path: Path) -> None:
    """An erased person is in no group."""
    person, zalo = await _zalo_id(here)
    mark, rows = segments.read(_file(tmp_path, f"{zalo},phu_nu,20/11/2026,giấy"))
    await segments.put(here.desk, mark, rows, groups(), TODAY)
    await here.database.write(
        lambda c: erasure.erase_person(c, UNIT, person, here.clock.now_ms(), {})
    )

    assert await segments.counts(here.desk) == {}


def test_a_file_without_a_group_column_is_refused(tmp_path: Path) -> None:
    """There is nothing to put anybody into."""
    path = tmp_path / "x.csv"
    path.write_text("Họ tên,Điện thoại\nA,0912345678\n", encoding="utf-8")
    with pytest.raises(HeaderError):
        segments.read(path)
