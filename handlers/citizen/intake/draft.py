"""What has a citizen filled in so far? Kept sealed with the talk, nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

LIFE = timedelta(days=7)
"""A draft untouched for so long is dropped, with a word, at the next contact."""
IDLE = timedelta(hours=2)
"""After so long a message is not taken for the answer to our last question."""
MOST_FILES = 30


class Ask(StrEnum):
    """What is asked for; ``PREVIEW`` shows all of it before it is sent."""

    KIND = "kind"
    WHAT = "what"
    WHERE = "where"
    WHEN = "when"
    TWINS = "twins"
    FILES = "files"
    NAME = "name"
    ADDRESS = "address"
    ID_NUMBER = "id_number"
    FORM = "form"
    PURPOSE = "purpose"
    PHONE = "phone"
    ANONYMOUS = "anonymous"
    HEALTH = "health"
    HEALTH_NOTE = "health_note"
    MORE = "more"
    EDIT = "edit"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Draft:
    """A form being filled in.

    ``likely`` is the kind we named, ``kind`` the one the citizen chose. ``done`` are
    the questions answered or passed over, in order. ``files`` are ids of received
    files. ``aside`` are words that were read as something else, in case they were an
    answer; or a new story, while it is asked whether the old draft goes on. ``twins``
    are the cases on show as "code id", ``twin`` the one joined. ``is_later``: put
    aside by the citizen or by an emergency.
    """

    ask: Ask = Ask.KIND
    kind: str = ""
    likely: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    touched_at: datetime | None = None
    is_later: bool = False
    is_editing: bool = False
    aside: str = ""
    twins: tuple[str, ...] = ()
    twin: str = ""

    def is_open(self, at: datetime) -> bool:
        """Whether a message at this instant is about it."""
        return not self.is_later and not self.is_older_than(IDLE, at)

    def is_older_than(self, life: timedelta, at: datetime) -> bool:
        """Whether nothing was done to it for so long."""
        return self.touched_at is not None and at - self.touched_at > life

    def told(self, ask: str) -> str:
        """Return what was answered, "" for nothing."""
        return self.answers.get(ask, "")

    def with_answers(self, **answers: str) -> Draft:
        """Return the draft with these answers; an empty one is taken away."""
        merged = {**self.answers, **answers}
        return replace(self, answers={k: v for k, v in merged.items() if v})

    def after(self, ask: str) -> Draft:
        """Return the draft with a question done."""
        done = tuple(one for one in self.done if one != ask)
        return replace(self, done=(*done, ask))

    def before(self, ask: str) -> Draft:
        """Return the draft with a question to be asked again."""
        return replace(self, done=tuple(one for one in self.done if one != ask))

    def with_files(self, ids: tuple[str, ...]) -> Draft:
        """Return the draft with files that came in."""
        return replace(self, files=(*self.files, *ids)[:MOST_FILES])
