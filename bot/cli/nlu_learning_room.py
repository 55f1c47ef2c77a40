"""What do the commands of learning share: options, the desk, how they fail?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from bot.cli.common import (
    one_unit,
    open_installation,
)
from bot.errors import BotError, DatabaseError
from bot.installation import Installation
from handlers.staff.catalogue.effective import UnitCatalogue, load
from handlers.staff.learning.desk import Desk
from handlers.staff.learning.errors import LearningError
from nlu.errors import NluError
from storage.errors import StorageError

by_option = click.option(
    "--by", default="cli", show_default=True, help="Mã cán bộ thực hiện."
)


@dataclass(frozen=True, slots=True)
class Room:
    """An opened installation and the desk of one unit in it."""

    opened: Installation
    desk: Desk

    async def catalogue(self) -> UnitCatalogue:
        """Return the unit's procedures."""
        return await self.opened.database.read(lambda c: load(c, self.desk.unit_id))


@asynccontextmanager
async def room(config_path: Path, unit: str | None, by: str) -> AsyncIterator[Room]:
    """Open the unit; what goes wrong with learning is said in one sentence."""
    async with open_installation(config_path) as opened:
        unit_id = one_unit(list(opened.config.units), unit)
        keys, clock = opened.ring.unit(unit_id), opened.clock
        try:
            desk = Desk(opened.database, unit_id, keys, opened.ids, clock.now_ms, by)
            yield Room(opened, desk)
        except LearningError as error:
            raise BotError(str(error), error.hint) from error
        except NluError as error:
            raise BotError(str(error), "Xin kiểm tra danh mục và dữ liệu.") from error
        except StorageError as error:
            raise DatabaseError from error
