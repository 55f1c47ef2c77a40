"""Writes numbered pairs of rows and prints each number once it is durable.

Started by test_kill, which ends it with SIGKILL at some moment.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count

from sqlalchemy import Connection

from storage import operations
from storage.database import Database
from storage.open import open_database
from tests.storage.rows import UNIT, Notice

WRITERS = 8


async def write_on(database: Database, numbers: count[int]) -> None:
    """Write pairs for ever: a notice and a counter with the same number."""
    for number in numbers:

        def work(connection: Connection, number: int = number) -> None:
            operations.add_notice(connection, Notice(number).row())
            operations.count_security(connection, {(UNIT, "pair", str(number)): 1})

        await database.write(work, urgent=number % 2 == 0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


async def main(url: str) -> None:
    """Run many writers on one database, so that they share commits."""
    database = open_database(url)
    numbers = count(1)
    await asyncio.gather(*(write_on(database, numbers) for _ in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
