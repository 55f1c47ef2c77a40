"""What waits for approval, and what becomes of it? Listed, approved, rejected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.model import LessonSource, Tag
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
from nlu.likeness import alike
from nlu.model import Intent
from storage import evidence, learning

MOST = 2000
"""Candidates that are opened at once, newest first."""
KEPT_MS = 180 * 24 * 3600 * 1000
"""Half a year: what nobody approved by then is forgotten."""


Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The same masked words with the same label, from one citizen or several.

    ``label`` is "" when none of the procedures offered was meant. Of what nobody could
    answer, words that say about the same are together, ``also`` the others of them.
    ``since`` and ``last`` are the oldest and the newest time, UTC ms.
    """

    lesson_id: str
    text: str
    label: str
    source: str
    is_right: bool
    lesson_ids: tuple[str, ...]
    people: int
    since: int
    last: int
    also: tuple[str, ...] = ()

    @property
    def is_gap(self) -> bool:
        """Whether nobody could answer it."""
        return self.source == LessonSource.UNANSWERED


@dataclass(frozen=True, slots=True)
class Approval:
    """What a person of the commune decided: the words, and what they ask for.

    One of ``code`` and ``intent`` may name another label than the candidate's.
    """

    text: str
    code: str = ""
    intent: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """The code of a procedure or the name of an intent."""

    name: str
    is_intent: bool


async def listed(desk: Desk, limit: int = 50, *, gaps: bool = False) -> list[Waiting]:
    """Return what waits, what most people said first; that it was read is proved.

    ``gaps``: what nobody could answer instead. Raises StorageUnavailableError.
    """
    waiting = [one for one in await _waiting(desk) if one.is_gap is gaps]
    found = sorted(waiting, key=lambda one: -one.people)[:limit]
    proof = desk.proof(Tag.LESSONS_READ, "", count=len(found), gaps=gaps)
    await desk.database.write(lambda c: evidence.append(c, [proof.row()]))
    return found


async def approve(
    desk: Desk, lesson_id: str, approval: Approval, catalogue: Catalogue
) -> str:
    """Make an example of a candidate, in the words of the commune; return its id.

    All candidates with the same words go with it. Raises CandidateGoneError,
    UnfitTextError, LabelMissingError, LabelUnknownError, AlreadyApprovedError.
    """
    text = checked(approval.text)
    waiting = await _waiting(desk)
    chosen = _one(waiting, lesson_id)
    known = approval.code or (chosen.label if chosen.is_right else "")
    label = label_of(approval.intent, known, catalogue)
    example = example_row(desk, text, label, chosen.source)
    proof = desk.proof(
        Tag.LESSON_APPROVED,
        example["example_id"],
        lesson=lesson_id,
        label=label.name,
        source=chosen.source,
        people=chosen.people,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )

    gone = _with_the_same_words(chosen, waiting)

    def work(connection: Connection) -> None:
        if not learning.drop_candidates(connection, desk.unit_id, gone):
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
        return await _forget(desk, _one(await _waiting(desk), lesson_id))
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


def checked(text: str, *, own: bool = False) -> str:
    """Return an example in its one form; ``own``: staff's, raises UnfitTextError."""
    try:
        return rules.example(text, own=own)
    except UnfitExampleError as error:
        raise UnfitTextError(str(error)) from error


def _one(waiting: Iterable[Waiting], lesson_id: str) -> Waiting:
    """Return the group of a candidate under the id that was named."""
    for group in waiting:
        if lesson_id in group.lesson_ids:
            return group
    raise CandidateGoneError


def _with_the_same_words(chosen: Waiting, waiting: Iterable[Waiting]) -> list[str]:
    """Return the ids of a group and of the gap that it fills, if there is one."""
    filled = (one for one in waiting if one.is_gap and chosen.text == one.text)
    return [*chosen.lesson_ids, *(name for one in filled for name in one.lesson_ids)]


async def _waiting(desk: Desk) -> list[Waiting]:
    """Return the groups of candidates; what is too old is deleted first."""
    before = desk.now_ms() - KEPT_MS
    await desk.database.write(lambda c: learning.drop_older(c, desk.unit_id, before))

    def work(connection: Connection) -> Rows:
        rows = learning.candidates(connection, desk.unit_id, MOST)
        kept = desk.kept(connection, rows) if desk.kept else frozenset()
        return [row for row in rows if row["lesson_id"] not in kept]

    rows = await desk.database.read(work)
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


def _grouped(rows: Rows, texts: Sequence[str]) -> list[Waiting]:
    """Return equal words with equal labels together, and gaps that are alike."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    gaps: list[int] = []
    for place, (row, text) in enumerate(zip(rows, texts, strict=True)):
        if row["source"] == LessonSource.UNANSWERED:
            gaps.append(place)
        else:
            key = (text, row["label"], row["is_right"])
            groups.setdefault(key, []).append(place)
    near = [[gaps[n] for n in one] for one in alike([texts[g] for g in gaps])]
    return [
        _group([rows[n] for n in places], [texts[n] for n in places])
        for places in (*groups.values(), *near)
    ]


def _group(rows: Rows, texts: Sequence[str]) -> Waiting:
    newest = rows[0]
    return Waiting(
        lesson_id=newest["lesson_id"],
        text=texts[0],
        label=newest["label"],
        source=newest["source"],
        is_right=newest["is_right"],
        lesson_ids=tuple(row["lesson_id"] for row in rows),
        people=len({row["person_id"] for row in rows}),
        since=min(row["created_at"] for row in rows),
        last=max(row["created_at"] for row in rows),
        also=tuple(dict.fromkeys(text for text in texts if text != texts[0])),
    )


def label_of(intent: str, code: str, catalogue: Catalogue) -> Label:
    """Return what words ask for: an intent, else the procedure with that code.

    Raises LabelMissingError for neither, LabelUnknownError.
    """
    if intent:
        if intent not in set(Intent) - {Intent.ASK_PROCEDURE}:
            raise LabelUnknownError(f"Không có ý định '{intent}'.")
        return Label(intent, is_intent=True)
    if not code:
        raise LabelMissingError
    found = catalogue.get(code)
    if found is None:
        raise LabelUnknownError(f"Không có thủ tục '{code}' trong danh mục.")
    return Label(found.code, is_intent=False)


def example_row(
    desk: Desk, text: str, label: Label, source: str, *, name: str = ""
) -> dict[str, Any]:
    """Return the row of an approved example; ``name`` is what may be there once."""
    example_id = desk.ids.new()
    return {
        "unit_id": desk.unit_id,
        "example_id": example_id,
        "label": label.name,
        "is_intent": label.is_intent,
        "text_mac": desk.keys.mac("lesson-example", (name or text).lower()),
        "sealed": desk.keys.box.seal(
            text.encode(), example_context(desk.unit_id, example_id)
        ),
        "source": source,
        "approved_by": desk.by,
        "approved_at": desk.now_ms(),
    }


def example_context(unit_id: str, example_id: str) -> str:
    """Return what binds the sealed words of an example to their row."""
    return f"{unit_id}:lesson-example:{example_id}"
