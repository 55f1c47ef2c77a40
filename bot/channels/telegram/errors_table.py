"""What does a Bot API error ask us to do? (PLATFORMS §4.1)

The Bot API tells most 400s apart only by their English description, so here, unlike
elsewhere, the wording is read; unknown wording is a refusal.
"""

from __future__ import annotations

from bot.channels.results import Failure, Reason, Reauthorise, Refused, Retry

THREAD_GONE = "thread-gone"
UNCHANGED = "not-modified"
_TOKEN = frozenset({"401", "404"})  # a wrong token makes a wrong address
_LATER = frozenset({"409", "420", "429", "500", "502", "503", "504"})
_WORDING: tuple[tuple[str, str, Reason], ...] = (
    ("message is not modified", UNCHANGED, Reason.INVALID),
    ("message thread not found", THREAD_GONE, Reason.INVALID),
    ("topic_closed", THREAD_GONE, Reason.INVALID),  # unverified wording
    ("topic_deleted", THREAD_GONE, Reason.INVALID),  # unverified wording
    ("message to edit not found", "message-gone", Reason.INVALID),
    ("upgraded to a supergroup", "chat-migrated", Reason.CONFIG),
    ("chat not found", "chat-not-found", Reason.CONFIG),
    ("not enough rights", "no-rights", Reason.CONFIG),
    ("not a forum", "no-forum", Reason.CONFIG),
    ("query is too old", "query-old", Reason.INVALID),
)


def failure_for(
    code: str, description: str, after_seconds: float | None = None
) -> Failure:
    """Return what to do about ``ok: false``."""
    if code in _TOKEN:
        return Reauthorise(code)
    if code in _LATER:
        return Retry(code, after_seconds)
    if code == "403":
        return Refused(code, Reason.CONFIG)  # the bot was put out of the group
    said = description.lower()
    for words, name, reason in _WORDING:
        if words in said:
            return Refused(name, reason)
    return Refused(code, Reason.UNKNOWN_CODE)
