"""What is said with the paper: how it is got, signed, handed in, and what then follows?

Handlers know no secrets: the address of the paper holds ``TOKEN``, for which the edge
puts the secret of the link (``linked``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handlers.cases.errors import DeadlineRefusedError
from handlers.citizen import buttons
from handlers.citizen.turn import Turn
from handlers.model import Button, Reply
from messages.petitions.complaint import Complaint, text

PATH = "/don-khieu-nai/"
TOKEN = "{don}"  # noqa: S105  where a secret will stand
ACCEPTED = "khieu_nai_thu_ly"
"""The rule of the term for acceptance: 07 working days since 01/07/2026."""


def made(turn: Turn, paper: Complaint) -> Reply:
    """Give the link, or the words themselves where there are no pages of ours."""
    unit, base = turn.services.unit, turn.link_base
    link = f"{base}{PATH}{TOKEN}" if base else ""
    day = _accepted(turn)
    said = turn.say(
        "complaint.made",
        link=link,
        reception=unit.reception,
        where=unit.place,
        accepted=f"{day:%d/%m/%Y}" if day else "",
    )
    opened = (Button(turn.title("don_open"), url=link),) if link else ()
    shown = (*opened, buttons.item(turn, "lich"), buttons.menu(turn))
    return Reply(said if link else f"{said}\n\n{text(paper)}", shown)


def linked(reply: Reply, token: str) -> Reply:
    """Return the message with the secret of the link in its place."""
    mark = f"{PATH}{TOKEN}"
    secret = f"{PATH}{token}"
    shown = tuple(
        replace(one, url=one.url.replace(mark, secret)) if one.url else one
        for one in reply.buttons
    )
    return replace(reply, text=reply.text.replace(mark, secret), buttons=shown)


def _accepted(turn: Turn) -> date | None:
    """Return the last day for acceptance if the paper is handed in today."""
    try:
        return turn.services.deadlines.due(ACCEPTED, turn.at).date
    except DeadlineRefusedError:
        return None
