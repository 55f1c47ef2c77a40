"""How does a day become a draft, once, whoever looks at the calendar?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.greetings.model import Day, GreetingState, PageState, dumped
from handlers.staff.proof import AtWork, proof
from messages.greetings.compose import compose
from messages.letters.office import Office
from storage import evidence, greetings, operations

DRAFTED = "greeting_drafted"


def draft(connection: Connection, at: AtWork, day: Day, office: Office) -> str | None:
    """Write the draft of a day; return its id, None when there is one already.

    Raises BadWordingError.
    """
    row = _row(at, day, office)
    if not greetings.add(connection, row):
        return None
    subject = row["greeting_id"]
    told = {"occasion": row["occasion"], "day": row["day"]}
    entry = proof(at, Tag.GREETING_DRAFTED, subject, "", **told)
    evidence.append(connection, [entry.row()])
    tell(connection, at, DRAFTED, subject, f"{row['occasion']} {row['day']}")
    return str(subject)


def tell(
    connection: Connection, at: AtWork, kind: str, subject: str, detail: str
) -> None:
    """Tell staff, once while it is unseen."""
    notice = {
        "unit_id": at.unit_id,
        "notice_id": at.ids.new(),
        "kind": kind,
        "subject": subject,
        "detail": detail[:200],
        "created_at": at.now_ms(),
    }
    operations.add_notice_once(connection, notice)


def _row(at: AtWork, day: Day, office: Office) -> dict[str, Any]:
    now = at.now_ms()
    return {
        "unit_id": at.unit_id,
        "greeting_id": at.ids.new(),
        "occasion": day.subject.code,
        "day": day.day,
        "tone": day.subject.tone,
        "reach": day.reach,
        "audience": ",".join(day.audience),
        "state": GreetingState.DRAFT.value,
        "version": 1,
        "approved": 0,
        "mark": 1,
        "words": dumped(compose(day.subject, office)),
        "due_at": day.due_at,
        "ends_at": day.ends_at,
        "created_by": at.by,
        "approved_by": None,
        "page_state": PageState.WAITING.value,
        "page_ref": None,
        "cursor": "",
        "is_counted": False,
        "begun_at": None,
        "created_at": now,
        "updated_at": now,
    }
