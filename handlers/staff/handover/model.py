"""What do staff see of a citizen who waits, and what do they decide about them?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.model import Channel, Conversation, Event
from handlers.staff.desk import Act
from storage.desk import State


@dataclass(frozen=True, slots=True)
class Ticket:
    """One matter as staff know it; ``summary`` is what may leave, "" for nothing.

    ``channel`` is where the citizen waits; ``due`` is aware; ``is_full`` says that the
    summary is the whole text, unmasked. ``may_show_files``: pictures may leave too.
    """

    ref: str
    code: str
    kind: str
    channel: Channel
    state: State
    summary: str
    due: datetime
    link: str = ""
    is_full: bool = False
    may_show_files: bool = False

    def with_summary(self, summary: str) -> Ticket:
        """Return the matter with other words of the citizen."""
        return replace(self, summary=summary)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a member of staff wants; ``text`` is what they wrote for it.

    ``detail`` says which: whom a transfer is to, which draft is approved. ``is_asked``:
    the words answer a question of ours, so they are the act and no talk beside it.
    """

    act: Act
    ref: str
    text: str = ""
    detail: str = ""
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of it, beside what was said in the topic.

    ``state`` and ``talk`` replace those of the matter and of the citizen's talk when
    set; ``words`` and ``files`` (ids) go to the citizen; ``told`` is for the person who
    acted alone.
    """

    state: State | None = None
    talk: Conversation | None = None
    words: str = ""
    files: tuple[str, ...] = ()
    told: str = ""
    events: tuple[Event, ...] = ()
