"""Who outside watches that the clock is alive?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.config_section import Section

URL = r"^(https?://[^\s/]+\S*)?$"


class Monitoring(Section):
    """An address that is asked while all is well; its silence is the alarm.

    The minutes divide an hour.
    """

    heartbeat_url: str = Field(default="", pattern=URL)
    heartbeat_minutes: Literal[1, 2, 3, 5, 10, 15, 30] = 5
