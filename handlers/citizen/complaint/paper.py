"""Which paper do the answers make, and how is it shown before it is made?"""

from __future__ import annotations

from handlers.citizen.complaint.draft import PARTS, Ask, ComplaintDraft
from handlers.citizen.intake import masks
from handlers.citizen.turn import Turn
from messages.petitions.complaint import Complaint

LOOKED_INTO = (Ask.WHAT, Ask.REASON, Ask.DEMAND)


def paper(turn: Turn, draft: ComplaintDraft) -> Complaint:
    """Return the paper; whom it goes to and where it is written are known.

    The chair of the commune settles the first complaint about the commune's acts
    (Luật Khiếu nại 02/2011/QH13 Điều 17).
    """
    unit = turn.services.unit
    known = {
        "addressee": f"Chủ tịch {unit.full_name or unit.name}",
        "place": unit.name.removeprefix("UBND ").removeprefix("xã "),
    }
    return Complaint(**(known | dict(draft.answers)))


def lines(turn: Turn, draft: ComplaintDraft) -> str:
    """Return all of the paper, one line each; what is blank is named last."""
    made = paper(turn, draft)
    shown = ((ask, getattr(made, ask.value)) for ask in (Ask.TO, *PARTS[:-1]))
    return "\n".join(f"- {label(turn, ask)}: {text}" for ask, text in shown if text)


def label(turn: Turn, ask: Ask) -> str:
    """Return how a part of the paper is called."""
    return turn.title(f"don_f_{ask.value}")


def has_private(draft: ComplaintDraft) -> bool:
    """Whether numbers of other people stand in it."""
    own = draft.told(Ask.PHONE)
    texts = [draft.told(ask) for ask in LOOKED_INTO]
    return any(masks.masked(text, own) != text for text in texts)


def hidden(draft: ComplaintDraft) -> ComplaintDraft:
    """Return the draft with a word in brackets for each such number."""
    own = draft.told(Ask.PHONE)
    for ask in LOOKED_INTO:
        if told := draft.told(ask):
            draft = draft.answered(ask, masks.masked(told, own))
    return draft
