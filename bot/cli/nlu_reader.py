"""Which reader do the commands try out? The unit's own, or one before any set-up."""

from __future__ import annotations

from pathlib import Path

from bot import installation
from bot.cli.common import one_unit, run
from bot.config import Config
from handlers.staff.catalogue.effective import UnitCatalogue, load, seed_catalogue
from nlu.engine import Engine
from nlu.phrases import unlisted


def reader(config_path: Path, unit: str | None) -> Engine:
    """Return the engine over the unit's catalogue.

    Where nothing is installed yet, over the seed catalogue and what else people ask
    about. Raises BotError for a bad config or unit.
    """
    if not config_path.exists():
        seed = seed_catalogue().entries()
        return Engine.build([*seed, *unlisted(seed)])
    config = installation.load(config_path)
    unit_id = one_unit(list(config.units), unit)
    catalogue = run(_catalogue(config, unit_id))
    words = config.units[unit_id].abbreviations
    return Engine.build(catalogue.entries(), abbreviations=words)


async def _catalogue(config: Config, unit_id: str) -> UnitCatalogue:
    async with installation.open_installation(config) as opened:
        return await opened.database.read(lambda c: load(c, unit_id))
