"""What do people of the commune teach of their own accord? Sentences and local words.

Both are examples like those made of citizens' words: sealed, proved, learnt at the
next training, withdrawn by ``review.reject``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.model import LessonSource, Tag
from handlers.ports import Catalogue
from handlers.staff.learning.desk import Desk
from handlers.staff.learning.errors import AlreadyApprovedError, UnfitTextError
from handlers.staff.learning.review import (
    Approval,
    Label,
    checked,
    example_context,
    example_row,
    label_of,
)
from nlu import learning as rules
from nlu.artefact import MEANS
from nlu.errors import UnfitWordError
from nlu.model import Entry
from nlu.train import Example
from storage import evidence, learning

WORD = Label(MEANS, is_intent=False)


@dataclass(frozen=True, slots=True)
class Taught:
    """An approved example, and who approved it when (UTC ms)."""

    example_id: str
    example: Example
    source: str
    by: str
    at: int


async def sentence(desk: Desk, approval: Approval, catalogue: Catalogue) -> str:
    """Add a sentence as people of the place say it; return the id of the example.

    Raises UnfitTextError, LabelMissingError, LabelUnknownError, AlreadyApprovedError.
    """
    text = checked(approval.text, own=True)
    label = label_of(approval.intent, approval.code, catalogue)
    return await _add(desk, example_row(desk, text, label, LessonSource.STAFF), text)


async def local_word(
    desk: Desk, short: str, full: str, entries: Iterable[Entry]
) -> str:
    """Add a local word or short form with its meaning; return the id of the example.

    A word that the catalogue (``entries``) uses itself cannot get another meaning.
    Raises UnfitTextError, AlreadyApprovedError.
    """
    try:
        word, meaning = rules.local_word(short, full, entries)
    except UnfitWordError as error:
        raise UnfitTextError(
            str(error),
            'Ví dụ: thanthien nlu word gksinh "giấy khai sinh". '
            "Cả cụm từ thì dạy bằng 'thanthien nlu teach'.",
        ) from error
    text, name = f"{word}{MEANS}{meaning}", f"{MEANS}{word.rstrip('!')}"
    row = example_row(desk, text, WORD, LessonSource.STAFF, name=name)
    return await _add(desk, row, text)


async def listed(desk: Desk) -> list[Taught]:
    """Return all approved examples, oldest first."""
    rows = await desk.database.read(lambda c: learning.examples(c, desk.unit_id))
    return [
        Taught(
            row["example_id"],
            example(desk, row),
            row["source"],
            row["approved_by"],
            row["approved_at"],
        )
        for row in rows
    ]


def example(desk: Desk, row: Mapping[str, Any]) -> Example:
    """Return what a row teaches."""
    context = example_context(desk.unit_id, row["example_id"])
    text = desk.keys.box.open(row["sealed"], context).decode()
    if row["label"] != MEANS:
        return Example(text, row["label"], is_intent=row["is_intent"])
    word, _, meaning = text.partition(MEANS)
    return Example(word, MEANS + meaning)


async def _add(desk: Desk, row: Mapping[str, Any], text: str) -> str:
    proof = desk.proof(
        Tag.LESSON_APPROVED,
        row["example_id"],
        lesson="",
        label=row["label"],
        source=row["source"],
        people=0,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )

    def work(connection: Connection) -> None:
        if not learning.add_example(connection, row):
            raise AlreadyApprovedError
        evidence.append(connection, [proof.row()])

    await desk.database.write(work)
    return str(row["example_id"])
