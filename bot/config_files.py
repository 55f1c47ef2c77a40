"""How large may files be, and who looks into them? Section ``files``."""

from __future__ import annotations

from pydantic import Field, model_validator

from bot.config_section import Section

CLAMD = r"^(/.+|[^\s/:]+:[0-9]{1,5})?$"


class Files(Section):
    """How large a citizen's file may be, and who looks for viruses in it."""

    image_mb: int = Field(default=20, ge=1, le=100)
    audio_mb: int = Field(default=25, ge=1, le=500)
    video_mb: int = Field(default=100, ge=1, le=2000)
    file_mb: int = Field(default=25, ge=1, le=500)
    timeout_seconds: float = Field(default=120, ge=5, le=900)
    clamd: str = Field(default="", pattern=CLAMD)
    scan_command: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_scanner(self) -> Files:
        if self.clamd and self.scan_command:
            raise ValueError("chỉ đặt một trong hai: clamd hoặc scan_command")
        return self
