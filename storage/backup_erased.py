"""Who was erased? A list outside the database, so that no old backup brings them back.

A line is unit, random id and time: nothing in it leads to a person. The database knows
the same as long as it lives; the list is for the day when only a backup is left.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, select

from storage.tables import person

NAME = "erased.list"
_LINE = re.compile(r"([a-z0-9-]{1,40}) (\S{1,32}) (\d{1,16})")

Erased = dict[tuple[str, str], int]
"""(unit id, person id) -> UTC ms."""


def known(connection: Connection) -> Erased:
    """Return everybody whom the database knows to be erased."""
    query = select(person.c.unit_id, person.c.person_id, person.c.erased_at)
    rows = connection.execute(query.where(person.c.erased_at.is_not(None)))
    return {(row.unit_id, row.person_id): row.erased_at for row in rows}


def note(path: Path, erased: Erased) -> int:
    """Add who is missing, durably; return how many were new. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        text = file.read()
        found = _parsed(text.splitlines())
        new = {who: at for who, at in erased.items() if who not in found}
        # A line that a dying machine cut must not swallow the next one.
        start = "" if not text or text.endswith("\n") else "\n"
        lines = (f"{unit} {who} {at}\n" for (unit, who), at in sorted(new.items()))
        file.write(start + "".join(lines))
        file.flush()
        os.fsync(file.fileno())
    return len(new)


def read(paths: Iterable[Path]) -> Erased:
    """Return everybody on these lists; a list that is not there is empty."""
    found: Erased = {}
    for path in paths:
        if path.exists():
            found |= _parsed(path.read_text(encoding="ascii").splitlines())
    return found


def _parsed(lines: Iterable[str]) -> Erased:
    matches = (_LINE.fullmatch(line) for line in lines)
    return {(m[1], m[2]): int(m[3]) for m in matches if m}
