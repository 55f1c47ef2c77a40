"""What must sending a letter know of a platform? Whether it may, and how it is cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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


class Level(StrEnum):
    """How strong a digital signature is; B-T holds a time stamp."""

    STAMPED = "B-T"
    BASIC = "B-B"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed PDF, or None with the code of the reason.

    With ``BASIC`` the reason says why it is no better, "" when no better was asked.
    """

    pdf: bytes | None
    level: Level
    reason: str = ""


class Sealer(Protocol):
    """What signs a PDF digitally; it never raises."""

    @property
    def is_on(self) -> bool:
        """Whether there is anything to sign with."""
        ...

    async def sign(self, pdf: bytes, place: str) -> Signed:
        """Return the signed PDF; ``place`` is the commune."""
        ...


class KeptPaper(Protocol):
    """A sealed file of which the rows are still to be written."""

    @property
    def file_id(self) -> str:
        """Its id."""
        ...

    def write(self, connection: Connection) -> None:
        """Write the rows in the caller's transaction."""
        ...


class Papers(Protocol):
    """Where papers of letters lie sealed."""

    async def keep(
        self, vault: PersonVault, data: bytes, name: str, media_type: str
    ) -> KeptPaper:
        """Seal bytes for a person; raises FilesFullError."""
        ...
