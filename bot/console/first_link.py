"""What does whoever starts the service see, so that the first administrator gets in?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from handlers.staff.access import first
from handlers.staff.access.model import Gate, Purpose
from storage.errors import StorageError

MOST_SHOWN = 3
"""A city's start shows this many communes; the others by ``thanthien users invite``."""

log = structlog.get_logger("console")


def link(base: str, unit_id: str, token: str) -> str:
    """Return the address of a one-time link."""
    return f"{base.rstrip('/')}/console/link/{unit_id}/{token}"


async def lines(gates: Mapping[str, Gate], base: str) -> Sequence[str]:
    """Return the sentences to print: none once every unit has an administrator.

    Each call makes new links; the former ones end. ``base`` is our address.
    """
    shown: list[str] = []
    waiting = 0
    for unit_id, gate in sorted(gates.items()):
        try:
            if await first.has_admin(gate):
                continue
            waiting += 1
            made = await first.link_if_needed(gate) if waiting <= MOST_SHOWN else None
        except StorageError as error:
            log.warning("first_link_not_made", error=type(error).__name__)
            continue
        if made is not None:
            shown += _told(gate.unit_name, made[0], link(base, unit_id, made[1]))
    if waiting > MOST_SHOWN:
        more = waiting - MOST_SHOWN
        shown.append(f"Còn {more} đơn vị chưa có quản trị: xem thanthien users invite.")
    return shown


def _told(name: str, purpose: Purpose, url: str) -> list[str]:
    who = (
        "Tạo quản trị đầu tiên"
        if purpose is Purpose.FIRST
        else "Quản trị đã ghi tên, xin đặt mật khẩu"
    )
    return [f"{who} của {name} (dùng một lần, trong 24 giờ):", f"  {url}"]
