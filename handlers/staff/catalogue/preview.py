"""What would an import change, row by row and cell by cell? Shown before it is done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from handlers.staff.catalogue.columns import COLUMNS, write_row
from handlers.staff.catalogue.merge import effective
from handlers.staff.catalogue.model import Fields, Layer, Plan
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from storage import catalogue

MOST = 200
"""Procedures that are compared cell by cell; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One procedure: (column, before, after) of each cell that citizens see change."""

    code: str
    name: str
    is_new: bool
    cells: tuple[tuple[str, str, str], ...]


async def differences(desk: Desk, plan: Plan) -> list[Difference]:
    """Return what changes for citizens, the first MOST procedures."""
    report = plan.report
    codes = (*report.added, *report.changed, *report.removed)[:MOST]

    def work(connection: Connection) -> dict[str, dict[str, Fields]]:
        wanted, found = set(codes), dict[str, dict[str, Fields]]()
        for layer, code, body in catalogue.bodies(connection, desk.unit_id):
            if code in wanted:
                found.setdefault(code, {})[layer] = json.loads(body)
        return found

    known = await desk.look(Action.SEE_CATALOGUE, work)
    return [_difference(code, known.get(code, {}), plan) for code in codes]


def _difference(code: str, layers: Mapping[str, Fields], plan: Plan) -> Difference:
    base, national = layers.get(Layer.BASE), layers.get(Layer.NATIONAL)
    earlier = layers.get(Layer.COMMUNE)
    text = plan.documents.get(plan.listing.get(code, ""))
    later = json.loads(text) if text else None
    before = effective(base, national, earlier)
    after = effective(base, national, later)
    name = str(after.get("name") or before.get("name") or code)
    return Difference(code, name, not before, tuple(_cells(before, after)))


def _cells(before: Fields, after: Fields) -> Iterator[tuple[str, str, str]]:
    rows = zip(COLUMNS, write_row(before), write_row(after), strict=True)
    for column, old, new in rows:
        if old != new:
            yield column.title, old, new
