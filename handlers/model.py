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

if TYPE_CHECKING:
    from handlers.cases.change import Change
    from handlers.citizen.comment_model import Commented


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

    ``stored`` is the id of a sealed file, opened only when it is sent; then ``data`` are
    its bytes, which never lie on the disk or in the outbox.
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


class Tag(StrEnum):
    """What happened, as ``source:subject:action``; parsed once, never split again."""

    MESSAGE_RECEIVED = "citizen:message:received"
    MESSAGE_UNDERSTOOD = "bot:message:understood"
    AI_ASKED = "bot:ai:asked"
    MESSAGE_ANSWERED = "bot:message:answered"
    MESSAGE_SKIPPED = "bot:message:skipped"
    MESSAGE_FAILED = "bot:message:failed"
    FILE_RECEIVED = "citizen:file:received"
    FILE_REFUSED = "bot:file:refused"
    FILE_GONE = "bot:file:gone"
    FILE_DROPPED = "citizen:file:dropped"
    FILES_LISTED = "staff:file:listed"
    FILE_READ = "staff:file:read"
    FILE_KEPT = "staff:file:kept"
    FILES_RETRIED = "staff:file:retried"
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
    FORM_BEGUN = "citizen:form:begun"
    FORM_ANSWERED = "citizen:form:answered"
    FORM_LEFT = "citizen:form:left"
    FORM_SENT = "citizen:form:sent"
    HANDOVER_OPENED = "citizen:handover:opened"
    PRIVACY_REQUESTED = "citizen:privacy:requested"
    PROCEDURE_SHOWN = "bot:procedure:shown"
    GAP_FOUND = "bot:knowledge:gap_found"
    FEEDBACK_WRONG = "citizen:answer:rejected"
    FEEDBACK_PICKED = "citizen:answer:picked"
    GUIDED = "bot:guidance:given"
    STAFF_TOOK_OVER = "staff:conversation:taken"
    STAFF_HANDED_BACK = "staff:conversation:returned"
    TALK_READ = "staff:conversation:read"
    CONTACT_SHOWN = "staff:contact:shown"
    HANDOVER_POSTED = "bot:handover:posted"
    HANDOVER_PASSED_ON = "staff:handover:passed_on"
    STAFF_WROTE = "staff:message:written"
    RATING_ASKED = "bot:rating:asked"
    RATED = "citizen:rating:given"
    RATING_EXPLAINED = "citizen:rating:explained"
    COMMENT_READ = "bot:comment:read"
    COMMENT_ANSWERED = "bot:comment:answered"
    COMMENT_EDITED = "citizen:comment:edited"
    COMMENT_REMOVED = "citizen:comment:removed"
    CASE_OPENED = "citizen:case:opened"
    CASE_RECORDED = "staff:case:recorded"
    CASE_TAKEN = "staff:case:taken"
    CASE_ASSIGNED = "staff:case:assigned"
    CASE_NOTED = "staff:case:noted"
    CASE_ADDED = "citizen:case:added"
    CASE_CLASSIFIED = "staff:case:classified"
    CASE_ACCEPTED = "staff:case:accepted"
    CASE_RETURNED = "staff:case:returned"
    CASE_BEGUN = "staff:case:begun"
    CASE_DRAFTED = "staff:case:drafted"
    CASE_APPROVED = "staff:case:approved"
    CASE_REJECTED = "staff:case:rejected"
    CASE_ANSWERED = "staff:case:answered"
    CASE_CLOSED = "staff:case:closed"
    CASE_REOPENED = "staff:case:reopened"
    CASE_TRANSFERRED = "staff:case:transferred"
    CASE_RECEIPTED = "staff:case:receipted"
    CASE_MERGED = "staff:case:merged"
    CASE_LINKED = "staff:case:linked"
    CASE_ATTACHED = "staff:case:attached"
    CASE_EXTENDED = "staff:case:extended"
    CASE_PAUSED = "staff:case:paused"
    CASE_RESUMED = "staff:case:resumed"
    CASE_RECOMPUTED = "system:case:recomputed"
    CASE_TOLD = "bot:case:told"
    CASE_TOLD_LATER = "bot:case:told_later"
    CASE_READ = "staff:case:read"
    CASE_LOOKED_UP = "citizen:case:looked_up"
    CASE_ESCALATED = "system:case:escalated"
    APOLOGY_PROPOSED = "system:apology:proposed"
    ESCALATION_LATE = "system:escalation:late"
    DIGEST_WRITTEN = "system:digest:written"
    SEALED_LISTED = "staff:sealed:listed"
    SEALED_READ = "staff:sealed:read"
    SEALED_CLOSED = "staff:sealed:closed"
    SEALED_REFUSED = "staff:sealed:refused"
    PERSON_ERASED = "system:person:erased"
    TOKEN_REFRESHED = "system:token:refreshed"  # noqa: S105  an event name
    TOKEN_LOST = "system:token:lost"  # noqa: S105  an event name
    CATALOGUE_IMPORTED = "staff:catalogue:imported"
    STAFF_ADDED = "staff:member:added"
    STAFF_CHANGED = "staff:member:changed"
    STAFF_ROLES_SET = "staff:member:roles_set"
    STAFF_LEFT = "staff:member:left"
    ACCESS_LOGGED_IN = "staff:access:logged_in"
    ACCESS_LOGGED_OUT = "staff:access:logged_out"
    ACCESS_REFUSED = "staff:access:refused"
    ACCESS_INVITED = "staff:access:invited"
    ACCESS_PASSWORD_SET = "staff:access:password_set"  # noqa: S105  an event name
    ACCESS_FACTOR_ON = "staff:access:factor_on"
    ACCESS_FACTOR_OFF = "staff:access:factor_off"
    ACCESS_SESSIONS_ENDED = "staff:access:sessions_ended"
    ACCESS_BLOCKED = "staff:access:blocked"
    ACCESS_UNBLOCKED = "staff:access:unblocked"
    SHIFT_SET = "staff:shift:set"
    SHIFT_CLEARED = "staff:shift:cleared"
    SHIFT_SWAP_ASKED = "staff:shift:swap_asked"
    SHIFT_SWAP_ENDED = "staff:shift:swap_ended"
    ROSTER_IMPORTED = "staff:roster:imported"
    ROSTER_STANDBY_SET = "staff:roster:standby_set"
    ROSTER_PRINTED = "staff:roster:printed"
    LEAVE_RECORDED = "staff:leave:recorded"
    LEAVE_WITHDRAWN = "staff:leave:withdrawn"
    LESSONS_READ = "staff:lesson:read"
    LESSON_APPROVED = "staff:lesson:approved"
    LESSON_REJECTED = "staff:lesson:rejected"
    LESSON_WITHDRAWN = "staff:lesson:withdrawn"
    MODEL_TRAINED = "staff:model:trained"
    MODEL_LIVE = "staff:model:made_live"
    MODEL_ROLLED_BACK = "staff:model:rolled_back"
    RESULTS_RECORDED = "staff:online_result:recorded"
    RESULTS_PUBLISHED = "staff:online_result:published"
    RATINGS_READ = "staff:rating:read"
    CHANNEL_CHECKED = "staff:channel:checked"
    CHANNEL_TRIED = "staff:channel:tried"
    LETTER_MADE = "staff:letter:made"
    LETTER_EDITED = "staff:letter:edited"
    LETTER_CHECKED = "staff:letter:checked"
    LETTER_APPROVED = "staff:letter:approved"
    LETTER_SIGNED = "staff:letter:signed"
    LETTER_SCHEDULED = "staff:letter:scheduled"
    LETTER_RECALLED = "staff:letter:recalled"
    LETTER_ARCHIVED = "staff:letter:archived"
    LETTER_PRINTED = "staff:letter:printed"
    LETTER_HANDED = "staff:letter:handed"
    LETTER_RETURNED = "staff:letter:returned"
    LETTER_SENT = "bot:letter:sent"
    LETTER_DELIVERED = "bot:letter:delivered"
    LETTER_UNKNOWN = "bot:letter:unknown"
    LETTER_REFUSED = "bot:letter:refused"
    CELEBRATION_SET = "staff:letter:celebration_set"


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
