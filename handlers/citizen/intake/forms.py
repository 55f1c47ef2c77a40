"""What is asked for each kind of case, and which words point to a kind? Data.

What a kind cannot do without stands in handlers/cases/data/kinds.yml (``requires``);
forms.yml says what is asked, and in which order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handlers.cases.kind import CaseKind, Kinds
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.intake.errors import BadFormsError
from nlu.normalise import fold

FILE = Path(__file__).with_name("forms.yml")
KEYS = frozenset({"kind", "asks", "signs", "nearby", "city"})
NEVER_ASKED = frozenset({Ask.KIND, Ask.EDIT, Ask.PREVIEW})


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one kind.

    ``signs`` are phrases without accents that point to it. ``is_nearby``: others may
    have reported it before. ``is_for_city``: the city's own channels are named.
    """

    kind: str
    asks: tuple[Ask, ...]
    signs: tuple[str, ...] = ()
    is_nearby: bool = False
    is_for_city: bool = False


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms, in the order in which they are offered."""

    all: tuple[Form, ...]

    def __iter__(self) -> Iterator[Form]:
        return iter(self.all)

    def get(self, kind: str) -> Form | None:
        """Return the form of a kind, None when chat has none for it."""
        return next((form for form in self.all if form.kind == kind), None)

    def likely(self, text: str) -> str:
        """Return the kind whose signs stand in a text, "" when none does."""
        plain = f" {' '.join(re.findall(r'[a-z0-9]+', fold(text.lower())))} "
        found = ((len(s), f.kind) for f in self for s in f.signs if f" {s} " in plain)
        return max(found, default=(0, ""))[1]


@cache
def shipped() -> Forms:
    """Return the forms that ship with the service."""
    return read(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def read(records: Any) -> Forms:
    """Return forms from records; raises BadFormsError naming what is wrong."""
    try:
        return Forms(tuple(map(_form, records)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadFormsError(str(error)) from error


def _form(record: Any) -> Form:
    if strangers := sorted(record.keys() - KEYS):
        raise ValueError(", ".join(strangers))
    asks = tuple(map(Ask, record["asks"]))
    if not NEVER_ASKED.isdisjoint(asks) or len(set(asks)) != len(asks):
        raise ValueError(str(record["kind"]))
    return Form(
        kind=str(record["kind"]),
        asks=asks,
        signs=tuple(map(str, record.get("signs", ()))),
        is_nearby=record.get("nearby") is True,
        is_for_city=record.get("city") is True,
    )


def offered(kinds: Kinds) -> tuple[str, ...]:
    """Return the kinds that may be opened in chat and have a form."""
    known = {kind.code for kind in kinds if kind.in_chat and not kind.is_guidance}
    return tuple(form.kind for form in shipped() if form.kind in known)


def missing(draft: Draft, kind: CaseKind) -> tuple[Ask, ...]:
    """Return what the kind cannot do without and was not told."""
    needed = (Ask(name) for name in kind.requires)
    return tuple(ask for ask in needed if not draft.told(ask))


def is_optional(ask: Ask, kind: CaseKind) -> bool:
    """Whether a question may be passed over."""
    return ask.value not in kind.requires and ask not in NEVER_ASKED


def upcoming(draft: Draft, form: Form) -> Ask:
    """Return the next question of a form, the preview when all is done."""
    return next((ask for ask in form.asks if ask not in draft.done), Ask.PREVIEW)
