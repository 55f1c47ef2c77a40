"""How does a signed letter get its digital signature, kept sealed with its level?

A signature belongs to one version; trying again replaces it. What cannot be signed
digitally is still signed by its leader: nothing is held up by a service that is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.letters.errors import NotSignedError
from handlers.staff.letters.keeping import Kept, load, written
from handlers.staff.letters.ports import KeptPaper, Level, Papers, Sealer, Signed
from handlers.staff.letters.room import LetterRoom
from handlers.staff.permissions import Action
from handlers.staff.proof import proof
from messages.letters.compose import Letter
from storage import evidence, letters_ways
from storage.errors import FilesFullError

PDF = "application/pdf"
FULL = "disk_full"
NAME, FORM_NAME = "thu-da-ky.pdf", "mau-04-da-ky.pdf"

Render = Callable[[Kept, Letter], tuple[bytes, bytes | None]]
"""Makes the letter and, where the kind has one, its form: PDFs ready to be signed."""


async def put(
    room: LetterRoom, letter_id: str, sealer: Sealer, papers: Papers, render: Render
) -> Signed | None:
    """Sign the papers of a letter; None when there is nothing to sign with.

    Raises NotSignedError before its leader signed it, NotAllowedError, LetterError.
    """
    if not sealer.is_on:
        return None
    one = await room.desk.look(
        Action.APPROVE_LETTERS, lambda c: load(c, room, letter_id)
    )
    if not one.signed or one.vault is None:
        raise NotSignedError
    letter = written(room, one)
    pdf, form = await asyncio.to_thread(render, one, letter)
    first = await sealer.sign(pdf, room.office.name)
    second = await sealer.sign(form, room.office.name) if form is not None else None
    try:
        kept = [await _keep(one, papers, first, NAME)]
        kept.append(await _keep(one, papers, second, FORM_NAME))
    except FilesFullError:
        first, kept = Signed(None, Level.NONE, FULL), [None, None]
    await _write(room, one, first, kept)
    return first


def of(connection: Connection, room: LetterRoom, one: Kept) -> Mapping[str, Any] | None:
    """Return how the present version was signed digitally, None when never tried."""
    return letters_ways.signature(
        connection, room.unit_id, one.letter_id, one.life.version
    )


async def _keep(
    one: Kept, papers: Papers, signed: Signed | None, name: str
) -> KeptPaper | None:
    if signed is None or signed.pdf is None or one.vault is None:
        return None
    return await papers.keep(one.vault, signed.pdf, name, PDF)


async def _write(
    room: LetterRoom, one: Kept, signed: Signed, kept: list[KeptPaper | None]
) -> None:
    person = str(one.row["person_id"])

    def work(connection: Connection) -> None:
        again = load(connection, room, one.letter_id)
        if again.life.version != one.life.version or not again.signed:
            raise NotSignedError
        for paper in kept:
            if paper is not None:
                paper.write(connection)
        ids = [paper.file_id if paper is not None else None for paper in kept]
        row = {
            "unit_id": room.unit_id,
            "letter_id": one.letter_id,
            "version": one.life.version,
            "person_id": person,
            "file_id": ids[0],
            "form_file_id": ids[1],
            "level": signed.level.value,
            "reason": signed.reason or None,
            "by": room.desk.by,
            "at": room.desk.now_ms(),
        }
        letters_ways.put_signature(connection, row)
        entry = proof(
            room.desk,
            Tag.LETTER_SEALED,
            one.letter_id,
            person,
            version=one.life.version,
            level=signed.level.value,
            reason=signed.reason,
        )
        evidence.append(connection, [entry.row()])

    await room.desk.change(Action.APPROVE_LETTERS, work)
