"""Where does the city take reports too? One entry of ``units.<mã>.city_channels``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from bot.config_section import Section


class CityChannel(Section):
    """An address to open, else a number to call; the label fits on a button."""

    label: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)
    ]
    url: str = Field(default="", pattern=r"^(https://[^\s/]+.*)?$")
    phone: str = Field(default="", pattern=r"^[0-9 +.]*$")

    @model_validator(mode="after")
    def _some_way(self) -> CityChannel:
        if not self.url and not self.phone:
            raise ValueError("cần url hoặc phone")
        return self
