"""How is a paper filed for a criterion by hand, listed, opened and taken back?

The file is sealed under a key of the unit; the log holds salted hashes of the file and
of what was written about it. A paper taken back stays for dossiers made before, unless
it is destroyed because it should never have been there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.moments import from_ms, local_day
from handlers.files.kinds import (
    DOCX,
    HEIC,
    JPEG,
    PDF,
    PNG,
    SUFFIXES,
    WEBP,
    XLSX,
    FileType,
)
from handlers.model import Tag
from handlers.staff.dossier.errors import (
    BadPaperError,
    NoSuchPaperError,
    ReasonMissingError,
    UnknownCriterionError,
)
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.proof import proof
from messages.criteria.model import Criteria
from storage import dossier, evidence
from storage.evidence import Entry
from storage.file_folder import Draft, FileFolder
from storage.vault import PersonVault, commit

TYPES: Final = (JPEG, PNG, WEBP, HEIC, PDF, DOCX, XLSX)
LONGEST: Final = {"title": 200, "number": 60, "note": 1000, "reason": 500}
OLDEST: Final = date(2020, 1, 1)
PLACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "board": "Niêm yết tại trụ sở",
        "village": "Niêm yết tại nhà văn hóa thôn",
        "website": "Trang thông tin điện tử",
        "radio": "Hệ thống truyền thanh",
        "zalo": "Zalo của xã",
        "facebook": "Trang Facebook của xã",
        "meeting": "Hội nghị, đối thoại với Nhân dân",
        "head": "Qua Trưởng thôn",
        "letter": "Văn bản gửi tới công dân, tổ chức",
    }
)
"""Forms of publication (Luật 10/2022/QH15 Điều 12)."""


@dataclass(frozen=True, slots=True)
class NewPaper:
    """What an officer tells: ``day`` is that of the paper (of posting, if posted).

    ``place`` is one of PLACES when it shows that something was made public; ``until``
    the last day it was shown there.
    """

    criterion: str
    title: str
    day: date
    number: str = ""
    note: str = ""
    place: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A filed paper; its words are "" once it was destroyed. Times are UTC ms."""

    paper_id: str
    criterion: str
    state: str
    day: date
    title: str
    number: str
    note: str
    place: str
    until: date | None
    suffix: str
    media_type: str
    size: int
    sha256: str
    salt: str
    filed_by: str
    filed_at: int
    filed_entry: str
    file_mac: str
    position: int = -1

    @property
    def is_destroyed(self) -> bool:
        """Whether file and words are gone."""
        return self.state == dossier.DESTROYED

    @property
    def place_name(self) -> str:
        """Where it was made public, "" when it was not."""
        return PLACES.get(self.place, "")


@dataclass(frozen=True, slots=True)
class PaperRoom:
    """Where somebody works on papers: a desk, the folder of files, the criteria."""

    desk: Desk
    folder: FileFolder
    criteria: Criteria


async def vault_of(room: PaperRoom) -> PersonVault:
    """Return what seals papers; makes the key the first time."""
    desk = room.desk

    def find(connection: Connection) -> PersonVault | None:
        return dossier.vault(connection, desk.unit_id, desk.keys)

    found = await desk.database.read(find)
    if found is None:
        now = desk.now_ms()
        await desk.database.write(
            lambda c: dossier.ensure_key(c, desk.unit_id, desk.keys, now)
        )
        found = await desk.database.read(find)
    assert found is not None  # noqa: S101  it was just written
    return found


async def file(room: PaperRoom, new: NewPaper, draft: Draft, kind: FileType) -> str:
    """File a paper whose bytes are in ``draft``; return its id.

    Raises UnknownCriterionError, BadPaperError, NotAllowedError, FilesFullError.
    """
    desk = room.desk
    _check(room, new)
    await desk.look(Action.FILE_EVIDENCE, lambda _c: None)
    vault = await vault_of(room)
    name = desk.keys.mac("dossier-file", draft.sha256)
    await asyncio.to_thread(draft.finish, vault, name)
    await asyncio.to_thread(room.folder.publish, draft, vault.unit_id, name)
    paper_id = desk.ids.new()
    facts = {
        "title": new.title.strip(),
        "number": new.number.strip(),
        "note": new.note.strip(),
        "place": new.place,
        "until": new.until.isoformat() if new.until else "",
        "sha256": draft.sha256,
    }
    hidden = {"sha256": commit(draft.sha256), "text": commit(_words(facts))}
    facts |= {f"{name}_salt": one.salt.hex() for name, one in hidden.items()}
    entry = _filed(room, new, paper_id, draft.size, kind)
    entry = _with(entry, {name: one.digest for name, one in hidden.items()})
    row = {
        "unit_id": desk.unit_id,
        "paper_id": paper_id,
        "criterion": new.criterion,
        "state": dossier.FILED,
        "day": new.day.isoformat(),
        "sealed": vault.seal(facts, paper_id),
        "file_mac": name,
        "size": draft.size,
        "media_type": kind.media_type,
        "filed_by": desk.by,
        "filed_at": desk.now_ms(),
        "filed_entry": entry.entry_id,
        "removed_at": None,
        "removed_entry": None,
    }

    def work(connection: Connection) -> None:
        dossier.add_paper(connection, row)
        evidence.append(connection, [entry.row()])

    await desk.change(Action.FILE_EVIDENCE, work)
    return paper_id


async def listed(room: PaperRoom, criterion: str = "") -> list[Paper]:
    """Return the papers of a row, or of all; raises NotAllowedError."""
    vault = await vault_of(room)

    def work(connection: Connection) -> list[Paper]:
        rows = dossier.papers(connection, room.desk.unit_id, criterion)
        return [opened(vault, row) for row in rows]

    return await room.desk.look(Action.SEE_DOSSIER, work)


async def look(room: PaperRoom, paper_id: str) -> tuple[Paper, Iterator[bytes]]:
    """Return a paper and its bytes; that it was looked at is proved.

    Raises NoSuchPaperError, NotAllowedError; the bytes may raise FileDamagedError.
    """
    vault = await vault_of(room)

    def work(connection: Connection) -> Paper:
        row = dossier.paper(connection, room.desk.unit_id, paper_id[:32])
        if row is None or row["state"] == dossier.DESTROYED:
            raise NoSuchPaperError
        room.desk.prove(connection, Tag.PAPER_READ, row["paper_id"])
        return opened(vault, row)

    found = await room.desk.change(Action.SEE_DOSSIER, work)
    return found, room.folder.read(vault, found.file_mac)


async def remove(
    room: PaperRoom, paper_id: str, reason: str, *, destroy: bool = False
) -> None:
    """Take a paper back, with a reason; ``destroy``: file and words too, for good.

    Raises ReasonMissingError, NoSuchPaperError, NotAllowedError.
    """
    if not reason.strip():
        raise ReasonMissingError
    desk, told = room.desk, reason.strip()[: LONGEST["reason"]]
    vault, promise = await vault_of(room), commit(told)
    entry = _with(
        proof(desk, Tag.PAPER_REMOVED, paper_id[:32], "", destroyed=destroy),
        {"reason": promise.digest},
    )
    why = {"reason": told, "reason_salt": promise.salt.hex()}

    def work(connection: Connection) -> str:
        row = dossier.paper(connection, desk.unit_id, paper_id[:32])
        if row is None or row["state"] != dossier.FILED:
            raise NoSuchPaperError
        facts = {} if destroy else vault.open(row["sealed"], row["paper_id"])
        values = {
            "state": dossier.DESTROYED if destroy else dossier.REMOVED,
            "sealed": vault.seal(facts | why, row["paper_id"]),
            "removed_at": desk.now_ms(),
            "removed_entry": entry.entry_id,
        }
        dossier.remove_paper(connection, desk.unit_id, row["paper_id"], values)
        evidence.append(connection, [entry.row()])
        is_used = dossier.is_file_used(connection, desk.unit_id, row["file_mac"])
        return "" if is_used or not destroy else str(row["file_mac"])

    name = await desk.change(Action.FILE_EVIDENCE, work)
    if name:
        await asyncio.to_thread(room.folder.delete, vault.unit_id, [name])


def opened(vault: PersonVault, row: Mapping[str, Any]) -> Paper:
    """Return what a row holds."""
    facts = vault.open(row["sealed"], row["paper_id"])
    until = facts.get("until", "")
    return Paper(
        paper_id=row["paper_id"],
        criterion=row["criterion"],
        state=row["state"],
        day=date.fromisoformat(row["day"]),
        title=facts.get("title", ""),
        number=facts.get("number", ""),
        note=facts.get("note", ""),
        place=facts.get("place", ""),
        until=date.fromisoformat(until) if until else None,
        suffix=SUFFIXES.get(row["media_type"], ""),
        media_type=row["media_type"],
        size=row["size"],
        sha256=facts.get("sha256", ""),
        salt=facts.get("sha256_salt", ""),
        filed_by=row["filed_by"],
        filed_at=row["filed_at"],
        filed_entry=row["filed_entry"],
        file_mac=row["file_mac"],
        position=row.get("position", -1),
    )


def _check(room: PaperRoom, new: NewPaper) -> None:
    found = room.criteria.named(new.criterion)
    if found is None or not found.is_scored:
        raise UnknownCriterionError
    today = local_day(from_ms(room.desk.now_ms()))
    texts = {"title": new.title, "number": new.number, "note": new.note}
    long = [name for name, text in texts.items() if len(text) > LONGEST[name]]
    if not new.title.strip() or long:
        raise BadPaperError
    if not OLDEST <= new.day <= today:
        raise BadPaperError(hint="Ngày của giấy tờ từ năm 2020 đến hôm nay.")
    if new.place and new.place not in PLACES:
        raise BadPaperError(hint="Xin chọn hình thức công khai trong danh sách.")
    if new.until is not None and (not new.place or new.until < new.day):
        raise BadPaperError(hint="Ngày kết thúc công khai không trước ngày bắt đầu.")


def _filed(
    room: PaperRoom, new: NewPaper, paper_id: str, size: int, kind: FileType
) -> Entry:
    return proof(
        room.desk,
        Tag.PAPER_FILED,
        paper_id,
        "",
        criterion=new.criterion,
        day=new.day.isoformat(),
        place=new.place,
        until=new.until.isoformat() if new.until else "",
        size=size,
        type=kind.media_type,
    )


def _with(entry: Entry, sealed: Mapping[str, str]) -> Entry:
    return Entry(
        entry.unit_id,
        entry.entry_id,
        entry.at,
        entry.tag,
        entry.subject,
        data=entry.data,
        sealed=sealed,
    )


def _words(facts: Mapping[str, str]) -> str:
    return "\n".join((facts["title"], facts["number"], facts["note"]))
