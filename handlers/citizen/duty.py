"""Who is on duty for this citizen, as far as the commune publishes it?"""

from __future__ import annotations

from datetime import datetime

from handlers.citizen.turn import Turn
from handlers.ports import OnDuty, Phone

HOTLINE = "hotline"
HOTLINE_LABEL = "Trực đường dây nóng"


def here(turn: Turn, at: datetime | None = None) -> OnDuty | None:
    """Return who has the shift on the citizen's channel; None when no shift does."""
    return _shift(turn, turn.inbound.channel.value, at)


def hotline(turn: Turn, at: datetime | None = None) -> OnDuty | None:
    """Return who has the shift at the telephone; None when no shift does."""
    return _shift(turn, HOTLINE, at)


def phones(turn: Turn) -> tuple[Phone, ...]:
    """Return the numbers of the commune, then the one of the shift of now."""
    known = turn.services.unit.phones
    found = hotline(turn)
    if found is None or not found.phone:
        return known
    digits = {_digits(phone.number) for phone in known}
    if _digits(found.phone) in digits:
        return known
    return (*known, Phone(HOTLINE_LABEL, found.phone))


def named(found: OnDuty | None) -> str:
    """Return name and title as published; "" when neither is."""
    return ", ".join(filter(None, (found.name, found.title))) if found else ""


def _shift(turn: Turn, channel: str, at: datetime | None) -> OnDuty | None:
    roster = turn.services.roster
    found = roster.on_duty(at or turn.now, channel) if roster else None
    return found if found and found.is_shift else None


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit())
