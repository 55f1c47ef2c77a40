"""Which of several procedures is meant, and what if it is none of them?"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.citizen import buttons, memory, procedure
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Button, Event, Reply, Tag
from messages.card import shorten
from messages.procedure import Procedure
from nlu.model import Facet, Intent, Understanding

SHOWN = 3
LINE_LIMIT = 100
POPULAR = ("1.001193", "1.000894", "2.000815", "1.004873")
"""What people ask for most (DOMAIN §5.3); codes a unit lacks are left out."""

WISHES = {
    Intent.PHAN_ANH: "phananh",
    Intent.KIEN_NGHI: "phananh",
    Intent.KHIEU_NAI: "khieunai",
    Intent.HOME_SERVICE: "tainha",
    Intent.CASE_STATUS: "hoso",
    Intent.SCHEDULE: "lich",
    Intent.OFFICE_HOURS: "lienhe",
    Intent.HOTLINE: "lienhe",
}
"""The item of the menu that meets a wish."""


def ask(turn: Turn, reading: Understanding) -> Step | None:
    """Ask which one is meant; None when the catalogue has none of them."""
    found = procedure.find(turn, [candidate.code for candidate in reading.candidates])
    if not found:
        return None
    asked = reading.facets or memory.waited(turn.talk)
    wish = WISHES.get(reading.intent)
    otherwise = buttons.item(turn, wish) if wish else None
    return offer(turn, found, asked, otherwise=otherwise)


def offer(
    turn: Turn,
    found: Sequence[Procedure],
    asked: Sequence[Facet],
    key: str = "",
    *,
    otherwise: Button | None = None,
) -> Step:
    """Show up to three as buttons and as numbered lines; more wait for "other".

    ``otherwise`` stands in for "other" where another wish is as likely.
    """
    shown = found[:SHOWN]
    sentence = key or ("procedure.ask" if len(shown) > 1 else "procedure.confirm")
    lines = [shorten(one.name, LINE_LIMIT) for one in shown]
    choices = (buttons.choice(one, number=n) for n, one in enumerate(shown, start=1))
    reply = Reply(
        turn.say(sentence, line_list=lines),
        (*choices, otherwise or buttons.other(turn), buttons.staff(turn)),
    )
    codes = [one.code for one in found]
    talk = memory.about(turn.talk, turn.at, code=None, candidates=codes, asked=asked)
    return Step(talk, (reply,))


def pick(turn: Turn, payload: Payload) -> Step:
    """Answer about the one that was picked; the pick is a label for learning."""
    code = payload.argument
    found = turn.services.catalogue.get(code)
    if found is None:
        return procedure.gone(turn)
    candidates = memory.shown(turn.talk)
    rank = candidates.index(code) + 1 if code in candidates else 0
    asked = memory.waited(turn.talk)
    others = [other for other in candidates if other != code]
    step = procedure.tell(turn, found, asked, via="picked", others=others)
    picked = Event(
        Tag.FEEDBACK_PICKED,
        {"code": found.code, "rank": rank},
        {"text": turn.talk.last_text},
    )
    return step.after(picked)


def by_number(turn: Turn, number: int) -> Step | None:
    """Answer to a typed number; None when no such line is on show."""
    candidates = memory.shown(turn.talk)[:SHOWN]
    if not 1 <= number <= len(candidates):
        return None
    return pick(turn, Payload(Verb.PICK, candidates[number - 1]))


def none_of_these(turn: Turn) -> Step:
    """Show the further candidates, if any; else ask for other words."""
    candidates = memory.shown(turn.talk)
    further = procedure.find(turn, candidates[SHOWN:])
    if further:
        step = offer(turn, further, memory.waited(turn.talk))
    else:
        step = _start_over(turn)
    return step.after(_rejected(turn, "none_of_these"))


def not_meant(turn: Turn) -> Step:
    """Offer the runners-up of an answer that missed."""
    others = procedure.find(turn, turn.talk.candidates)
    if others:
        step = offer(turn, others, memory.facets(turn.talk), "procedure.wrong")
    else:
        step = _start_over(turn)
    return step.after(_rejected(turn, "not_meant"))


def popular(turn: Turn) -> Step:
    """Show how to ask, with the most wanted procedures to tap."""
    found = procedure.find(turn, POPULAR)
    choices = tuple(buttons.choice(one) for one in found)
    reply = turn.reply("procedure.examples", *choices, buttons.staff(turn))
    return Step(turn.talk, (reply,), (guided("examples"),))


def _start_over(turn: Turn) -> Step:
    shown = (buttons.item(turn, "thutuc"), buttons.menu(turn), buttons.staff(turn))
    reply = turn.reply("procedure.wrong_alone", *shown)
    return Step(memory.about(turn.talk, turn.at, code=None), (reply,))


def _rejected(turn: Turn, reason: str) -> Event:
    return Event(
        Tag.FEEDBACK_WRONG,
        {"code": turn.talk.code or "", "reason": reason},
        {"text": turn.talk.last_text},
    )
