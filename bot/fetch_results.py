"""What can become of one try to fetch a file? Values; the reason is a code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetched:
    """It lies on the disk under its name; ``sha256`` is of the plain bytes."""

    size: int
    sha256: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """It will not be kept; ``limit_mb`` is told where the size was the reason.

    ``detail`` is for staff: the name of a host that is not on the list.
    """

    reason: str
    limit_mb: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """The platform no longer has it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; ``counts`` is False for what says nothing about this file."""

    reason: str
    after_seconds: float | None = None
    counts: bool = True


FetchResult = Fetched | Unfit | Lost | Later


class UnfitFileError(Exception):
    """The bytes that come in are not to be kept; ``args`` hold reason and limit."""

    def __init__(self, reason: str, limit_mb: int = 0) -> None:
        super().__init__(reason)
        self.unfit = Unfit(reason, limit_mb)
