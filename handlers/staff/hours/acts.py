"""How does the commune say anew when it is open? Whole versions, proved, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.hours.errors import VersionGoneError
from handlers.staff.hours.model import OwnHours, Wish, key_of, read, wished
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.words import book
from storage import wording

LAYER: Final = "hours:own"

Fits = Callable[[OwnHours], None]
"""Raises UnfitHoursError for hours that nobody could keep."""


def stored(connection: Connection, unit_id: str) -> OwnHours:
    """Return what was said in the console."""
    return read(book.entries(connection, unit_id, LAYER))


async def own(desk: Desk) -> tuple[str, OwnHours]:
    """Return the version in force ("" for none) and what it says."""

    def work(connection: Connection) -> tuple[str, OwnHours]:
        version, _ = wording.current(connection, desk.unit_id, LAYER)
        return version, stored(connection, desk.unit_id)

    return await desk.look(Action.SEE_CATALOGUE, work)


async def keep(desk: Desk, wish: Wish, seen: str, today: date, fits: Fits) -> None:
    """Write the next version. ``seen`` is the version that the form showed.

    Raises WordedMeanwhileError, UnfitHoursError, what ``wished`` raises,
    NotAllowedError, StrangerError; then nothing is written.
    """

    def work(now: dict[str, Any]) -> Mapping[str, Any]:
        found = wished(read(now), wish, today)
        fits(found)
        return found.entries()

    await book.change(
        desk,
        LAYER,
        key_of(wish),
        Tag.HOURS_CHANGED,
        work,
        needs=Action.EDIT_HOURS,
        seen=seen,
    )


async def history(desk: Desk) -> list[tuple[book.Version, OwnHours]]:
    """Return the versions, newest first."""
    return [(one, read(one.entries)) for one in await book.versions(desk, LAYER)]


async def version(desk: Desk, version_id: str) -> OwnHours:
    """Return an earlier version; "" is before anybody said anything.

    Raises VersionGoneError.
    """
    if not version_id:
        return OwnHours()
    for one, found in await history(desk):
        if one.version_id == version_id:
            return found
    raise VersionGoneError
