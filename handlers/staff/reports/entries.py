"""Which entries stand behind a figure? The same rows that it was counted from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from handlers.cases.kind import shipped
from handlers.staff.reports.book import Answered, Book, LookedUp, Rated, Received
from handlers.staff.reports.figures import HAPPY, LOW


class Figure(StrEnum):
    """What can be counted of cases."""

    RECEIVED = "received"
    ANSWERED = "answered"
    IN_TIME = "in_time"
    LATE = "late"
    FIRST = "first"
    OPEN = "open"
    OVERDUE = "overdue"
    DUE = "due"
    WAITING = "waiting"


class Part(StrEnum):
    """By what a figure is divided."""

    CHANNEL = "channel"
    KIND = "kind"
    OWNER = "owner"
    OFFICE = "office"
    SOURCE = "source"
    ALL = "all"


KEYS: dict[Part, Callable[[Received], str]] = {
    Part.CHANNEL: lambda one: one.channel,
    Part.KIND: lambda one: one.kind,
    Part.OWNER: lambda one: one.owner,
    Part.SOURCE: lambda one: one.source,
    Part.OFFICE: lambda one: office(one.kind),
    Part.ALL: lambda _one: "",
}


def office(kind: str) -> str:
    """Return who looks into cases of a kind, the kind itself when it is unknown."""
    found = shipped().by_code.get(kind)
    return found.office if found else kind


@dataclass(frozen=True, slots=True)
class Behind:
    """One line behind a figure: a case, and the term if the figure is about terms."""

    case: Received
    term: Answered | None = None


def behind(
    book: Book, figure: Figure, part: Part = Part.ALL, value: str = ""
) -> list[Behind]:
    """Return the lines of a figure, or of one part of it."""
    key = KEYS[part]
    return [one for one in _lines(book, figure) if key(one.case) == value]


def _lines(book: Book, figure: Figure) -> list[Behind]:
    if figure is Figure.FIRST:
        return [Behind(one.case, one) for one in book.firsts]
    if figure in (Figure.ANSWERED, Figure.IN_TIME, Figure.LATE):
        return [
            Behind(one.case, one)
            for one in book.answered
            if figure is Figure.ANSWERED or one.is_in_time is (figure is Figure.IN_TIME)
        ]
    return [Behind(one) for one in _cases(book, figure)]


def _cases(book: Book, figure: Figure) -> Sequence[Received]:
    found = {
        Figure.RECEIVED: book.received,
        Figure.OPEN: book.open,
        Figure.OVERDUE: book.overdue,
        Figure.DUE: book.due_today,
        Figure.WAITING: book.waiting,
    }
    return found[figure]


def rated(
    book: Book, score: str = "", kind: str = "", counter: str = ""
) -> list[Rated]:
    """Return the answers of a score ("1" to "5", "happy", "low", ""), kind, counter."""
    return [
        one
        for one in book.ratings
        if _is_score(one.score, score)
        and kind in ("", one.kind)
        and counter in ("", one.counter)
    ]


def looked_up(book: Book, field: str, field_of: Callable[[str], str]) -> list[LookedUp]:
    """Return the explanations of procedures of a field."""
    return [one for one in book.looked_up if field_of(one.code) == field]


def _is_score(score: int, wanted: str) -> bool:
    if wanted == "happy":
        return score >= HAPPY
    if wanted == "low":
        return score <= LOW
    return wanted in ("", str(score))
