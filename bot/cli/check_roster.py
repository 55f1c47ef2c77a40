"""What does ``thanthien check`` say of the roster of the coming days?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from bot.cli.findings import OK, WARNING, Finding
from bot.config import Unit
from bot.duty_warnings import watched
from bot.installation import Installation
from bot.own_hours import hours, unit_in_force
from handlers.staff.roster.model import local_date
from handlers.staff.roster.view import load
from scheduler.roster.book import Book
from scheduler.roster.warnings import DAYS, Problem, Warned, Watch, warnings
from storage import roster

PART = "lịch trực"
OPEN = frozenset({Problem.GAP, Problem.STANDBY_ONLY})
SHOWN = 3


async def duty(opened: Installation) -> list[Finding]:
    """Return one line or more for each unit."""
    found: list[Finding] = []
    for unit_id, configured in opened.config.units.items():
        unit = await unit_in_force(opened.database, unit_id, configured)
        told = await opened.database.read(
            lambda c, u=unit_id, one=unit: _warned(c, opened, u, one)  # type: ignore[misc]
        )
        found += _said(unit_id, told)
    return found


def _warned(
    connection: Connection, opened: Installation, unit_id: str, unit: Unit
) -> tuple[Warned, ...] | None:
    """Return what is wrong from now on; None for a unit that never wrote a shift."""
    if not roster.is_used(connection, unit_id):
        return None
    now = opened.clock.now()
    one, day = timedelta(days=1), local_date(now)
    keys = opened.ring.unit(unit_id)
    view = load(connection, unit_id, keys, day - one, day + DAYS * one)
    watch = Watch(hours(unit), watched(unit), view.reachable)
    return warnings(Book.of(view.plan, view.active), now, watch)


def _said(unit_id: str, told: Sequence[Warned] | None) -> list[Finding]:
    if told is None:
        text = f"{unit_id}: chưa có lịch trực (thanthien roster)"
        return [Finding(PART, WARNING, text)]
    found = [*_gaps(unit_id, told), *_unreachable(unit_id, told)]
    return found or [Finding(PART, OK, f"{unit_id}: {DAYS} ngày tới đủ người trực")]


def _gaps(unit_id: str, told: Sequence[Warned]) -> list[Finding]:
    slots = [one.slot for one in told if one.problem in OPEN]
    if not slots:
        return []
    named = [f"{s.part.value} {s.day:%d/%m} ({s.channel})" for s in slots[:SHOWN]]
    more = f" và {len(slots) - SHOWN} buổi nữa" if len(slots) > SHOWN else ""
    text = f"{unit_id}: chưa đủ người {', '.join(named)}{more}"
    return [Finding(PART, WARNING, text)]


def _unreachable(unit_id: str, told: Sequence[Warned]) -> list[Finding]:
    """Codes, no names: they stand in the log as well."""
    codes = sorted({o.staff_id for o in told if o.problem is Problem.UNREACHABLE})
    if not codes:
        return []
    text = f"{unit_id}: chưa có cách liên hệ với {', '.join(codes)}"
    return [Finding(PART, WARNING, text)]
