"""Which open cases near a place share words with what a citizen tells?

Words of other citizens are opened in memory to be compared, and never told: what is
shown are only the citizen's own words that stand there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.clock import from_ms, to_ms
from bot.runtime import UnitRuntime
from handlers.cases import alike
from handlers.cases.nearby import METRES, Area, Near, NothingNearby, metres
from storage import case_areas
from storage.keys import UnitKeys

DAYS = 14
SHARED = 2
"""Words that two reports must share to be shown as maybe the same."""
SHOWN = 3
LONGEST = 5
Asked = tuple[str, Area, str]


class Neighbourhood(NothingNearby):
    """Serves what was looked up, and remembers what was not."""

    def __init__(self, known: dict[Asked, tuple[Near, ...]]) -> None:
        super().__init__()
        self._known = known

    def near(self, kind: str, area: Area, text: str) -> tuple[Near, ...]:
        """Return the cases found for a question; none while it is not looked up."""
        found = self._known.get((kind, area, text))
        return super().near(kind, area, text) if found is None else found


def macs(areas: Sequence[str], keys: UnitKeys) -> list[str]:
    """Return the keyed hashes by which places are stored."""
    return [keys.mac("case-area", area) for area in areas]


def look(
    connection: Connection, unit: UnitRuntime, asked: Asked, now: datetime
) -> tuple[Near, ...]:
    """Return the open cases of the last fortnight, most shared words first."""
    kind, area, text = asked
    keys = unit.vault.keys
    since = to_ms(now - timedelta(days=DAYS))
    found = case_areas.near(
        connection, unit.unit_id, kind, macs(area.around, keys), since
    )
    hamlet = macs(Area(area.hamlet).own, keys)
    seen = (_compared(unit, row, area, text, hamlet, now) for row in found)
    likely = [one for one in seen if one is not None]
    likely.sort(key=lambda one: -one[0])
    return tuple(near for _, near in likely[:SHOWN])


def _compared(
    unit: UnitRuntime,
    row: dict[str, Any],
    area: Area,
    text: str,
    hamlet: Sequence[str],
    now: datetime,
) -> tuple[int, Near] | None:
    vault = unit.vault.unwrap(row["person_id"], row["wrapped_key"])
    texts = vault.open(row["sealed"], row["item_id"])["texts"]
    is_close = metres(area.point, texts.get("point", "")) <= METRES
    if not is_close and row["refs"].isdisjoint(hamlet):
        return None
    shared = alike.shared(text, texts.get("text", ""))
    if len(shared) < SHARED:
        return None
    age = (now - from_ms(row["received_at"])).days
    words = ", ".join(shared[:LONGEST])
    return len(shared), Near(row["code"], row["case_id"], words, max(age, 0))
