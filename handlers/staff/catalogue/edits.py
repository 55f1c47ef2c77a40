"""What does a commune's file change? Only what differs is kept as its own edit.

So a whole export, changed in one cell and imported again, leaves one edit; all
other fields go on following the national portal and our seed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from handlers.staff.catalogue.merge import ADDED_TO, below, is_complete, united
from handlers.staff.catalogue.model import Batch, Fields, Layer, Rejection
from handlers.staff.catalogue.validate import RowError, checked
from messages.procedure import Procedure

DEFAULTS: Final[Fields] = MappingProxyType(
    {"levels": ["xa"], "authority": "Ủy ban nhân dân xã", "field": "Việc của xã"}
)
OWN_SOURCE: Final = "Ủy ban nhân dân xã cung cấp"


def commune_rows(
    bodies: Iterable[tuple[str, str, str]], batch: Batch, replace: bool, today: date
) -> tuple[dict[str, Fields | None], list[Rejection]]:
    """Return code -> own edits after the batch, and the rows refused.

    ``bodies`` are (layer, code, text) in force. ``replace`` forgets earlier own
    edits; without it they stay, field by field. ``today`` dates new procedures
    that name no source, in the commune's local time.
    """
    known = _known(bodies, {row.code for row in batch.rows})
    wanted: dict[str, Fields | None] = {}
    refused: list[Rejection] = []
    for row in batch.rows:
        layers = known.get(row.code, {})
        under = below(layers.get(Layer.BASE), layers.get(Layer.NATIONAL))
        before = layers.get(Layer.COMMUNE, {})
        dated = {"source": before.get("source") or _own_source(today)}
        try:
            wanted[row.code] = own(
                row.fields, {} if replace else before, under, {**DEFAULTS, **dated}
            )
        except RowError as error:
            refused.append(Rejection(row.number, row.code, str(error)))
    return wanted, refused


def own(
    given: Fields, earlier: Fields, under: Fields, defaults: Fields
) -> Fields | None:
    """Return the commune's own fields after an edit; None when nothing is its own.

    ``defaults`` fill a procedure that no other layer knows. Raises RowError for a
    wrong value and for such a procedure without a name.
    """
    result = dict(earlier)
    for name, value in checked(given, keep_empty=True).items():
        _take(result, name, value, given[name], under)
    result["code"] = given["code"]
    if not under:
        result = {**defaults, **result}
        if not is_complete(result):
            raise RowError("mã mới, cần có tên thủ tục")
    return result if len(result) > 1 else None


def _take(
    result: dict[str, Any], name: str, value: Any, typed: Any, under: Fields
) -> None:
    """Put one field among the own ones, or take it out when it is no difference."""
    if name in ADDED_TO:
        more = [text for text in value if text not in under.get(name, ())]
        value = united(result.get(name, ()), more)
        if not value:
            return
    elif _same(value, typed, under.get(name, _default(name))):
        result.pop(name, None)
        return
    result[name] = value


def _same(value: Any, typed: Any, known: Any) -> bool:
    """Whether a value says nothing new.

    A spreadsheet names only parts of a field; the parts it did not name do not
    count. Naming ``sure`` is how a commune confirms a fee it leaves unchanged.
    """
    if isinstance(typed, Mapping) and isinstance(known, Mapping):
        new, old = {"sure": True, **value}, {"sure": True, **known}
        return all(new.get(part) == old.get(part) for part in typed)
    return bool(value == known) or (not value and not known)


def _default(name: str) -> Any:
    """Return what the schema takes for a field that nobody filled."""
    return Procedure.model_fields[name].get_default()


def _own_source(today: date) -> dict[str, str]:
    return {"name": OWN_SOURCE, "as_of": today.isoformat()}


def _known(
    bodies: Iterable[tuple[str, str, str]], codes: set[str]
) -> dict[str, dict[str, Fields]]:
    known: dict[str, dict[str, Fields]] = {}
    for layer, code, body in bodies:
        if code in codes:
            known.setdefault(code, {})[layer] = json.loads(body)
    return known
