"""What must sending a letter know of a platform? Whether it may, and how it is cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from handlers.model import Media, Reply
from storage.vault import PersonVault


@dataclass(frozen=True, slots=True)
class Reach:
    """One channel of a person: last word (aware), their wish, what we began lately."""

    channel: str
    last_inbound: datetime | None
    is_opted_out: bool
    started_by_us: int


class Road(Protocol):
    """The platforms' rules, which bot.policy holds."""

    def verdict(self, reach: Reach, now: datetime, *, is_stopped: bool) -> str:
        """Return "" when a letter may be sent now, else the code of the reason."""
        ...

    def parts(self, channel: str, reply: Reply) -> Sequence[Mapping[str, Any]]:
        """Return what the platform takes as one message each."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A sealed picture ready to be sent; ``rows`` writes what tells of it."""

    media: Media
    file: Mapping[str, Any]
    item: Mapping[str, Any]


class Pictures(Protocol):
    """Where pictures lie sealed until they are sent."""

    async def keep(
        self, vault: PersonVault, data: bytes, letter_id: str, number: int
    ) -> Picture:
        """Seal a PNG for a person; ``number`` is new for each try of a letter."""
        ...

    def write(self, connection: Connection, picture: Picture) -> None:
        """Write the rows of a picture in the caller's transaction."""
        ...
