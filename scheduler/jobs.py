"""What can the clock start, and what becomes of a time that was missed?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from scheduler.rhythm import Rhythm
from storage.fires import Fire


class CatchUp(StrEnum):
    """What to do with a time that passed while nothing ran.

    ``LATE``: the newest is run late, while that still helps; older ones are listed as
    skipped. ``SKIP``: listed as skipped. ``ASK``: listed, and a person decides.
    """

    LATE = "late"
    SKIP = "skip"
    ASK = "ask"


Work = Callable[[Fire], Awaitable[str]]
"""Does the work of one fire again and again with the same result; returns a code."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something the clock starts for a unit. ``units`` None: for every unit.

    ``late_for``: how long after its time it may still be run by ``LATE``. ``lease``:
    longer than the work ever takes.
    """

    name: str
    rhythm: Rhythm
    work: Work
    catch_up: CatchUp = CatchUp.LATE
    late_for: timedelta = timedelta(hours=1)
    units: tuple[str, ...] | None = None
    lease: timedelta = timedelta(minutes=5)


class Clock(Protocol):
    """The present, aware UTC, and the same in milliseconds."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970."""
        ...


class Meter(Protocol):
    """Counts what the clock did; no ids of people."""

    def fired(self, schedule: str, result: str) -> None:
        """Count a fire: done, skipped, asked, failed, delayed."""
        ...

    def escalated(self, step: str) -> None:
        """Count a step that was told."""
        ...

    def late(self, unit_id: str, number: int) -> None:
        """Show how many steps an audit missed."""
        ...

    def beat(self, result: str) -> None:
        """Count a heartbeat: sent, failed, withheld."""
        ...


class Silent:
    """Counts nothing."""

    def fired(self, schedule: str, result: str) -> None:
        """Count nothing."""

    def escalated(self, step: str) -> None:
        """Count nothing."""

    def late(self, unit_id: str, number: int) -> None:
        """Show nothing."""

    def beat(self, result: str) -> None:
        """Count nothing."""
