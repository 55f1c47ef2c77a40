"""What does an answer put into the form, and which answers are not taken?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from handlers.cases.moments import local_day
from handlers.citizen.intake import story, words
from handlers.citizen.intake.contact import name_of, paper_number_of, phone_of
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.turn import Turn
from handlers.model import Place

TEXT_LIMIT = 3000
LINE_LIMIT = 300
BACK_DAYS: Mapping[str, int] = {"hom nay": 0, "hom qua": 1, "hom kia": 2}
"""Said of a day; the date is added, because staff read it on another."""
ANONYMOUS = "có"


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer cannot be taken; ``key`` is the sentence that says why."""

    key: str


Taken = Draft | Refused


def answer(turn: Turn, draft: Draft, text: str) -> Taken:
    """Return the draft with the open question answered in words."""
    clean = text.strip()[:TEXT_LIMIT]
    if not any(char.isalnum() for char in clean):
        return Refused("intake.not_understood")
    return _TAKES.get(draft.ask, _line)(turn, draft, clean)


def told_all(turn: Turn, draft: Draft, text: str) -> Draft:
    """Return the draft with a story: what, and where, when, phone if they are told."""
    hamlets = turn.services.unit.hamlets
    found = {
        Ask.WHERE.value: story.where(text, hamlets)[:LINE_LIMIT],
        Ask.WHEN.value: dated(turn, story.when(text))[:LINE_LIMIT],
        Ask.PHONE.value: story.phone(text),
        "hamlet": story.slug(story.hamlet_in(text, hamlets)),
    }
    fresh = {name: told for name, told in found.items() if not draft.told(name)}
    return draft.with_answers(what=text[:TEXT_LIMIT], **fresh)


def hamlet(turn: Turn, draft: Draft, number: int) -> Taken:
    """Return the draft with the hamlet of a number (from 0)."""
    known = turn.services.unit.hamlets
    if not 0 <= number < len(known):
        return Refused("intake.not_understood")
    name = known[number]
    return draft.with_answers(where=name, hamlet=story.slug(name), point="")


def point(draft: Draft, place: Place) -> Draft:
    """Return the draft with a shared location."""
    at = f"{place.latitude[:12]},{place.longitude[:12]}"
    told = draft.told(Ask.WHERE)
    if not told or told.startswith("vị trí "):
        told = f"vị trí {at}" + (f" ({place.label[:100]})" if place.label else "")
    return draft.with_answers(where=told, point=at)


def dated(turn: Turn, text: str) -> str:
    """Return a time as told, with the date where it is said from today."""
    plain = story.slug(text)
    since = plain.removeprefix("tu ")
    back = next((n for day, n in BACK_DAYS.items() if since.startswith(day)), None)
    if back is None and plain.endswith(" nay") and plain.split()[0] in _TODAY:
        back = 0
    if back is None or any(char == "/" for char in text):
        return text
    day = local_day(turn.at) - timedelta(days=back)
    return f"{text} ({day:%d/%m/%Y})"


_TODAY = frozenset({"sang", "trua", "chieu", "toi", "dem"})


def _what(turn: Turn, draft: Draft, text: str) -> Taken:
    if draft.kind in _STORIES or not draft.kind:
        return told_all(turn, draft, text)
    return draft.with_answers(what=text)


_STORIES = frozenset({"phan_anh"})


def _where(turn: Turn, draft: Draft, text: str) -> Taken:
    number = words.number(text)
    if number and turn.services.unit.hamlets:
        return hamlet(turn, draft, number - 1)
    named = story.hamlet_in(text, turn.services.unit.hamlets)
    said = text[:LINE_LIMIT]
    return draft.with_answers(where=said, hamlet=story.slug(named), point="")


def _when(turn: Turn, draft: Draft, text: str) -> Taken:
    return draft.with_answers(when=dated(turn, text[:LINE_LIMIT]))


def _phone(turn: Turn, draft: Draft, text: str) -> Taken:
    del turn
    found = phone_of(text)
    return draft.with_answers(phone=found) if found else Refused("intake.bad_phone")


def _name(turn: Turn, draft: Draft, text: str) -> Taken:
    del turn
    found = name_of(text)
    return draft.with_answers(name=found) if found else Refused("intake.bad_name")


def _id_number(turn: Turn, draft: Draft, text: str) -> Taken:
    del turn
    found = paper_number_of(text)
    if not found:
        return Refused("intake.bad_id_number")
    return draft.with_answers(id_number=found)


def _more(turn: Turn, draft: Draft, text: str) -> Taken:
    del turn
    whole = f"{draft.told(Ask.WHAT)}\n{text}"[:TEXT_LIMIT]
    return draft.with_answers(what=whole)


def _unclear(turn: Turn, draft: Draft, text: str) -> Taken:
    del turn, draft, text
    return Refused("intake.choose")


def _line(turn: Turn, draft: Draft, text: str) -> Taken:
    del turn
    return draft.with_answers(**{draft.ask.value: text[:LINE_LIMIT]})


_TAKES: Mapping[Ask, Callable[[Turn, Draft, str], Taken]] = {
    Ask.WHAT: _what,
    Ask.WHERE: _where,
    Ask.WHEN: _when,
    Ask.PHONE: _phone,
    Ask.NAME: _name,
    Ask.ID_NUMBER: _id_number,
    Ask.MORE: _more,
    Ask.FILES: _more,
    Ask.PREVIEW: _more,
    Ask.ANONYMOUS: _unclear,
    Ask.HEALTH: _unclear,
    Ask.TWINS: _unclear,
    Ask.EDIT: _unclear,
}
