"""What may people of the commune do with procedures? See layers, edit, import, go back.

Every change is one move of the commune's layer (imports.apply), by somebody who may.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from handlers.staff.catalogue.errors import (
    ChangedMeanwhileError,
    CodeTakenError,
    ProcedureUnknownError,
    VersionUnknownError,
)
from handlers.staff.catalogue.form import cells, edited
from handlers.staff.catalogue.imports import apply, stage
from handlers.staff.catalogue.merge import below, effective
from handlers.staff.catalogue.model import (
    Batch,
    Fields,
    Layer,
    Plan,
    Report,
    canonical,
    digest,
)
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.roster.view import today
from storage import catalogue

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Layers:
    """One code, layer by layer; ``seen`` names the state of the commune's own."""

    code: str
    base: Fields | None
    national: Fields | None
    commune: Fields | None

    @property
    def seen(self) -> str:
        """The hash of the commune's own words, "" without any."""
        return "" if self.commune is None else digest(canonical(self.commune))

    @property
    def shown(self) -> Fields:
        """What citizens are told."""
        return effective(self.base, self.national, self.commune)

    @property
    def under(self) -> Fields:
        """What stands under the commune's own words; empty: all is its own."""
        return below(self.base, self.national)

    def cells(self) -> dict[str, str]:
        """Return the form's cells as they are now."""
        return cells(self.base, self.national, self.commune)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the commune's layer; ``at`` is UTC ms, ``by`` a code or ""."""

    import_id: str
    source: str
    counts: Mapping[str, int]
    by: str
    at: int
    is_live: bool


async def layers(desk: Desk, code: str) -> Layers:
    """Return what is known under a code. Raises NotAllowedError, StrangerError."""
    return await desk.look(Action.SEE_CATALOGUE, lambda c: _layers(c, desk, code))


async def save(
    desk: Desk, code: str, typed: Mapping[str, str], seen: str, *, is_new: bool = False
) -> Report:
    """Keep a form as the commune's own words; ``seen`` is what the form showed.

    Raises UnfitEditError, ProcedureUnknownError, CodeTakenError,
    ChangedMeanwhileError, NotAllowedError.
    """

    def work(connection: Connection) -> Plan:
        found = _layers(connection, desk, code)
        _check(found, seen, is_new=is_new)
        three = (found.base, found.national, found.commune)
        wanted = edited(typed, code, three, today(desk).isoformat())
        return _one(connection, desk, code, wanted, "Bàn làm việc")

    plan = await desk.look(Action.EDIT_CATALOGUE, work)
    return await put(desk, plan)


async def staged(desk: Desk, batch: Batch, *, replace: bool) -> Plan:
    """Work out an import into the commune's layer; writes nothing.

    Raises LayerError, EmptyReplaceError, NotAllowedError.
    """
    await desk.look(Action.EDIT_CATALOGUE, lambda _: None)
    now = today(desk)
    return await stage(
        desk.database, desk.unit_id, Layer.COMMUNE, batch, today=now, replace=replace
    )


async def put(desk: Desk, plan: Plan) -> Report:
    """Make a plan the catalogue in force. Raises ChangedMeanwhileError, …."""
    return await apply(
        desk.database,
        plan,
        desk.ids,
        desk.now_ms(),
        by=desk.by,
        require=lambda c: desk.require(c, Action.EDIT_CATALOGUE),
    )


async def own_words(desk: Desk) -> dict[str, Fields]:
    """Return code -> the commune's own fields in force."""

    def work(connection: Connection) -> dict[str, Fields]:
        rows = catalogue.bodies(connection, desk.unit_id)
        return {c: json.loads(t) for layer, c, t in rows if layer == Layer.COMMUNE}

    return await desk.look(Action.SEE_CATALOGUE, work)


async def versions(desk: Desk) -> list[Version]:
    """Return the versions of the commune's layer, newest first."""

    def work(connection: Connection) -> list[Version]:
        head = catalogue.heads(connection, desk.unit_id).get(Layer.COMMUNE)
        rows = catalogue.versions_of(connection, desk.unit_id, Layer.COMMUNE, SHOWN)
        return [_version(row, head) for row in rows]

    return await desk.look(Action.SEE_CATALOGUE, work)


async def history(desk: Desk, code: str) -> list[tuple[Version, Fields | None]]:
    """Return the versions in which the commune's words on a code changed, newest first.

    None in place of the fields: from then on nothing of it was the commune's own.
    """
    listed = await versions(desk)

    def work(connection: Connection) -> list[tuple[Version, Fields | None]]:
        found: list[tuple[Version, Fields | None]] = []
        before = ""
        for one in reversed(listed):
            rows = catalogue.digests(connection, desk.unit_id, one.import_id)
            now = rows.get(code, "")
            if now != before:
                body = catalogue.document(connection, desk.unit_id, now)
                found.append((one, json.loads(body) if body else None))
            before = now
        return found[::-1]

    return await desk.look(Action.SEE_CATALOGUE, work)


async def restore(desk: Desk, import_id: str, code: str = "") -> Report:
    """Go back to a version: of one procedure, or ("") of the commune's whole layer.

    Raises VersionUnknownError, ChangedMeanwhileError, NotAllowedError.
    """

    def work(connection: Connection) -> Plan:
        rows = catalogue.versions_of(connection, desk.unit_id, Layer.COMMUNE, SHOWN)
        if import_id not in {row["import_id"] for row in rows}:
            raise VersionUnknownError
        old = catalogue.digests(connection, desk.unit_id, import_id)
        if code:
            before, _ = _now(connection, desk)
            kept = {c: d for c, d in before.items() if c != code}
            old = kept | ({code: old[code]} if code in old else {})
        return _listing(connection, desk, old, {}, f"Dùng lại bản {import_id[:8]}")

    return await put(desk, await desk.look(Action.EDIT_CATALOGUE, work))


def _layers(connection: Connection, desk: Desk, code: str) -> Layers:
    found: dict[str, Fields] = {
        layer: json.loads(body)
        for layer, body in catalogue.bodies_of(connection, desk.unit_id, code)
    }
    return Layers(code, *(found.get(layer) for layer in Layer))


def _check(found: Layers, seen: str, *, is_new: bool) -> None:
    if is_new:
        if found.shown:
            raise CodeTakenError
    elif not found.shown:
        raise ProcedureUnknownError
    elif found.seen != seen:
        raise ChangedMeanwhileError(
            "Dạ, thủ tục này vừa được người khác sửa.", "Xin mở bản mới nhất."
        )


def _one(
    connection: Connection, desk: Desk, code: str, wanted: Fields | None, source: str
) -> Plan:
    """Return the plan that changes the commune's words on one code."""
    before, _ = _now(connection, desk)
    after = {c: d for c, d in before.items() if c != code}
    documents: dict[str, str] = {}
    if wanted is not None:
        text = canonical(wanted)
        after[code] = digest(text)
        documents[after[code]] = text
    return _listing(connection, desk, after, documents, source)


def _listing(
    connection: Connection,
    desk: Desk,
    after: Mapping[str, str],
    documents: Mapping[str, str],
    source: str,
) -> Plan:
    before, head = _now(connection, desk)
    both = before.keys() & after.keys()
    report = Report(
        unit_id=desk.unit_id,
        layer=Layer.COMMUNE,
        source=source,
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(c for c in both if before[c] != after[c])),
        unchanged=sum(before[c] == after[c] for c in both),
        removed=tuple(sorted(before.keys() - after.keys())),
    )
    return Plan(report, after, documents, head)


def _now(connection: Connection, desk: Desk) -> tuple[dict[str, str], str | None]:
    head = catalogue.heads(connection, desk.unit_id).get(Layer.COMMUNE)
    return catalogue.digests(connection, desk.unit_id, head) if head else {}, head


def _version(row: Mapping[str, object], head: str | None) -> Version:
    counts = json.loads(str(row["counts"]))
    by = str(counts.pop("by", ""))
    import_id, at = str(row["import_id"]), row["created_at"]
    source = str(row["source"])
    return Version(import_id, source, counts, by, int(str(at)), import_id == head)
