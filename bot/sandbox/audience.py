"""Who may be written to, and until when? The message windows (PLATFORMS 1.7, 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.citizens import CITIZENS
from bot.sandbox.model import Act, ActKind, Platform, SandboxConfig

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
ZALO_FREE_MS = 48 * HOUR_MS
ZALO_WINDOW_MS = 7 * DAY_MS
ZALO_FREE_REPLIES = 8
FACEBOOK_WINDOW_MS = DAY_MS
FACEBOOK_HUMAN_MS = 7 * DAY_MS

NOT_FOLLOWING = -213
WINDOW_OVER = -230
NEVER_WROTE = -232
OUT_OF_QUOTA = -211
NOT_RECEIVING = (551, 1545041)
OUTSIDE_WINDOW = (10, 2018278)


@dataclass(slots=True)
class Contact:
    """One person as one platform knows them; times are UTC milliseconds."""

    last_ms: int | None = None
    replies: int = 0
    is_gone: bool = False
    may_welcome: bool = False

    def note(self, channel: Platform, act: Act, now_ms: int) -> None:
        """Remember an interaction; leaving is none, Zalo's "chat now" is half a one."""
        if act.kind is ActKind.HUMAN_REPLY:
            return
        self.is_gone = act.kind is ActKind.UNFOLLOW
        if self.is_gone:
            return
        if act.kind is ActKind.REFERRAL and channel is Platform.ZALO:
            self.may_welcome = self.last_ms is None
            return
        self.last_ms = now_ms
        self.replies = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """What Zalo says about the price of a message."""

    quota_type: str
    remain: int
    total: int


class Audience:
    """The contacts of both platforms."""

    def __init__(self, config: SandboxConfig) -> None:
        self._config = config
        self._package_left = config.zalo.package_quota
        self._contacts: dict[tuple[Platform, str], Contact] = {
            (channel, citizen.user_id(channel)): Contact()
            for citizen in CITIZENS
            for channel in Platform
        }

    def get(self, channel: Platform, user_id: str) -> Contact | None:
        """Return the contact; strangers exist only when the config admits them."""
        found = self._contacts.get((channel, user_id))
        if found is None and self._config.accept_any_user and user_id.isdecimal():
            return Contact(last_ms=None, may_welcome=True)
        return found

    def zalo_refusal(self, contact: Contact, now_ms: int) -> int:
        """Return 0, or the code with which Zalo refuses a consultation message."""
        if contact.is_gone:
            return NOT_FOLLOWING
        if not self._config.enforce_windows or contact.may_welcome:
            return 0
        if contact.last_ms is None:
            return NEVER_WROTE
        is_over = now_ms - contact.last_ms > ZALO_WINDOW_MS
        return WINDOW_OVER if is_over else self._unpaid(contact, now_ms)

    def zalo_quota(self, contact: Contact, now_ms: int) -> Quota:
        """Count a sent message and say what paid for it."""
        contact.replies += 1
        if contact.last_ms is None:
            contact.may_welcome = False
            return Quota("welcome_msg", 0, 1)
        if _is_free(contact, now_ms, ZALO_FREE_REPLIES + 1):
            left = ZALO_FREE_REPLIES - contact.replies
            return Quota("reply", left, ZALO_FREE_REPLIES)
        self._package_left -= 1
        total = self._config.zalo.package_quota
        return Quota("sub_quota", self._package_left, total)

    def facebook_refusal(
        self, contact: Contact, body: Mapping[str, object], now_ms: int
    ) -> tuple[int, int] | None:
        """Return (code, subcode) with which Facebook refuses, or None."""
        if contact.is_gone:
            return NOT_RECEIVING
        if not self._config.enforce_windows or contact.may_welcome:
            return None
        if body.get("messaging_type") == "UTILITY" and contact.last_ms is not None:
            return None
        is_human = body.get("tag") == "HUMAN_AGENT"
        allowed = FACEBOOK_HUMAN_MS if is_human else FACEBOOK_WINDOW_MS
        if contact.last_ms is None or now_ms - contact.last_ms > allowed:
            return OUTSIDE_WINDOW
        return None

    def _unpaid(self, contact: Contact, now_ms: int) -> int:
        is_free = _is_free(contact, now_ms, ZALO_FREE_REPLIES)
        return 0 if is_free or self._package_left > 0 else OUT_OF_QUOTA


def _is_free(contact: Contact, now_ms: int, replies: int) -> bool:
    age = now_ms - (contact.last_ms or 0)
    return age <= ZALO_FREE_MS and contact.replies < replies
