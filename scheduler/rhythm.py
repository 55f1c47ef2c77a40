"""At which instants is a job due? Pure; an occurrence is named by its UTC minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from scheduler.moments import LOCAL

DAY = timedelta(days=1)


class Rhythm(Protocol):
    """When a job is due, again and again."""

    def latest(self, now: datetime) -> datetime:
        """Return the last instant due up to now (aware), in UTC."""
        ...

    def step(self, at: datetime) -> datetime:
        """Return the instant due after one that was."""
        ...


@dataclass(frozen=True, slots=True)
class Every:
    """Each so many minutes, counted from midnight UTC; they divide an hour."""

    minutes: int

    def latest(self, now: datetime) -> datetime:
        """Return the last one up to now."""
        at = now.astimezone(UTC).replace(second=0, microsecond=0)
        return at - timedelta(minutes=at.minute % self.minutes)

    def step(self, at: datetime) -> datetime:
        """Return the next one."""
        return at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Daily:
    """Each day at a local time of the commune."""

    hour: int
    minute: int = 0

    def latest(self, now: datetime) -> datetime:
        """Return the last one up to now."""
        local = now.astimezone(LOCAL)
        at = datetime.combine(local.date(), time(self.hour, self.minute), LOCAL)
        return (at if at <= local else at - DAY).astimezone(UTC)

    def step(self, at: datetime) -> datetime:
        """Return the next one; the commune has no summer time."""
        return at + DAY


def name_of(at: datetime) -> str:
    """Return what an occurrence is called: 2026-11-25T00:30Z."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def instant_of(name: str) -> datetime:
    """Return the instant of an occurrence's name; raises ValueError."""
    return datetime.strptime(name, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def between(rhythm: Rhythm, after: datetime, before: datetime) -> Iterator[datetime]:
    """Yield the instants due after one that was and before another, in order."""
    at = rhythm.step(after)
    while at < before:
        yield at
        at = rhythm.step(at)
