"""What stands in the group of staff and in each talk with the Zalo bot?"""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field

from bot.sandbox.hub import Hub
from bot.sandbox.model import JsonObject

KEPT = 400
GENERAL = ""
BOT = "bot"


@dataclass(slots=True)
class Line:
    """One message; ``who`` is an officer's key or ``bot``. Times are UTC ms.

    ``buttons`` are rows of what the Bot API calls inline keyboard buttons.
    """

    message_id: int
    place: str
    who: str
    text: str
    at_ms: int
    buttons: list[list[JsonObject]] = field(default_factory=list)
    picture: str = ""
    reply_to: int = 0
    is_edited: bool = False

    def as_json(self) -> JsonObject:
        """Return it as a JSON object."""
        return asdict(self)


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is that of the message that made it."""

    thread: int
    name: str
    is_closed: bool = False

    def as_json(self) -> JsonObject:
        """Return it as a JSON object."""
        return asdict(self)


class StaffRoom:
    """The group on Telegram (with topics) and the talks with the Zalo bot."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.topics: dict[int, Topic] = {}
        self.group: deque[Line] = deque(maxlen=KEPT)
        self.talks: dict[str, deque[Line]] = {}
        self._next = 1

    def new_id(self) -> int:
        """Return the next message id."""
        self._next += 1
        return self._next

    def open_topic(self, name: str) -> Topic:
        """Make a topic."""
        topic = Topic(self.new_id(), name)
        self.topics[topic.thread] = topic
        self._tell("topic", topic.as_json())
        return topic

    def close_topic(self, topic: Topic) -> None:
        """Close it; its messages stay."""
        topic.is_closed = True
        self._tell("topic", topic.as_json())

    def delete_topic(self, thread: int) -> None:
        """Delete it, as an admin of the group may."""
        self.topics.pop(thread, None)
        kept = [line for line in self.group if line.place != str(thread)]
        self.group = deque(kept, maxlen=KEPT)
        self._hub.publish({"type": "staff", "kind": "reload", "value": {}})

    def add_group(self, line: Line) -> Line:
        """Put a message into a topic or the general room."""
        self.group.append(line)
        self._tell("group", line.as_json())
        return line

    def add_talk(self, user_id: str, line: Line) -> Line:
        """Put a message into somebody's talk with the Zalo bot."""
        self.talks.setdefault(user_id, deque(maxlen=KEPT)).append(line)
        self._tell("talk", line.as_json() | {"user": user_id})
        return line

    def edit(self, line: Line, text: str, buttons: list[list[JsonObject]]) -> None:
        """Change a message of the bot."""
        line.text, line.buttons, line.is_edited = text, buttons, True
        self._tell("group", line.as_json())

    def find(self, message_id: int) -> Line | None:
        """Return a message of the group."""
        return next((one for one in self.group if one.message_id == message_id), None)

    def toast(self, who: str, text: str) -> None:
        """Show the answer to a press to the one who pressed."""
        self._tell("toast", {"who": who, "text": text})

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        self.topics.clear()
        self.group.clear()
        self.talks.clear()
        self._hub.publish({"type": "staff", "kind": "reload", "value": {}})

    def as_json(self) -> JsonObject:
        """Return all of it as a JSON object."""
        return {
            "topics": [topic.as_json() for topic in self.topics.values()],
            "group": [line.as_json() for line in self.group],
            "talks": {
                user: [line.as_json() for line in lines]
                for user, lines in self.talks.items()
            },
        }

    def _tell(self, kind: str, value: JsonObject) -> None:
        self._hub.publish({"type": "staff", "kind": kind, "value": value})
