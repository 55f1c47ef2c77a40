"""How does a session begin and end, and who is behind one?"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.access.errors import NoSessionError
from handlers.staff.access.lockout import FORGOTTEN
from handlers.staff.access.model import (
    FACTOR_TIME,
    IDLE,
    LONGEST,
    SEEN_EVERY,
    Caller,
    Entered,
    Gate,
    OpenSession,
    Stage,
    Visitor,
)
from handlers.staff.people.listing import one_of
from storage import accounts, sessions

MS = timedelta(milliseconds=1)
DEVICE = 60


def begin(
    connection: Connection, gate: Gate, staff_id: str, stage: Stage, caller: Caller
) -> Entered:
    """Open a session in the caller's transaction; the token is told once."""
    now, token = gate.now_ms(), secrets.token_urlsafe(32)
    life = LONGEST if stage is Stage.FULL else FACTOR_TIME
    sessions.sweep(connection, gate.unit_id, now, now - IDLE // MS)
    accounts.sweep(connection, gate.unit_id, now, now - FORGOTTEN // MS)
    sessions.begin(
        connection,
        {
            "unit_id": gate.unit_id,
            "session_mac": gate.mac("session", token),
            "staff_id": staff_id,
            "stage": stage.value,
            "device": caller.device[:DEVICE],
            "begun_at": now,
            "seen_at": now,
            "ends_at": now + life // MS,
        },
    )
    if stage is Stage.FULL:
        gate.desk(staff_id).prove(connection, Tag.ACCESS_LOGGED_IN, staff_id)
    account = accounts.account(connection, gate.unit_id, staff_id)
    must = bool(account and account["must_change"])
    return Entered(token, staff_id, stage, must)


async def visitor(gate: Gate, token: str) -> Visitor | None:
    """Return who a token belongs to; None when it is over or they may no longer."""
    mac, now = gate.mac("session", token), gate.now_ms()

    def look(connection: Connection) -> tuple[Visitor, int] | None:
        row = sessions.find(connection, gate.unit_id, mac, now, now - IDLE // MS)
        if row is None:
            return None
        found = _visitor(connection, gate, row["staff_id"], mac, Stage(row["stage"]))
        if found is None:
            return None
        return _ending(found, row["ends_at"]), row["seen_at"]

    found = await gate.database.read(look)
    if found is None:
        return None
    if now - found[1] >= SEEN_EVERY // MS:
        await gate.database.write(lambda c: sessions.see(c, gate.unit_id, mac, now))
    return found[0]


def _visitor(
    connection: Connection, gate: Gate, staff_id: str, mac: str, stage: Stage
) -> Visitor | None:
    account = accounts.account(connection, gate.unit_id, staff_id)
    member = one_of(connection, gate.unit_id, gate.keys, staff_id)
    if account is None or member is None or account["blocked"]:
        return None
    if not member.is_active or not member.roles:
        return None
    has_factor = account["factor"] is not None
    return Visitor(member, mac, stage, account["must_change"], has_factor, 0)


def _ending(found: Visitor, ends_at: int) -> Visitor:
    return Visitor(
        found.member,
        found.session_mac,
        found.stage,
        found.must_change,
        found.has_factor,
        ends_at,
    )


async def log_out(gate: Gate, who: Visitor) -> None:
    """End a session."""

    def work(connection: Connection) -> None:
        if sessions.end(connection, gate.unit_id, who.session_mac):
            desk = gate.desk(who.staff_id)
            desk.prove(connection, Tag.ACCESS_LOGGED_OUT, who.staff_id)

    await gate.database.write(work)


async def listed(gate: Gate, staff_id: str) -> list[OpenSession]:
    """Return somebody's open sessions, the latest used first."""
    now = gate.now_ms()
    rows = await gate.database.read(
        lambda c: sessions.of_person(c, gate.unit_id, staff_id, now, now - IDLE // MS)
    )
    return [
        OpenSession(r["session_mac"], r["device"], r["begun_at"], r["seen_at"])
        for r in rows
        if r["stage"] == Stage.FULL
    ]


async def end(gate: Gate, who: Visitor, mac: str) -> None:
    """End one of one's own sessions; raises NoSessionError for any other."""

    def work(connection: Connection) -> None:
        now = gate.now_ms()
        mine = sessions.of_person(connection, gate.unit_id, who.staff_id, now, 0)
        if mac not in {row["session_mac"] for row in mine}:
            raise NoSessionError
        sessions.end(connection, gate.unit_id, mac)
        _prove_ended(connection, gate, who.staff_id, 1)

    await gate.database.write(work)


async def end_others(gate: Gate, who: Visitor) -> int:
    """End all of one's sessions but this one; return how many."""

    def work(connection: Connection) -> int:
        gone = sessions.end_all(
            connection, gate.unit_id, who.staff_id, but=who.session_mac
        )
        _prove_ended(connection, gate, who.staff_id, gone)
        return gone

    return await gate.database.write(work)


def _prove_ended(connection: Connection, gate: Gate, staff_id: str, gone: int) -> None:
    desk = gate.desk(staff_id)
    desk.prove(connection, Tag.ACCESS_SESSIONS_ENDED, staff_id, sessions=gone)
