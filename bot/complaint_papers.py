"""How does a complaint to print get its secret link and its place in the vault?

The secret (128 bits) stands in the message to the citizen and nowhere else; the vault
knows an HMAC of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from handlers.citizen.complaint import made
from handlers.citizen.complaint.draft import ComplaintDraft, Paper
from handlers.model import Outcome
from messages.petitions.complaint import Complaint, text
from storage import complaint_papers
from storage.evidence import iso_ms
from storage.keys import UnitKeys
from storage.randomness import random_bytes
from storage.vault import PersonVault

Row = dict[str, Any]

LIFE = timedelta(days=7)
"""So long the link leads somewhere."""
SECRET_BYTES = 16


def new_secret() -> str:
    """Return the secret of a link, 32 hex digits."""
    return random_bytes(SECRET_BYTES).hex()


def linked(outcome: Outcome, new: Callable[[], str] = new_secret) -> Outcome:
    """Return the outcome with a secret for its paper, in the message too."""
    if outcome.paper is None:
        return outcome
    secret = new()
    replies = tuple(made.linked(reply, secret) for reply in outcome.replies)
    return replace(outcome, replies=replies, paper=Paper(outcome.paper.told, secret))


def paper_id(keys: UnitKeys, secret: str) -> str:
    """Return the id of the item that a secret leads to."""
    return complaint_papers.item_id(keys.mac("complaint-paper", secret))


def items(
    unit_id: str, keys: UnitKeys, vault: PersonVault, outcome: Outcome, now: int
) -> list[Row]:
    """Return the item of an outcome's paper, if it has one; ``now`` is UTC ms."""
    paper = outcome.paper
    if paper is None or not paper.secret:
        return []
    name = paper_id(keys, paper.secret)
    return [
        {
            "unit_id": unit_id,
            "item_id": name,
            "person_id": vault.person_id,
            "kind": complaint_papers.KIND,
            "sealed": vault.seal(asdict(paper.told), name),
            "created_at": now,
        }
    ]


def opened(vault: PersonVault, row: Row) -> Complaint:
    """Return the paper of a row; raises InvalidTag when it is damaged."""
    return Complaint(**vault.open(row["sealed"], row["item_id"]))


def told(draft: ComplaintDraft | None, now: int) -> list[Row]:
    """Return what a draft holds as a message for the sealed queue; ``now`` is UTC ms.

    Its words are kept nowhere else, so they move from here (see bot.seal_plan).
    """
    if draft is None or not draft.answers:
        return []
    return [{"at": iso_ms(now), "text": text(Complaint(**draft.answers))}]
