"""What do we tell about a procedure?"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.citizen import buttons, memory
from handlers.citizen.payloads import Payload
from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Reply, Tag
from messages import card
from messages.procedure import Procedure
from nlu.model import Facet, Understanding

RUNNERS_UP = 3


def find(turn: Turn, codes: Sequence[str]) -> list[Procedure]:
    """Return the procedures still in the catalogue, each once, in that order."""
    found: dict[str, Procedure] = {}
    for code in codes:
        procedure = turn.services.catalogue.get(code)
        if procedure is not None:
            found.setdefault(procedure.code, procedure)
    return list(found.values())


def answer(turn: Turn, reading: Understanding) -> Step | None:
    """Tell about the best candidate; None when the catalogue has none of them."""
    found = find(turn, [candidate.code for candidate in reading.candidates])
    if not found:
        return None
    others = [other.code for other in found[1 : 1 + RUNNERS_UP]]
    asked = reading.facets or memory.waited(turn.talk)
    via = "follow_up" if reading.is_follow_up else "search"
    return tell(turn, found[0], asked, via=via, others=others)


def show(turn: Turn, payload: Payload) -> Step:
    """Tell what a button names: a card or one facet of it."""
    procedure = turn.services.catalogue.get(payload.argument)
    if procedure is None:
        return gone(turn)
    asked = (payload.facet,) if payload.facet else ()
    return tell(turn, procedure, asked, via="button")


def tell(
    turn: Turn,
    procedure: Procedure,
    asked: Sequence[Facet],
    *,
    via: str,
    others: Sequence[str] = (),
) -> Step:
    """Answer about one procedure and remember it as the topic.

    ``others`` are the runners-up, offered when it was not what was meant.
    """
    if not procedure.is_commune:
        return elsewhere(turn, procedure, others)
    link = buttons.page(turn, procedure)
    if asked:
        told = card.answer(procedure, asked, turn.say, link)
    else:
        told = card.card(procedure, turn.say, link)
    is_guess = via == "search"
    shown = buttons.rest(turn, procedure, told.facets, can_be_wrong=is_guess)
    talk = memory.about(
        turn.talk, turn.at, code=procedure.code, candidates=others, asked=asked
    )
    event = _shown(procedure, asked, via, is_sure=told.is_sure)
    return Step(talk, (Reply(told.text, shown),), (event,), is_calm=True)


def elsewhere(turn: Turn, procedure: Procedure, others: Sequence[str] = ()) -> Step:
    """Say which authority takes it and where; the portal and a person are offered."""
    link = procedure.source.url or turn.services.unit.portal_url
    told = card.elsewhere(procedure, turn.say, link)
    talk = memory.about(turn.talk, turn.at, code=procedure.code, candidates=others)
    shown = (buttons.wrong(turn), buttons.staff(turn), buttons.menu(turn))
    event = _shown(procedure, (), "elsewhere", is_sure=True)
    return Step(talk, (Reply(told.text, shown),), (event,))


def gone(turn: Turn) -> Step:
    """An old button names a procedure that the catalogue no longer has."""
    reply = turn.reply("procedure.gone", buttons.menu(turn), buttons.staff(turn))
    event = Event(Tag.MESSAGE_SKIPPED, {"reason": "procedure_gone"})
    return Step(turn.talk, (reply,), (event,))


def _shown(
    procedure: Procedure, asked: Sequence[Facet], via: str, *, is_sure: bool
) -> Event:
    data: dict[str, str | int | bool] = {
        "code": procedure.code,
        "facets": ",".join(facet.value for facet in asked) or "card",
        "as_of": procedure.source.as_of.isoformat(),
        "via": via,
        "sure": is_sure,
    }
    return Event(Tag.PROCEDURE_SHOWN, data)
