"""What do the settings say of a commune, for its papers about data?"""

from __future__ import annotations

from bot.config import Config
from handlers.staff.privacy.papers import Office


def office_of(config: Config, unit_id: str) -> Office:
    """Return name, channels, the time told to citizens, and whether AI is on."""
    ours = config.units[unit_id]
    channels = [name for name, part in ours.channels if part is not None]
    retention, has_ai = config.privacy.retention, config.nlu.ai is not None
    return Office(ours.full_name or ours.name, channels, retention, has_ai)
