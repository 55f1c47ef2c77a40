"""What does an answer of a person of the commune teach? For the console to call."""

from __future__ import annotations

from sqlalchemy import Connection

from handlers.lessons import lesson, lesson_rows
from handlers.model import Consent, Conversation, LessonSource
from handlers.ports import Catalogue
from storage import consent, learning, people
from storage.ids import Ids
from storage.vault import PersonVault

PURPOSE = "learning"


def propose(
    connection: Connection,
    vault: PersonVault,
    talk: Conversation,
    question: str,
    code: str,
    catalogue: Catalogue,
    ids: Ids,
    now: int,
) -> str | None:
    """Keep a citizen's question with the procedure that staff answered it with.

    In the caller's transaction; ``now`` is UTC ms. Returns the id of the candidate,
    None when nothing may be kept (declined, a child, no news wanted, petition, health).
    """
    if talk.consent is Consent.DECLINED or talk.opted_out:
        return None
    if consent.forbids(connection, vault.unit_id, vault.person_id, PURPOSE, now):
        return None
    found = lesson(question, code, LessonSource.STAFF, catalogue)
    if found is None:
        return None
    item, candidate = lesson_rows(found, vault, ids, now)
    people.add_items(connection, [item])
    learning.add_candidates(connection, [candidate])
    return str(candidate["lesson_id"])
