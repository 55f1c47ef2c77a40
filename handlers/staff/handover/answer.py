"""What happens when a member of staff takes, answers, passes on or closes?

Pure: what is to be said to staff goes to the ``StaffChannel`` given, all else is in
the decision. Whoever writes takes the talk over, so that the bot never speaks between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.citizen import honorifics, memory
from handlers.citizen.platform import STAFF_HOURS
from handlers.model import Channel, Conversation, Event, Tag
from handlers.ports import Services
from handlers.staff.desk import Act, StaffChannel, StaffInbound
from handlers.staff.handover import cards
from handlers.staff.handover.model import Decision, Ticket, Wish
from storage.desk import State


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision looks at.

    ``who`` is the id of the member of staff; ``may_write`` says whether the
    citizen's platform still takes a person's words; ``now`` is aware, UTC. ``files``
    (ids) came with it and are kept; ``file_failure`` names the sentence when they are
    not.
    """

    said: StaffInbound
    who: str
    wish: Wish
    ticket: Ticket
    talk: Conversation
    desk: StaffChannel
    services: Services
    may_write: bool
    now: datetime
    files: tuple[str, ...] = ()
    file_failure: str = ""

    @property
    def has_file(self) -> bool:
        """Whether a picture or document came along, kept or not."""
        return bool(self.files or self.file_failure)

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the desk."""
        return self.services.words.say(f"desk.{key}", **values)

    def fact(self, tag: Tag, **data: str | int | bool) -> Event:
        """Return an event with who, which matter and where."""
        known = {"by": self.who, "ref": self.ticket.ref, "via": self.said.channel.value}
        return Event(tag, known | data)


def answer(situation: Situation) -> Decision:
    """Return what becomes of a wish about a matter that is no case."""
    if situation.ticket.state is State.CLOSED:
        return nothing(situation, "closed", "closed")
    return _ACTS[situation.wish.act](situation)


def _take(at: Situation) -> Decision:
    if at.ticket.state is State.TAKEN:
        return nothing(at, "already_taken", "already_taken")
    return replace(_taken(at), told=at.say("done_take"))


def _taken(at: Situation) -> Decision:
    until = at.now + STAFF_HOURS
    cards.show_taken(at.ticket, at.desk, at.services.words, at.who, until)
    talk = replace(memory.settled(at.talk), muted_until=until)
    fact = at.fact(Tag.STAFF_TOOK_OVER, until=until.isoformat())
    return Decision(State.TAKEN, talk, events=(fact,))


def _reply(at: Situation) -> Decision:
    if not at.wish.text and not at.has_file:
        return _asked_how(at)
    said = spoken(at)
    if not said.words and not said.files:
        return said
    is_new = at.ticket.state is not State.TAKEN
    held = _taken(at) if is_new else _still(at)
    kept = replace(said, state=held.state, talk=held.talk)
    return replace(kept, events=(*held.events, *said.events))


def spoken(at: Situation) -> Decision:
    """Return words and files on their way to the citizen, or why they cannot go."""
    if at.file_failure:
        return nothing(at, at.file_failure, at.file_failure)
    if not at.may_write:
        return nothing(at, "window_closed", "window", code=at.ticket.code)
    known = at.fact(Tag.STAFF_WROTE, files=len(at.files)) if at.files else None
    data = (known or at.fact(Tag.STAFF_WROTE)).data
    wrote = Event(Tag.STAFF_WROTE, data, {"text": at.wish.text})
    told = at.say("replied", who=at.who, code=at.ticket.code)
    words = at.say(
        "to_citizen",
        xa=at.services.unit.name,
        xh=honorifics.spoken(at.talk.honorific),
        words=at.wish.text or at.say("see_file"),
    )
    return Decision(words=words, files=at.files, told=told, events=(wrote,))


def _still(at: Situation) -> Decision:
    """Each word of a person keeps the bot silent for as long again."""
    return Decision(talk=replace(at.talk, muted_until=at.now + STAFF_HOURS))


def _asked_how(at: Situation) -> Decision:
    if at.said.channel is Channel.ZALO_BOT:
        return nothing(at, "how_to_reply_number", "how", code=at.ticket.code)
    text = at.say("how_to_reply", code=at.ticket.code)
    at.desk.ask(at.ticket.ref, text, (Act.REPLY,))
    return Decision(events=(at.fact(Tag.MESSAGE_SKIPPED, reason="how"),))


def _forward(at: Situation) -> Decision:
    if at.ticket.state is not State.TAKEN:
        return nothing(at, "not_taken", "not_taken")
    cards.show_forwarded(at.ticket, at.desk, at.services.words, at.who)
    waiting = memory.wait_for(at.talk, memory.HANDOVER, at.now)
    talk = replace(waiting, muted_until=None)
    fact = at.fact(Tag.HANDOVER_PASSED_ON)
    return Decision(State.POSTED, talk, told=at.say("done_forward"), events=(fact,))


def _close(at: Situation) -> Decision:
    cards.show_closed(at.ticket, at.desk, at.services.words, at.who)
    talk = replace(memory.settled(at.talk), muted_until=None)
    fact = at.fact(Tag.STAFF_HANDED_BACK)
    return Decision(State.CLOSED, talk, told=at.say("done_close"), events=(fact,))


def _no_draft(at: Situation) -> Decision:
    return nothing(at, "draft_gone", "draft")


def nothing(at: Situation, key: str, reason: str, **values: object) -> Decision:
    """Return that nothing comes of it, and what the one who acted is told."""
    skipped = at.fact(Tag.MESSAGE_SKIPPED, reason=reason)
    return Decision(told=at.say(key, **values), events=(skipped,))


_ACTS: dict[Act, Callable[[Situation], Decision]] = {
    Act.TAKE: _take,
    Act.REPLY: _reply,
    Act.FORWARD: _forward,
    Act.CLOSE: _close,
    Act.APPROVE: _no_draft,
    Act.REJECT: _no_draft,
    Act.SAY: _reply,
}
