"""What has the unit's reader learnt so far, if every byte of it is still ours?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.staff.learning.errors import ModelDamagedError
from handlers.staff.learning.signing import opened
from nlu.artefact import Artefact
from storage import nlu_models, operations
from storage.database import Database
from storage.ids import Ids
from storage.keys import UnitKeys

NOTICE = "nlu_model_damaged"


@dataclass(frozen=True, slots=True)
class InForce:
    """What the reader is built with; ``damaged`` names models that were refused."""

    artefact: Artefact | None = None
    damaged: tuple[str, ...] = ()

    @property
    def model_id(self) -> str | None:
        """The model that speaks; None: only what ships with us."""
        return self.artefact.model if self.artefact else None


async def load(database: Database, unit_id: str, keys: UnitKeys) -> InForce:
    """Return the live model, or the latest before it that nobody changed.

    Raises StorageUnavailableError.
    """

    def rows(connection: Connection) -> list[dict[str, Any]]:
        live = nlu_models.live_id(connection, unit_id)
        return nlu_models.lineage(connection, unit_id, live)

    return first_good(await database.read(rows), keys)


def first_good(rows: Iterable[Mapping[str, Any]], keys: UnitKeys) -> InForce:
    """Return the first model of the rows that is whole."""
    damaged: list[str] = []
    for row in rows:
        try:
            return InForce(opened(keys, row), tuple(damaged))
        except ModelDamagedError:
            damaged.append(row["model_id"])
    return InForce(None, tuple(damaged))


def tell_staff(
    connection: Connection, unit_id: str, found: InForce, ids: Ids, now: int
) -> None:
    """Leave a notice for each refused model, once; ``now`` is UTC ms."""
    for model_id in found.damaged:
        operations.add_notice_once(
            connection,
            {
                "unit_id": unit_id,
                "notice_id": ids.new(),
                "kind": NOTICE,
                "subject": model_id,
                "detail": found.model_id or "",
                "created_at": now,
            },
        )
