"""How are the greetings of an installation wired? Once, by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import aiohttp

from bot.broadcast_days import days_of
from bot.broadcast_keeper import AtClock, GreetingKeeper, UnitGreetings
from bot.broadcast_page import Page
from bot.broadcast_people import Campaign
from bot.broadcast_roads import OaArticles
from bot.channels.zalo.client import ZaloClient
from bot.cli.letters_office import office_of
from bot.config import Unit
from bot.installation import Installation
from bot.platforms import zbs_of
from bot.runtime import UnitRuntime
from bot.templates_keeper import TemplatesKeeper, UnitTemplates
from bot.tokens import TokenKeeper
from handlers.model import STAFF_CHANNELS


def greetings_of(
    opened: Installation,
    units: Mapping[str, UnitRuntime],
    pages: Mapping[str, Page],
    keepers: Mapping[str, TokenKeeper],
    session: aiohttp.ClientSession,
    owner: str,
    wake: Callable[[str], None],
) -> GreetingKeeper:
    """Return the keeper of all units; ``wake`` tells a channel's sender to look."""
    wired = {
        unit_id: UnitGreetings(
            AtClock(unit_id, opened.ids, opened.clock),
            partial(days_of, opened.config.units[unit_id]),
            Campaign(
                runtime.vault,
                frozenset(c.value for c in runtime.adapters if c not in STAFF_CHANNELS),
            ),
            pages.get(unit_id),
            _articles(opened.config.units[unit_id], keepers.get(unit_id), session),
        )
        for unit_id, runtime in units.items()
    }
    return GreetingKeeper(opened.database, wired, owner, wake)


def templates_of(
    opened: Installation,
    keepers: Mapping[str, TokenKeeper],
    session: aiohttp.ClientSession,
) -> TemplatesKeeper:
    """Return the keeper of Zalo's templates of all units."""
    units = {
        unit_id: UnitTemplates(
            unit_id, zbs_of(session, zalo), keeper, opened.ring.unit(unit_id)
        )
        for unit_id, keeper in keepers.items()
        if (zalo := opened.config.units[unit_id].channels.zalo) is not None
    }
    return TemplatesKeeper(opened.database, opened.clock, units)


def _articles(
    unit: Unit, keeper: TokenKeeper | None, session: aiohttp.ClientSession
) -> OaArticles | None:
    """Zalo takes no article without a cover: a unit that has none publishes none."""
    zalo = unit.channels.zalo
    if zalo is None or keeper is None or not zalo.article_cover:
        return None
    client = ZaloClient(session, zalo.api_base)
    return OaArticles(client, keeper, office_of(unit).short, zalo.article_cover)
