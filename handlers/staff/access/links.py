"""One-time links: an invitation, a reset, the first administrator, a demonstration.

The token is in the address alone; the database has its keyed hash.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.access import passwords
from handlers.staff.access.errors import AccessError, DeadLinkError, OwnAccountError
from handlers.staff.access.model import (
    LINK_LIFE,
    Caller,
    Entered,
    Gate,
    Link,
    Purpose,
    Stage,
)
from handlers.staff.access.opening import MS, begin
from handlers.staff.people.listing import active, one_of
from handlers.staff.people.model import OPERATOR
from handlers.staff.permissions import Action
from storage import accounts, sessions


def make(
    connection: Connection,
    gate: Gate,
    staff_id: str,
    purpose: Purpose,
    by: str,
    life: timedelta = LINK_LIFE,
) -> str:
    """Keep a new link in place of the former one of its kind; return its token."""
    now, token = gate.now_ms(), secrets.token_urlsafe(32)
    accounts.add_link(
        connection,
        {
            "unit_id": gate.unit_id,
            "token_mac": gate.mac("link", token),
            "staff_id": staff_id,
            "purpose": purpose.value,
            "made_by": by,
            "made_at": now,
            "expires_at": now + life // MS,
        },
    )
    return token


async def invite(gate: Gate, by: str, staff_id: str) -> str:
    """Return the token of a link by which a member chooses their first password.

    Raises what ``Desk.change`` does, MemberUnknownError, MemberLeftError, and
    AccessError for somebody who has a password already.
    """
    desk = gate.desk(by)

    def work(connection: Connection) -> str:
        active(connection, desk, staff_id)
        accounts.open_account(connection, gate.unit_id, staff_id, gate.now_ms())
        row = accounts.account(connection, gate.unit_id, staff_id)
        if row and row["password_hash"]:
            raise AccessError(
                "Dạ, cán bộ này đã có mật khẩu.", "Xin dùng 'đặt lại mật khẩu'."
            )
        desk.prove(connection, Tag.ACCESS_INVITED, staff_id, purpose="invite")
        return make(connection, gate, staff_id, Purpose.INVITE, by)

    return await desk.change(Action.MANAGE_STAFF, work)


async def reset(gate: Gate, by: str, staff_id: str, *, factor_too: bool = False) -> str:
    """Void the password and all sessions of a member; return the token of a link.

    ``factor_too`` takes off the second factor of somebody who lost the phone. Raises
    as ``invite`` does, and OwnAccountError.
    """
    desk = gate.desk(by)
    if by == staff_id and by != OPERATOR:
        raise OwnAccountError

    def work(connection: Connection) -> str:
        active(connection, desk, staff_id)
        unit, now = gate.unit_id, gate.now_ms()
        accounts.open_account(connection, unit, staff_id, now)
        values: dict[str, object] = {"password_hash": None}
        if factor_too:
            values |= {"factor": None, "factor_step": 0}
            accounts.set_recovery(connection, unit, staff_id, ())
        accounts.change_account(connection, unit, staff_id, values, now)
        sessions.end_all(connection, unit, staff_id)
        accounts.drop_links(connection, unit, staff_id)
        desk.prove(
            connection,
            Tag.ACCESS_INVITED,
            staff_id,
            purpose="reset",
            factor=factor_too,
        )
        return make(connection, gate, staff_id, Purpose.RESET, by)

    return await desk.change(Action.MANAGE_STAFF, work)


async def find(gate: Gate, token: str) -> Link:
    """Return what a link is for; raises DeadLinkError."""
    mac, now = gate.mac("link", token), gate.now_ms()

    def look(connection: Connection) -> Link:
        row = accounts.link(connection, gate.unit_id, mac)
        if row is None or row["expires_at"] <= now:
            raise DeadLinkError
        name = _name(connection, gate, row["staff_id"]) if row["staff_id"] else ""
        return Link(Purpose(row["purpose"]), row["staff_id"], name)

    return await gate.database.read(look)


async def choose_password(
    gate: Gate, token: str, password: str, caller: Caller
) -> Entered:
    """Use an invitation or reset up: set the password and go in.

    Raises DeadLinkError, WeakPasswordError; a weak password leaves the link good.
    """
    link = await find(gate, token)
    if link.purpose not in (Purpose.INVITE, Purpose.RESET):
        raise DeadLinkError
    passwords.check(password, (link.staff_id, link.name, gate.unit_name))
    made = await gate.hasher.hash(password)

    def work(connection: Connection) -> Entered:
        take(connection, gate, token)
        set_password(connection, gate, link.staff_id, made)
        return enter(connection, gate, link.staff_id, caller)

    return await gate.database.write(work)


async def enter_demo(gate: Gate, token: str, caller: Caller) -> Entered:
    """Go in by a link of the demonstration, without a password."""
    link = await find(gate, token)
    if link.purpose is not Purpose.DEMO:
        raise DeadLinkError

    def work(connection: Connection) -> Entered:
        take(connection, gate, token)
        return enter(connection, gate, link.staff_id, caller)

    return await gate.database.write(work)


def take(connection: Connection, gate: Gate, token: str) -> None:
    """Use a link up; raises DeadLinkError."""
    mac = gate.mac("link", token)
    if not accounts.take_link(connection, gate.unit_id, mac, gate.now_ms()):
        raise DeadLinkError


def enter(connection: Connection, gate: Gate, staff_id: str, caller: Caller) -> Entered:
    """Open a session for somebody whose password needs no asking just now."""
    row = accounts.account(connection, gate.unit_id, staff_id)
    if row is None or row["blocked"]:
        raise DeadLinkError
    stage = Stage.FULL if row["factor"] is None else Stage.FACTOR
    return begin(connection, gate, staff_id, stage, caller)


def set_password(
    connection: Connection, gate: Gate, staff_id: str, made: str, *, keep: str = ""
) -> None:
    """Write a hash; every session but ``keep`` and every link of the person ends."""
    unit, now = gate.unit_id, gate.now_ms()
    accounts.open_account(connection, unit, staff_id, now)
    values = {"password_hash": made, "must_change": False}
    accounts.change_account(connection, unit, staff_id, values, now)
    accounts.drop_links(connection, unit, staff_id)
    sessions.end_all(connection, unit, staff_id, but=keep)
    gate.desk(staff_id).prove(connection, Tag.ACCESS_PASSWORD_SET, staff_id)


def _name(connection: Connection, gate: Gate, staff_id: str) -> str:
    member = one_of(connection, gate.unit_id, gate.keys, staff_id)
    if member is None or not member.is_active:
        raise DeadLinkError
    return member.profile.name
