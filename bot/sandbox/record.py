"""What did the platforms accept? The oracle of the kill tests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.sandbox.model import JsonObject, Platform


@dataclass(frozen=True, slots=True)
class Sent:
    """One accepted send, answered or not; ``at_ms`` is UTC milliseconds."""

    seq: int
    at_ms: int
    channel: Platform
    user_id: str
    message_id: str
    body: JsonObject
    dropped: bool

    def as_json(self) -> JsonObject:
        """Return it as a JSON object."""
        return {
            "seq": self.seq,
            "at_ms": self.at_ms,
            "channel": self.channel.value,
            "user_id": self.user_id,
            "message_id": self.message_id,
            "dropped": self.dropped,
            "body": self.body,
        }


class Record:
    """Accepted sends in order, and counts of everything."""

    def __init__(self) -> None:
        self._sent: list[Sent] = []
        self._next = 1
        self.counts: Counter[str] = Counter()

    def add(
        self,
        at_ms: int,
        channel: Platform,
        user_id: str,
        message_id: str,
        body: JsonObject,
        *,
        dropped: bool,
    ) -> Sent:
        """Append one accepted send."""
        sent = Sent(self._next, at_ms, channel, user_id, message_id, body, dropped)
        self._next += 1
        self._sent.append(sent)
        self.counts[f"{channel.value}.accepted"] += 1
        return sent

    def sent(
        self, *, after: int = 0, channel: str = "", user_id: str = ""
    ) -> list[Sent]:
        """Return accepted sends with a higher ``seq``, of that channel and user."""
        return [
            one
            for one in self._sent
            if one.seq > after
            and channel in ("", one.channel.value)
            and user_id in ("", one.user_id)
        ]

    def clear(self) -> None:
        """Forget; numbers go on."""
        self._sent.clear()
        self.counts.clear()
