"""Which layer's word counts, field by field?

========================  =====================================================
field                     rule
========================  =====================================================
levels, announcement      the national portal wins: it publishes these facts, and
                          the level decides commune or elsewhere
official_name             the portal's name, whole
online                    the portal may say that filing online became possible;
                          our words and address stay
legal                     ours first (with titles), then numbers only the portal
                          names; none is lost to a badly cut table
fee, time                 the portal fills what is missing; it replaces ours only
                          where ours is unsure, its own is sure (its 0 is a
                          default) and it was read later: our doubt may be about
                          that very value
doubts                    of both: they are for staff
source                    the one read later
everything else: name,    ours; the portal only fills what we left empty. So a
aliases, examples,        re-import never overwrites words written for citizens.
summary, papers, steps,   ``authority`` and ``result`` are here on purpose: the
authority, result, …      portal leaves the first blank for a third of commune
                          procedures and lists refusal notices in the second
a code used twice         where the portal's name has nothing to do with ours (a
                          province published its list under a national code),
                          nothing of it is taken and staff get a doubt
commune's own edits       win over both, field by field; aliases and examples
                          are added, never taken away
========================  =====================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rapidfuzz import fuzz

from handlers.staff.catalogue.model import Fields

SAME_NAME = 70
"""Of 151 codes in both lists 145 score above 99, the six that clash below 42."""
OTHER_SERVICE = (
    "Cổng Dịch vụ công quốc gia gắn mã này với việc khác ({name}); xin kiểm tra lại mã."
)
PORTAL_FACTS = ("levels", "announcement")
UNSURE_FACTS = ("fee", "time")
ADDED_TO = ("aliases", "examples")
REQUIRED = frozenset({"code", "name", "field", "levels", "authority", "source"})


def effective(
    base: Fields | None, national: Fields | None, commune: Fields | None
) -> dict[str, Any]:
    """Return the fields in force; a missing layer is None."""
    return with_edits(below(base, national), commune)


def below(base: Fields | None, national: Fields | None) -> dict[str, Any]:
    """Return what stands under the commune's own edits; empty when unknown."""
    if base is None or national is None:
        return dict(base or national or {})
    if not is_same_service(base, national):
        doubt = OTHER_SERVICE.format(name=" ".join(national["name"].split()))
        return {**base, "doubts": united(base.get("doubts", ()), [doubt])}
    merged = {**national, **base}
    merged |= {name: national[name] for name in PORTAL_FACTS if national.get(name)}
    merged["official_name"] = national.get("official_name") or national["name"]
    if _read_on(national["source"]) > _read_on(base["source"]):
        merged |= {
            name: _surer(base[name], national.get(name))
            for name in UNSURE_FACTS
            if base.get(name)
        }
    if national.get("online"):
        merged["online"] = _online(base.get("online"), national["online"])
    if national.get("legal"):
        merged["legal"] = _legal(base.get("legal", ()), national["legal"])
    merged["source"] = max(base["source"], national["source"], key=_read_on)
    merged["doubts"] = united(base.get("doubts", ()), national.get("doubts", ()))
    return merged


def is_same_service(base: Fields, national: Fields) -> bool:
    """Whether two records of one code are about the same service, by their names."""
    ours = str(base.get("official_name") or base["name"]).lower()
    return fuzz.token_set_ratio(ours, str(national["name"]).lower()) >= SAME_NAME


def with_edits(under: Fields, edits: Fields | None) -> dict[str, Any]:
    """Return the fields after the commune's own edits."""
    merged = {**under, **(edits or {})}
    for name in ADDED_TO:
        if edits is not None and name in edits:
            merged[name] = united(under.get(name, ()), edits[name])
    return merged


def united(first: Iterable[str], second: Iterable[str]) -> list[str]:
    """Return both lists in order, each text once."""
    return list(dict.fromkeys((*first, *second)))


def is_complete(fields: Fields) -> bool:
    """Whether the fields make a procedure of their own."""
    return all(fields.get(name) for name in REQUIRED)


def _surer(base: Fields, national: Fields | None) -> Fields:
    if base.get("sure", True) or national is None or not national.get("sure", True):
        return base
    return national


def _online(base: Fields | None, national: Fields) -> Fields:
    if base is None or (national["available"] and not base["available"]):
        return national
    return base


def _legal(base: Iterable[Fields], national: Iterable[Fields]) -> list[Fields]:
    known = {item["number"]: item for item in national}
    known |= {item["number"]: item for item in base}
    ours = [item["number"] for item in base]
    order = united(ours, (item["number"] for item in national))
    return [known[number] for number in order]


def _read_on(source: Mapping[str, Any]) -> str:
    return str(source["as_of"])
