"""Which template stands for a kind of letter, and where do its parameters come from?

A parameter is filled from a field of the letter, from ``nguoi_nhan`` (whom it greets),
or, after "=", with fixed words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.templates.errors import (
    MissingFieldError,
    NotApprovedError,
    UnknownTemplateError,
)
from storage import templates

ENABLED: Final = "ENABLE"
FIXED: Final = "="
ADDRESSEE: Final = "nguoi_nhan"


@dataclass(frozen=True, slots=True)
class Book:
    """Everything staff see: templates, what stands for which kind, the day's quota."""

    rows: list[dict[str, Any]]
    choices: list[dict[str, Any]]
    quota: dict[str, Any] | None


async def book(desk: Desk) -> Book:
    """Return templates, choices and quota."""

    def work(connection: Connection) -> Book:
        unit = desk.unit_id
        return Book(
            templates.listed(connection, unit),
            templates.choices(connection, unit),
            templates.quota(connection, unit),
        )

    return await desk.look(Action.SEE_LETTERS, work)


async def choose(
    desk: Desk, kind: str, template_id: str, fields: Mapping[str, str]
) -> None:
    """Let a template stand for a kind of letter, when no window is open.

    Raises UnknownTemplateError, NotApprovedError, MissingFieldError.
    """

    def work(connection: Connection) -> None:
        found = templates.get(connection, desk.unit_id, template_id)
        if found is None:
            raise UnknownTemplateError
        if found["status"] != ENABLED:
            raise NotApprovedError
        params = params_of(found)
        kept = {name: fields.get(name, "").strip() for name in params}
        if missing := [name for name, source in kept.items() if not source]:
            raise MissingFieldError(", ".join(missing))
        row = {
            "unit_id": desk.unit_id,
            "kind": kind,
            "template_id": template_id,
            "fields": json.dumps(kept, ensure_ascii=False),
            "by": desk.by,
            "at": desk.now_ms(),
        }
        templates.choose(connection, row)
        desk.prove(connection, Tag.TEMPLATE_CHOSEN, template_id, kind=kind)

    await desk.change(Action.APPROVE_LETTERS, work)


async def unchoose(desk: Desk, kind: str) -> bool:
    """Let no template stand for a kind; False when none did."""

    def work(connection: Connection) -> bool:
        gone = templates.unchoose(connection, desk.unit_id, kind)
        if gone:
            desk.prove(connection, Tag.TEMPLATE_UNCHOSEN, kind)
        return gone

    return await desk.change(Action.APPROVE_LETTERS, work)


def params_of(row: Mapping[str, Any]) -> dict[str, int]:
    """Return a template's parameters: name -> longest value, 0 unknown."""
    told = json.loads(row["params"])
    return {str(name): int(longest) for name, longest in told.items()}
