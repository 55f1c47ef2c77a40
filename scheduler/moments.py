"""Which day or instant did somebody write?"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from scheduler.errors import BadDateError, BadMomentError

LOCAL: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_VIETNAMESE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def parse_date(value: Any) -> date:
    """Read 2026-11-24 or 24/11/2026; a date is returned as it is.

    Raises BadDateError naming the text.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = str(value).strip()
    iso, vietnamese = _ISO.fullmatch(text), _VIETNAMESE.fullmatch(text)
    try:
        if iso:
            return date(*(int(number) for number in iso.groups()))
        if vietnamese:
            return date(*(int(number) for number in reversed(vietnamese.groups())))
    except ValueError:
        raise BadDateError(text) from None
    raise BadDateError(text)


def parse_moment(text: str) -> date | datetime:
    """Read a date, or an ISO date-time; one without a zone is local.

    The result is a date, or an aware datetime in local time. Raises BadMomentError.
    """
    try:
        return parse_date(text)
    except BadDateError:
        pass
    try:
        found = datetime.fromisoformat(text.strip())
        aware = found if found.tzinfo else found.replace(tzinfo=LOCAL)
        return aware.astimezone(LOCAL)
    except (ValueError, OverflowError):
        raise BadMomentError(text) from None


def local_day(moment: date | datetime) -> date:
    """Return the calendar day of a moment in the commune."""
    if isinstance(moment, datetime):
        return moment.astimezone(LOCAL).date()
    return moment


def local_instant(moment: date | datetime) -> datetime:
    """Return the instant of a moment; a bare date means its first minute."""
    if isinstance(moment, datetime):
        return moment.astimezone(LOCAL)
    return datetime.combine(moment, time(), LOCAL)
