"""Who stands on the rungs of a step now? Codes of members, never names.

People are looked up when a step runs, so that nobody who left or is on leave swallows
it; a rung on which nobody can be told hands over to the one above.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from handlers.cases.case import QUEUE
from handlers.cases.kind import CaseKind
from handlers.staff.people.model import Member
from handlers.staff.roster.model import local_date
from handlers.staff.roster.view import load
from scheduler.escalation.chain import Chains, Rung
from scheduler.office_hours import WeeklyHours
from scheduler.roster.book import Book
from scheduler.roster.duty import Duty, on_duty
from storage.keys import UnitKeys

Row = Mapping[str, Any]
OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of a unit at an instant, and the roster around it."""

    members: Mapping[str, Member]
    book: Book
    at: datetime
    is_open: bool

    @classmethod
    def read(
        cls,
        connection: Connection,
        unit_id: str,
        keys: UnitKeys,
        hours: WeeklyHours,
        at: datetime,
    ) -> People:
        """Read them in the caller's transaction; ``at`` is aware."""
        day = local_date(at)
        view = load(connection, unit_id, keys, day - timedelta(days=1), day)
        members = {code: view.members[code] for code in sorted(view.active)}
        book = Book.of(view.plan, view.active)
        return cls(members, book, at, hours.is_open(at))

    def on_duty(self, channel: str) -> str:
        """Return who is on duty for a channel, "" for nobody."""
        found = on_duty(self.book, self.at, channel, is_open=self.is_open)
        return found.staff_id if isinstance(found, Duty) else ""

    def able(self, codes: Iterable[str]) -> list[str]:
        """Return those of them who work here and are not on leave."""
        known = [code for code in codes if code in self.members]
        return [code for code in known if not self.book.is_away(code, self.at)]


def told(
    rungs: Sequence[str], case: Row, kind: CaseKind, people: People, chains: Chains
) -> tuple[str, ...]:
    """Return whom a step tells, without repetition; empty: nobody can be told.

    ``case`` has ``owner`` and ``channel``. Only who may see this kind is told.
    """
    found: dict[str, None] = {}
    for name in rungs:
        found |= dict.fromkeys(_rung(name, case, kind, people, chains))
    return tuple(found)


def _rung(
    name: str, case: Row, kind: CaseKind, people: People, chains: Chains
) -> list[str]:
    for rung in chains.above(name):
        codes = people.able(_holders(rung, case, people))
        seen = [c for c in codes if kind.may_be_seen_by(people.members[c].roles)]
        if seen:
            return seen
    return []


def _holders(rung: Rung, case: Row, people: People) -> list[str]:
    if rung.is_owner:
        return _owners(case, people)
    with_role = [c for c, one in people.members.items() if rung.role in one.roles]
    if not rung.title:
        return with_role
    return [c for c in with_role if _has_title(people.members[c], rung)] or with_role


def _owners(case: Row, people: People) -> list[str]:
    """The one who has it; else who is on duty; else all who work on cases."""
    if case["owner"] != QUEUE and people.able([case["owner"]]):
        return [str(case["owner"])]
    duty = people.on_duty(case["channel"])
    if duty:
        return [duty]
    return [c for c, one in people.members.items() if OFFICER in one.roles]


def _has_title(member: Member, rung: Rung) -> bool:
    title = _folded(member.profile.title)
    is_other = bool(rung.not_title) and _folded(rung.not_title) in title
    return _folded(rung.title) in title and not is_other


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())
