"""Which calendar facts ship with the service, and what does a commune add to them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from scheduler import resources
from scheduler.calendar.feast import Feast
from scheduler.calendar.holidays import Holidays, Notice, PaidDay, Swap
from scheduler.errors import BadDataError

PAID: Final = frozenset({"code", "name", "solar", "lunar", "days", "since", "basis"})
NOTICE: Final = frozenset({"year", "decision", "confirmed", "note", "dates"})
SWAP: Final = frozenset({"rest", "worked", "confirmed", "source"})


@cache
def shipped() -> Holidays:
    """Return the holidays of ``scheduler/data/holidays.yml``, one object a process."""
    return read({})


def read(own: Mapping[str, Any]) -> Holidays:
    """Return the shipped holidays with a commune's facts of the same shape over them.

    Its notices replace those of the same year, its swaps those of the same rest day.
    Raises BadDataError naming the entry.
    """
    facts = resources.load("holidays")
    notices = [_notice(n) for n in _both(facts, own, "notices", NOTICE)]
    swaps = [_swap(s) for s in _both(facts, own, "swaps", SWAP)]
    paid = tuple(map(_paid, resources.records(facts["paid"], "paid", PAID)))
    _check_codes(notices, {one.code for one in paid})
    return Holidays(
        paid=paid,
        notices={notice.year: notice for notice in notices},
        swaps=tuple({swap.rest: swap for swap in swaps}.values()),
        in_lieu_basis=str(facts["in_lieu_basis"]),
    )


def _both(
    facts: Mapping[str, Any], own: Mapping[str, Any], key: str, keys: frozenset[str]
) -> Iterable[Any]:
    yield from resources.records(facts[key], key, keys)
    yield from resources.records(own.get(key, []), key, keys)


def _paid(record: Any) -> PaidDay:
    return PaidDay(
        code=str(record["code"]),
        name=str(record["name"]),
        feast=Feast.parse(record, str(record["code"])),
        days=int(record.get("days", 1)),
        since=int(record.get("since", 0)),
        basis=str(record["basis"]),
    )


def _notice(record: Any) -> Notice:
    where = f"notices {record.get('year')}"
    year, dates = record.get("year"), record.get("dates", {})
    if not isinstance(year, int) or not isinstance(dates, dict):
        raise BadDataError(where)
    return Notice(
        year=year,
        decision=str(record.get("decision", "")),
        confirmed=record.get("confirmed") is True,
        dates={str(code): _dates(days, year, where) for code, days in dates.items()},
        note=str(record.get("note", "")),
    )


def _dates(value: Any, year: int, where: str) -> tuple[date, ...]:
    if not isinstance(value, list) or not value:
        raise BadDataError(where)
    found = tuple(sorted({resources.day(one, where) for one in value}))
    if any(day.year != year for day in found):
        raise BadDataError(where)
    return found


def _swap(record: Any) -> Swap:
    where = f"swaps {record.get('rest')}"
    worked = record.get("worked")
    return Swap(
        rest=resources.day(record.get("rest"), where),
        worked=None if worked is None else resources.day(worked, where),
        confirmed=record.get("confirmed") is True,
        source=str(record.get("source", "")),
    )


def _check_codes(notices: Iterable[Notice], known: set[str]) -> None:
    for notice in notices:
        unknown = sorted(notice.dates.keys() - known)
        if unknown:
            raise BadDataError(f"notices {notice.year}: {', '.join(unknown)}")
