"""What does a step of a case bring about? The case as it then is, and its trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handlers.cases.actions import Act, Actor
from handlers.cases.case import Case
from handlers.model import Event


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a case's history; its words go sealed into the vault.

    ``event`` is its proof: one for each. ``is_internal``: never shown to citizens.
    """

    seq: int
    act: Act
    actor: Actor
    at: datetime
    event: Event
    is_internal: bool
    template: str = ""
    template_version: str = ""

    @property
    def data(self) -> Mapping[str, str | int | bool]:
        """Codes and numbers."""
        return self.event.data

    @property
    def texts(self) -> Mapping[str, str]:
        """What was written."""
        return self.event.private


@dataclass(frozen=True, slots=True)
class Message:
    """Something the citizen is told, by the name of a sentence and its values.

    ``is_human``: the words in it were written by a person of the commune.
    """

    name: str
    seq: int
    values: Mapping[str, str] = field(default_factory=dict)
    is_human: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a member of staff should see; ``detail`` is a code."""

    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A new case with everything that must be written together with it."""

    case: Case
    history: tuple[HistoryEntry, ...] = ()
    messages: tuple[Message, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def events(self) -> tuple[Event, ...]:
        """The proofs, in order."""
        return tuple(entry.event for entry in self.history)
