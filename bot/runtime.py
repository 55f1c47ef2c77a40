"""What does the road need to know of one unit and its channels?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bot.channels.results import SendResult
from bot.channels.wire import WireEvent
from handlers.model import Channel, Conversation, Inbound, Outcome, Reply
from handlers.ports import Services
from nlu.ports import Ahead
from storage.vault import Vault

Respond = Callable[[Inbound, Conversation, Services], Outcome]
"""The use cases: pure, no I/O."""


class Adapter(Protocol):
    """One platform as one unit uses it."""

    @property
    def bucket(self) -> str:
        """The name under which the platform counts our calls (app or page)."""
        ...

    def parse(self, body: bytes, received_at: datetime) -> Sequence[WireEvent]:
        """Return every event of a webhook body; the index is stable."""
        ...

    def redact(self, body: bytes, index: int) -> bytes:
        """Return the body without one event; other indexes stay."""
        ...

    def plan(self, reply: Reply) -> Sequence[Reply]:
        """Split a reply into what the platform takes as one message each."""
        ...

    @property
    def is_ready(self) -> bool:
        """Whether we may send this instant, without asking anybody."""
        ...

    async def ready(self) -> str:
        """Return '' when we may send now, else a code that says why to wait."""
        ...

    async def deliver(
        self, part: Reply, user_id: str, row_id: str, *, human: bool
    ) -> SendResult:
        """Send one part; never raises for what the platform or network does."""
        ...

    async def typing(self, user_id: str) -> None:
        """Show that an answer is on its way, where the platform can."""
        ...


@runtime_checkable
class Templated(Protocol):
    """A platform that takes words it approved, where no window is open."""

    async def deliver_template(
        self, template: Mapping[str, Any], to: str, row_id: str, by_phone: bool
    ) -> SendResult:
        """Send to the person's id, or to a phone; never raises for the platform."""
        ...


class ServicesHolder(Protocol):
    """Holds the services of a unit; replaced whole when the catalogue changes."""

    @property
    def services(self) -> Services:
        """The services in force."""
        ...

    @property
    def aheads(self) -> tuple[Ahead, ...]:
        """The servers to ask before the reader of these services, in order."""
        ...


@dataclass(frozen=True, slots=True)
class UnitRuntime:
    """One commune, wired."""

    unit_id: str
    vault: Vault
    holder: ServicesHolder
    adapters: Mapping[Channel, Adapter]

    @property
    def services(self) -> Services:
        """The services as they are now (the catalogue may be renewed)."""
        return self.holder.services

    @property
    def aheads(self) -> tuple[Ahead, ...]:
        """The servers that read beside its reader; none on most installations."""
        return self.holder.aheads
