"""Where can a greeting stand, and what is a day to be greeted?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from messages.greetings.compose import Road, Subject, Texts

CELEBRATIONS: Final = frozenset({"chuc_mung", "ky_niem", "tuyen_truyen"})
"""Tones that fall silent when the commune stops celebration; thanks and mourning do
not."""


class GreetingState(StrEnum):
    """How far a greeting got. ``ASKED``: approved, but its hour went by unused."""

    DRAFT = "draft"
    APPROVED = "approved"
    ASKED = "asked"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    MISSED = "missed"
    DROPPED = "dropped"


class PageState(StrEnum):
    """Whether the post stands on the page; ``UNKNOWN`` is never tried again."""

    WAITING = "waiting"
    POSTING = "posting"
    POSTED = "posted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NONE = "none"


OPEN: Final = frozenset(
    {GreetingState.DRAFT, GreetingState.APPROVED, GreetingState.ASKED}
)
UNDER_WAY: Final = frozenset({GreetingState.SENDING, GreetingState.PAUSED})


@dataclass(frozen=True, slots=True)
class Day:
    """An occasion on its day (ISO); the instants are UTC milliseconds.

    ``audience`` holds codes of groups; () with reach "people" means everybody.
    """

    subject: Subject
    day: str
    reach: str
    due_at: int
    ends_at: int
    audience: tuple[str, ...] = ()


def audience_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the groups that a kept greeting is for."""
    return tuple(code for code in str(row["audience"]).split(",") if code)


def dumped(texts: Texts) -> str:
    """Return texts as they are kept."""
    return json.dumps({road.value: text for road, text in texts.items()})


def texts_of(row: Mapping[str, Any]) -> Texts:
    """Return the texts of a kept greeting."""
    kept = json.loads(row["words"])
    return MappingProxyType({road: str(kept[road.value]) for road in Road})
