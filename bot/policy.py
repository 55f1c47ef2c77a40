"""May we send this, as what, and when? Data with sources; a refusal is a value.

Quiet hours, caps and the stop of celebrations bind only what we start; a reply to
a citizen is never held back by them. Retired Facebook tags are not expressible:
the only tag there is stands for a person's own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.model import STAFF_CHANNELS, Channel
from storage.outbox import Priority

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Window:
    """How long after the citizen's last interaction a platform lets us write."""

    automatic: timedelta
    human: timedelta
    code: str
    source: str


WINDOWS = {
    Channel.ZALO: Window(
        timedelta(days=7),
        timedelta(days=7),
        "zalo_window_7d",
        "PLATFORMS.md 1.7: tin tư vấn trong 7 ngày, mã -230",
    ),
    Channel.FACEBOOK: Window(
        timedelta(hours=24),
        timedelta(days=7),
        "facebook_window_24h",
        "PLATFORMS.md 3.3: 24 giờ; 24 giờ - 7 ngày chỉ người thật (HUMAN_AGENT)",
    ),
}
FREE_REPLIES = {Channel.ZALO: 8}
"""Zalo: 8 free replies in 48 h by one source, unlimited by another (1.7)."""
COMMENT_ANSWERS = timedelta(days=3)
"""After planning. Facebook: one private reply within seven days of the comment
(PLATFORMS.md 3.2); none is planned for one older than three days, and that may be half
a day older than it says (handlers.citizen.comment, bot.channels.wire.OLDEST)."""
QUIET = (time(22, 0), time(6, 0))
"""Zalo shows no push and refuses promotion at night (PLATFORMS.md 1.7, code -234)."""
WEEKLY_CAP = 2
"""Messages we start to one person in seven days; our own promise."""


@dataclass(frozen=True, slots=True)
class Request:
    """One message we would like to send; times are aware.

    ``commented_at`` is set for an answer to a comment, which needs no window: when it
    was planned. ``is_template``: words that the platform approved need no window; on
    Facebook only news of somebody's own case, never a wish or a letter.
    """

    channel: Channel
    priority: Priority
    human: bool
    last_inbound: datetime | None
    opted_out: bool
    started_by_us: int = 0
    celebrations_stopped: bool = False
    commented_at: datetime | None = None
    is_template: bool = False


@dataclass(frozen=True, slots=True)
class Allow:
    """Send; ``human_agent`` says the platform must be told a person wrote it."""

    human_agent: bool = False


@dataclass(frozen=True, slots=True)
class Delay:
    """Not now: try again at an instant."""

    until: datetime
    code: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Not at all; the code is shown to staff and kept as evidence."""

    code: str


Verdict = Allow | Delay | Refuse


def decide(request: Request, now: datetime) -> Verdict:
    """Return what to do with a message now; our own people have no window."""
    if request.channel in STAFF_CHANNELS:
        return Allow()
    if request.commented_at is not None:
        is_late = now - request.commented_at > COMMENT_ANSWERS
        return Refuse("facebook_comment_late") if is_late else Allow()
    if not is_reply(request.priority):
        verdict = _ours(request, now)
        if verdict is not None:
            return verdict
    if request.is_template and request.opted_out:
        return Refuse("opted_out")
    if request.is_template and _is_fit(request):
        return Allow()
    return _window(request, now)


def _is_fit(request: Request) -> bool:
    """Utility messages of Messenger may congratulate nobody (PLATFORMS.md 3.3)."""
    is_news = request.priority is Priority.CASE
    return is_news or request.channel is not Channel.FACEBOOK


def is_reply(priority: Priority) -> bool:
    """Whether the citizen asked for it: an answer, or staff in a talk they opened."""
    return priority in (Priority.REPLY, Priority.STAFF, Priority.CASE)


def _ours(request: Request, now: datetime) -> Verdict | None:
    if request.opted_out:
        return Refuse("opted_out")
    if request.celebrations_stopped:
        return Refuse("celebrations_stopped")
    if request.started_by_us >= WEEKLY_CAP:
        return Delay(now + timedelta(days=1), "weekly_cap")
    local = now.astimezone(LOCAL)
    if local.time() >= QUIET[0] or local.time() < QUIET[1]:
        return Delay(_morning(local), "quiet_hours")
    return None


def _morning(local: datetime) -> datetime:
    day = local if local.time() < QUIET[1] else local + timedelta(days=1)
    return day.replace(
        hour=QUIET[1].hour, minute=QUIET[1].minute, second=0, microsecond=0
    )


def _window(request: Request, now: datetime) -> Verdict:
    window = WINDOWS[request.channel]
    if request.last_inbound is None:
        return Refuse(window.code)
    age = now - request.last_inbound
    if age <= window.automatic:
        return Allow()
    if request.human and age <= window.human:
        return Allow(human_agent=True)
    return Refuse(window.code)
