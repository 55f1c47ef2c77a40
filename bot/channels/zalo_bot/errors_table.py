"""What does an error of the Zalo Bot platform ask us to do? (PLATFORMS §2)"""

from __future__ import annotations

from bot.channels.results import Failure, Reason, Reauthorise, Refused, Retry

_LATER = frozenset({"408", "429", "500", "502", "503", "504"})
_TOKEN = frozenset({"401", "404"})  # a wrong token makes a wrong address


def failure_for(code: str, after_seconds: float | None = None) -> Failure:
    """Return what to do about ``ok: false``; 403 is documented as an internal error."""
    if code in _TOKEN:
        return Reauthorise(code)
    if code in _LATER or code == "403":
        return Retry(code, after_seconds)
    if code == "400":
        return Refused(code, Reason.INVALID)
    if code == "426":
        return Refused(code, Reason.QUOTA)
    return Refused(code, Reason.UNKNOWN_CODE)
