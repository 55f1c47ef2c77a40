"""How are the people of the commune told, and what do they say back?

Free of any platform. A topic is one matter; on a platform without topics its code
stands in every message. Nothing is sent here: whoever implements ``StaffChannel``
plans the messages, and they leave with the transaction they belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from handlers.model import Channel, Media

MARK = "d:"
"""Begins the payload of each of our staff buttons (at most 64 bytes on Telegram)."""
LONGEST_REF = 40
CARD = "card"
"""The name of the first message of a topic, which is edited as the matter moves."""


class Act(StrEnum):
    """What a button asks for, in the order in which they are numbered.

    ``REPLY`` answers the matter, ``SAY`` only talks with the citizen about it.
    """

    TAKE = "take"
    REPLY = "reply"
    FORWARD = "forward"
    CLOSE = "close"
    APPROVE = "approve"
    REJECT = "reject"
    SAY = "talk"


ASK = "a"
"""The detail of a button under a question of ours: the words replied are the act's."""
MEMBER = "m."
FIELD = "f."
"""Begin the detail of a transfer: to a member by code, to whoever has a field."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A button of ours; ``ref`` names the matter, ``detail`` which of several."""

    act: Act
    ref: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button to show that says which of several; ``title`` "": that of its act.

    With ``url`` it only opens that page of ours.
    """

    act: Act
    detail: str = ""
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class StaffInbound:
    """One thing a person did on a staff channel; ``at`` is aware, UTC.

    ``user_id`` is the platform's id of the person, "" when it hides them.
    ``topic`` is the platform's address of the topic or talk; ``ref`` is the matter, ""
    when only the topic tells. ``query_id`` is what a press must be answered with.
    ``files`` are the platform's ids of pictures and documents. ``meant`` is the first
    button under the message that was replied to.
    ``message_id`` is the message itself, or the one whose button was pressed.
    """

    channel: Channel
    user_id: str
    topic: str
    at: datetime
    text: str = ""
    ref: str = ""
    tap: Tap | None = None
    query_id: str = ""
    files: tuple[str, ...] = ()
    message_id: str = ""
    meant: Tap | None = None


class StaffChannel(Protocol):
    """Where staff are told; one implementation may stand for several platforms."""

    def open_topic(
        self,
        ref: str,
        title: str,
        summary: str,
        link: str = "",
        acts: Sequence[Act | Choice] = (),
    ) -> str:
        """Begin a topic with its card; return its id, which is the same for ever."""
        ...

    def post(
        self,
        topic: str,
        text: str,
        acts: Sequence[Act | Choice] = (),
        media: Media | None = None,
    ) -> None:
        """Say something in a topic; "" is the room for everything else."""
        ...

    def ask(self, topic: str, text: str, acts: Sequence[Act | Choice] = ()) -> None:
        """Ask the one who acted about a matter, where they are."""
        ...

    def edit(
        self, topic: str, message: str, text: str, acts: Sequence[Act | Choice] = ()
    ) -> None:
        """Replace a message known by its name (``CARD``), where a platform can."""
        ...

    def close_topic(self, topic: str) -> None:
        """The matter is done; the topic stays readable."""
        ...


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff for their colleagues; ``name`` is the code when not known."""

    code: str
    name: str
    roles: frozenset[str]


class StaffDirectory(Protocol):
    """Who is behind a platform's id?"""

    def member(self, platform: Channel, user_id: str) -> str | None:
        """Return the id of the member of staff, None for a stranger."""
        ...

    def addresses(self, platform: Channel) -> Sequence[str]:
        """Return the platform ids of all who are told, on platforms without groups."""
        ...

    def colleagues(self) -> Sequence[Colleague]:
        """Return all active members, whether they use a platform or not."""
        ...


def payload(tap: Tap) -> str:
    """Return what a button carries: ``d:<act>:<ref>`` and perhaps ``:<detail>``."""
    plain = f"{MARK}{tap.act}:{tap.ref}"
    return f"{plain}:{tap.detail}" if tap.detail else plain


def parse_payload(text: str) -> Tap | None:
    """Return the press that a payload stands for, None when it is not ours."""
    if not text.startswith(MARK):
        return None
    act, _, rest = text.removeprefix(MARK).partition(":")
    ref, mark, detail = rest.partition(":")
    if act not in set(Act) or not 0 < len(ref) <= LONGEST_REF or (mark and not detail):
        return None
    return Tap(Act(act), ref, detail)
