"""A log to look at: entries as the bot writes them, ordered and signed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from storage import evidence
from storage.database import Database
from storage.evidence import Entry
from storage.evidence.sequencer import Sequencer
from storage.keys import KeyRing
from tests.conftest import MASTER, START

UNIT = "xa-thu"
ORIGIN = "tro-ly.example/log/xa-thu"
AT = round(START.timestamp() * 1000)
DAY_MS = 86_400_000


class Days:
    """A clock that tells the local day, moved by hand."""

    def __init__(self) -> None:
        self.ms = AT

    def now_ms(self) -> int:
        """Return UTC ms."""
        return self.ms

    def day(self) -> str:
        """Return the day, here that of UTC."""
        return datetime.fromtimestamp(self.ms / 1000, tz=UTC).date().isoformat()


def sequencer(database: Database, days: Days | None = None) -> Sequencer:
    """Return a sequencer with the keys of the tests."""
    days = days or Days()
    keys = KeyRing(MASTER).unit(UNIT)
    return Sequencer(database, UNIT, keys, ORIGIN, days.now_ms, days.day)


def entry(number: int, unit: str = UNIT) -> Entry:
    """Return one of many different entries."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return Entry(
        unit,
        f"{number:032x}",
        AT + number * 1000,
        "citizen:message:received",
        digest[:32],
        person=digest[32:],
        data={"channel": "zalo", "kind": "text", "number": number, "is_first": True},
        sealed={"text": digest} if number % 2 else {},
    )


async def write(database: Database, begin: int, end: int) -> None:
    """Append entries as one business transaction."""
    rows = [entry(number).row() for number in range(begin, end)]
    await database.write(lambda c: evidence.append(c, rows))
