"""Which rows does a citizen's rating become? One answer, its words sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.clock import from_ms
from handlers.cases.moments import LOCAL
from handlers.citizen.rating_model import Rating
from storage import survey

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """One answer to write, or words for the one that is there."""

    row: Row
    is_explained: bool

    def write(self, connection: Connection) -> None:
        """Write it in the caller's transaction."""
        if self.is_explained:
            unit_id, about = self.row["unit_id"], self.row["about"]
            survey.explain(connection, unit_id, about, self.row["item_id"])
        else:
            survey.put(connection, self.row)


def planned(
    rating: Rating, event: Row, person_id: str, item_id: str | None, now: int
) -> SurveyPlan:
    """Return the row of a rating; ``now`` is UTC ms."""
    day = from_ms(now).astimezone(LOCAL).date()
    about = f"case:{rating.case_id}" if rating.case_id else f"talk:{person_id}:{day}"
    row = {
        "unit_id": event["unit_id"],
        "about": about,
        "kind": survey.CASE if rating.case_id else survey.TALK,
        "channel": event["channel"],
        "case_id": rating.case_id or None,
        "person_id": person_id,
        "counter": None,
        "item_id": item_id,
        "score": rating.score,
        "at": now,
    }
    return SurveyPlan(row, bool(rating.words))
