"""Which model is in force, and how does a person change that? Forth and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.learning.desk import Desk
from handlers.staff.learning.errors import (
    ChangedMeanwhileError,
    ModelUnknownError,
    NothingLiveError,
    NotPassedError,
    StaleModelError,
)
from handlers.staff.learning.in_force import first_good
from handlers.staff.learning.signing import opened
from storage import evidence, nlu_models
from storage.errors import ConflictError

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Version:
    """One model in the list; times are UTC ms, ``metrics`` as they were measured.

    ``signature`` is over ``sha256`` and can be checked with the desk's public key.
    """

    model_id: str
    status: str
    trained_at: int
    live_at: int | None
    rolled_back: bool
    metrics: dict[str, Any]
    sha256: str
    signature: str


async def listed(desk: Desk) -> list[Version]:
    """Return the models, newest first."""
    rows = await desk.database.read(lambda c: nlu_models.listed(c, desk.unit_id, SHOWN))
    return [
        Version(
            row["model_id"],
            row["status"],
            row["trained_at"],
            row["live_at"],
            row["rolled_back"],
            json.loads(row["metrics"]),
            row["sha256"],
            row["signature"],
        )
        for row in rows
    ]


async def make_live(desk: Desk, model_id: str) -> None:
    """Put a model in force that passed the gate against the one in force.

    Raises ModelUnknownError, ModelDamagedError, NotPassedError, StaleModelError,
    ChangedMeanwhileError.
    """
    row, live = await desk.database.read(
        lambda c: (
            nlu_models.get(c, desk.unit_id, model_id),
            nlu_models.live_id(c, desk.unit_id),
        )
    )
    if row is None:
        raise ModelUnknownError
    opened(desk.keys, row)
    metrics = json.loads(row["metrics"])
    if metrics["refusals"]:
        raise NotPassedError
    if metrics["against"] != live:
        raise StaleModelError
    proof = desk.proof(Tag.MODEL_LIVE, model_id, before=live or "")

    def work(connection: Connection) -> None:
        nlu_models.go_live(
            connection, desk.unit_id, model_id, expected=live, now=desk.now_ms()
        )
        evidence.append(connection, [proof.row()])

    await _moved(desk, work)


async def roll_back(desk: Desk) -> str | None:
    """Go back to the model before, or to what ships with us; return which (None).

    A model that was changed is passed over. Raises NothingLiveError,
    ChangedMeanwhileError.
    """
    live = await desk.database.read(lambda c: nlu_models.live_id(c, desk.unit_id))
    if live is None:
        raise NothingLiveError
    rows = await desk.database.read(lambda c: nlu_models.lineage(c, desk.unit_id, live))
    to = first_good(rows[1:], desk.keys).model_id
    proof = desk.proof(Tag.MODEL_ROLLED_BACK, live, to=to or "")

    def work(connection: Connection) -> None:
        nlu_models.go_back(
            connection, desk.unit_id, expected=live, to=to, now=desk.now_ms()
        )
        evidence.append(connection, [proof.row()])

    await _moved(desk, work)
    return to


async def _moved(desk: Desk, work: Callable[[Connection], None]) -> None:
    try:
        await desk.database.write(work)
    except ConflictError as error:
        raise ChangedMeanwhileError from error
