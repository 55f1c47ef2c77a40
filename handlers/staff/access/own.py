"""What may somebody change about their own account?"""

from __future__ import annotations

from sqlalchemy import Connection

from handlers.staff.access import lockout, passwords
from handlers.staff.access.errors import WeakPasswordError, WrongPasswordError
from handlers.staff.access.links import set_password
from handlers.staff.access.model import Caller, Gate, Visitor
from storage import accounts


async def change_password(
    gate: Gate, who: Visitor, old: str, new: str, caller: Caller
) -> None:
    """Set another password; all other sessions end.

    Raises WrongPasswordError, LockedOutError, WeakPasswordError.
    """
    one = lockout.a_try(gate, "account", who.staff_id, caller.address)
    await gate.database.write(lambda c: lockout.count(c, gate, one))
    row = await gate.database.read(
        lambda c: accounts.account(c, gate.unit_id, who.staff_id)
    )
    kept = row["password_hash"] if row else None
    if not await gate.hasher.matches(kept, old):
        raise WrongPasswordError("Dạ, mật khẩu đang dùng chưa đúng.")
    if old == new:
        raise WeakPasswordError("Dạ, xin chọn mật khẩu khác mật khẩu đang dùng ạ.")
    words = (who.staff_id, who.member.profile.name, gate.unit_name)
    passwords.check(new, words)
    made = await gate.hasher.hash(new)

    def work(connection: Connection) -> None:
        lockout.forgive(connection, gate, one)
        set_password(connection, gate, who.staff_id, made, keep=who.session_mac)

    await gate.database.write(work)
