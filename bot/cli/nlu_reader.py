"""Which reader do the commands try out? The unit's own, or one before any set-up."""

from __future__ import annotations

from pathlib import Path

import click

from bot import installation
from bot.cli.common import is_named, one_unit, run
from bot.config import Config
from bot.errors import BotError
from handlers.staff.catalogue.effective import load, seed_catalogue
from handlers.staff.learning import in_force
from nlu.artefact import Artefact
from nlu.engine import Engine
from nlu.phrases import unlisted
from nlu.train import Shelf, build


def reader(config_path: Path, unit: str | None) -> Engine:
    """Return the engine of the unit, with its catalogue and what it has learnt.

    Where nothing is installed yet, over the seed catalogue and what else people ask
    about; an unusable config.yml that nobody named is passed over aloud. Raises
    BotError for a bad config that was named, or a bad unit.
    """
    if not config_path.exists():
        return seed_reader()
    try:
        config = installation.load(config_path)
    except BotError as error:
        if is_named(unit):
            raise
        click.echo(f"Lưu ý: {error} Xin phép đọc bằng danh mục đi kèm.", err=True)
        return seed_reader()
    unit_id = one_unit(list(config.units), unit)
    return build(*run(_known(config, unit_id)))


def seed_reader() -> Engine:
    """Return the engine as it ships."""
    seed = seed_catalogue().entries()
    return Engine.build([*seed, *unlisted(seed)])


async def _known(config: Config, unit_id: str) -> tuple[Shelf, Artefact | None]:
    words = config.units[unit_id].abbreviations
    async with installation.open_installation(config) as opened:
        catalogue = await opened.database.read(lambda c: load(c, unit_id))
        keys = opened.ring.unit(unit_id)
        learnt = await in_force.load(opened.database, unit_id, keys)
    return Shelf(catalogue.entries(), words), learnt.artefact
