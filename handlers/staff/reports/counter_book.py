"""At which counters does a commune ask how it served, and what are they called?

The counters that ship with us, and what the head said over them: other names, counters
of its own, some that are not there. A counter is never forgotten, so that old answers
keep their name; whole versions, proved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.reports import counters
from handlers.staff.reports.errors import CounterError
from handlers.staff.words import book
from nlu.normalise import fold
from storage import wording

LAYER: Final = "counters:own"
SHORTEST, LONGEST = 3, 60
MOST: Final = 60
CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_CODE: Final = 40


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter; one that is not ``is_used`` has no poster and takes no answers."""

    code: str
    name: str
    is_used: bool = True
    is_own: bool = False


def listed(connection: Connection, unit_id: str) -> dict[str, Counter]:
    """Return all counters by code: those used, and those that once were."""
    return _listed(book.entries(connection, unit_id, LAYER))


async def seen(desk: Desk) -> tuple[str, dict[str, Counter]]:
    """Return the version in force ("" for none) and the counters."""

    def work(connection: Connection) -> tuple[str, dict[str, Counter]]:
        version, _ = wording.current(connection, desk.unit_id, LAYER)
        return version, listed(connection, desk.unit_id)

    return await desk.look(Action.SEE_SURVEYS, work)


async def put(desk: Desk, code: str, name: str, version: str) -> bool:
    """Name a counter, or a new one (``code`` ""); whether anything changed.

    ``version`` is what the form showed. Raises CounterError with the sentence,
    WordedMeanwhileError, NotAllowedError.
    """
    clean = " ".join(name.split())
    if not SHORTEST <= len(clean) <= LONGEST or not clean.isprintable():
        raise CounterError(f"Tên quầy cần từ {SHORTEST} đến {LONGEST} chữ.")

    def work(now: dict[str, Any]) -> Mapping[str, Any]:
        known = _listed(now)
        where = code or _code(clean, known)
        if code and code not in known:
            raise CounterError("Không có quầy này.")
        same = fold(clean.lower())
        if any(
            fold(c.name.lower()) == same and c.code != where for c in known.values()
        ):
            raise CounterError("Đã có quầy mang tên này.")
        return now | {where: {"name": clean, "is_used": True}}

    return await _change(desk, code or "new", work, version)


async def use(desk: Desk, code: str, version: str, *, is_used: bool) -> bool:
    """Take a counter away, or bring it back; raises as ``put`` does."""

    def work(now: dict[str, Any]) -> Mapping[str, Any]:
        found = _listed(now).get(code)
        if found is None:
            raise CounterError("Không có quầy này.")
        return now | {code: {"name": found.name, "is_used": is_used}}

    return await _change(desk, code, work, version)


async def _change(desk: Desk, key: str, work: Any, version: str) -> bool:
    return await book.change(
        desk,
        LAYER,
        key,
        Tag.COUNTERS_CHANGED,
        work,
        needs=Action.EDIT_COUNTERS,
        seen=version,
    )


def _listed(entries: Mapping[str, Any]) -> dict[str, Counter]:
    shipped = {code: Counter(code, name) for code, name in counters.choices()}
    own = {
        code: Counter(code, str(one["name"]), bool(one["is_used"]), is_own=True)
        for code, one in entries.items()
    }
    return shipped | own


def _code(name: str, known: Mapping[str, Counter]) -> str:
    """Return a code for a new counter, of the letters of its name."""
    if len(known) >= counters.MOST + MOST:
        raise CounterError(f"Nhiều nhất {MOST} quầy riêng.")
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name.lower())).strip("-")
    base = plain[: LONGEST_CODE - 3].strip("-")
    if not CODE.fullmatch(base):
        raise CounterError("Tên quầy cần có chữ cái.")
    tries = (base, *(f"{base}-{n}" for n in range(2, MOST)))
    return next(code for code in tries if code not in known)
