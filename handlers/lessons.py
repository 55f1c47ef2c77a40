"""Which words may become a lesson, whoever tells us what they meant, and which rows?"""

from __future__ import annotations

from typing import Any

from handlers.model import Lesson, LessonSource
from handlers.ports import Catalogue
from nlu import learning
from storage.ids import Ids
from storage.vault import PersonVault

LABEL_LIMIT = 40
KIND = "lesson"
"""The kind of the vault items that hold words to learn from."""

Row = dict[str, Any]


def lesson(
    text: str,
    code: str,
    source: LessonSource,
    catalogue: Catalogue,
    *,
    is_right: bool = True,
) -> Lesson | None:
    """Return a masked lesson; None when the words must not or need not be kept.

    A petition or health is not kept even when only the procedure tells of it.
    """
    masked = learning.candidate(text)
    if masked is None or len(code) > LABEL_LIMIT:
        return None
    if not code:
        return None if is_right else Lesson(masked, "", source, is_right=False)
    found = catalogue.get(code)
    if found is None or learning.is_sensitive(found.name):
        return None
    return Lesson(masked, found.code, source, is_right=is_right)


def lesson_rows(
    lesson: Lesson, vault: PersonVault, ids: Ids, now: int
) -> tuple[Row, Row]:
    """Return the vault item and the candidate of a lesson; ``now`` is UTC ms."""
    item_id = ids.new()
    shared = {
        "unit_id": vault.unit_id,
        "item_id": item_id,
        "person_id": vault.person_id,
        "created_at": now,
    }
    item = {"kind": KIND, "sealed": vault.seal({"text": lesson.text}, item_id)}
    candidate = {
        "lesson_id": ids.new(),
        "label": lesson.label,
        "source": lesson.source.value,
        "is_right": lesson.is_right,
    }
    return shared | item, shared | candidate
