"""Which people does a table put into groups, by whose consent, and who cannot be found?

A row names somebody we know (a case, a phone, an id of Zalo or Facebook), a group, and
the day and way of the consent. Nothing is guessed from what people write.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from handlers.cases import code as codes
from handlers.cases.errors import BadCodeError, BadPhoneError
from handlers.model import Tag
from handlers.staff.cases.record import phone_of
from handlers.staff.cases.telling import DESK
from handlers.staff.catalogue.errors import FileKindError, HeaderError
from handlers.staff.catalogue.spreadsheet import (
    HEADER_ROWS,
    Line,
    csv_lines,
    xlsx_lines,
)
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from messages.letters import dates
from messages.letters.errors import LetterError
from messages.letters.text import plain
from storage import cases, people, segments

SOURCE: Final = "import"
MOST_ROWS: Final = 2_000
COLUMNS: Final = {
    "ma_ho_so": "case",
    "ma_hs": "case",
    "dien_thoai": "phone",
    "sdt": "phone",
    "so_dien_thoai": "phone",
    "ma_zalo": "zalo",
    "zalo_id": "zalo",
    "ma_facebook": "facebook",
    "facebook_id": "facebook",
    "nhom": "group",
    "ngay_dong_y": "day",
    "cach_dong_y": "way",
}
WAYS: Final = {
    "giay": "paper",
    "phieu": "paper",
    "noi": "spoken",
    "noi_truc_tiep": "spoken",
    "nhan_tin": "chat",
    "tin_nhan": "chat",
}
NO_GROUP = "chưa có nhóm này"
NO_CONSENT = "thiếu ngày đồng ý, hoặc cách đồng ý (giấy, nói trực tiếp, nhắn tin)"
NOBODY = "chưa tìm thấy người này; xin ghi mã hồ sơ, điện thoại hoặc mã Zalo"
LATER = "ngày đồng ý ở sau hôm nay"


@dataclass(frozen=True, slots=True)
class Member:
    """One row as it stands in the file."""

    number: int
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Looked:
    """A row as it would become; ``problem`` is "" when it can be kept."""

    number: int
    person_id: str = ""
    group: str = ""
    day: str = ""
    way: str = ""
    problem: str = ""


def read(path: Path) -> tuple[str, list[Member]]:
    """Return the file's mark and its rows, at most ``MOST_ROWS``.

    Raises CatalogueError when it cannot be read or has no known column.
    """
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    with _lines(path) as lines:
        stream = iter(lines)
        columns = _header(stream)
        found = (Member(n, _told(columns, cells)) for n, cells in stream)
        kept = [one for one in found if one.data]
        return mark, kept[:MOST_ROWS]


async def looked(
    desk: Desk, rows: Sequence[Member], groups: Mapping[str, str], today: str
) -> list[Looked]:
    """Return what each row would become; nothing is written. ``today`` is ISO."""
    return await desk.look(
        Action.WRITE_LETTERS,
        lambda c: [_look(c, desk, row, groups, today) for row in rows],
    )


async def put(
    desk: Desk,
    mark: str,
    rows: Sequence[Member],
    groups: Mapping[str, str],
    today: str,
) -> tuple[int, list[Looked]]:
    """Keep the rows that can be; return how many were new, and the refused ones."""

    def work(connection: Connection) -> tuple[int, list[Looked]]:
        found = [_look(connection, desk, row, groups, today) for row in rows]
        good = [one for one in found if not one.problem]
        added = segments.add(connection, list(_tags(desk, mark, good)))
        desk.prove(connection, Tag.SEGMENT_IMPORTED, mark, rows=len(rows), added=added)
        return added, [one for one in found if one.problem]

    return await desk.change(Action.WRITE_LETTERS, work)


async def counts(desk: Desk) -> dict[str, int]:
    """Return how many people each group has."""
    return await desk.look(
        Action.SEE_LETTERS, lambda c: segments.counts(c, desk.unit_id)
    )


async def clear(desk: Desk, group: str) -> int:
    """Empty a group; return how many people were in it."""

    def work(connection: Connection) -> int:
        gone = segments.clear(connection, desk.unit_id, group)
        desk.prove(connection, Tag.SEGMENT_CLEARED, group[:24], people=gone)
        return gone

    return await desk.change(Action.WRITE_LETTERS, work)


def _look(
    connection: Connection,
    desk: Desk,
    row: Member,
    groups: Mapping[str, str],
    today: str,
) -> Looked:
    group = _group(row.data.get("group", ""), groups)
    if not group:
        return Looked(row.number, problem=NO_GROUP)
    day, way = _day(row.data.get("day", "")), WAYS.get(plain(row.data.get("way", "")))
    if not day or not way:
        return Looked(row.number, group=group, problem=NO_CONSENT)
    if day > today:
        return Looked(row.number, group=group, problem=LATER)
    person = _person(connection, desk, row.data)
    problem = "" if person else NOBODY
    return Looked(row.number, person, group, day, way, problem)


def _person(connection: Connection, desk: Desk, data: Mapping[str, str]) -> str:
    """Return who is meant, "" for nobody we know."""
    if "case" in data:
        try:
            code = str(codes.parse(data["case"]))
        except BadCodeError:
            return ""
        row = cases.by_code(connection, desk.unit_id, code)
        return str(row["person_id"] or "") if row is not None else ""
    try:
        keys = list(_identities(desk, data))
    except BadPhoneError:
        return ""
    found = people.find_identities(connection, keys)
    known = (found[key] for key in keys if key in found)
    return next(
        (str(row["person_id"]) for row in known if row["wrapped_key"] is not None), ""
    )


def _identities(desk: Desk, data: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    told = {channel: data.get(channel, "") for channel in ("zalo", "facebook")}
    told[DESK] = phone_of(data.get("phone", ""))
    for channel, name in told.items():
        if name:
            yield desk.unit_id, channel, desk.keys.mac(f"user:{channel}", name)


def _tags(
    desk: Desk, mark: str, rows: Iterable[Looked]
) -> Iterator[dict[str, str | int]]:
    for one in rows:
        yield {
            "unit_id": desk.unit_id,
            "person_id": one.person_id,
            "tag": one.group,
            "source": SOURCE,
            "source_ref": f"{mark}:{one.number}",
            "consent": one.way,
            "consent_day": one.day,
            "added_by": desk.by,
            "added_at": desk.now_ms(),
        }


def _group(text: str, groups: Mapping[str, str]) -> str:
    wanted = plain(text)
    return next(
        (code for code, name in groups.items() if wanted in (code, plain(name))), ""
    )


def _day(text: str) -> str:
    try:
        found = dates.parsed(text, "ngày đồng ý") if text else None
    except LetterError:
        return ""
    return found.isoformat() if found else ""


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[Line]]:
    name = path.name.lower()
    if name.endswith(".xlsx"):
        with xlsx_lines(path) as lines:
            yield lines
    elif name.endswith(".csv"):
        yield csv_lines(path, lambda cells: bool(_columns(cells)))
    else:
        raise FileKindError


def _columns(cells: Sequence[str]) -> dict[int, str]:
    found = {i: COLUMNS[plain(c)] for i, c in enumerate(cells) if plain(c) in COLUMNS}
    return found if "group" in found.values() else {}


def _header(stream: Iterator[Line]) -> dict[int, str]:
    for _, (_, cells) in zip(range(HEADER_ROWS), stream, strict=False):
        if found := _columns(cells):
            return found
    raise HeaderError


def _told(columns: Mapping[int, str], cells: Sequence[str]) -> dict[str, str]:
    return {
        name: cells[at].strip()
        for at, name in columns.items()
        if at < len(cells) and cells[at].strip()
    }
