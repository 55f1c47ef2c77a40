"""Which handler serves an item of the menu?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.citizen import (
    address,
    case_status,
    choose,
    greeting,
    guidance,
    handover,
    petition,
    privacy,
    rating,
    report,
)
from handlers.citizen.payloads import Payload
from handlers.citizen.turn import Step, Turn

ITEMS: Mapping[str, Callable[[Turn], Step]] = {
    "thutuc": choose.popular,
    "phananh": report.invite,
    "lich": guidance.schedule,
    "lienhe": guidance.contact,
    "canbo": handover.request,
    "them": greeting.more,
    "hoso": case_status.show,
    "tainha": report.invite_home,
    "henlanhdao": report.invite_meeting,
    "khieunai": petition.complaint,
    "tocao": petition.denunciation,
    "quyen": privacy.rights,
    "xungho": address.ask,
    "danhgia": rating.ask,
    "khancap": guidance.emergency,
}
NUMBERED = ("thutuc", "phananh", "lich", "lienhe", "canbo", "them")
"""As the sentence ``greeting.menu`` numbers them."""


def tap(turn: Turn, payload: Payload) -> Step:
    """Serve an item; the menu itself for none or an unknown one."""
    return ITEMS.get(payload.argument, greeting.menu)(turn)


def by_number(turn: Turn, number: int) -> Step | None:
    """Serve a typed number, None when the menu has no such line."""
    if not 1 <= number <= len(NUMBERED):
        return None
    return ITEMS[NUMBERED[number - 1]](turn)
