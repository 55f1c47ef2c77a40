"""How are the greetings of an installation wired? Once, by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from bot.broadcast_days import days_of
from bot.broadcast_keeper import AtClock, GreetingKeeper, UnitGreetings
from bot.broadcast_page import Page
from bot.broadcast_people import Campaign
from bot.installation import Installation
from bot.runtime import UnitRuntime
from handlers.model import STAFF_CHANNELS


def greetings_of(
    opened: Installation,
    units: Mapping[str, UnitRuntime],
    pages: Mapping[str, Page],
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
        )
        for unit_id, runtime in units.items()
    }
    return GreetingKeeper(opened.database, wired, owner, wake)
