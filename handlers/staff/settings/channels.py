"""When did a platform last call us, and what did a check or a test message find?

Calls to platforms are the caller's; here is who may ask, and the proof of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from handlers.model import Channel, Tag
from handlers.staff.people.desk import Desk
from handlers.staff.people.listing import members
from handlers.staff.people.model import Route
from handlers.staff.permissions import Action
from handlers.staff.settings.errors import NoAddressError, TooSoonError
from storage import reports

LOOK_BACK: Final = timedelta(days=60)
"""A platform that was silent for longer is as good as not connected."""
BETWEEN: Final = timedelta(seconds=10)
"""Between two calls that somebody makes by pressing a button."""
CALLING: Final[Sequence[str]] = [channel.value for channel in Channel]


async def last_heard(desk: Desk) -> dict[str, int]:
    """Return when each platform last called us, UTC ms; silent ones are absent."""
    since = desk.now_ms() - round(LOOK_BACK.total_seconds() * 1000)

    def look(connection: Connection) -> dict[str, int]:
        return reports.last_received(connection, desk.unit_id, CALLING, since)

    return await desk.look(Action.CHANGE_SETTINGS, look)


async def begin_check(desk: Desk, channel: str) -> None:
    """Write down that a channel is about to be checked with the platform's own API.

    Raises TooSoonError, NotAllowedError.
    """
    await _once(desk, Tag.CHANNEL_CHECKED, channel)


async def begin_trial(desk: Desk, channel: str) -> str:
    """Write down that somebody sends a test message to themselves.

    Returns their own address there; raises NoAddressError, TooSoonError,
    NotAllowedError.
    """
    await _once(desk, Tag.CHANNEL_TRIED, channel, needs_address=True)

    def look(connection: Connection) -> str:
        return _address(connection, desk, channel)

    return await desk.look(Action.CHANGE_SETTINGS, look)


async def has_address(desk: Desk, channel: str) -> bool:
    """Whether this person can be sent a test message there."""

    def look(connection: Connection) -> bool:
        try:
            _address(connection, desk, channel)
        except NoAddressError:
            return False
        return True

    return await desk.look(Action.CHANGE_SETTINGS, look)


async def _once(
    desk: Desk, tag: Tag, channel: str, *, needs_address: bool = False
) -> None:
    def work(connection: Connection) -> None:
        if needs_address:
            _address(connection, desk, channel)
        since = desk.now_ms() - round(BETWEEN.total_seconds() * 1000)
        until = desk.now_ms() + 1
        if reports.leaves(connection, desk.unit_id, tag.value, since + 1, until):
            raise TooSoonError
        desk.prove(connection, tag, channel)

    await desk.change(Action.CHANGE_SETTINGS, work)


def _address(connection: Connection, desk: Desk, channel: str) -> str:
    me = members(connection, desk.unit_id, desk.keys).get(desk.by)
    found = me.routes.get(Route(channel), "") if me and channel in set(Route) else ""
    if not found:
        raise NoAddressError
    return found
