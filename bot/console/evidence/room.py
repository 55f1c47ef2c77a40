"""In which room does somebody at the console work on papers and dossiers?"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

from bot.console.visit import Visit
from bot.dossier_room import criteria_of
from handlers.staff.dossier.finding import MODE_NAMES, STATE_NAMES, State
from handlers.staff.dossier.paper import PaperRoom
from messages.criteria.model import Criteria, Mode
from storage import dossier
from storage.file_folder import FileFolder

HOME: Final = "/console/evidence"
TONES: Final = {State.FULL: "good", State.WEAK: "warn", State.MISSING: "bad"}
SHOWN_JOBS: Final = 5


def room_of(at: Visit) -> PaperRoom:
    """Return the room of whoever asks."""
    folder = FileFolder(at.house.service.installation.files_folder)
    return PaperRoom(at.desk, folder, criteria_of(at.house.config))


def criteria(at: Visit) -> Criteria:
    """Return the criteria in use."""
    return criteria_of(at.house.config)


async def jobs(at: Visit) -> list[dict[str, Any]]:
    """Return the newest dossiers, with what their state is called."""
    rows = await at.house.database.read(
        lambda c: dossier.jobs(c, at.unit_id, SHOWN_JOBS)
    )
    return [row | {"percent": _percent(row), "days": _days(row)} for row in rows]


def last_summary(rows: list[dict[str, Any]]) -> tuple[dict[str, Any], int | None]:
    """Return what the newest finished dossier said of each row, and as of when."""
    for row in rows:
        if row["summary"]:
            return json.loads(row["summary"]), row["as_of"]
    return {}, None


def tag_of(told: dict[str, Any] | None) -> tuple[str, str]:
    """Return (words, tone) of a row as the newest dossier saw it."""
    if not told:
        return ("Chưa lập", "quiet")
    state = State(told["state"])
    return (STATE_NAMES[state], TONES[state])


def mode_name(mode: Mode) -> str:
    """Return who brings the evidence of a row."""
    return MODE_NAMES[mode]


def _days(row: dict[str, Any]) -> str:
    first, last = (date.fromisoformat(row[n]) for n in ("first_day", "last_day"))
    return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def _percent(row: dict[str, Any]) -> int:
    return 100 * int(row["done"]) // int(row["total"]) if row["total"] else 0
