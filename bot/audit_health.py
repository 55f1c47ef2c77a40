"""What does /readyz say about escalations? What the newest audits found, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from bot.clock import from_ms
from scheduler.moments import LOCAL
from storage.tables import schedule_fire

SCHEDULE = "audit"
SILENT = timedelta(minutes=20)
"""Audits come every five minutes; so long without one, and the clock stands."""


def last_audits(connection: Connection) -> dict[str, tuple[int, str]]:
    """Return unit -> when its newest audit ended (UTC ms) and what it found."""
    fire = schedule_fire.c
    newest = (
        select(fire.unit_id, func.max(fire.occurrence).label("occurrence"))
        .where(fire.schedule == SCHEDULE, fire.state == "done")
        .group_by(fire.unit_id)
        .subquery()
    )
    query = select(fire.unit_id, fire.done_at, fire.detail).join(
        newest,
        (newest.c.unit_id == fire.unit_id) & (newest.c.occurrence == fire.occurrence),
    )
    rows = connection.execute(query.where(fire.schedule == SCHEDULE))
    return {unit_id: (done_at or 0, detail) for unit_id, done_at, detail in rows}


def judged(audits: Mapping[str, tuple[int, str]], now: int) -> dict[str, Any]:
    """Return ok, late (something due did not run) or silent (nobody looks)."""
    found = {unit: detail for unit, (_, detail) in audits.items() if detail != "clean"}
    oldest = min((at for at, _ in audits.values()), default=0)
    status = "late" if found else "ok"
    if now - oldest > SILENT.total_seconds() * 1000:
        status = "silent"
    shown: dict[str, Any] = {"status": status}
    if oldest:
        at = from_ms(oldest).astimezone(LOCAL)
        shown["audited_at"] = at.isoformat(timespec="seconds")
    return shown | ({"units": found} if found else {})
