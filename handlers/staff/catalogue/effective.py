"""What does a unit answer with? All layers merged, twins led to the local code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection

from handlers.staff.catalogue.merge import effective, is_complete
from handlers.staff.catalogue.model import Fields, Layer, canonical
from handlers.staff.catalogue.seeding import seed_batch
from messages import seed as seed_files
from messages.procedure import Procedure
from nlu.model import Entry
from storage import catalogue

KEPT_PARSED: Final = 128
"""Procedures kept as objects; the rest stay as compact text until asked for."""

Body = tuple[str, str, str]
"""Layer, code, JSON text."""


class UnitCatalogue:
    """The procedures of one unit; immutable, safe to share between tasks.

    ``hidden`` maps the code of a twin to the code that answers for it.
    """

    def __init__(
        self,
        texts: Mapping[str, bytes],
        entries: Iterable[Entry],
        hidden: Mapping[str, str],
    ) -> None:
        self._texts = texts
        self._entries = tuple(entries)
        self._hidden = hidden
        self._parsed = lru_cache(maxsize=KEPT_PARSED)(self._parse)

    def get(self, code: str) -> Procedure | None:
        """Return the procedure of that code or of the local twin of that code."""
        local = self._hidden.get(code, code)
        return self._parsed(local) if local in self._texts else None

    def entries(self) -> list[Entry]:
        """Return what the search index needs, twins left out."""
        return list(self._entries)

    def all(self) -> Iterator[Procedure]:
        """Yield every procedure in the order of codes, twins left out."""
        return (self._parse(code) for code in sorted(self._texts))

    def __len__(self) -> int:
        return len(self._texts)

    def _parse(self, code: str) -> Procedure:
        return Procedure.model_validate_json(self._texts[code])


def load(connection: Connection, unit_id: str) -> UnitCatalogue:
    """Return the catalogue in force; empty for a unit that was never seeded."""
    return build(catalogue.bodies(connection, unit_id))


def seed_catalogue() -> UnitCatalogue:
    """Return our seed alone, without a database."""
    rows = seed_batch().rows
    return build((Layer.BASE, row.code, canonical(row.fields)) for row in rows)


def build(
    bodies: Iterable[Body], replaced: Mapping[str, str] | None = None
) -> UnitCatalogue:
    """Return the catalogue of these layers.

    ``replaced`` maps a national code to the local one of the same service; our
    reviewed list by default.
    """
    layers = _by_code(bodies)
    merged = dict(_merged(layers))
    pairs = seed_files.replaced() if replaced is None else replaced
    hidden = _hidden(merged, layers, pairs)
    shown = {code: f for code, f in merged.items() if code not in hidden}
    said = _names_of_twins(merged, hidden)
    return UnitCatalogue(
        texts={code: canonical(fields).encode() for code, fields in shown.items()},
        entries=(_entry(shown[code], said.get(code, ())) for code in sorted(shown)),
        hidden=hidden,
    )


def _by_code(bodies: Iterable[Body]) -> dict[str, dict[str, str]]:
    layers: dict[str, dict[str, str]] = {}
    for layer, code, text in bodies:
        layers.setdefault(code, {})[layer] = text
    return layers


def _merged(layers: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Fields]]:
    """Yield the procedures in force; edits of what no longer exists are left out."""
    for code, texts in layers.items():
        parts = [_fields(texts.get(layer)) for layer in Layer]
        fields = effective(*parts)
        if is_complete(fields):
            yield code, fields


def _fields(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)


def _hidden(
    merged: Mapping[str, Fields],
    layers: Mapping[str, Mapping[str, str]],
    replaced: Mapping[str, str],
) -> dict[str, str]:
    """Return twin -> local code; a code the seed or commune wrote is never hidden."""
    pairs = {twin: code for code, f in merged.items() for twin in f.get("twins", ())}
    pairs |= replaced
    return {
        twin: code
        for twin, code in pairs.items()
        if code in merged and set(layers.get(twin, ())) <= {Layer.NATIONAL}
    }


def _names_of_twins(
    merged: Mapping[str, Fields], hidden: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return local code -> official names of its hidden twins: people paste them."""
    names: dict[str, list[str]] = {}
    for twin, code in hidden.items():
        if twin in merged:
            names.setdefault(code, []).append(merged[twin]["name"])
    return names


def _entry(fields: Fields, twin_names: Iterable[str]) -> Entry:
    official = fields.get("official_name")
    names = (official, *fields.get("aliases", ()), *twin_names)
    aliases = dict.fromkeys(name for name in names if name and name != fields["name"])
    return Entry(
        code=fields["code"],
        name=fields["name"],
        aliases=tuple(aliases),
        examples=tuple(fields.get("examples", ())),
        field=fields["field"],
        commune="xa" in fields["levels"],
        prior=1.0 if fields.get("core") else 0.0,
    )
