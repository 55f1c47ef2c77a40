"""What does it take to open a case? Values that a handler puts into its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handlers.cases.case import Clock, Source


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to be opened with the citizen's own words.

    ``contact`` (name, phone, address) is sealed with the words. ``template`` names the
    sentence of the receipt and its version. ``recorded_by`` is the member of staff who
    opened it for somebody; "" when the citizen did. ``areas`` is what a report nearby
    finds it by, stored as keyed hashes (see nearby). ``twin`` is the id of the open
    case that the citizen says is the same.
    """

    kind: str
    code: str
    text: str
    received_at: datetime
    clocks: tuple[Clock, ...]
    source: Source = Source.MESSAGE
    contact: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    template: str = ""
    template_version: str = ""
    recorded_by: str = ""
    areas: tuple[str, ...] = ()
    twin: str = ""


@dataclass(frozen=True, slots=True)
class Guidance:
    """Guidance was given about a kind that chat never takes in; no words, no person."""

    kind: str
