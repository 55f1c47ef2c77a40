"""The values that cross between the edge, the use cases and storage.

Handlers return an ``Outcome``; they never write. All times are aware, UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from handlers.cases.opening import Guidance, Opening
from handlers.citizen.complaint.draft import ComplaintDraft, Paper
from handlers.citizen.intake.draft import Draft
from handlers.citizen.rating_model import Rating
from handlers.tags import Tag

if TYPE_CHECKING:
    from handlers.cases.change import Change
    from handlers.citizen.comment_model import Commented

__all__ = [
    "STAFF_CHANNELS",
    "Attachment",
    "Button",
    "Channel",
    "Consent",
    "Conversation",
    "Event",
    "Handover",
    "Inbound",
    "Kind",
    "Lesson",
    "LessonSource",
    "Media",
    "Outcome",
    "Place",
    "Reply",
    "Secrecy",
    "Tag",
]


class Channel(StrEnum):
    """A platform on which citizens reach the commune, or its own people work."""

    ZALO = "zalo"
    FACEBOOK = "facebook"
    TELEGRAM = "telegram"
    ZALO_BOT = "zalo_bot"


STAFF_CHANNELS = frozenset({Channel.TELEGRAM, Channel.ZALO_BOT})
"""Where the commune's own people are told and answer; no citizen is here."""


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
    COMMENT = "comment"
    COMMENT_EDITED = "comment_edited"
    COMMENT_REMOVED = "comment_removed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file the citizen sent; ``kind`` is image, audio, video, file or link.

    ``file_id`` is ours, "" until it is about to be stored.
    """

    kind: str
    url: str = ""
    name: str = ""
    size: int = 0
    file_id: str = ""


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
    ``message_ids`` names the messages a receipt is about. Of a comment ``payload`` is
    the id, ``message_ids`` are the post and what it answers.
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
    """A picture or document to send; ``path`` is a file of ours.

    ``stored`` is the id of a sealed file, opened only when it is sent; then ``data``
    are its bytes, which never lie on the disk or in the outbox.
    """

    kind: str
    path: str = ""
    url: str = ""
    name: str = ""
    stored: str = ""
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the citizen, in words any platform can show."""

    text: str
    buttons: tuple[Button, ...] = ()
    media: Media | None = None


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
    ``sealed_at`` is when the words of a denunciation were moved to the sealed queue.
    ``draft`` is a form being filled in (see handlers.citizen.intake), ``complaint`` a
    paper to sign (see handlers.citizen.complaint).
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
    sealed_at: datetime | None = None
    draft: Draft | None = None
    complaint: ComplaintDraft | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """A citizen who waits for a person; ``reason`` is a short code for staff."""

    reason: str
    question: str
    due: datetime


class Secrecy(StrEnum):
    """What becomes of the words of a message.

    ``OPEN``: sealed under the citizen's key, as all words are. ``UNKEPT``: kept
    nowhere, in no raw body either. ``SEALED``: these and the earlier ones of the talk
    move to the sealed queue (Luật Tố cáo 25/2018 Điều 9, 56).
    """

    OPEN = "open"
    UNKEPT = "unkept"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a handler wants to happen, committed in one transaction."""

    replies: tuple[Reply, ...] = ()
    conversation: Conversation | None = None
    events: tuple[Event, ...] = ()
    handover: Handover | None = None
    lessons: tuple[Lesson, ...] = ()
    files: tuple[Attachment, ...] = ()
    cases: tuple[Opening | Guidance | Change, ...] = ()
    secrecy: Secrecy = Secrecy.OPEN
    paper: Paper | None = None
    comment: Commented | None = None
    rating: Rating | None = None
    drops_files: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether its words are nothing secret; else no log says what they were."""
        return self.secrecy is Secrecy.OPEN
