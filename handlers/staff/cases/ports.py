"""What does work on cases need from the edge? How a platform takes and allows words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from handlers.model import Reply


@dataclass(frozen=True, slots=True)
class Contact:
    """What decides whether a citizen may be written to now; times are aware."""

    channel: str
    is_human: bool
    last_inbound: datetime | None
    is_opted_out: bool


class Mail(Protocol):
    """The platforms, as far as planning a message needs them."""

    def parts(self, channel: str, reply: Reply) -> Sequence[Mapping[str, Any]]:
        """Return what the platform takes as one message each, ready to be sealed."""
        ...

    def may_send(self, contact: Contact, now: datetime) -> bool:
        """Whether the platform's window is open for a message about a case."""
        ...
