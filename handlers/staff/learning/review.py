"""What waits for approval, and what becomes of it? Listed, approved, rejected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.ports import Catalogue
from handlers.staff.learning.desk import Desk
from handlers.staff.learning.errors import (
    AlreadyApprovedError,
    CandidateGoneError,
    LabelMissingError,
    LabelUnknownError,
    UnfitTextError,
)
from nlu import learning as rules
from nlu.errors import UnfitExampleError
from nlu.model import Intent
from storage import evidence, learning

MOST = 2000
"""Candidates that are opened at once, newest first."""
KEPT_MS = 180 * 24 * 3600 * 1000
"""Half a year: what nobody approved by then is forgotten."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The same masked words with the same label, from one citizen or several.

    ``label`` is "" when none of the procedures offered was meant; ``since`` is the
    oldest time, UTC ms.
    """

    lesson_id: str
    text: str
    label: str
    source: str
    is_right: bool
    lesson_ids: tuple[str, ...]
    people: int
    since: int


@dataclass(frozen=True, slots=True)
class Approval:
    """What a person of the commune decided: the words, and what they ask for.

    Exactly one of ``code`` and ``intent`` names another label than the candidate's.
    """

    text: str
    code: str = ""
    intent: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """The code of a procedure or the name of an intent."""

    name: str
    is_intent: bool


async def listed(desk: Desk, limit: int = 50) -> list[Waiting]:
    """Return what waits, what most people said first; that it was read is proved.

    Raises StorageUnavailableError.
    """
    waiting = await _waiting(desk)
    proof = desk.proof(Tag.LESSONS_READ, "", count=min(limit, len(waiting)))
    await desk.database.write(lambda c: evidence.append(c, [proof.row()]))
    return waiting[:limit]


async def approve(
    desk: Desk, lesson_id: str, approval: Approval, catalogue: Catalogue
) -> str:
    """Make an example of a candidate, in the words of the commune; return its id.

    All candidates with the same words go with it. Raises CandidateGoneError,
    UnfitTextError, LabelMissingError, LabelUnknownError, AlreadyApprovedError.
    """
    try:
        text = rules.example(approval.text)
    except UnfitExampleError as error:
        raise UnfitTextError(str(error)) from error
    chosen = await _one(desk, lesson_id)
    label = _label(approval, chosen, catalogue)
    example = _example(desk, text, label, chosen)
    proof = desk.proof(
        Tag.LESSON_APPROVED,
        example["example_id"],
        lesson=lesson_id,
        label=label.name,
        source=chosen.source,
        people=chosen.people,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )

    def work(connection: Connection) -> None:
        if not learning.drop_candidates(connection, desk.unit_id, chosen.lesson_ids):
            raise CandidateGoneError
        if not learning.add_example(connection, example):
            raise AlreadyApprovedError
        evidence.append(connection, [proof.row()])

    await desk.database.write(work)
    return str(example["example_id"])


async def reject(desk: Desk, lesson_id: str) -> Tag:
    """Forget a candidate, or withdraw an approved example; return which it was.

    The next training goes without it. Raises CandidateGoneError.
    """
    if await desk.database.read(
        lambda c: learning.candidate(c, desk.unit_id, lesson_id)
    ):
        return await _forget(desk, await _one(desk, lesson_id))
    proof = desk.proof(Tag.LESSON_WITHDRAWN, lesson_id)

    def work(connection: Connection) -> None:
        if not learning.drop_example(connection, desk.unit_id, lesson_id):
            raise CandidateGoneError
        evidence.append(connection, [proof.row()])

    await desk.database.write(work)
    return Tag.LESSON_WITHDRAWN


async def _forget(desk: Desk, chosen: Waiting) -> Tag:
    proof = desk.proof(
        Tag.LESSON_REJECTED,
        chosen.lesson_id,
        label=chosen.label,
        source=chosen.source,
        people=chosen.people,
    )

    def work(connection: Connection) -> None:
        if not learning.drop_candidates(connection, desk.unit_id, chosen.lesson_ids):
            raise CandidateGoneError
        evidence.append(connection, [proof.row()])

    await desk.database.write(work)
    return Tag.LESSON_REJECTED


async def _one(desk: Desk, lesson_id: str) -> Waiting:
    """Return the group of a candidate under the id that was named."""
    for group in await _waiting(desk):
        if lesson_id in group.lesson_ids:
            return group
    raise CandidateGoneError


async def _waiting(desk: Desk) -> list[Waiting]:
    """Return the groups of candidates; what is too old is deleted first."""
    before = desk.now_ms() - KEPT_MS
    await desk.database.write(lambda c: learning.drop_older(c, desk.unit_id, before))
    rows = await desk.database.read(
        lambda c: learning.candidates(c, desk.unit_id, MOST)
    )
    return _grouped(rows, _texts(desk, rows))


def _texts(desk: Desk, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    vault = desk.vault
    return [
        str(
            vault.unwrap(row["person_id"], row["wrapped_key"]).open(
                row["sealed"], row["item_id"]
            )["text"]
        )
        for row in rows
    ]


def _grouped(rows: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> list[Waiting]:
    groups: dict[tuple[str, str, bool], list[Mapping[str, Any]]] = {}
    for row, text in zip(rows, texts, strict=True):
        key = (text, row["label"], row["is_right"])
        groups.setdefault(key, []).append(row)
    found = [_group(text, members) for (text, _, _), members in groups.items()]
    return sorted(found, key=lambda one: -one.people)


def _group(text: str, members: Sequence[Mapping[str, Any]]) -> Waiting:
    newest = members[0]
    return Waiting(
        lesson_id=newest["lesson_id"],
        text=text,
        label=newest["label"],
        source=newest["source"],
        is_right=newest["is_right"],
        lesson_ids=tuple(row["lesson_id"] for row in members),
        people=len({row["person_id"] for row in members}),
        since=min(row["created_at"] for row in members),
    )


def _label(approval: Approval, chosen: Waiting, catalogue: Catalogue) -> Label:
    """Return what the words ask for, as the person says or as the citizen showed."""
    if approval.intent:
        if approval.intent not in set(Intent) - {Intent.ASK_PROCEDURE}:
            raise LabelUnknownError(f"Không có ý định '{approval.intent}'.")
        return Label(approval.intent, is_intent=True)
    code = approval.code or (chosen.label if chosen.is_right else "")
    if not code:
        raise LabelMissingError
    found = catalogue.get(code)
    if found is None:
        raise LabelUnknownError(f"Không có thủ tục '{code}' trong danh mục.")
    return Label(found.code, is_intent=False)


def _example(desk: Desk, text: str, label: Label, chosen: Waiting) -> dict[str, Any]:
    example_id = desk.ids.new()
    return {
        "unit_id": desk.unit_id,
        "example_id": example_id,
        "label": label.name,
        "is_intent": label.is_intent,
        "text_mac": desk.keys.mac("lesson-example", text.lower()),
        "sealed": desk.keys.box.seal(
            text.encode(), example_context(desk.unit_id, example_id)
        ),
        "source": chosen.source,
        "approved_by": desk.by,
        "approved_at": desk.now_ms(),
    }


def example_context(unit_id: str, example_id: str) -> str:
    """Return what binds the sealed words of an example to their row."""
    return f"{unit_id}:lesson-example:{example_id}"
