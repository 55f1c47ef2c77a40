"""Who reads the texts? Section ``nlu``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from bot.addresses import is_near, is_plain
from bot.config_section import HTTP_URL, Section

LONGEST_READING = 5.0
"""Seconds for all who are asked about one message (see bot.ahead)."""


class Rasa(Section):
    """A Rasa server trained from `thanthien nlu export`; used by backend rasa."""

    url: str = Field(default="http://127.0.0.1:5005", pattern=HTTP_URL)
    timeout_seconds: float = Field(default=0.5, ge=0.05, le=5)
    token: str = ""


class Ai(Section):
    """A language model that helps to read and never speaks (docs/adr/0013)."""

    url: str = Field(pattern=HTTP_URL)
    model: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)
    ]
    api_key: str = ""
    purpose: list[Literal["rerank", "rewrite"]] = Field(
        default=["rerank", "rewrite"], min_length=1
    )
    timeout_seconds: float = Field(default=1.5, ge=0.1, le=3)
    daily_calls: int = Field(default=500, ge=1)
    daily_tokens: int = Field(default=300_000, ge=1)

    @field_validator("url")
    @classmethod
    def _sealed_on_the_way(cls, value: str) -> str:
        if not is_plain(value):
            raise ValueError("địa chỉ không được có tài khoản, dấu ? hoặc #")
        if not value.startswith("https://") and not is_near(value):
            raise ValueError("ngoài mạng nội bộ thì phải là địa chỉ https://")
        return value


class Nlu(Section):
    """Who reads the texts: our engine, and what may be asked beside it."""

    backend: Literal["embedded", "rasa"] = "embedded"
    rasa: Rasa = Rasa()
    ai: Ai | None = None

    @model_validator(mode="after")
    def _in_time(self) -> Nlu:
        if self.backend != "rasa" or self.ai is None:
            return self
        if self.rasa.timeout_seconds + self.ai.timeout_seconds > LONGEST_READING:
            raise ValueError(
                "rasa.timeout_seconds và ai.timeout_seconds cộng lại"
                f" tối đa {LONGEST_READING:g} giây"
            )
        return self
