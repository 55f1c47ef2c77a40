"""Which local day is an instant, and when does a local day end?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def local_day(at: datetime) -> date:
    """Return the day in the commune of an aware instant."""
    return at.astimezone(LOCAL).date()


def end_of(day: date) -> datetime:
    """Return the instant (UTC) at which a local day has ended."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC)


def to_ms(at: datetime) -> int:
    """Return UTC milliseconds."""
    return round(at.timestamp() * 1000)


def from_ms(at: int) -> datetime:
    """Return stored milliseconds as an aware instant."""
    return datetime.fromtimestamp(at / 1000, tz=UTC)
