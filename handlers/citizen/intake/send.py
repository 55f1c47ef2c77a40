"""How does a finished form become one case, and what is the citizen told?

Case, hand-over, receipt and the end of the draft are one outcome, so they are
committed together or not at all.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.cases.nearby import Area
from handlers.cases.opening import Opening
from handlers.citizen import buttons, case_open, handover
from handlers.citizen.intake import going, overview, screen
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.turn import Step, Turn
from handlers.model import Button, Event, Handover, Reply, Tag

CONTACT = (
    "name",
    "address",
    "phone",
    "id_number",
    "form",
    "purpose",
    "where",
    "when",
    "point",
    "anonymous",
    "health_note",
)


def send(turn: Turn, draft: Draft) -> Step:
    """Open the case; what must be told and was not is asked instead."""
    lacking = going.lacking(turn, draft)
    if lacking is not None:
        asked = replace(draft.before(lacking), ask=lacking, is_editing=True)
        return going.shown(turn, asked, turn.say("intake.lacking"))
    opening, receipt = _opened(turn, draft)
    promised = handover.promised(turn)
    asked_for = _question(turn, draft)
    opened = Event(
        Tag.HANDOVER_OPENED,
        {
            "reason": draft.kind,
            "due": promised.due.isoformat(),
            "open": promised.is_open,
        },
    )
    sent = Event(Tag.FORM_SENT, {"kind": draft.kind, "files": len(draft.files)})
    talk = replace(turn.talk, draft=None)
    return Step(
        talk,
        (_receipt(turn, draft, receipt),),
        (sent, opened),
        Handover(draft.kind, asked_for, promised.due),
        cases=(opening,),
        is_form=True,
    )


def _opened(turn: Turn, draft: Draft) -> tuple[Opening, str]:
    contact = {name: draft.told(name) for name in CONTACT if draft.told(name)}
    text = draft.told(Ask.WHAT)
    opening, receipt = case_open.opened(turn, draft.kind, text, contact)
    area = Area(draft.told("hamlet"), draft.told("point"))
    whole = replace(
        opening,
        files=draft.files,
        areas=area.own,
        twin=draft.twin.partition(" ")[2],
    )
    return whole, receipt


def _question(turn: Turn, draft: Draft) -> str:
    """Return what whoever is told on a staff channel reads (masked there)."""
    return overview.lines(turn, draft)


def _receipt(turn: Turn, draft: Draft, receipt: str) -> Reply:
    form = turn.services.forms.get(draft.kind)
    city = turn.services.unit.city_channels if form and form.is_for_city else ()
    said = turn.say(
        "intake.sent",
        when=handover.when(turn),
        twin=draft.twin.partition(" ")[0],
        phones=handover.phone_line(turn),
        city=", ".join(one.label for one in city),
    )
    links = tuple(_city(one.label, one.url, one.phone) for one in city)
    room = screen.ROOM - 2
    shown = (*links[:room], buttons.item(turn, "hoso"), buttons.menu(turn))
    return Reply(f"{said}\n{receipt}", shown)


def _city(label: str, url: str, phone: str) -> Button:
    title = label[:20]
    return Button(title, url=url) if url else Button(title, phone=phone)
