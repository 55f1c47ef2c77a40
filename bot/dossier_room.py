"""How does a dossier get made, for the command and the console alike?

That somebody asked is the last entry it holds: the log is ordered and signed after it,
and that root is kept for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from bot.config import Config
from bot.evidence_log import sequencer_of
from bot.fetch_intake import Intake
from bot.fetch_results import UnfitFileError
from bot.fetch_scan import ScannerAwayError, scanner_of
from bot.installation import Installation
from bot.letters_keeper import room_of
from handlers.files.kinds import FileType
from handlers.model import Tag
from handlers.staff.dossier.build import Ask, Built, Progress, Unit, build
from handlers.staff.dossier.errors import BadFileError
from handlers.staff.dossier.pack import pack
from handlers.staff.dossier.paper import TYPES, NewPaper, PaperRoom, file
from handlers.staff.dossier.point import Point, at_instant
from handlers.staff.letters.own_kinds import equipped
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import OPERATOR
from handlers.staff.permissions import Action
from messages.criteria.load import load, shipped
from messages.criteria.model import Criteria
from storage import dossier
from storage.file_folder import Draft, FileFolder
from storage.vault import Vault

PIECE = 65536


def criteria_of(config: Config, own: Path | None = None) -> Criteria:
    """Return the criteria in use; raises CriteriaError."""
    named = own or (Path(config.dossier.criteria) if config.dossier.criteria else None)
    return load(named) if named else shipped()


def unit_of(house: Installation, unit_id: str, own: Path | None = None) -> Unit:
    """Return the unit as the builder needs it; raises CriteriaError."""
    told = house.config.units[unit_id]
    return Unit(
        unit_id,
        told.name,
        told.full_name,
        Vault(unit_id, house.ring.unit(unit_id)),
        FileFolder(house.files_folder),
        criteria_of(house.config, own),
        room_of(house, unit_id, OPERATOR),
    )


async def point_now(house: Installation, desk: Desk, ask: Ask) -> Point:
    """Prove that somebody asked, sign the log and keep its root.

    Raises NotAllowedError, EvidenceError, NothingThenError, BrokenLogError.
    """
    unit_id = desk.unit_id
    told = {"first": ask.first.isoformat(), "last": ask.last.isoformat()}

    def prove(connection: Connection) -> None:
        desk.prove(connection, Tag.DOSSIER_ASKED, "", **told)

    await desk.change(Action.SEE_DOSSIER, prove)
    await sequencer_of(house, unit_id).run()
    await house.database.write(lambda c: dossier.keep_newest(c, unit_id, desk.keys))
    now = house.clock.now_ms()
    return await house.database.read(lambda c: at_instant(c, unit_id, now))


async def point_at(desk: Desk, instant: int) -> Point:
    """Return the point of a past instant (UTC ms); raises as ``point_now`` does."""
    return await desk.look(
        Action.SEE_DOSSIER, lambda c: at_instant(c, desk.unit_id, instant)
    )


async def make(
    house: Installation,
    unit: Unit,
    ask: Ask,
    point: Point,
    out: BinaryIO,
    progress: Progress,
) -> Built:
    """Write a dossier; raises BrokenLogError, FileDamagedError, OSError."""
    unit = replace(unit, letters=await equipped(unit.letters))

    def work(connection: Connection) -> Built:
        built = build(connection, unit, ask, point, progress)
        pack(connection, unit, built, out, progress)
        return built

    return await house.database.read(work)


async def file_paper(
    config: Config, room: PaperRoom, new: NewPaper, data: bytes
) -> str:
    """Recognise, scan, seal and file a paper; return its id.

    Raises DossierError with what to do, NotAllowedError, FilesFullError.
    """
    draft = await asyncio.to_thread(room.folder.draft)
    try:
        kind = await _taken(config, draft, data)
        if not await scanner_of(config.files).is_clean(_pieces(data)):
            raise BadFileError("Dạ, tệp có mã độc nên đã chặn.")
        return await file(room, new, draft, kind)
    except (ScannerAwayError, TimeoutError) as error:
        raise BadFileError("Dạ, bộ quét mã độc chưa trả lời.") from error
    finally:
        await asyncio.to_thread(draft.drop)


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[at : at + PIECE] for at in range(0, len(data), PIECE))


async def _taken(config: Config, draft: Draft, data: bytes) -> FileType:
    megabytes = config.dossier.paper_mb
    sizes = config.files.model_copy(
        update={"image_mb": megabytes, "file_mb": megabytes}
    )
    intake = Intake(draft, "file", sizes)
    try:
        await intake.take(data)
        kind = await intake.end()
    except UnfitFileError as error:
        is_size = error.unfit.reason == "too_big"
        too_big = f"Dạ, tệp lớn hơn {megabytes} MB."
        hint = "Xin chụp lại ở cỡ nhỏ hơn hoặc tách tệp." if is_size else ""
        raise BadFileError(too_big if is_size else "", hint) from error
    if kind not in TYPES:
        raise BadFileError
    return kind
