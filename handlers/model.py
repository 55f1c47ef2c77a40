"""The values that cross between the edge, the use cases and storage.

Handlers return an ``Outcome``; they never write. All times are aware, UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """A platform on which citizens reach the commune."""

    ZALO = "zalo"
    FACEBOOK = "facebook"


class Kind(StrEnum):
    """What came in, in terms no platform owns."""

    TEXT = "text"
    BUTTON = "button"
    ATTACHMENT = "attachment"
    LOCATION = "location"
    STICKER = "sticker"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    REFERRAL = "referral"
    CONTACT = "contact"
    DELIVERED = "delivered"
    SEEN = "seen"
    ECHO_OWN = "echo_own"
    ECHO_HUMAN = "echo_human"
    HANDBACK = "handback"
    WITHDRAW = "withdraw"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file the citizen sent; ``kind`` is image, audio, video, file or link."""

    kind: str
    url: str = ""
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A point the citizen shared, in degrees (WGS 84), as the platform wrote it."""

    latitude: str
    longitude: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a citizen (or the platform about a citizen) told us.

    ``payload`` is set when a button, quick reply, menu item or m.me link was
    used; ``at`` is the platform's clock, clamped to a sane window.
    ``message_ids`` names the messages a receipt is about.
    """

    channel: Channel
    kind: Kind
    at: datetime
    text: str = ""
    payload: str | None = None
    attachments: tuple[Attachment, ...] = ()
    place: Place | None = None
    message_ids: tuple[str, ...] = ()
    watermark: datetime | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap: exactly one of payload, url, phone is set."""

    title: str
    payload: str | None = None
    url: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or document to send; ``path`` is a file of ours."""

    kind: str
    path: str = ""
    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the citizen, in words any platform can show."""

    text: str
    buttons: tuple[Button, ...] = ()
    media: Media | None = None


class Tag(StrEnum):
    """What happened, as ``source:subject:action``; parsed once, never split again."""

    MESSAGE_RECEIVED = "citizen:message:received"
    MESSAGE_UNDERSTOOD = "bot:message:understood"
    AI_ASKED = "bot:ai:asked"
    MESSAGE_ANSWERED = "bot:message:answered"
    MESSAGE_SKIPPED = "bot:message:skipped"
    MESSAGE_FAILED = "bot:message:failed"
    RECEIPT_DELIVERED = "platform:message:delivered"
    RECEIPT_SEEN = "platform:message:seen"
    SEND_ACCEPTED = "bot:send:accepted"
    SEND_REFUSED = "bot:send:refused"
    SEND_UNKNOWN = "bot:send:unknown"
    SEND_DELAYED = "bot:send:delayed"
    FOLLOWED = "citizen:channel:followed"
    UNFOLLOWED = "citizen:channel:unfollowed"
    OPTED_OUT = "citizen:messages:opted_out"
    OPTED_IN = "citizen:messages:opted_in"
    CONSENT_SHOWN = "bot:consent:shown"
    CONSENT_GIVEN = "citizen:consent:given"
    CONSENT_DECLINED = "citizen:consent:declined"
    ADDRESS_SET = "citizen:address:set"
    HANDOVER_OPENED = "citizen:handover:opened"
    PRIVACY_REQUESTED = "citizen:privacy:requested"
    PROCEDURE_SHOWN = "bot:procedure:shown"
    GAP_FOUND = "bot:knowledge:gap_found"
    FEEDBACK_WRONG = "citizen:answer:rejected"
    FEEDBACK_PICKED = "citizen:answer:picked"
    GUIDED = "bot:guidance:given"
    STAFF_TOOK_OVER = "staff:conversation:taken"
    STAFF_HANDED_BACK = "staff:conversation:returned"
    PERSON_ERASED = "system:person:erased"
    TOKEN_REFRESHED = "system:token:refreshed"  # noqa: S105  an event name
    TOKEN_LOST = "system:token:lost"  # noqa: S105  an event name
    CATALOGUE_IMPORTED = "staff:catalogue:imported"
    LESSONS_READ = "staff:lesson:read"
    LESSON_APPROVED = "staff:lesson:approved"
    LESSON_REJECTED = "staff:lesson:rejected"
    LESSON_WITHDRAWN = "staff:lesson:withdrawn"
    MODEL_TRAINED = "staff:model:trained"
    MODEL_LIVE = "staff:model:made_live"
    MODEL_ROLLED_BACK = "staff:model:rolled_back"


@dataclass(frozen=True, slots=True)
class Event:
    """A fact for the evidence log.

    ``data`` holds only codes, numbers and times; ``private`` holds texts that
    stay in the vault, the log gets a salted commitment to each.
    """

    tag: Tag
    data: Mapping[str, str | int | bool] = field(default_factory=dict)
    private: Mapping[str, str] = field(default_factory=dict)


class LessonSource(StrEnum):
    """How we came to know what a text meant; ``UNANSWERED``: nobody knows yet."""

    PICKED = "picked"
    REJECTED = "rejected"
    CORRECTED = "corrected"
    STAFF = "staff"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text that may teach the reader, masked already (see nlu.learning).

    ``label`` is the code of a procedure; ``is_right`` False: that one was not meant
    (then it may also be "", none of those offered was).
    """

    text: str
    label: str
    source: LessonSource
    is_right: bool = True


class Consent(StrEnum):
    """The citizen's answer to the privacy notice (Luật 91/2025/QH15 Điều 9)."""

    UNASKED = "unasked"
    SHOWN = "shown"
    GIVEN = "given"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What we remember of a talk; kept sealed under the person's key.

    ``honorific`` is how the citizen wants to be addressed ("bác", "anh", "chị",
    "ông", "bà", …), empty until told. ``pending`` names the question we asked.
    ``pending_at`` is when we asked it or opened a hand-over, so that neither lasts for
    ever. ``muted_until`` is set while a person of the commune answers. ``unsolved`` is
    a question we failed on at ``unsolved_at``: what helps in the end is its answer.
    """

    code: str | None = None
    candidates: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    topic_at: datetime | None = None
    honorific: str = ""
    honorific_asked: bool = False
    consent: Consent = Consent.UNASKED
    pending: str = ""
    last_text: str = ""
    opted_out: bool = False
    muted_until: datetime | None = None
    misses: int = 0
    pending_at: datetime | None = None
    unsolved: str = ""
    unsolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """A citizen who waits for a person; ``reason`` is a short code for staff."""

    reason: str
    question: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a handler wants to happen, committed in one transaction."""

    replies: tuple[Reply, ...] = ()
    conversation: Conversation | None = None
    events: tuple[Event, ...] = ()
    handover: Handover | None = None
    lessons: tuple[Lesson, ...] = ()
