"""What do staff see and hear when they act on a case, and what becomes of the talk?

Pure. The steps of the case itself are those of ``casework``; here is what stands in the
topic, what the one who acted is told, and whether the bot is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.citizen import memory
from handlers.citizen.platform import STAFF_HOURS
from handlers.model import Channel, Conversation, Event, Tag
from handlers.staff.desk import ASK, Act, Choice
from handlers.staff.handover import cards
from handlers.staff.handover.answer import Situation, nothing, spoken
from handlers.staff.handover.casework import CaseAt, Refusal
from handlers.staff.handover.model import Decision, Wish
from handlers.staff.permissions import Action, may
from storage.desk import State


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case after its steps; ``how`` the citizen hears of the answer, "" for none."""

    after: CaseAt
    how: str = ""


def meant(wish: Wish, at: CaseAt, *, has_file: bool) -> Wish:
    """Return the wish as the case makes it: in a talk, words are its answer.

    A file alone is no answer that anybody could read.
    """
    if not at.is_talk or not may(at.roles, Action.WORK_CASES):
        return wish
    is_open = at.case.is_in_hand
    if wish.act is Act.SAY and is_open and not wish.is_asked and not has_file:
        return replace(wish, act=Act.REPLY)
    if wish.act is Act.REPLY and not is_open:
        return replace(wish, act=Act.SAY)
    return wish


def question(
    situation: Situation, at: CaseAt, choices: Sequence[Choice]
) -> Decision | None:
    """Return what to ask when a wish lacks words or somebody; None when it is whole."""
    wish = situation.wish
    if wish.act is Act.FORWARD and not wish.detail:
        return _whom(situation, choices)
    is_file_enough = wish.act is Act.SAY and situation.has_file
    if wish.act not in _HOW or wish.text or is_file_enough:
        return None
    key = _HOW[wish.act]
    values = {"code": situation.ticket.code, "needs_approval": at.kind.needs_approval}
    if situation.said.channel is Channel.ZALO_BOT:
        return nothing(situation, f"{key}_number", "how", **values)
    detail = ASK + wish.detail
    more = (Choice(Act.SAY, ASK),) if wish.act is Act.REPLY else ()
    text = situation.say(key, **values)
    buttons = (Choice(wish.act, detail), *more)
    situation.desk.ask(situation.ticket.ref, text, buttons)
    skipped = situation.fact(Tag.MESSAGE_SKIPPED, reason="how")
    return Decision(told=_toast(situation, "how"), events=(skipped,))


def refused(situation: Situation, at: CaseAt, why: Refusal) -> Decision:
    """Return what is said when a step is not made; a stale card is shown anew."""
    decision = nothing(situation, why.key, why.key, **why.values)
    if why.is_stale:
        _card(situation, at, situation.talk)
    if why.key == "not_answered" and situation.talk.muted_until is not None:
        return _handed_back(situation, at, decision)
    return decision


def done(situation: Situation, outcome: Outcome) -> Decision:
    """Return what becomes of the matter after its steps were made."""
    return _DONE[situation.wish.act](situation, outcome)


def _took(at: Situation, outcome: Outcome) -> Decision:
    talk, events = _held(at) if outcome.after.is_talk else (None, ())
    _card(at, outcome.after, talk or at.talk)
    return Decision(State.TAKEN, talk, told=at.say("done_take"), events=events)


def _answered(at: Situation, outcome: Outcome) -> Decision:
    after = outcome.after
    talk, events = _held(at) if after.is_talk else (None, ())
    _card(at, after, talk or at.talk)
    key = f"done_answer_{outcome.how}" if outcome.how else "done_draft"
    told = at.say(key, code=at.ticket.code)
    return Decision(State.TAKEN, talk, files=at.files, told=told, events=events)


def _said(at: Situation, outcome: Outcome) -> Decision:
    talk, events = _held(at)
    decision = spoken(at)
    if decision.words or decision.files:
        _card(at, outcome.after, talk)
        kept = replace(decision, state=State.TAKEN, talk=talk)
        return replace(kept, events=(*events, *decision.events))
    return decision


def _passed(at: Situation, outcome: Outcome) -> Decision:
    after = outcome.after
    cards.show_passed(at.ticket, after, at.desk, at.services.words, at.who)
    told = at.say("done_pass", code=at.ticket.code, to=after.case.owner)
    if not after.is_talk:
        return Decision(State.POSTED, told=told)
    waiting = memory.wait_for(at.talk, memory.HANDOVER, at.now)
    fact = at.fact(Tag.HANDOVER_PASSED_ON)
    talk = replace(waiting, muted_until=None)
    return Decision(State.POSTED, talk, told=told, events=(fact,))


def _closed(at: Situation, _: Outcome) -> Decision:
    cards.show_closed(at.ticket, at.desk, at.services.words, at.who)
    talk = replace(memory.settled(at.talk), muted_until=None)
    fact = at.fact(Tag.STAFF_HANDED_BACK)
    return Decision(State.CLOSED, talk, told=at.say("done_close"), events=(fact,))


def _approved(at: Situation, outcome: Outcome) -> Decision:
    _card(at, outcome.after, at.talk)
    key = f"done_answer_{outcome.how}" if outcome.how else "done_approve"
    return Decision(told=at.say(key, code=at.ticket.code))


def _rejected(at: Situation, outcome: Outcome) -> Decision:
    _card(at, outcome.after, at.talk)
    return Decision(told=at.say("done_reject", code=at.ticket.code))


def _held(at: Situation) -> tuple[Conversation, tuple[Event, ...]]:
    """Whoever takes a talk silences the bot; each word of theirs for as long again."""
    until = at.now + STAFF_HOURS
    talk = replace(memory.settled(at.talk), muted_until=until)
    if at.ticket.state is State.TAKEN and at.talk.muted_until is not None:
        return talk, ()
    return talk, (at.fact(Tag.STAFF_TOOK_OVER, until=until.isoformat()),)


def _handed_back(at: Situation, case: CaseAt, decision: Decision) -> Decision:
    talk = replace(memory.settled(at.talk), muted_until=None)
    _card(at, case, talk)
    fact = at.fact(Tag.STAFF_HANDED_BACK)
    return replace(decision, talk=talk, events=(*decision.events, fact))


def _whom(at: Situation, choices: Sequence[Choice]) -> Decision:
    if not choices:
        return nothing(at, "nobody_else", "nobody_else")
    at.desk.ask(at.ticket.ref, at.say("whom", code=at.ticket.code), choices)
    return Decision(
        told=_toast(at, "whom"), events=(at.fact(Tag.MESSAGE_SKIPPED, reason="whom"),)
    )


def _toast(at: Situation, key: str) -> str:
    """A question stands in the topic; only the spinner of a press must be stopped."""
    return at.say(f"see_{key}") if at.said.tap is not None else ""


def _card(at: Situation, case: CaseAt, talk: Conversation) -> None:
    until = talk.muted_until
    shown = until if until is not None and until > at.now else None
    cards.show_case(at.ticket, case, at.desk, at.services.words, shown)


_HOW: Mapping[Act, str] = {
    Act.REPLY: "how_to_answer",
    Act.SAY: "how_to_say",
    Act.REJECT: "how_to_reject",
}
_DONE: Mapping[Act, Callable[[Situation, Outcome], Decision]] = {
    Act.TAKE: _took,
    Act.REPLY: _answered,
    Act.SAY: _said,
    Act.FORWARD: _passed,
    Act.CLOSE: _closed,
    Act.APPROVE: _approved,
    Act.REJECT: _rejected,
}
