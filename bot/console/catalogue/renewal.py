"""How does a change take effect at once? We read again; others in 5 s."""

from __future__ import annotations

import structlog

from bot.console.visit import Visit
from handlers.staff.catalogue.effective import UnitCatalogue, load
from nlu.errors import NluError
from storage.errors import StorageError

log = structlog.get_logger("console")


async def renew(at: Visit) -> None:
    """Let the unit answer with what was just written; a failure waits for the watch."""
    try:
        await at.house.service.services[at.unit_id].refresh(at.house.database)
    except (NluError, StorageError) as error:
        log.warning("renewal_failed", error=type(error).__name__)


async def catalogue(at: Visit) -> UnitCatalogue:
    """Return the procedures in force."""
    found = at.services.catalogue
    if isinstance(found, UnitCatalogue):
        return found
    return await at.house.database.read(lambda c: load(c, at.unit_id))
