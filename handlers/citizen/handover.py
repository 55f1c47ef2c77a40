"""How does a citizen reach a person of the commune?"""

from __future__ import annotations

from handlers.citizen import buttons, case_open, duty, memory
from handlers.citizen.promise import Promise, promise
from handlers.citizen.turn import Step, Turn
from handlers.model import Button, Event, Handover, Reply, Tag
from messages.card import shorten
from messages.words import TITLE_LIMIT

MAX_PHONES = 3


def request(turn: Turn) -> Step:
    """Pass the citizen on; a second request while waiting only reminds."""
    if memory.is_waiting(turn.talk):
        return _remind(turn)
    return open_for(turn, "gap_can_bo", question(turn))


def open_for(
    turn: Turn,
    reason: str,
    asked: str,
    key: str = "handover.opened",
    **facts: str | int,
) -> Step:
    """Open a case with the citizen's words and say honestly when it is read.

    ``facts`` fill the words of the key.
    The receipt names the code, who looks at it, and the day of the answer.
    """
    due = promised(turn)
    said = turn.say(key, when=when(turn), phones=phone_line(turn), **facts)
    case, receipt = case_open.opened(turn, case_open.KINDS[reason], asked)
    text = f"{said}\n{receipt}"
    event = Event(
        Tag.HANDOVER_OPENED,
        {"reason": reason, "due": due.due.isoformat(), "open": due.is_open},
    )
    talk = memory.wait_for(turn.talk, memory.HANDOVER, turn.at)
    shown = (*phone_buttons(turn), buttons.menu(turn))
    handover = Handover(reason, asked, due.due)
    return Step(talk, (Reply(text, shown),), (event,), handover, cases=(case,))


def when(turn: Turn) -> str:
    """Return the sentence about the time of an answer."""
    found = promised(turn)
    if found.is_open:
        return turn.say("handover.now")
    if found.is_watched:
        return turn.say("handover.watched", who=duty.named(duty.here(turn)))
    if found.opening:
        return turn.say("handover.later", opening=found.opening)
    return turn.say("handover.unset")


def promised(turn: Turn) -> Promise:
    """Return when somebody looks: in office hours, or whoever has the shift."""
    is_watched = duty.here(turn) is not None
    return promise(turn.services.hours, turn.now, is_watched=is_watched)


def question(turn: Turn) -> str:
    """Return what the person should read: the last question and the words of now."""
    lines = dict.fromkeys((turn.talk.last_text, turn.text))
    return "\n".join(line for line in lines if line)[: memory.TEXT_LIMIT * 2]


def phone_line(turn: Turn) -> str:
    """Return the published numbers in one phrase; "" when there are none."""
    return "; ".join(f"{p.label}: {p.number}" for p in duty.phones(turn))


def phone_buttons(turn: Turn) -> tuple[Button, ...]:
    """Return the first published numbers to tap."""
    phones = duty.phones(turn)[:MAX_PHONES]
    return tuple(
        Button(shorten(phone.label, TITLE_LIMIT) or phone.number, phone=phone.number)
        for phone in phones
        if phone.number
    )


def _remind(turn: Turn) -> Step:
    reply = turn.reply(
        "handover.reminded",
        *phone_buttons(turn),
        buttons.menu(turn),
        when=when(turn),
        phones=phone_line(turn),
    )
    event = Event(Tag.MESSAGE_SKIPPED, {"reason": "handover_waiting"})
    return Step(turn.talk, (reply,), (event,))
