"""What stands on the screen of each phone?"""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.citizens import CITIZENS
from bot.sandbox.hub import Hub
from bot.sandbox.model import JsonObject, Platform

KEPT = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """The visible content of a message.

    ``buttons`` hang under it (Zalo list, Messenger card); ``chips`` are quick
    replies; ``links`` are pictures and files of other hosts.
    """

    text: str = ""
    buttons: tuple[dict[str, Any], ...] = ()
    chips: tuple[dict[str, Any], ...] = ()
    pictures: tuple[str, ...] = ()
    files: tuple[dict[str, Any], ...] = ()
    links: tuple[str, ...] = ()
    sticker: str = ""
    place: dict[str, str] | None = None
    note: str = ""


@dataclass(slots=True)
class Bubble:
    """One message; ``side`` is citizen, oa, human or note. Times are UTC ms.

    ``state`` goes sending, sent, delivered, seen or failed; ``attempts`` are the
    tries to hand the webhook over.
    """

    message_id: str
    side: str
    at_ms: int
    shown: Shown
    state: str = "sent"
    attempts: list[JsonObject] = field(default_factory=list)
    platform: JsonObject = field(default_factory=dict)

    def as_json(self) -> JsonObject:
        """Return it as a JSON object."""
        return {
            "id": self.message_id,
            "side": self.side,
            "at_ms": self.at_ms,
            "state": self.state,
            "attempts": self.attempts,
            "platform": self.platform,
            **asdict(self.shown),
        }


class Threads:
    """The talks of the made-up people; strangers' talks are not kept."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._threads: dict[tuple[Platform, str], deque[Bubble]] = {
            (channel, citizen.user_id(channel)): deque(maxlen=KEPT)
            for citizen in CITIZENS
            for channel in Platform
        }

    def add(self, channel: Platform, user_id: str, bubble: Bubble) -> None:
        """Append a message and tell the pages."""
        thread = self._threads.get((channel, user_id))
        if thread is not None:
            thread.append(bubble)
            self.publish(channel, user_id, bubble)

    def publish(self, channel: Platform, user_id: str, bubble: Bubble) -> None:
        """Tell the pages that a message is new or has changed."""
        self._tell(channel, user_id, "message", bubble.as_json())

    def typing(self, channel: Platform, user_id: str, is_typing: bool) -> None:
        """Show or hide the three dots."""
        self._tell(channel, user_id, "typing", {"on": is_typing})

    def mark(self, channel: Platform, user_id: str, state: str, side: str) -> None:
        """Lift every handed-over message of a side to a state."""
        for bubble in self._threads.get((channel, user_id), ()):
            if bubble.side == side and _rank(bubble.state) < _rank(state):
                bubble.state = state
                self.publish(channel, user_id, bubble)

    def get(self, channel: Platform, user_id: str) -> list[Bubble]:
        """Return the messages of a talk, oldest first."""
        return list(self._threads.get((channel, user_id), ()))

    def find(self, channel: Platform, message_id: str) -> Bubble | None:
        """Return the message with that id."""
        for (where, _), thread in self._threads.items():
            for bubble in thread if where is channel else ():
                if bubble.message_id == message_id:
                    return bubble
        return None

    def clear(self) -> None:
        """Empty every screen."""
        for thread in self._threads.values():
            thread.clear()
        self._hub.publish({"type": "reset"})

    def _tell(
        self, channel: Platform, user_id: str, kind: str, value: JsonObject
    ) -> None:
        self._hub.publish(
            {"type": kind, "channel": channel.value, "user": user_id, "value": value}
        )


ORDER = ("sending", "sent", "delivered", "seen")


def _rank(state: str) -> int:
    """A failed message does not become seen."""
    return ORDER.index(state) if state in ORDER else len(ORDER)
