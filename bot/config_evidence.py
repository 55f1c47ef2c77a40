"""Where does the evidence log go besides the database? Section ``evidence``."""

from __future__ import annotations

from pydantic import Field

from bot.config_section import Section


class Evidence(Section):
    """All optional; what fails here never holds up the bot.

    ``copy_to`` is a folder (another disk, a share); ``timestamp_url`` an RFC 3161
    service asked once a day; ``publish_entries`` lets anybody read the leaves.
    """

    copy_to: str = ""
    timestamp_url: str = Field(default="", pattern=r"^(https?://[^\s/]+\S*)?$")
    publish_entries: bool = False
