"""What does the reader of citizens' messages say about a text?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What the citizen wants; procedures themselves are found by search."""

    ASK_PROCEDURE = "ask_procedure"
    APPLY_ONLINE = "apply_online"
    CASE_STATUS = "case_status"
    PHAN_ANH = "phan_anh"
    KIEN_NGHI = "kien_nghi"
    KHIEU_NAI = "khieu_nai"
    TO_CAO = "to_cao"
    EMERGENCY = "emergency"
    HOTLINE = "hotline"
    OFFICE_HOURS = "office_hours"
    SCHEDULE = "schedule"
    HOME_SERVICE = "home_service"
    SURVEY = "survey"
    THANKS = "thanks"
    GREETING = "greeting"
    APOLOGY = "apology"
    PRAISE = "praise"
    ABUSE = "abuse"
    HUMAN = "human"
    HELP = "help"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    PRIVACY = "privacy"
    SMALL_TALK = "small_talk"
    AFFIRM = "affirm"
    DENY = "deny"
    OUT_OF_SCOPE = "out_of_scope"


class Facet(StrEnum):
    """The part of a procedure a question asks about; DOCUMENTS is the default."""

    DOCUMENTS = "documents"
    FEE = "fee"
    TIME = "time"
    PLACE = "place"
    ONLINE = "online"
    LEGAL = "legal"
    FORM = "form"
    CONDITIONS = "conditions"
    STEPS = "steps"


class Decision(StrEnum):
    """What to do with the reading: speak, ask back, send on, or admit."""

    ANSWER = "answer"
    ASK = "ask"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Entry:
    """One procedure as the search index needs it.

    ``commune`` is False for procedures of other levels (answered *elsewhere*);
    ``prior`` is 0..1, how often people ask for it.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    field: str = ""
    commune: bool = True
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure that may be meant, with a score between 0 and 1."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Memory:
    """What the conversation is about: lets "còn lệ phí thì sao?" work."""

    code: str | None = None
    candidates: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """The reading of one message.

    ``candidates`` is best first, at most five. ``facets`` is empty when the
    message asks for nothing in particular (the full card is meant).
    ``is_follow_up`` says that the procedure came from the memory. ``others`` are the
    readings of further matters in the same message, in the order they were asked.
    ``office`` says in Vietnamese who settles a matter of others, where only that is
    known.
    """

    text: str
    intent: Intent
    facets: tuple[Facet, ...]
    decision: Decision
    candidates: tuple[Candidate, ...]
    confidence: float
    has_accents: bool
    is_follow_up: bool
    ms: float
    others: tuple[Understanding, ...] = ()
    office: str = ""
