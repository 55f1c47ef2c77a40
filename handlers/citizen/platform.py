"""What do we do about what the platform tells us, without saying a word?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.citizen import case_open, memory, privacy
from handlers.citizen.promise import promise
from handlers.citizen.turn import Step, Turn
from handlers.model import Consent, Event, Handover, Tag

STAFF_HOURS = timedelta(hours=8)
"""One working day: who begins a talk by hand ends it the same day, and neither
platform tells us when they are done (PLATFORMS.md 1.5, 3.4)."""

ON_PLATFORM = "Rút đồng ý bằng nút của nền tảng."
"""What the case says where the citizen wrote no word."""


def taken_over(turn: Turn) -> Step:
    """A person of the commune wrote: be silent until they are done."""
    until = max(turn.at, turn.now) + STAFF_HOURS
    talk = replace(memory.settled(turn.talk), muted_until=until)
    return Step(talk, events=(Event(Tag.STAFF_TOOK_OVER, _until(until.isoformat())),))


def handed_back(turn: Turn) -> Step:
    """The person is done: answer again."""
    talk = replace(memory.settled(turn.talk), muted_until=None)
    return Step(talk, events=(Event(Tag.STAFF_HANDED_BACK, {}),))


def delivered(turn: Turn) -> Step:
    """One of our messages arrived."""
    return _receipt(turn, Tag.RECEIPT_DELIVERED)


def seen(turn: Turn) -> Step:
    """The citizen has seen our messages."""
    return _receipt(turn, Tag.RECEIPT_SEEN)


def unfollowed(turn: Turn) -> Step:
    """Leaving is asking us to stop; nothing can be said any more."""
    talk = replace(turn.talk, opted_out=True)
    return Step(talk, events=(Event(Tag.UNFOLLOWED, {}),))


def withdrawn(turn: Turn) -> Step:
    """The citizen withdrew through the platform: a data request, to be served.

    Zalo tells it by ``user_withdraw`` (PLATFORMS.md 1.5); rights and times are those
    of Nghị định 356/2025/NĐ-CP Điều 5.
    """
    due = promise(turn.services.hours, turn.now).due
    kind = case_open.KINDS[privacy.WITHDRAWAL]
    case, _ = case_open.opened(turn, kind, ON_PLATFORM)
    asked = Event(Tag.PRIVACY_REQUESTED, {"request": privacy.WITHDRAWAL})
    opened = Event(
        Tag.HANDOVER_OPENED,
        {"reason": privacy.WITHDRAWAL, "due": due.isoformat(), "open": False},
    )
    talk = replace(turn.talk, consent=Consent.DECLINED, opted_out=True)
    return Step(
        talk,
        events=(asked, privacy.withdrawal(turn), opened),
        handover=Handover(privacy.WITHDRAWAL, "", due),
        cases=(case,),
    )


def unused(turn: Turn) -> Step:
    """Something we have no use for."""
    return Step(
        turn.talk, events=(Event(Tag.MESSAGE_SKIPPED, {"reason": "unknown_kind"}),)
    )


def _receipt(turn: Turn, tag: Tag) -> Step:
    count = len(turn.inbound.message_ids)
    return Step(turn.talk, events=(Event(tag, {"messages": count}),))


def _until(when: str) -> dict[str, str | int | bool]:
    return {"until": when}
