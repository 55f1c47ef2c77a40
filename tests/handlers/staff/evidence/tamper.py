"""One change at a time to a database or a bundle, by somebody with full access."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TABLES = {
    "evidence_entry": ("entry_id", "at", "tag", "subject", "leaf", "leaf_hash"),
    "evidence_position": ("position", "entry_id"),
    "evidence_tile": ("level", "number", "hashes"),
    "evidence_head": ("origin", "size", "signed", "stamps"),
    "evidence_key": (
        "number",
        "public_key",
        "sealed_seed",
        "from_size",
        "created_at",
    ),
    "evidence_checkpoint": ("size", "day", "note", "is_kept", "at", "mark"),
    "evidence_stamp": ("size", "token", "at", "mark"),
}
"""Every table of the log, with every column a change of which must be found."""
KEYS = {
    "evidence_entry": "entry_id",
    "evidence_position": "position",
    "evidence_tile": "hashes",
    "evidence_head": "origin",
    "evidence_key": "number",
    "evidence_checkpoint": "size",
    "evidence_stamp": "size",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed, for the report, and the doing of it."""

    name: str
    do: Callable[[], object]


def other(value: object, chance: random.Random) -> object:
    """Return a value of the same type that differs a little."""
    if isinstance(value, bytes):
        at = chance.randrange(len(value))
        flipped = value[at] ^ (1 << chance.randrange(8))
        return value[:at] + bytes([flipped]) + value[at + 1 :]
    if isinstance(value, int):
        return (1 - value) if value in (0, 1) else value + chance.choice((-1, 1))
    assert isinstance(value, str)
    at = chance.randrange(len(value))
    return value[:at] + ("0" if value[at] != "0" else "1") + value[at + 1 :]


def unlocked(path: Path) -> sqlite3.Connection:
    """Open a database with the triggers gone: who owns the file can do that."""
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in names.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def in_database(path: Path, chance: random.Random) -> Change:
    """Return a random change of one row: a value, its removal, a swap of two."""
    table = chance.choice([*TABLES, "evidence_entry", "evidence_position"])
    column = chance.choice(TABLES[table])
    with sqlite3.connect(path) as connection:
        query = f"SELECT {KEYS[table]}, {column} FROM {table}"  # noqa: S608  our names
        rows = connection.execute(query).fetchall()
    connection.close()
    key, value = chance.choice(rows)
    kind = chance.choice(["change", "change", "delete"])
    where = f"{table} SET {column} = ? WHERE {KEYS[table]} = ?"

    def do() -> None:
        connection = unlocked(path)
        if kind == "delete":
            statement = f"DELETE FROM {table} WHERE {KEYS[table]} = ?"  # noqa: S608
            connection.execute(statement, (key,))
        else:
            values = (other(value, chance), key)
            connection.execute(f"UPDATE OR REPLACE {where}", values)
        connection.commit()
        connection.close()

    return Change(f"{kind} {table}.{column} of {key!r:.40}", do)


def in_bundle(folder: Path, chance: random.Random) -> Change:
    """Return a random change of one file: a bit, a line, a name, its removal."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    path = chance.choice([p for p in files if p.name != "verify_evidence.py"])
    data = path.read_bytes()
    lines = data.splitlines(keepends=True)
    ways: dict[str, Callable[[], object]] = {
        "flip": lambda: path.write_bytes(bytes(_flipped(data, chance))),
        "cut": lambda: path.write_bytes(data[: chance.randrange(len(data))]),
        "add": lambda: path.write_bytes(data + b"\n"),
        "delete": path.unlink,
        "rename": lambda: path.rename(path.with_name(f"x{path.name}")),
        "new": lambda: path.with_name("moi.txt").write_bytes(b""),
    }
    if len(lines) > 1 and lines[0] != lines[-1]:
        ways["swap"] = lambda: path.write_bytes(
            b"".join([lines[-1], *lines[1:-1], lines[0]])
        )
        ways["drop"] = lambda: path.write_bytes(b"".join(lines[1:]))
        ways["repeat"] = lambda: path.write_bytes(b"".join([lines[0], *lines]))
    way = chance.choice(sorted(ways))
    return Change(f"{way} {path.name}", ways[way])


def _flipped(data: bytes, chance: random.Random) -> bytearray:
    found = bytearray(data)
    found[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return found


def copies(source: Path, place: Path) -> Iterator[Path]:
    """Yield fresh copies of a file or folder for ever, at one place."""
    while True:
        if source.is_dir():
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(source, place)
        else:
            shutil.copy(source, place)
        yield place
