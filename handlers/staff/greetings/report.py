"""How far did a campaign get, and what became of each person's greeting? Numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from handlers.staff.greetings.errors import UnknownGreetingError
from handlers.staff.greetings.model import audience_of
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from storage import greetings

LEFT_OUT: Final = "left_out"
WEEK_MS: Final = 7 * 24 * 3_600_000
_ON_THE_WAY: Final = ("planned", "retry", "claimed", "sending")


@dataclass(frozen=True, slots=True)
class Report:
    """Numbers of people: sent, of unknown fate, waiting; and why the others were not.

    ``seconds_left`` is the estimate at the pace so far, None while nothing was sent.
    """

    sent: int
    unknown: int
    waiting: int
    refused: Mapping[str, int]
    left_out: Mapping[str, int]
    seconds_left: int | None


async def listed(desk: Desk, since_day: str = "") -> list[dict[str, Any]]:
    """Return the greetings from a day (ISO) on."""
    return await desk.look(
        Action.SEE_LETTERS,
        lambda c: greetings.listed(c, desk.unit_id, since_day=since_day),
    )


async def reachable(desk: Desk, row: Mapping[str, Any]) -> int:
    """Return how many people a private message would reach now, at most."""
    if row["reach"] != "people":
        return 0
    since = desk.now_ms() - WEEK_MS
    return await desk.look(
        Action.SEE_LETTERS,
        lambda c: greetings.reachable(c, desk.unit_id, since, audience_of(row)),
    )


async def one(desk: Desk, greeting_id: str) -> tuple[dict[str, Any], Report]:
    """Return a greeting and its report; raises UnknownGreetingError."""

    def work(connection: Connection) -> tuple[dict[str, Any], Report]:
        row = greetings.get(connection, desk.unit_id, greeting_id)
        if row is None:
            raise UnknownGreetingError
        return row, report(connection, row, desk.now_ms())

    return await desk.look(Action.SEE_LETTERS, work)


def report(connection: Connection, row: Mapping[str, Any], now: int) -> Report:
    """Count the people of a greeting."""
    counted: Counter[str] = Counter()
    why: dict[str, Counter[str]] = {"refused": Counter(), LEFT_OUT: Counter()}
    for state, code, number in greetings.report(
        connection, row["unit_id"], row["greeting_id"]
    ):
        counted[state] += number
        if state in why:
            why[state][code] += number
    waiting = sum(counted[state] for state in _ON_THE_WAY)
    ended = counted["accepted"] + counted["refused"] + counted["unknown"]
    return Report(
        sent=counted["accepted"],
        unknown=counted["unknown"],
        waiting=waiting,
        refused=dict(why["refused"]),
        left_out=dict(why[LEFT_OUT]),
        seconds_left=_estimate(row["begun_at"], now, ended, waiting),
    )


def in_words(told: Report) -> str:
    """Return what staff should know when a campaign ends, "" when all arrived."""
    refused = sum(told.refused.values())
    if not refused and not told.unknown:
        return ""
    return (
        f"đã gửi {told.sent}, không rõ {told.unknown} (không gửi lại), "
        f"không gửi được {refused}"
    )


def _estimate(begun: int | None, now: int, ended: int, waiting: int) -> int | None:
    if not waiting:
        return 0
    if begun is None or not ended or now <= begun:
        return None
    return round((now - begun) / 1000 / ended * waiting)
