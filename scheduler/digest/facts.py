"""What stands in the morning's digest? Numbers and codes, read in one snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.moments import end_of, to_ms
from handlers.staff.roster.view import View, load
from scheduler.calendar.coverage import coverage
from scheduler.escalation.office import Office
from scheduler.moments import local_day
from scheduler.roster.book import Book
from scheduler.roster.duty import Duty, on_duty
from scheduler.roster.warnings import DAYS, Problem, Watch, warnings
from storage import digest, roster
from storage.outbox_states import State

Row = Mapping[str, Any]
SHOWN: Final = 10
"""So many codes are named; the rest is a number."""
GAPS: Final = frozenset({Problem.GAP, Problem.STANDBY_ONLY})


@dataclass(frozen=True, slots=True)
class Facts:
    """The state of a unit on a morning; codes are at most ``SHOWN``.

    ``duty`` is (channel, code of the member or ""). ``unsure`` are years and days whose
    rest is not confirmed.
    """

    day: date
    due: int
    due_codes: tuple[str, ...]
    overdue: int
    overdue_codes: tuple[str, ...]
    duty: tuple[tuple[str, str], ...]
    refused: int
    unknown: int
    gaps: int
    unsure: tuple[str, ...]
    has_roster: bool


def gather(
    connection: Connection,
    office: Office,
    now: datetime,
    since: int,
    roles: Sequence[str],
) -> Facts:
    """Return the facts at an instant (aware); sends count from ``since`` (UTC ms).

    Only kinds that these roles may see are counted; sealed ones never are.
    """
    unit_id, day = office.unit_id, local_day(now)
    kinds = office.kinds.listed(roles)
    over = digest.due_between(connection, unit_id, kinds, 0, to_ms(now), SHOWN)
    soon = digest.due_between(
        connection, unit_id, kinds, to_ms(now), to_ms(end_of(day)), SHOWN
    )
    view = _view(connection, office, day)
    failed = digest.failed_sends(connection, unit_id, since)
    is_used = roster.is_used(connection, unit_id)
    return Facts(
        day=day,
        due=soon.number,
        due_codes=soon.codes,
        overdue=over.number,
        overdue_codes=over.codes,
        duty=_duty(office, view, day) if is_used else (),
        refused=failed.get(State.REFUSED, 0),
        unknown=failed.get(State.UNKNOWN, 0),
        gaps=_gaps(office, view, now) if is_used else 0,
        unsure=_unsure(office, day),
        has_roster=is_used,
    )


def _view(connection: Connection, office: Office, day: date) -> View:
    one = timedelta(days=1)
    return load(connection, office.unit_id, office.keys, day - one, day + DAYS * one)


def _duty(office: Office, view: View, day: date) -> tuple[tuple[str, str], ...]:
    at = office.work.opening(day)
    book, is_open = Book.of(view.plan, view.active), office.work.hours.is_open(at)
    found = []
    for channel in office.channels:
        duty = on_duty(book, at, channel, is_open=is_open)
        found.append((channel, duty.staff_id if isinstance(duty, Duty) else ""))
    return tuple(found)


def _gaps(office: Office, view: View, now: datetime) -> int:
    watch = Watch(office.work.hours, office.channels, view.reachable)
    told = warnings(Book.of(view.plan, view.active), now, watch)
    return sum(one.problem in GAPS for one in told)


def _unsure(office: Office, day: date) -> tuple[str, ...]:
    found = coverage(office.work.calendar, day)
    swaps = (f"{swap.rest:%d/%m/%Y}" for swap in found.swaps)
    return (*map(str, found.years), *swaps)
