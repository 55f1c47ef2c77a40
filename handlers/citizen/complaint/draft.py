"""What of the paper has been told so far? Kept sealed with the talk, nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.citizen.intake.draft import IDLE
from messages.petitions.complaint import Complaint


class Ask(StrEnum):
    """What is asked for: the contents of Luật Khiếu nại Điều 8, and two screens."""

    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone"
    ACCUSED = "accused"
    ACCUSED_ADDRESS = "accused_address"
    WHAT = "what"
    REASON = "reason"
    DEMAND = "demand"
    PAPERS = "papers"
    DAY = "written_on"
    PLACE = "place"
    TO = "addressee"
    EDIT = "edit"
    PREVIEW = "preview"


ASKED = (
    Ask.NAME,
    Ask.ADDRESS,
    Ask.PHONE,
    Ask.ACCUSED,
    Ask.ACCUSED_ADDRESS,
    Ask.WHAT,
    Ask.REASON,
    Ask.DEMAND,
    Ask.PAPERS,
    Ask.DAY,
)
"""In this order; where it is written and for whom is known, and can be mended."""
PARTS = (*ASKED, Ask.PLACE, Ask.TO)
NEEDED = (Ask.NAME, Ask.ADDRESS, Ask.ACCUSED, Ask.WHAT, Ask.REASON, Ask.DEMAND)
"""What the law wants; all but ``WHAT`` may be left to be written by hand."""
STORIES = frozenset({Ask.WHAT, Ask.REASON, Ask.DEMAND, Ask.PAPERS})
"""May be long, in several lines, and about anything."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to print, and the secret of its link (the edge's, "" until then)."""

    told: Complaint
    secret: str = ""


@dataclass(frozen=True, slots=True)
class ComplaintDraft:
    """A paper being filled in; the fields mean what they do in a form of intake."""

    ask: Ask = Ask.NAME
    answers: Mapping[str, str] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    touched_at: datetime | None = None
    is_later: bool = False
    is_editing: bool = False

    def is_open(self, at: datetime) -> bool:
        """Whether a message at this instant is about it."""
        return not self.is_later and not self.is_older_than(IDLE, at)

    def is_older_than(self, life: timedelta, at: datetime) -> bool:
        """Whether nothing was done to it for so long."""
        return self.touched_at is not None and at - self.touched_at > life

    def told(self, ask: str) -> str:
        """Return what was answered, "" for nothing."""
        return self.answers.get(ask, "")

    def answered(self, ask: Ask, text: str) -> ComplaintDraft:
        """Return the draft with an answer ("": to be written by hand) and its end."""
        told = {name: one for name, one in self.answers.items() if name != ask}
        done = tuple(one for one in self.done if one != ask)
        answers = {**told, ask.value: text} if text else told
        return replace(self, answers=answers, done=(*done, ask.value))

    @property
    def upcoming(self) -> Ask:
        """The next question, the preview when all were put."""
        return next((ask for ask in ASKED if ask not in self.done), Ask.PREVIEW)

    @property
    def blank(self) -> tuple[Ask, ...]:
        """What the law wants and the citizen will write by hand."""
        return tuple(ask for ask in NEEDED if not self.told(ask))
