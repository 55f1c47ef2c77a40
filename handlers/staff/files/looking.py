"""Which files are there, and what do they show? Every look is proved before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.files.errors import UnreadablePictureError
from handlers.files.kinds import SUFFIXES
from handlers.files.shown import can_be_shown, shown
from handlers.model import Tag
from handlers.staff.files.desk import FilesDesk
from handlers.staff.files.errors import (
    DamagedError,
    NoSuchFileError,
    NotStoredError,
    OriginalOnlyError,
)
from storage import evidence, files
from storage.errors import ErasedError, FileDamagedError
from storage.file_states import FileState
from storage.keys import InvalidTag
from storage.vault import PersonVault

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which files to list; empty means all. ``limit`` is how many at most."""

    state: str = ""
    person_id: str = ""
    event_id: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Look:
    """One opened file. ``chunks`` may raise DamagedError, OriginalOnlyError.

    ``name`` is the one the citizen's telephone gave it, "" for most pictures; it is
    theirs to choose, so never a path. ``suffix`` is that of the real type.
    """

    file_id: str
    name: str
    media_type: str
    suffix: str
    size: int
    sha256: str
    chunks: Iterator[bytes]


async def listed(desk: FilesDesk, narrowed: Narrowed) -> list[dict[str, Any]]:
    """Return the rows (codes, sizes, times UTC ms), newest first; it is proved."""
    found = await desk.database.read(
        lambda c: files.listed(
            c,
            desk.unit_id,
            state=narrowed.state,
            person_id=narrowed.person_id,
            event_id=narrowed.event_id,
            limit=narrowed.limit,
        )
    )
    proof = desk.proof(Tag.FILES_LISTED, narrowed.event_id, count=len(found))
    await desk.database.write(lambda c: evidence.append(c, [proof.row()]))
    return found


async def opened(desk: FilesDesk, file_id: str, *, original: bool = False) -> Look:
    """Return a file to show: without the place where it was taken, or as it came.

    Raises NoSuchFileError, NotStoredError, DamagedError, OriginalOnlyError.
    """
    row = await desk.database.read(lambda c: files.get(c, desk.unit_id, file_id))
    if row is None:
        raise NoSuchFileError
    if row["state"] != FileState.STORED:
        raise NotStoredError
    if not original and not can_be_shown(row["media_type"]):
        raise OriginalOnlyError
    vault, facts = _opened(desk, row)
    proof = desk.proof(
        Tag.FILE_READ, file_id, row["person_id"], original=original, size=row["size"]
    )
    await desk.database.write(lambda c: evidence.append(c, [proof.row()]))
    chunks = desk.folder.read(vault, row["content_mac"])
    return Look(
        file_id=file_id,
        name=str(facts.get("name", "")),
        media_type=row["media_type"],
        suffix=SUFFIXES.get(row["media_type"], ""),
        size=row["size"],
        sha256=str(facts["texts"]["sha256"]),
        chunks=_named(chunks if original else shown(chunks, row["media_type"])),
    )


async def want_again(desk: FilesDesk, file_ids: Sequence[str]) -> int:
    """Let files that were refused or gone be fetched anew; return how many.

    Only those of which the address was kept: somebody may mend what hindered them.
    """
    now, chosen = desk.now_ms(), [one for one in file_ids if await _is_known(desk, one)]
    proof = desk.proof(
        Tag.FILES_RETRIED, chosen[0] if chosen else "", count=len(chosen)
    )

    def work(connection: Connection) -> int:
        number = files.want_again(connection, desk.unit_id, chosen, now)
        evidence.append(connection, [proof.row()])
        return number

    return await desk.database.write(work)


async def _is_known(desk: FilesDesk, file_id: str) -> bool:
    row = await desk.database.read(lambda c: files.get(c, desk.unit_id, file_id))
    return row is not None and "url" in _opened(desk, row)[1]


def _opened(desk: FilesDesk, row: Row) -> tuple[PersonVault, dict[str, Any]]:
    try:
        vault = desk.vault.unwrap(row["person_id"], row["wrapped_key"])
        return vault, vault.open(row["sealed"] or b"", row["item_id"])
    except ErasedError as error:
        raise NoSuchFileError from error
    except InvalidTag as error:
        raise DamagedError from error


def _named(chunks: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from chunks
    except FileDamagedError as error:
        raise DamagedError from error
    except UnreadablePictureError as error:
        raise OriginalOnlyError from error
