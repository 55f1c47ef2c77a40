"""``/console/account``: my password, my second factor, where I am logged in."""

from __future__ import annotations

import base64
from binascii import Error as NotBase64

import segno
from aiohttp import web

from bot.console.errors import BadFormError
from bot.console.guard import CHANGE_PASSWORD, Section, action, get, post
from bot.console.visit import Visit
from handlers.staff.access import factor, opening, own
from handlers.staff.access.errors import AccessError, TwiceError
from handlers.staff.permissions import ROLE_NAMES, Action, Role
from storage.keys import InvalidTag

HOME = "/console/account"
BAD = 400


@action(Action.KEEP_OWN_ACCOUNT)
async def show(at: Visit) -> web.StreamResponse:
    """Show what is mine."""
    return at.html(
        "access/account.html",
        "Tài khoản của tôi",
        sessions=await opening.listed(at.gate, at.staff_id),
        mine=at.who.session_mac,
        has_factor=at.who.has_factor,
        recovery=await factor.recovery_left(at.gate, at.staff_id),
        roles=[ROLE_NAMES[role] for role in Role if role in at.roles],
    )


@action(Action.KEEP_OWN_ACCOUNT, before_change=True)
async def ask_password(at: Visit) -> web.StreamResponse:
    """Show the form for another password."""
    return _password(at)


@action(Action.KEEP_OWN_ACCOUNT, before_change=True)
async def set_password(at: Visit) -> web.StreamResponse:
    """Change the password."""
    old, new = await at.text("old", 300), await at.text("password", 300)
    if new != await at.text("again", 300):
        return _password(at, TwiceError(), BAD)
    try:
        await own.change_password(at.gate, at.who, old, new, at.caller)
    except AccessError as error:
        return _password(at, error, BAD)
    return at.go(HOME, "Dạ, đã đổi mật khẩu; các máy khác đã được đăng xuất.")


@action(Action.KEEP_OWN_ACCOUNT)
async def ask_factor(at: Visit) -> web.StreamResponse:
    """Show the QR code of a new secret; nothing is kept before it is confirmed."""
    return _factor(at, factor.new_secret())


@action(Action.KEEP_OWN_ACCOUNT)
async def set_factor(at: Visit) -> web.StreamResponse:
    """Confirm the secret with a code, and show the recovery codes once."""
    secret = _opened(at, await at.text("secret", 400))
    try:
        code = await at.text("one_time", 40)
        codes = await factor.turn_on(at.gate, at.who, secret, code)
    except AccessError as error:
        return _factor(at, secret, error, BAD)
    return at.html("access/recovery.html", "Mã dự phòng", codes=codes)


@action(Action.KEEP_OWN_ACCOUNT)
async def drop_factor(at: Visit) -> web.StreamResponse:
    """Ask for codes no longer, against a code."""
    try:
        code = await at.text("one_time", 40)
        await factor.turn_off(at.gate, at.who, code, at.caller)
    except AccessError as error:
        return at.go(HOME, f"{error} {error.hint}", is_good=False)
    return at.go(HOME, "Dạ, đã tắt xác thực hai lớp.")


@action(Action.KEEP_OWN_ACCOUNT)
async def end_session(at: Visit) -> web.StreamResponse:
    """Log one other device out, or all of them."""
    mac = await at.text("session", 64)
    if mac == "others":
        gone = await opening.end_others(at.gate, at.who)
        return at.go(HOME, f"Dạ, đã đăng xuất {gone} phiên trên các máy khác.")
    await opening.end(at.gate, at.who, mac)
    return at.go(HOME, "Dạ, đã đăng xuất phiên đó.")


def _password(
    at: Visit, error: AccessError | None = None, status: int = 200
) -> web.Response:
    return at.html(
        "access/password.html",
        "Đổi mật khẩu",
        status=status,
        error=error,
        must=at.who.must_change,
        action=CHANGE_PASSWORD,
    )


def _factor(
    at: Visit, secret: str, error: AccessError | None = None, status: int = 200
) -> web.Response:
    address = factor.address(at.gate, at.staff_id, secret)
    picture = segno.make(address, error="m", micro=False)
    svg = picture.svg_inline(scale=5, border=2, dark="#000", light="#fff")
    sealed = at.gate.keys.box.seal(secret.encode(), _context(at))
    spelt = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return at.html(
        "access/factor.html",
        "Xác thực hai lớp",
        status=status,
        svg=svg,
        spelt=spelt,
        sealed=base64.urlsafe_b64encode(sealed).decode(),
        error=error,
    )


def _opened(at: Visit, sealed: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return at.gate.keys.box.open(raw, _context(at)).decode()
    except (NotBase64, InvalidTag, ValueError) as error:
        raise BadFormError from error


def _context(at: Visit) -> str:
    return f"console:new-factor:{at.unit_id}:{at.who.session_mac}"


SECTION = Section(
    (
        get("/account", show),
        get("/account/password", ask_password),
        post("/account/password", set_password),
        get("/account/factor", ask_factor),
        post("/account/factor", set_factor),
        post("/account/factor/off", drop_factor),
        post("/account/sessions", end_session),
    )
)
