"""How does a file become the catalogue in force? Compared, staged, then one move.

Documents and listings are written in small transactions that nobody sees; the
last one notes the version, the evidence entry and moves the head. A process that
dies before it leaves the old catalogue in force.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.catalogue.edits import commune_rows
from handlers.staff.catalogue.errors import (
    ChangedMeanwhileError,
    EmptyReplaceError,
    LayerError,
)
from handlers.staff.catalogue.merge import is_complete
from handlers.staff.catalogue.model import (
    Batch,
    Fields,
    Layer,
    Plan,
    Rejection,
    Report,
    canonical,
    digest,
)
from handlers.staff.catalogue.validate import RowError, checked
from storage import catalogue, evidence
from storage.database import Database
from storage.ids import Ids

ROWS_A_TRANSACTION: Final = 200
ABANDONED_MS: Final = 24 * 3600 * 1000
"""An import that is still without a head after a day was cut off."""

T = TypeVar("T")
Wanted = Mapping[str, Fields | None]
"""Code -> fields afterwards; None means that the layer no longer has it."""


async def stage(
    database: Database,
    unit_id: str,
    layer: Layer,
    batch: Batch,
    *,
    today: date,
    replace: bool = False,
) -> Plan:
    """Work out what a batch would change; writes nothing.

    ``replace`` removes what the batch does not name. ``today`` (local) dates a new
    procedure of the commune that names no source. Raises LayerError,
    EmptyReplaceError.
    """
    if batch.is_portal and layer is not Layer.NATIONAL:
        raise LayerError
    if replace and not batch.rows:
        raise EmptyReplaceError

    def work(connection: Connection) -> Plan:
        if layer is Layer.COMMUNE:
            wanted, refused = commune_rows(
                catalogue.bodies(connection, unit_id), batch, replace, today
            )
        else:
            wanted, refused = whole_rows(batch)
        return _plan(connection, unit_id, layer, batch, wanted, refused, replace)

    return await database.read(work)


def whole_rows(batch: Batch) -> tuple[dict[str, Fields | None], list[Rejection]]:
    """Return rows that must each be a procedure of their own."""
    wanted: dict[str, Fields | None] = {}
    refused: list[Rejection] = []
    for row in batch.rows:
        try:
            wanted[row.code] = _whole(row.fields)
        except RowError as error:
            refused.append(Rejection(row.number, row.code, str(error)))
    return wanted, refused


def _whole(fields: Fields) -> Fields:
    found = checked(fields, keep_empty=False)
    if not is_complete(found):
        raise RowError("thiếu một trong: name, field, levels, authority, source")
    return found


def _plan(
    connection: Connection,
    unit_id: str,
    layer: Layer,
    batch: Batch,
    wanted: Wanted,
    refused: Sequence[Rejection],
    replace: bool,
) -> Plan:
    head = catalogue.heads(connection, unit_id).get(layer)
    before = catalogue.digests(connection, unit_id, head) if head else {}
    documents = {code: canonical(f) for code, f in wanted.items() if f is not None}
    after = {code: digest(text) for code, text in documents.items()}
    gone = set(before) - set(wanted) if replace else set()
    emptied = {code for code in before if code in wanted and wanted[code] is None}
    kept = {c: d for c, d in before.items() if c not in gone | emptied}
    changed = {c for c, d in after.items() if c in before and before[c] != d}
    report = Report(
        unit_id=unit_id,
        layer=layer,
        source=batch.source,
        added=tuple(sorted(set(after) - set(before))),
        changed=tuple(sorted(changed | emptied)),
        unchanged=len(wanted) - len(set(after) - set(before)) - len(changed | emptied),
        removed=tuple(sorted(gone)),
        rejections=tuple(sorted((*batch.rejections, *refused), key=_number)),
        ignored_columns=batch.ignored_columns,
    )
    new = {after[c]: documents[c] for c in after if before.get(c) != after[c]}
    return Plan(report, kept | after, new, head)


async def apply(
    database: Database,
    plan: Plan,
    ids: Ids,
    now_ms: int,
    *,
    by: str = "",
    require: Callable[[Connection], None] | None = None,
) -> Report:
    """Write a plan and make it the catalogue in force; nothing when unchanged.

    ``now_ms`` is UTC milliseconds, ``by`` the code of whoever does it (kept with the
    version and the proof), ``require`` raises in the last transaction unless they may.
    Raises ChangedMeanwhileError when another import was faster,
    StorageUnavailableError.
    """
    report = plan.report
    if not report.has_changes:
        return report
    unit_id, import_id = report.unit_id, ids.new()
    await _drop_abandoned(database, unit_id, now_ms)
    for part in _parts(list(plan.documents.items())):
        await _write_documents(database, unit_id, part)
    for rows in _parts(sorted(plan.listing.items())):
        await _write_rows(database, unit_id, import_id, rows)
    entry = _entry(report, import_id, ids.new(), now_ms, by)

    def publish(connection: Connection) -> None:
        if require is not None:
            require(connection)
        _publish(connection, plan, import_id, entry, now_ms, by)

    await database.write(publish)
    return dataclasses.replace(report, import_id=import_id)


async def _write_documents(
    database: Database, unit_id: str, part: Sequence[tuple[str, str]]
) -> None:
    await database.write(lambda c: catalogue.add_documents(c, unit_id, dict(part)))


async def _write_rows(
    database: Database, unit_id: str, import_id: str, rows: Sequence[tuple[str, str]]
) -> None:
    await database.write(lambda c: catalogue.add_rows(c, unit_id, import_id, rows))


async def _drop_abandoned(database: Database, unit_id: str, now_ms: int) -> None:
    """Clear what an import left that was cut off; ids begin with their time."""
    before = f"{(now_ms - ABANDONED_MS) << 80:032x}"
    await database.write(lambda c: catalogue.drop_abandoned(c, unit_id, before))


def _publish(
    connection: Connection,
    plan: Plan,
    import_id: str,
    entry: evidence.Entry,
    now_ms: int,
    by: str,
) -> None:
    report = plan.report
    head = {
        "unit_id": report.unit_id,
        "layer": report.layer.value,
        "import_id": import_id,
        "updated_at": now_ms,
    }
    if not catalogue.move_head(connection, head, plan.head):
        raise ChangedMeanwhileError
    version: dict[str, Any] = {
        "unit_id": report.unit_id,
        "import_id": import_id,
        "layer": report.layer.value,
        "source": report.source[:200],
        "counts": json.dumps({**report.counts(), **_signed(by)}),
        "created_at": now_ms,
    }
    catalogue.add_import(connection, version)
    evidence.append(connection, [entry.row()])


def _entry(
    report: Report, import_id: str, entry_id: str, now_ms: int, by: str
) -> evidence.Entry:
    """Return the evidence of an import: counts only, no names of files."""
    return evidence.Entry(
        unit_id=report.unit_id,
        entry_id=entry_id,
        at=now_ms,
        tag=Tag.CATALOGUE_IMPORTED.value,
        subject=import_id,
        data={"layer": report.layer.value, **report.counts(), **_signed(by)},
    )


def _signed(by: str) -> dict[str, str]:
    """Return who did it, nothing for what no person of the commune did."""
    return {"by": by} if by else {}


def _number(rejection: Rejection) -> int:
    return rejection.number


def _parts(values: Sequence[T]) -> Iterator[list[T]]:
    stream = iter(values)
    while part := list(islice(stream, ROWS_A_TRANSACTION)):
        yield part
