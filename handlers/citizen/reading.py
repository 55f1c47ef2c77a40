"""The text was read: which handler serves what it seems to want?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.citizen import (
    case_status,
    choose,
    greeting,
    guidance,
    handover,
    memory,
    on_duty,
    petition,
    privacy,
    procedure,
    rating,
    report,
    several,
    small_talk,
    subscription,
    unknown,
)
from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Tag
from nlu.model import Decision, Facet, Intent, Understanding

_WANTS: Mapping[Intent, Callable[[Turn], Step]] = {
    Intent.EMERGENCY: guidance.emergency,
    Intent.TO_CAO: petition.denunciation,
    Intent.KHIEU_NAI: petition.complaint,
    Intent.PHAN_ANH: report.report,
    Intent.KIEN_NGHI: report.suggest,
    Intent.HOME_SERVICE: report.visit,
    Intent.HUMAN: handover.request,
    Intent.PRIVACY: privacy.said,
    Intent.OPT_OUT: subscription.stop,
    Intent.OPT_IN: subscription.resume,
    Intent.CASE_STATUS: case_status.show,
    Intent.APPLY_ONLINE: guidance.apply_online,
    Intent.HOTLINE: guidance.hotline,
    Intent.OFFICE_HOURS: guidance.office_hours,
    Intent.SCHEDULE: guidance.schedule,
    Intent.SURVEY: rating.ask,
    Intent.HELP: greeting.menu,
    Intent.GREETING: greeting.hello,
}
_CHAT = frozenset(
    {
        Intent.THANKS,
        Intent.APOLOGY,
        Intent.PRAISE,
        Intent.ABUSE,
        Intent.SMALL_TALK,
        Intent.AFFIRM,
        Intent.DENY,
    }
)
_LIGHT = frozenset({*_CHAT, Intent.GREETING, Intent.HELP, Intent.APPLY_ONLINE})
_ABOUT_PROCEDURES: Mapping[Decision, Callable[[Turn, Understanding], Step | None]] = {
    Decision.ANSWER: procedure.answer,
    Decision.ELSEWHERE: procedure.answer,
    Decision.ASK: choose.ask,
}


def handle(turn: Turn) -> Step:
    """Read the text in the light of the talk and serve it."""
    memories = memory.memory(turn.talk)
    found = turn.services.reader.parse(turn.text, memories)
    step = _serve(turn, found)
    return step.after(_understood(found, is_sealed=step.is_sealed))


def _serve(turn: Turn, found: Understanding) -> Step:
    step = _expected(turn, found)
    if step is not None:
        return step
    if _is_about_procedure(found):
        return _procedure(turn, found)
    if found.intent in _WANTS:
        return _WANTS[found.intent](turn)
    if found.intent in _CHAT or found.decision is Decision.CHAT:
        return small_talk.handle(turn, found.intent)
    return _procedure(turn, found)


def _expected(turn: Turn, found: Understanding) -> Step | None:
    """Serve what goes before any new question; None when nothing does."""
    if found.intent is Intent.EMERGENCY:
        return guidance.emergency(turn)
    if petition.is_more(turn, found):
        return _petition(turn, found)
    if rating.is_awaited(turn, found):
        return rating.said(turn)
    if found.intent is Intent.DENY and memory.shown(turn.talk):
        return choose.none_of_these(turn)
    if on_duty.is_asked(turn.text) and found.intent not in petition.SEALED:
        return on_duty.tell(turn)
    return None


def _is_about_procedure(found: Understanding) -> bool:
    """A greeting or thanks around a question that was found stays a question.

    Whatever else is in doubt is asked back, with the other wish among the buttons.
    """
    if not found.candidates:
        return False
    is_light = found.intent in _LIGHT and found.decision in _ABOUT_PROCEDURES
    return is_light or (
        found.intent in choose.WISHES and found.decision is Decision.ASK
    )


def _petition(turn: Turn, found: Understanding) -> Step:
    if found.intent in petition.SEALED:
        return _WANTS[found.intent](turn)
    return petition.remind(turn)


def _procedure(turn: Turn, found: Understanding) -> Step:
    """Answer, ask back, send on, or admit; the words are kept as the question."""
    asking = replace(
        turn, talk=replace(turn.talk, last_text=turn.text[: memory.TEXT_LIMIT])
    )
    wanted = _with_online(found)
    serve = _ABOUT_PROCEDURES.get(found.decision)
    step = serve(asking, wanted) if serve else None
    if step is None:
        return unknown.handle(asking, found)
    return several.also(asking, step, found.others)


def _with_online(found: Understanding) -> Understanding:
    if found.intent is Intent.APPLY_ONLINE and not found.facets:
        return replace(found, facets=(Facet.ONLINE,))
    return found


def _understood(found: Understanding, *, is_sealed: bool) -> Event:
    """Figures only, and of sealed matters not even what they were about."""
    if is_sealed:
        return Event(Tag.MESSAGE_UNDERSTOOD, {"intent": petition.TOPIC})
    also = ",".join(one.candidates[0].code for one in found.others)
    return Event(
        Tag.MESSAGE_UNDERSTOOD,
        {
            "intent": found.intent.value,
            "decision": found.decision.value,
            "code": found.candidates[0].code if found.candidates else "",
            "codes": ",".join(
                candidate.code for candidate in found.candidates[: choose.SHOWN]
            ),
            "confidence": round(found.confidence * 1000),
            "facets": ",".join(facet.value for facet in found.facets),
            "follow_up": found.is_follow_up,
        }
        | ({"also": also} if also else {}),
    )
