"""What does an answer put on the paper, and which answers are not taken?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from handlers.cases.moments import local_day
from handlers.citizen.complaint.draft import STORIES, Ask, ComplaintDraft
from handlers.citizen.intake.contact import name_of, phone_of
from handlers.citizen.intake.take import LINE_LIMIT, TEXT_LIMIT, Refused
from nlu.normalise import fold

PLACE_LIMIT = 60
_HIDDEN = re.compile(
    r"\b(giau ten|an danh|nac danh|khong (muon )?(neu|ghi|de lai|noi) ten)\b"
)
_DAY = re.compile(r"(?:ngay )?([0-9]{1,2})[/\-. ]([0-9]{1,2})[/\-. ]([0-9]{4})")
_TODAY = frozenset({"hom nay", "today"})


def answer(draft: ComplaintDraft, text: str, at: datetime) -> ComplaintDraft | Refused:
    """Return the draft with the open question answered; ``at`` is now (aware)."""
    if not any(char.isalnum() for char in text):
        return Refused("intake.not_understood")
    taken = _TAKES.get(draft.ask, _line)(draft.ask, text.strip(), at)
    return taken if isinstance(taken, Refused) else draft.answered(draft.ask, taken)


def day_of(text: str, at: datetime) -> str:
    """Return a day as "25/11/2026", "" for what is none."""
    plain = " ".join(fold(text.lower()).split())
    if plain in _TODAY:
        return f"{local_day(at):%d/%m/%Y}"
    found = _DAY.fullmatch(plain)
    if found is None:
        return ""
    try:
        day = date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return ""
    return f"{day:%d/%m/%Y}"


def _name(_ask: Ask, text: str, _at: datetime) -> str | Refused:
    """A complaint without a name is none (Luật Khiếu nại 02/2011 Điều 8, 11)."""
    if _HIDDEN.search(fold(text.lower())):
        return Refused("complaint.no_anonymous")
    return name_of(text) or Refused("intake.bad_name")


def _phone(_ask: Ask, text: str, _at: datetime) -> str | Refused:
    return phone_of(text) or Refused("intake.bad_phone")


def _day(_ask: Ask, text: str, at: datetime) -> str | Refused:
    return day_of(text, at) or Refused("complaint.bad_day")


def _story(_ask: Ask, text: str, _at: datetime) -> str | Refused:
    return text if len(text) <= TEXT_LIMIT else Refused("complaint.too_long")


def _line(ask: Ask, text: str, _at: datetime) -> str | Refused:
    limit = PLACE_LIMIT if ask is Ask.PLACE else LINE_LIMIT
    said = " ".join(text.split())
    return said if len(said) <= limit else Refused("complaint.too_long")


def _unclear(_ask: Ask, _text: str, _at: datetime) -> str | Refused:
    return Refused("intake.choose")


_TAKES: Mapping[Ask, Callable[[Ask, str, datetime], str | Refused]] = {
    **dict.fromkeys(STORIES, _story),
    Ask.NAME: _name,
    Ask.PHONE: _phone,
    Ask.DAY: _day,
    Ask.EDIT: _unclear,
    Ask.PREVIEW: _unclear,
}
