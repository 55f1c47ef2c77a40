"""What does a Graph API error code ask us to do? (PLATFORMS §3.3 Errors)

Source: developers.facebook.com, messenger-platform/error-codes (18 March 2026).
A pair (code, subcode) is stronger than its code; wording is never read; an
unknown code is a refusal.
"""

from __future__ import annotations

from bot.channels.results import (
    Failure,
    Reason,
    Reauthorise,
    Refused,
    Retry,
    Stopped,
)

_RETRY = frozenset(
    {
        "1",  # unknown error on their side
        "2",  # service away for the moment
        "4",  # app's call limit
        "17",  # user's call limit
        "32",  # page's call limit
        "613",  # rate of this call
        "1200",  # temporary sending failure
        "80001",  # page's business use limit
        "80002",  # business use limit
        "80006",  # Messenger's business use limit
    }
)
_REAUTHORISE = frozenset({"190"})  # page token invalid or expired
_STOPPED = frozenset(
    {
        "10:2018108",  # does not receive messages now
        "100:2018001",  # no such person for this page
        "200:1545041",  # does not receive messages
        "551",  # not available: blocked or closed
        "551:1545041",
    }
)
_REFUSED: dict[str, Reason] = {
    "2:2018344": Reason.CONFIG,  # page must accept terms
    "10": Reason.CONFIG,  # permission missing
    "10:1893063": Reason.CONFIG,  # page restricted for a time
    "10:2018065": Reason.WINDOW,  # outside the allowed window
    "10:2018278": Reason.WINDOW,
    "10:2534022": Reason.WINDOW,
    "100": Reason.INVALID,  # a parameter, or a retired tag
    "100:2018109": Reason.MEDIA,  # attachment too big
    "200": Reason.CONFIG,  # permission missing
    "200:2018028": Reason.CONFIG,  # app not live: testers only
    "230": Reason.CONFIG,  # pages_messaging missing
    "368": Reason.POLICY,  # blocked for policy reasons
}


def failure_for(
    code: str, subcode: str = "", after_seconds: float | None = None
) -> Failure:
    """Return what to do about an ``error`` object."""
    pair = f"{code}:{subcode}" if subcode else code
    found = _listed(pair, pair, after_seconds) or _listed(code, pair, after_seconds)
    return found or Refused(pair, Reason.UNKNOWN_CODE)


def _listed(known: str, told: str, after_seconds: float | None) -> Failure | None:
    if known in _RETRY:
        return Retry(told, after_seconds)
    if known in _REAUTHORISE:
        return Reauthorise(told)
    if known in _STOPPED:
        return Stopped(told)
    return Refused(told, _REFUSED[known]) if known in _REFUSED else None


def is_listed(code: str, subcode: str = "") -> bool:
    """Whether the table knows the pair or the code."""
    return any(_listed(known, "", None) for known in (f"{code}:{subcode}", code))
