"""What does a Zalo error code ask us to do? (PLATFORMS §1.10)

Source: docs.zaloplatforms.com/docs/OA/phu-luc/ma-loi. Only codes are read, never
the wording; an unknown code is a refusal, so that nothing is sent for ever.
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

RATE_LIMIT = "-32"
MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0

_RETRY: dict[str, float | None] = {
    RATE_LIMIT: MINUTE,  # too many calls: the limit is counted per minute
    "-100": None,  # the uploaded file expired: the next try uploads again
    "-200": None,  # sending failed on their side
    "-214": MINUTE,  # an article is still being processed
    "-218": DAY,  # this citizen's daily share is used up
    "-234": HOUR,  # not at night (22:00-06:00): asked again until morning
}
_REAUTHORISE = frozenset(
    {
        "-216",  # access token invalid
        "-220",  # access token expired or removed
    }
)
_STOPPED = frozenset(
    {
        "-213",  # has not followed the OA
        "-217",  # blocked invitations from the OA
        "-227",  # banned, or away for more than 45 days
        "-244",  # restricted this kind of message
    }
)
_REFUSED: dict[str, Reason] = {
    "-201": Reason.INVALID,  # a field is invalid
    "-204": Reason.CONFIG,  # OA disabled
    "-205": Reason.CONFIG,  # OA does not exist
    "-209": Reason.CONFIG,  # app not activated
    "-210": Reason.INVALID,  # parameter over its limit
    "-211": Reason.QUOTA,  # the OA's quota is used up
    "-212": Reason.CONFIG,  # app has not registered this API
    "-219": Reason.CONFIG,  # app removed or disabled
    "-221": Reason.CONFIG,  # OA must be verified
    "-223": Reason.CONFIG,  # OA has not granted this API
    "-224": Reason.CONFIG,  # OA package too small
    "-230": Reason.WINDOW,  # no interaction within 7 days
    "-232": Reason.WINDOW,  # no interaction, or too long ago
    "-233": Reason.INVALID,  # message type not supported
    "-235": Reason.CONFIG,  # not for this kind of OA
    "-237": Reason.CONFIG,  # group disabled
    "-238": Reason.CONFIG,  # group asset used or disabled
    "-240": Reason.INVALID,  # version 2 of the message API is gone
    "-241": Reason.CONFIG,  # group asset used
    "-242": Reason.CONFIG,  # appsecret_proof wrong
    "-248": Reason.POLICY,  # violates the platform's standards
    "-249": Reason.INVALID,  # template not sendable by user id
    "-320": Reason.CONFIG,  # cloud account not connected
    "-321": Reason.CONFIG,  # cloud account out of money
    "-403": Reason.CONFIG,  # OA is not in the group
}


def failure_for(code: str, after_seconds: float | None = None) -> Failure:
    """Return what to do about an ``error`` other than 0.

    ``after_seconds`` is the answer's ``Retry-After``, stronger than the table.
    """
    if code in _RETRY:
        told = _RETRY[code] if after_seconds is None else after_seconds
        return Retry(code, told)
    if code in _REAUTHORISE:
        return Reauthorise(code)
    if code in _STOPPED:
        return Stopped(code)
    return Refused(code, _REFUSED.get(code, Reason.UNKNOWN_CODE))


def is_listed(code: str) -> bool:
    """Whether the table knows the code."""
    return any(code in table for table in (_RETRY, _REAUTHORISE, _STOPPED, _REFUSED))
