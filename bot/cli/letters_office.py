"""In whose name is a letter written? The unit's, or a neutral one without settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot import installation
from bot.cli.common import is_named, one_unit
from bot.config import Unit
from bot.errors import BotError
from messages.letters.office import Office

NOBODY = Office(name="xã Thanh Hà")
"""The commune of the sample configuration."""
OWN_NUMBER = 9
"""Digits from which a number is the commune's own and not a city's short one."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes, and what the officer should know about it."""

    office: Office
    notes: tuple[str, ...] = ()


def desk_of(config_path: Path, unit: str | None) -> Desk:
    """Return who writes.

    A configuration nobody named may lack secrets, which a letter does not need: it is
    passed over aloud. One that was named must be right.
    """
    named = is_named(unit)
    if not named and not config_path.exists():
        return Desk(NOBODY, (_sample("chưa có tệp cấu hình"),))
    try:
        config = installation.load(config_path)
    except BotError as error:
        if named:
            raise
        return Desk(NOBODY, (_sample(str(error).rstrip(".")),))
    return Desk(office_of(config.units[one_unit(list(config.units), unit)]))


def office_of(unit: Unit) -> Office:
    """Return how a unit names itself in its letters."""
    own = (one.number for one in unit.phones if _digits(one.number) >= OWN_NUMBER)
    return Office(unit.name, unit.full_name, next(own, ""))


def _digits(number: str) -> int:
    return sum(char.isdigit() for char in number)


def _sample(reason: str) -> str:
    return f"{reason}; thư mang tên {NOBODY.name} của cấu hình mẫu."
