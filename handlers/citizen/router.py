"""Who answers, and what is committed? The one entry point of the citizen side.

Pure and total: no I/O, and no message can make it raise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.citizen import (
    address,
    case_status,
    choose,
    commands,
    comment,
    files,
    greeting,
    handover,
    lessons,
    media,
    memory,
    menu,
    minors,
    payloads,
    petition,
    platform,
    privacy,
    procedure,
    rating,
    reading,
    subscription,
)
from handlers.citizen.complaint import road
from handlers.citizen.intake import form, leave
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import TEXT_LIMIT, Step, Turn, guided
from handlers.model import (
    Consent,
    Conversation,
    Event,
    Inbound,
    Kind,
    Outcome,
    Tag,
)
from handlers.ports import Services

_PLATFORM: Mapping[Kind, Callable[[Turn], Step]] = {
    Kind.ECHO_OWN: platform.delivered,
    Kind.ECHO_HUMAN: platform.taken_over,
    Kind.HANDBACK: platform.handed_back,
    Kind.DELIVERED: platform.delivered,
    Kind.SEEN: platform.seen,
    Kind.UNFOLLOW: platform.unfollowed,
    Kind.WITHDRAW: platform.withdrawn,
    Kind.COMMENT_REMOVED: platform.unused,
    Kind.UNKNOWN: platform.unused,
}
_MEDIA = frozenset({Kind.ATTACHMENT, Kind.LOCATION, Kind.STICKER, Kind.CONTACT})
_TAPS: Mapping[Verb, Callable[[Turn, Payload], Step | None]] = {
    Verb.SHOW: procedure.show,
    Verb.PICK: choose.pick,
    Verb.MENU: menu.tap,
    Verb.STAFF: lambda turn, _: handover.request(turn),
    Verb.NONE_OF_THESE: lambda turn, _: choose.none_of_these(turn),
    Verb.WRONG: lambda turn, _: choose.not_meant(turn),
    Verb.AGREE: lambda turn, _: privacy.agree(turn),
    Verb.DECLINE: lambda turn, _: privacy.decline(turn),
    Verb.ADDRESS: address.tap,
    Verb.STOP: lambda turn, _: subscription.stop(turn),
    Verb.RESUME: lambda turn, _: subscription.resume(turn),
    Verb.PRIVACY: privacy.tap,
    Verb.FORM: form.tap,
    Verb.PAPER: road.tap,
    Verb.RATE: rating.tap,
}


def respond(
    inbound: Inbound, conversation: Conversation, services: Services
) -> Outcome:
    """Return everything that should happen because of one inbound event."""
    talk, forgotten = memory.recall(conversation, inbound.at)
    text = inbound.text[:TEXT_LIMIT].strip()
    now = services.clock.now()
    turn = Turn(inbound, talk, services, now, text, forgotten)
    if inbound.kind in _PLATFORM:
        return _outcome(turn, _PLATFORM[inbound.kind](turn))
    if inbound.kind in comment.KINDS:
        heard = comment.handle(turn)
        return replace(_outcome(turn, heard.step), comment=heard.comment)
    turn, dropped = leave.freshened(turn)
    turn, was_paper = road.freshened(turn)
    step = leave.beside(turn, _answer(turn), was_dropped=dropped is not None)
    step = road.beside(turn, step, was_dropped=was_paper)
    step = leave.without_files(_hushed(turn, step), dropped)
    step = minors.noted(turn, privacy.with_notice(turn, step))
    step = address.with_question(turn, step)
    return _outcome(turn, lessons.learnt(turn, step))


def _answer(turn: Turn) -> Step:
    payload = _payload(turn)
    step = _TAPS[payload.verb](turn, payload) if payload else None
    if step is not None:
        return step
    if turn.inbound.kind is Kind.FOLLOW:
        return greeting.followed(turn)
    if turn.inbound.kind is Kind.REFERRAL and not turn.text:
        return greeting.hello(turn).after(guided("greeting"))
    return _words(turn)


def _payload(turn: Turn) -> Payload | None:
    """A tap; on Zalo it may come as text, in a link it comes without its mark."""
    told = turn.inbound.payload
    if told is None:
        return payloads.parse(turn.text)
    if turn.inbound.kind is Kind.REFERRAL:
        told = payloads.MARK + told.strip().removeprefix(payloads.MARK)
    return payloads.parse(told)


def _words(turn: Turn) -> Step:
    if turn.inbound.kind is Kind.BUTTON and not turn.text:
        told = (turn.inbound.payload or "")[:TEXT_LIMIT].strip()
        turn = replace(turn, text=told)
    filled = road.answer(turn) or form.answer(turn)
    if filled is not None:
        return filled
    turn = form.put_aside(turn)
    if turn.inbound.kind is Kind.CONTACT:
        return media.handle(turn)
    if not any(char.isalnum() for char in turn.text):
        is_media = turn.inbound.kind in _MEDIA
        return media.handle(turn) if is_media else media.silence(turn)
    return media.with_note(turn, _short(turn) or reading.handle(turn))


def _short(turn: Turn) -> Step | None:
    """Serve what needs no reading: an address, a case's code, a command, a number."""
    wish = address.wish(turn)
    if wish:
        return address.set_to(turn, wish)
    status = case_status.by_code(turn)
    if status is not None:
        return status
    command = commands.command(turn.text, turn.talk.consent)
    if command is not None:
        return _TAPS[command.verb](turn, command)
    number = commands.number(turn.text)
    if not number:
        return None
    return choose.by_number(turn, number) or menu.by_number(turn, number)


def _hushed(turn: Turn, step: Step) -> Step:
    """While a person of the commune answers, only an emergency breaks the silence."""
    until = turn.talk.muted_until
    if until is None or until <= turn.now or step.is_urgent:
        return step
    skipped = Event(Tag.MESSAGE_SKIPPED, {"reason": "muted"})
    if step.is_duty:
        return replace(step, replies=(), events=(*step.events, skipped))
    read = tuple(e for e in step.events if e.tag is Tag.MESSAGE_UNDERSTOOD)
    talk = petition.forgotten(turn.talk) if step.is_sealed else turn.talk
    return Step(
        talk, events=(*read, skipped), is_sealed=step.is_sealed, moves=step.moves
    )


def _outcome(turn: Turn, step: Step) -> Outcome:
    events = (_received(turn, step), *step.events)
    if step.talk.consent is Consent.DECLINED:
        events = tuple(replace(event, private={}) for event in events)
    kept = files.to_keep(turn.inbound, step)
    return Outcome(
        replies=step.replies,
        conversation=step.talk,
        events=events,
        handover=step.handover,
        lessons=step.lessons,
        files=kept,
        cases=step.cases,
        secrecy=step.secrecy,
        paper=step.paper,
        rating=step.rating,
        drops_files=step.drops_files,
    )


def _received(turn: Turn, step: Step) -> Event:
    inbound = turn.inbound
    data: dict[str, str | int | bool] = {
        "channel": inbound.channel.value,
        "kind": inbound.kind.value,
    }
    if inbound.attachments:
        data["attachments"] = len(inbound.attachments)
    keep = bool(inbound.text) and not step.is_sealed
    return Event(Tag.MESSAGE_RECEIVED, data, {"text": inbound.text} if keep else {})
