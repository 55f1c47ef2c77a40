"""What do the commands about people and shifts share: options, the desk, failures?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.cli.common import (
    config_option,
    json_option,
    one_unit,
    open_installation,
    unit_option,
)
from bot.config import Unit
from bot.errors import BotError, DatabaseError
from bot.installation import Installation
from bot.own_hours import unit_in_force
from handlers.staff.people.desk import Desk
from handlers.staff.people.errors import PeopleError
from handlers.staff.people.model import OPERATOR
from storage.errors import StorageError

F = TypeVar("F", bound=Callable[..., Any])

by_option = click.option(
    "--by", default=OPERATOR, show_default=True, help="Mã cán bộ thực hiện."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command works: what every command about staff is told."""

    config_path: Path
    unit: str | None
    by: str


def place_options(command: F) -> F:
    """Add --config, --unit, --by and --json."""
    for option in (json_option, by_option, unit_option, config_option):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class StaffRoom:
    """An opened installation and the desk of one unit in it."""

    opened: Installation
    desk: Desk
    unit: Unit
    """The settings of the unit, with hours and days of the console."""


@asynccontextmanager
async def desks(opened: Installation, by: str) -> AsyncIterator[tuple[Desk, ...]]:
    """Return somebody's desk at each unit; failures are said as in ``staff_room``."""
    with_ids = (opened.ids, opened.clock.now_ms, by)
    try:
        yield tuple(
            Desk(opened.database, unit_id, opened.ring.unit(unit_id), *with_ids)
            for unit_id in opened.config.units
        )
    except PeopleError as error:
        raise BotError(str(error), error.hint) from error


@asynccontextmanager
async def staff_room(place: Place) -> AsyncIterator[StaffRoom]:
    """Open the unit; what goes wrong is said in one sentence and a hint."""
    async with open_installation(place.config_path) as opened:
        unit_id = one_unit(list(opened.config.units), place.unit)
        keys, clock = opened.ring.unit(unit_id), opened.clock
        with_keys = (opened.database, unit_id, keys, opened.ids)
        configured = opened.config.units[unit_id]
        try:
            unit = await unit_in_force(opened.database, unit_id, configured)
            yield StaffRoom(opened, Desk(*with_keys, clock.now_ms, place.by), unit)
        except PeopleError as error:
            raise BotError(str(error), error.hint) from error
        except StorageError as error:
            raise DatabaseError from error
