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
    citizen's platform still takes a person's words; ``now`` is aware, UTC.
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

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of the desk."""
        return self.services.words.say(f"desk.{key}", **values)

    def fact(self, tag: Tag, **data: str | int | bool) -> Event:
        """Return an event with who, which matter and where."""
        known = {"by": self.who, "ref": self.ticket.ref, "via": self.said.channel.value}
        return Event(tag, known | data)


def answer(situation: Situation) -> Decision:
    """Return what becomes of a wish."""
    if situation.ticket.state is State.CLOSED:
        return _nothing(situation, "closed", "closed")
    return _ACTS[situation.wish.act](situation)


def _take(at: Situation) -> Decision:
    if at.ticket.state is State.TAKEN:
        return _nothing(at, "already_taken", "already_taken")
    return replace(_taken(at), told=at.say("done_take"))


def _taken(at: Situation) -> Decision:
    until = at.now + STAFF_HOURS
    cards.show_taken(at.ticket, at.desk, at.services.words, at.who, until)
    talk = replace(memory.settled(at.talk), muted_until=until)
    fact = at.fact(Tag.STAFF_TOOK_OVER, until=until.isoformat())
    return Decision(State.TAKEN, talk, events=(fact,))


def _reply(at: Situation) -> Decision:
    if at.said.files:
        return _nothing(at, "no_picture", "picture")
    if not at.wish.text:
        return _asked_how(at)
    if not at.may_write:
        key = "window_closed"
        return _nothing(at, key, "window", code=at.ticket.code)
    is_new = at.ticket.state is not State.TAKEN
    decision = _taken(at) if is_new else _still(at)
    wrote = Event(
        Tag.STAFF_WROTE,
        at.fact(Tag.STAFF_WROTE).data,
        {"text": at.wish.text},
    )
    told = at.say("replied", who=at.who, code=at.ticket.code)
    words = at.say(
        "to_citizen",
        xa=at.services.unit.name,
        xh=honorifics.spoken(at.talk.honorific),
        words=at.wish.text,
    )
    return replace(decision, words=words, told=told, events=(*decision.events, wrote))


def _still(at: Situation) -> Decision:
    """Each word of a person keeps the bot silent for as long again."""
    return Decision(talk=replace(at.talk, muted_until=at.now + STAFF_HOURS))


def _asked_how(at: Situation) -> Decision:
    if at.said.channel is Channel.ZALO_BOT:
        return _nothing(at, "how_to_reply_number", "how", code=at.ticket.code)
    text = at.say("how_to_reply", code=at.ticket.code)
    at.desk.post(at.ticket.ref, text, (Act.REPLY,))
    return Decision(events=(at.fact(Tag.MESSAGE_SKIPPED, reason="how"),))


def _forward(at: Situation) -> Decision:
    if at.ticket.state is not State.TAKEN:
        return _nothing(at, "not_taken", "not_taken")
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


def _nothing(at: Situation, key: str, reason: str, **values: object) -> Decision:
    skipped = at.fact(Tag.MESSAGE_SKIPPED, reason=reason)
    return Decision(told=at.say(key, **values), events=(skipped,))


_ACTS: dict[Act, Callable[[Situation], Decision]] = {
    Act.TAKE: _take,
    Act.REPLY: _reply,
    Act.FORWARD: _forward,
    Act.CLOSE: _close,
}
