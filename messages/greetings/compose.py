"""Which words does the greeting of a day hold? Code, tone, year and office in.

The sentences of a day take turns year by year; a private message speaks to one
household, what is public to everybody. A day without sentences of its own (one that a
commune added) gets those of its tone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from messages.greetings.errors import BadWordingError
from messages.letters.office import Office
from messages.letters.text import tidy, upper_first

FILE: Final = Path(__file__).with_name("texts.yml")
_STEMS: Final = (
    "Canh",
    "Tân",
    "Nhâm",
    "Quý",
    "Giáp",
    "Ất",
    "Bính",
    "Đinh",
    "Mậu",
    "Kỷ",
)
_BRANCHES: Final = (
    *("Thân", "Dậu", "Tuất", "Hợi", "Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ"),
    *("Ngọ", "Mùi"),
)
_ENVIRONMENT = ImmutableSandboxedEnvironment(
    autoescape=False,  # plain text: nothing here is HTML
    undefined=StrictUndefined,
)


class Road(StrEnum):
    """Where a greeting is read or heard."""

    CHAT = "chat"
    POST = "post"
    RADIO = "radio"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is greeted: the day's code, name and tone, and its solar year.

    ``lunar_year`` is the lunar year that is being welcomed or is under way.
    """

    code: str
    name: str
    tone: str
    year: int
    lunar_year: int


Texts = Mapping[Road, str]


@cache
def shipped() -> Mapping[str, Any]:
    """Return the parsed texts.yml."""
    found: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def compose(
    subject: Subject, office: Office, raw: Mapping[str, Any] | None = None
) -> dict[Road, str]:
    """Write every text of a greeting; raises BadWordingError.

    ``raw`` is a wording under edit; the shipped one by default.
    """
    words = shipped() if raw is None else raw
    day = words["days"].get(subject.code, {})
    known = _known(subject, office, day)
    name = _made(day.get("ten", subject.name), known, subject.code)
    known |= {"ten": name}
    said = _turn(day.get("loi") or words["others"][subject.tone], subject.year)
    private = day.get("chat")
    made = {}
    for road in Road:
        own = _turn(private, subject.year) if private and road is Road.CHAT else said
        filled = known | {"loi": _made(own, known, subject.code)}
        frame = words["frames"][subject.tone][road.value]
        made[road] = tidy(upper_first(_made(frame, filled, subject.code)))
    return made


def lunar_name(year: int) -> str:
    """Return the name of a lunar year: 2026 is Bính Ngọ."""
    return f"{_STEMS[year % 10]} {_BRANCHES[year % 12]}"


def _turn(sentences: Sequence[str], year: int) -> str:
    return sentences[year % len(sentences)]


def _known(
    subject: Subject, office: Office, day: Mapping[str, Any]
) -> dict[str, str | int]:
    known: dict[str, str | int] = {
        "nam": subject.year,
        "nam_am": lunar_name(subject.lunar_year),
        "xa": office.name,
        "ubnd": office.full,
        "ubnd_ngan": office.short,
    }
    if "since" in day:
        known["so_nam"] = subject.year - int(day["since"])
    return known


def _made(template: str, known: Mapping[str, str | int], where: str) -> str:
    try:
        return _ENVIRONMENT.from_string(template).render(known)
    except TemplateError as error:
        raise BadWordingError(f"{where}: {error}") from error
