"""What stays of an erased person, how much of it, and which law says so?

Codes, times and numbers; the words, names and files go with the person's key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import Connection, Table, func, select

from storage.tables import case_record, letter, survey_answer, vault_item

FILE = Path(__file__).parent / "data" / "obliged.yml"


@dataclass(frozen=True, slots=True)
class Obliged:
    """One group that stays: how many, and the reason to tell the person."""

    code: str
    name: str
    why: str
    count: int


def obliged(connection: Connection, unit_id: str, person_id: str) -> list[Obliged]:
    """Return what would stay if the person were erased now."""
    return [
        Obliged(one["code"], one["name"], one["why"], number)
        for one in _groups()
        if (number := _COUNTS[one["code"]](connection, unit_id, person_id))
    ]


def told(found: list[Obliged]) -> str:
    """Return the sentence for the answer to the person, "" when nothing stays."""
    if not found:
        return ""
    parts = "; ".join(f"{one.count} {one.name} ({one.why})" for one in found)
    return (
        f"Dạ, theo pháp luật, cơ quan còn phải giữ: {parts}. Mong anh/chị thông cảm ạ."
    )


@cache
def _groups() -> tuple[Mapping[str, str], ...]:
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple({k: str(v) for k, v in one.items()} for one in raw)


def _in(table: Table) -> Callable[[Connection, str, str], int]:
    def count(connection: Connection, unit_id: str, person_id: str) -> int:
        query = select(func.count()).where(
            table.c.unit_id == unit_id, table.c.person_id == person_id
        )
        return int(connection.execute(query).scalar_one())

    return count


_COUNTS: Mapping[str, Callable[[Connection, str, str], int]] = {
    "cases": _in(case_record),
    "letters": _in(letter),
    "ratings": _in(survey_answer),
    # Each word that was kept has an entry that proves it; the entries stay.
    "evidence": _in(vault_item),
}
