"""The second factor: six digits that change every 30 seconds (TOTP, RFC 6238)."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

import pyotp
from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.access import lockout
from handlers.staff.access.errors import WrongCodeError
from handlers.staff.access.model import Caller, Entered, Gate, Stage, Visitor
from handlers.staff.access.opening import begin
from storage import accounts, sessions

STEP_MS = 30_000
DRIFT = (0, -1, 1)
"""A phone may be half a minute off, either way."""
RECOVERY_CODES = 10
ISSUER = "Thân Thiện"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """Return a fresh secret, base32."""
    return pyotp.random_base32()


def address(gate: Gate, staff_id: str, secret: str) -> str:
    """Return what the QR code says to the app."""
    issuer = f"{ISSUER} {gate.unit_name}".strip()
    return pyotp.TOTP(secret).provisioning_uri(name=staff_id, issuer_name=issuer)


def step_of(secret: str, code: str, now: int) -> int | None:
    """Return the time step whose code this is, near ``now`` (UTC ms); else None."""
    digits = "".join(code.split())
    if len(digits) != pyotp.TOTP(secret).digits or not digits.isascii():
        return None
    made = pyotp.HOTP(secret)
    for drift in DRIFT:
        step = now // STEP_MS + drift
        if hmac.compare_digest(made.at(step), digits):
            return step
    return None


async def turn_on(gate: Gate, who: Visitor, secret: str, code: str) -> tuple[str, ...]:
    """Begin to ask for codes; return the recovery codes, shown once.

    Raises WrongCodeError unless the code shows that the app has the secret.
    """
    step = step_of(secret, code, gate.now_ms())
    if step is None:
        raise WrongCodeError
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    macs = [_recovery_mac(gate, who.staff_id, one) for one in codes]
    sealed = gate.keys.box.seal(secret.encode(), _context(gate, who.staff_id))
    values = {"factor": sealed, "factor_step": step}

    def work(connection: Connection) -> None:
        unit, code_ = gate.unit_id, who.staff_id
        accounts.change_account(connection, unit, code_, values, gate.now_ms())
        accounts.set_recovery(connection, unit, code_, macs)
        sessions.end_all(connection, unit, code_, but=who.session_mac)
        gate.desk(code_).prove(connection, Tag.ACCESS_FACTOR_ON, code_)

    await gate.database.write(work)
    return codes


async def turn_off(gate: Gate, who: Visitor, code: str, caller: Caller) -> None:
    """Ask for codes no longer. Raises WrongCodeError, LockedOutError."""
    await _spend(gate, who.staff_id, code, caller)

    def work(connection: Connection) -> None:
        take_off(connection, gate, who.staff_id)
        desk = gate.desk(who.staff_id)
        desk.prove(connection, Tag.ACCESS_FACTOR_OFF, who.staff_id)

    await gate.database.write(work)


def take_off(connection: Connection, gate: Gate, staff_id: str) -> None:
    """Forget a second factor in the caller's transaction."""
    values = {"factor": None, "factor_step": 0}
    accounts.change_account(connection, gate.unit_id, staff_id, values, gate.now_ms())
    accounts.set_recovery(connection, gate.unit_id, staff_id, ())


async def pass_factor(gate: Gate, who: Visitor, code: str, caller: Caller) -> Entered:
    """Go on from the password; the session gets a new token.

    Raises WrongCodeError, LockedOutError.
    """
    try:
        await _spend(gate, who.staff_id, code, caller)
    except WrongCodeError:
        desk = gate.desk(who.staff_id)
        await gate.database.write(
            lambda c: desk.prove(c, Tag.ACCESS_REFUSED, who.staff_id, step="factor")
        )
        raise

    def work(connection: Connection) -> Entered:
        sessions.end(connection, gate.unit_id, who.session_mac)
        return begin(connection, gate, who.staff_id, Stage.FULL, caller)

    return await gate.database.write(work)


async def recovery_left(gate: Gate, staff_id: str) -> int:
    """Return how many recovery codes somebody still has."""
    return await gate.database.read(
        lambda c: accounts.recovery_left(c, gate.unit_id, staff_id)
    )


async def _spend(gate: Gate, staff_id: str, code: str, caller: Caller) -> None:
    one = lockout.a_try(gate, "factor", staff_id, caller.address)
    await gate.database.write(lambda c: lockout.count(c, gate, one))

    def work(connection: Connection) -> bool:
        is_right = _is_spent(connection, gate, staff_id, code)
        if is_right:
            lockout.forgive(connection, gate, one)
        return is_right

    if not await gate.database.write(work):
        raise WrongCodeError


def _is_spent(connection: Connection, gate: Gate, staff_id: str, code: str) -> bool:
    secret = _secret(gate, accounts.account(connection, gate.unit_id, staff_id))
    step = step_of(secret, code, gate.now_ms()) if secret else None
    if step is not None:
        return accounts.use_step(connection, gate.unit_id, staff_id, step)
    mac = _recovery_mac(gate, staff_id, code)
    return accounts.use_recovery(connection, gate.unit_id, staff_id, mac)


def _secret(gate: Gate, row: dict[str, Any] | None) -> str:
    if row is None or row["factor"] is None:
        return ""
    context = _context(gate, row["staff_id"])
    return gate.keys.box.open(row["factor"], context).decode()


def _context(gate: Gate, staff_id: str) -> str:
    return f"{gate.unit_id}:console:{staff_id}:factor"


def _recovery_code() -> str:
    made = [secrets.choice(_LETTERS) for _ in range(10)]
    return f"{''.join(made[:5])}-{''.join(made[5:])}"


def _recovery_mac(gate: Gate, staff_id: str, code: str) -> str:
    bare = "".join(c for c in code.lower() if c.isalnum())
    return gate.mac("recovery", f"{staff_id}\0{bare}")
