"""Which ready sentences fit an answer? By kind and state, each with a version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handlers.cases.case import State
from handlers.cases.kind import shipped
from handlers.staff.desk_list.errors import NoTemplatesError

FILE = Path(__file__).parent / "data" / "templates.yml"
KEYS = frozenset({"code", "title", "text", "kinds", "states"})


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence; ``kinds`` and ``states`` empty: it fits all of them."""

    code: str
    title: str
    text: str
    kinds: frozenset[str]
    states: frozenset[str]

    @property
    def version(self) -> str:
        """Which wording this is, 12 hex digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def fits(self, kind: str, state: str) -> bool:
        """Whether it is for cases like this; both "" for a talk without a case."""
        is_kind = not self.kinds or kind in self.kinds
        return is_kind and (not state or not self.states or state in self.states)


@cache
def templates() -> tuple[Template, ...]:
    """Return the sentences that ship with the service; raises NoTemplatesError."""
    found = read(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    if len({one.code for one in found}) != len(found):
        raise NoTemplatesError
    return found


def read(records: Any) -> tuple[Template, ...]:
    """Return sentences from records; raises NoTemplatesError naming the bad one."""
    if not isinstance(records, list):
        raise NoTemplatesError
    return tuple(_one(record) for record in records)


def fitting(kind: str = "", state: str = "") -> tuple[Template, ...]:
    """Return the sentences for a case of a kind in a state."""
    return tuple(one for one in templates() if one.fits(kind, state))


def _one(record: Any) -> Template:
    code = str(record.get("code", "?")) if isinstance(record, dict) else "?"
    if not isinstance(record, dict) or record.keys() - KEYS:
        raise NoTemplatesError(code)
    kinds = frozenset(map(str, record.get("kinds", ())))
    states = frozenset(map(str, record.get("states", ())))
    text = str(record.get("text", "")).strip()
    is_known = kinds <= shipped().by_code.keys() and states <= set(State)
    if not text or not record.get("title") or not is_known:
        raise NoTemplatesError(code)
    return Template(code, str(record["title"]), text, kinds, states)
