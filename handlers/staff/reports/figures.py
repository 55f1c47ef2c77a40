"""What do the rows add up to? Counts, shares, times; nothing is estimated.

A share of nothing is None, never 0 or 100 %.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final, TypeVar

from handlers.cases.moments import from_ms, local_day
from handlers.staff.reports.book import Answered, Book, LookedUp, Rated, Received
from handlers.staff.reports.period import start_ms, week_start

T = TypeVar("T")
WEEKS: Final = 12
HAPPY: Final = 4
"""From this score on somebody was satisfied (hài lòng, rất hài lòng)."""
LOW: Final = 2
"""Up to this score somebody was not satisfied."""
SCORES: Final = (5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases received and answered; ``half`` and ``longest`` are working minutes.

    Half of the answers took no longer than ``half``.
    """

    received: int = 0
    answered: int = 0
    in_time: int = 0
    half: int | None = None
    longest: int | None = None

    @property
    def late(self) -> int:
        """Answers after the term."""
        return self.answered - self.in_time

    @property
    def share(self) -> float | None:
        """Percent of answers within the term, None when there were none."""
        return percent(self.in_time, self.answered)


@dataclass(frozen=True, slots=True)
class Opinion:
    """How people were served, in their own view: how many gave each score."""

    scores: Mapping[int, int]

    @property
    def total(self) -> int:
        """How many answered."""
        return sum(self.scores.values())

    @property
    def happy(self) -> int:
        """How many were satisfied."""
        return sum(n for score, n in self.scores.items() if score >= HAPPY)

    @property
    def share(self) -> float | None:
        """Percent satisfied, None when nobody answered."""
        return percent(self.happy, self.total)

    @property
    def mean(self) -> float | None:
        """The mean score, None when nobody answered."""
        whole = sum(score * n for score, n in self.scores.items())
        return whole / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """One week: when it begins (UTC ms) and ends, what happened in it."""

    since: int
    until: int
    tally: Tally
    opinion: Opinion


def percent(part: int, whole: int) -> float | None:
    """Return a share in percent, None of nothing."""
    return 100 * part / whole if whole else None


def tally(received: Sequence[Received], answered: Sequence[Answered]) -> Tally:
    """Add up."""
    minutes = [one.minutes for one in answered]
    return Tally(
        len(received),
        len(answered),
        sum(one.is_in_time for one in answered),
        round(median(minutes)) if minutes else None,
        max(minutes, default=None),
    )


def of_book(book: Book) -> Tally:
    """Return the figures of the whole."""
    return tally(book.received, book.answered)


def grouped(book: Book, key: Callable[[Received], str]) -> dict[str, Tally]:
    """Return the figures by something of a case, the most received first."""
    came = _by(book.received, key)
    went = _by(book.answered, lambda one: key(one.case))
    found = {
        name: tally(came.get(name, ()), went.get(name, ())) for name in {**came, **went}
    }
    order = sorted(found, key=lambda n: (-found[n].received, -found[n].answered, n))
    return {name: found[name] for name in order}


def opinion(ratings: Iterable[Rated]) -> Opinion:
    """Return how many gave each score."""
    counts = Counter(one.score for one in ratings)
    return Opinion({score: counts[score] for score in SCORES})


def opinions(
    ratings: Sequence[Rated], key: Callable[[Rated], str]
) -> dict[str, Opinion]:
    """Return the opinions by something, the most answers first."""
    found = {name: opinion(group) for name, group in _by(ratings, key).items()}
    order = sorted(found, key=lambda name: (-found[name].total, name))
    return {name: found[name] for name in order}


def fields(
    looked_up: Iterable[LookedUp], field_of: Callable[[str], str]
) -> dict[str, int]:
    """Return how often procedures of each field were explained, most often first."""
    return dict(Counter(field_of(one.code) for one in looked_up).most_common())


def weeks(book: Book, number: int = WEEKS) -> tuple[WeekFigures, ...]:
    """Return the last weeks, the present one last and not over yet."""
    monday = week_start(local_day(from_ms(book.now)))
    starts = [monday - timedelta(days=7 * back) for back in range(number)]
    return tuple(
        _week(book, start_ms(day), start_ms(day + timedelta(7)))
        for day in reversed(starts)
    )


def weeks_since(now: int, number: int = WEEKS) -> int:
    """Return when the first of the last weeks begins (UTC ms)."""
    monday = week_start(local_day(from_ms(now)))
    return start_ms(monday - timedelta(days=7 * (number - 1)))


def _week(book: Book, since: int, until: int) -> WeekFigures:
    part = book.between(since, until)
    return WeekFigures(since, until, of_book(part), opinion(part.ratings))


def _by(rows: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for one in rows:
        found.setdefault(key(one), []).append(one)
    return found
