"""Passwords, second factors, links and waiting, on both engines."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.access import administer, factor, links, own
from handlers.staff.access.errors import (
    AccessError,
    DeadLinkError,
    LockedOutError,
    OwnAccountError,
    WeakPasswordError,
    WrongCodeError,
    WrongPasswordError,
)
from handlers.staff.access.lockout import PATIENCE
from handlers.staff.access.login import log_in
from handlers.staff.access.model import Caller, Gate, Stage, Visitor
from handlers.staff.access.opening import visitor
from handlers.staff.access.passwords import check
from handlers.staff.people import departure
from handlers.staff.people.errors import MemberLeftError, NotAllowedError
from handlers.staff.people.model import OPERATOR
from handlers.staff.permissions import Role
from storage.tables import console_account, console_session
from tests.handlers.staff.office import StaffOffice

GOOD = "ghe-tre-mua-thu-xanh"
OTHER = "con-trau-gam-co-chieu"
HERE = Caller("203.0.113.7", "Chrome, Windows")


async def enter(gate: Gate, code: str = "an") -> Visitor:
    """Invite somebody, let them choose a password, return who they are."""
    token = await links.invite(gate, OPERATOR, code)
    entered = await links.choose_password(gate, token, GOOD, HERE)
    found = await visitor(gate, entered.token)
    assert found is not None
    return found


async def test_a_hundred_tries_at_once_are_a_hundred_tries(
    staff_office: StaffOffice, gate: Gate
) -> None:
    """A try is counted before it is made: guessing in parallel gains nothing."""
    await staff_office.hire("an")
    await enter(gate)
    tries = [log_in(gate, "an", f"doan-lan-thu-{n}", HERE) for n in range(30)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    looked = sum(isinstance(one, WrongPasswordError) for one in done)

    assert looked == PATIENCE["account"].free + 1
    assert sum(isinstance(one, LockedOutError) for one in done) == 30 - looked


async def test_the_wait_grows_and_is_forgotten(
    staff_office: StaffOffice, gate: Gate
) -> None:
    """Twice as long each time, never over a quarter of an hour; a day forgives."""
    await staff_office.hire("an")
    await enter(gate)
    waits = []
    for _ in range(12):
        with pytest.raises(AccessError):
            await log_in(gate, "an", "doan-thu-xem", Caller())
        try:
            await log_in(gate, "an", "doan-thu-xem", Caller())
        except LockedOutError as error:
            waits.append(error.seconds)
            staff_office.clock.advance(timedelta(seconds=error.seconds))
        except WrongPasswordError:
            pass
    assert waits == sorted(waits)
    assert waits[:3] == [30, 60, 120]
    assert waits[-1] == 15 * 60
    staff_office.clock.advance(timedelta(hours=24))

    assert (await log_in(gate, "an", GOOD, HERE)).stage is Stage.FULL


@given(st.integers(0, 10_000))
def test_no_number_of_failures_waits_for_ever(failures: int) -> None:
    """The delay never falls, and never exceeds its most."""
    for patience in PATIENCE.values():
        now, then = patience.delay_ms(failures), patience.delay_ms(failures + 1)
        assert 0 <= now <= then <= patience.most * 1000


async def test_a_second_factor_is_asked_and_used_once(
    staff_office: StaffOffice, gate: Gate
) -> None:
    """A code works once, a recovery code works once, a guess is counted."""
    await staff_office.hire("an")
    who = await enter(gate)
    secret = factor.new_secret()
    totp = pyotp.TOTP(secret)
    with pytest.raises(WrongCodeError):
        await factor.turn_on(gate, who, secret, "000000")
    now = staff_office.clock.now
    codes = await factor.turn_on(gate, who, secret, totp.at(now()))
    half = await log_in(gate, "an", GOOD, HERE)
    assert half.stage is Stage.FACTOR
    inside = await visitor(gate, half.token)
    assert inside is not None
    with pytest.raises(WrongCodeError):
        await factor.pass_factor(gate, inside, totp.at(now()), HERE)
    staff_office.clock.advance(timedelta(seconds=30))
    whole = await factor.pass_factor(gate, inside, totp.at(now()), HERE)
    assert whole.stage is Stage.FULL
    assert whole.token != half.token
    assert await visitor(gate, half.token) is None
    spoken = codes[0].upper().replace("-", " ")
    again = await visitor(gate, (await log_in(gate, "an", GOOD, HERE)).token)
    assert again is not None
    await factor.pass_factor(gate, again, spoken, HERE)
    last = await visitor(gate, (await log_in(gate, "an", GOOD, HERE)).token)
    assert last is not None
    with pytest.raises(WrongCodeError):
        await factor.pass_factor(gate, last, spoken, HERE)

    assert await factor.recovery_left(gate, "an") == factor.RECOVERY_CODES - 1
    (row,) = await staff_office.rows(console_account)
    assert secret.encode() not in row["factor"]


async def test_six_digits_cannot_be_guessed(
    staff_office: StaffOffice, gate: Gate
) -> None:
    """Wrong codes have to wait as wrong passwords do, whoever logs in again."""
    await staff_office.hire("an")
    who = await enter(gate)
    secret = factor.new_secret()
    code = pyotp.TOTP(secret).at(staff_office.clock.now())
    await factor.turn_on(gate, who, secret, code)
    locked = 0
    for number in range(20):
        half = await visitor(gate, (await log_in(gate, "an", GOOD, HERE)).token)
        assert half is not None
        with pytest.raises(AccessError) as told:
            await factor.pass_factor(gate, half, f"{number:06d}", HERE)
        locked += isinstance(told.value, LockedOutError)

    assert locked == 20 - PATIENCE["factor"].free - 1


async def test_a_reset_ends_everything_at_once(
    staff_office: StaffOffice, gate: Gate
) -> None:
    """Password, sessions and older links; the second factor stays unless it is lost."""
    await staff_office.hire("quan", Role.ADMIN)
    await staff_office.hire("an")
    who = await enter(gate)
    secret = factor.new_secret()
    code = pyotp.TOTP(secret).at(staff_office.clock.now())
    await factor.turn_on(gate, who, secret, code)
    former = await links.reset(gate, "quan", "an")
    token = await links.reset(gate, "quan", "an")
    assert await staff_office.rows(console_session) == []
    with pytest.raises(WrongPasswordError):
        await log_in(gate, "an", GOOD, Caller())
    with pytest.raises(DeadLinkError):
        await links.choose_password(gate, former, OTHER, HERE)
    entered = await links.choose_password(gate, token, OTHER, HERE)
    assert entered.stage is Stage.FACTOR
    lost = await links.reset(gate, "quan", "an", factor_too=True)

    assert (await links.choose_password(gate, lost, GOOD, HERE)).stage is Stage.FULL


async def test_only_an_administrator_and_never_oneself(
    staff_office: StaffOffice, gate: Gate
) -> None:
    """Accounts of others are an administrator's, and nobody shuts themselves out."""
    await staff_office.hire("quan", Role.ADMIN)
    for code in ("an", "binh"):
        await staff_office.hire(code)
    await enter(gate, "binh")
    with pytest.raises(NotAllowedError):
        await links.invite(gate, "an", "binh")
    with pytest.raises(NotAllowedError):
        await links.reset(gate, "an", "binh")
    with pytest.raises(NotAllowedError):
        await administer.states(gate, "an")
    with pytest.raises(OwnAccountError):
        await links.reset(gate, "quan", "quan")
    with pytest.raises(OwnAccountError):
        await administer.set_blocked(gate, "quan", "quan", blocked=True)
    with pytest.raises(AccessError, match="đã có mật khẩu"):
        await links.invite(gate, "quan", "binh")
    await administer.set_blocked(gate, "quan", "binh", blocked=True)
    with pytest.raises(WrongPasswordError):
        await log_in(gate, "binh", GOOD, HERE)
    assert (await administer.states(gate, "quan"))["binh"].is_blocked
    await administer.set_blocked(gate, "quan", "binh", blocked=False)

    assert (await log_in(gate, "binh", GOOD, HERE)).staff_id == "binh"


async def test_who_leaves_loses_the_account(
    staff_office: StaffOffice, gate: Gate
) -> None:
    """Password, factor, sessions and links go with the person, and stay gone."""
    await staff_office.hire("quan", Role.ADMIN)
    await staff_office.hire("an")
    await enter(gate)
    await departure.leave(staff_office.as_("quan"), "an")

    assert await staff_office.rows(console_account) == []
    assert await staff_office.rows(console_session) == []
    with pytest.raises(MemberLeftError):
        await links.invite(gate, "quan", "an")
    with pytest.raises(WrongPasswordError):
        await log_in(gate, "an", GOOD, HERE)


async def test_a_new_password_ends_the_other_sessions(
    staff_office: StaffOffice, gate: Gate
) -> None:
    """The device on which it was changed stays in."""
    await staff_office.hire("an")
    who = await enter(gate)
    other = await log_in(gate, "an", GOOD, HERE)
    with pytest.raises(WrongPasswordError):
        await own.change_password(gate, who, OTHER, OTHER, HERE)
    with pytest.raises(WeakPasswordError):
        await own.change_password(gate, who, GOOD, GOOD, HERE)
    await own.change_password(gate, who, GOOD, OTHER, HERE)

    assert await visitor(gate, other.token) is None
    assert [r["session_mac"] for r in await staff_office.rows(console_session)] == [
        who.session_mac
    ]


@pytest.mark.parametrize(
    "password",
    [
        "ngan",
        "matkhau123",
        "Mật khẩu 2026",
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "abababababab",
        "ubnd xã 2026",
        "thanhha2026",
        "Nguyễn Thị An1",
        "canbo01@123",
        "x" * 201,
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    """Short, common, a row, repeated, or made of the person's or the unit's name."""
    with pytest.raises(WeakPasswordError):
        check(password, ("canbo01", "Nguyễn Thị An", "Thanh Hà"))


@pytest.mark.parametrize("password", [GOOD, OTHER, "Ba con mèo ngủ trưa", "k7Qz!pW2mX"])
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    """No rules about kinds of characters."""
    check(password, ("canbo01", "Nguyễn Thị An", "xã Thanh Hà"))
