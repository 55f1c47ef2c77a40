"""How is the citizen told about their data, asked, and served in their rights?

Luật 91/2025/QH15 Điều 9 (consent), Nghị định 356/2025/NĐ-CP Điều 5 (rights and
times); Luật 134/2025/QH15 Điều 11 (people must know that this is an AI).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from handlers.citizen import buttons, handover, memory, procedure, purpose_choice
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Button, Consent, Event, Reply, Tag
from handlers.staff.privacy.purposes import purposes
from nlu.normalise import fold

WITHDRAWAL = "rut_du_lieu"
REQUESTS: Mapping[str, str] = {
    "xem": "du_lieu_xem",
    "sua": "du_lieu_sua",
    "xoa": "du_lieu_xoa",
    "rut": WITHDRAWAL,
}
DAYS: Mapping[str, int] = {"xem": 10, "sua": 10, "rut": 15, "xoa": 20}
"""Nghị định 356/2025/NĐ-CP Điều 5; a test holds them to scheduler/data/sla.yml."""
EACH = purpose_choice.EACH
_SAID = (
    (re.compile(r"\b(rut|thu hoi|huy) (lai )?(su )?dong y\b"), "rut"),
    (re.compile(r"\b(xoa|huy)\b.*\b(du lieu|thong tin|tin nhan)\b"), "xoa"),
    (re.compile(r"\b(sua|chinh|dinh chinh)\b.*\b(du lieu|thong tin)\b"), "sua"),
    (re.compile(r"\b(xem|cho biet|cung cap)\b.*\b(du lieu|thong tin)\b"), "xem"),
)


def notice(turn: Turn) -> Reply:
    """Return the short notice with its two buttons; neither is chosen beforehand."""
    agree = turn.button("agree", Payload(Verb.AGREE))
    decline = turn.button("decline", Payload(Verb.DECLINE))
    unit = turn.services.unit
    facts = {"retention": unit.retention, "has_hosted_ai": unit.has_hosted_ai}
    return turn.reply("privacy.notice", agree, decline, **facts)


def with_notice(turn: Turn, step: Step) -> Step:
    """Let the notice go along with the very first answer, never before it."""
    is_first = step.talk.consent is Consent.UNASKED
    if not is_first or not step.replies or step.is_urgent:
        return step
    shown = notice(replace(turn, talk=step.talk))
    event = Event(Tag.CONSENT_SHOWN, {}, {"notice": shown.text})
    return replace(
        step,
        talk=replace(step.talk, consent=Consent.SHOWN),
        replies=(*step.replies, shown),
        events=(*step.events, event),
    )


def agree(turn: Turn) -> Step:
    """Keep the consent, thank, and go on with what the talk was about."""
    return _consent(turn, Consent.GIVEN, Tag.CONSENT_GIVEN, "privacy.given")


def decline(turn: Turn) -> Step:
    """Keep the refusal; questions are answered all the same, texts are not kept."""
    return _consent(turn, Consent.DECLINED, Tag.CONSENT_DECLINED, "privacy.declined")


def rights(turn: Turn) -> Step:
    """Tell the rights, each with a button, and offer to choose purpose by purpose."""
    shown = tuple(
        turn.button(f"data_{name}", Payload(Verb.PRIVACY, name))
        for name in (*REQUESTS, EACH)
    )
    reply = turn.reply("privacy.rights", *shown)
    return Step(turn.talk, (reply,), (guided("quyen_du_lieu"),), is_duty=True)


def tap(turn: Turn, payload: Payload) -> Step:
    """Serve the button of a right; an unknown one shows them all."""
    name = payload.argument
    if name in REQUESTS:
        return claim(turn, name)
    return purpose_choice.tap(turn, name) or rights(turn)


def said(turn: Turn) -> Step:
    """Serve a right claimed in words."""
    name = claimed(turn.text)
    return claim(turn, name) if name else rights(turn)


def claimed(text: str) -> str:
    """Return which right the words claim, "" when they only ask about rights."""
    plain = fold(" ".join(text.lower().split()))
    return next((name for shape, name in _SAID if shape.search(plain)), "")


def claim(turn: Turn, name: str) -> Step:
    """Record the claim for the person in charge; a withdrawal counts at once."""
    reason = REQUESTS[name]
    told: dict[str, str | int] = {"right": name, "days": DAYS[name]}
    step = handover.open_for(turn, reason, turn.text, "handover.data_request", **told)
    events = [Event(Tag.PRIVACY_REQUESTED, {"request": reason})]
    talk = step.talk
    if name == "rut":
        talk = replace(talk, consent=Consent.DECLINED)
        events.append(withdrawal(turn))
    return replace(step, talk=talk, is_duty=True).after(*events)


def _consent(turn: Turn, consent: Consent, tag: Tag, key: str) -> Step:
    talk = replace(turn.talk, consent=consent)
    reply = turn.reply(key, *_go_on(turn))
    event = purpose_choice.event(turn, tag, purposes().of_notice(), "privacy.notice")
    return Step(talk, (reply,), (event,), is_calm=True, is_duty=True)


def withdrawal(turn: Turn) -> Event:
    """Return the fact that all was withdrawn, also what was asked apart."""
    ended = [one for one in purposes().all if one.can_be_withdrawn]
    return purpose_choice.event(turn, Tag.CONSENT_DECLINED, ended, "privacy.rights")


def _go_on(turn: Turn) -> tuple[Button, ...]:
    """Return the buttons of the topic: Facebook dropped them when the notice came."""
    talk = turn.talk
    found = turn.services.catalogue.get(talk.code) if talk.code else None
    if found is not None:
        return buttons.rest(turn, found, talk.facets, can_be_wrong=True)
    choices = procedure.find(turn, memory.shown(talk))[:3]
    if choices:
        shown = (buttons.choice(one, number=n) for n, one in enumerate(choices, 1))
        return (*shown, buttons.other(turn), buttons.staff(turn))
    return (buttons.item(turn, "thutuc"), buttons.menu(turn), buttons.staff(turn))
