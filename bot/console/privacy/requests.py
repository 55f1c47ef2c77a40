"""``/console/privacy``: requests about data, and how each is carried out."""

from __future__ import annotations

import asyncio
import io

from aiohttp import web

from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from bot.erasure import erase
from handlers.staff.cases.telling import DESK
from handlers.staff.permissions import Action
from handlers.staff.privacy import serving
from handlers.staff.privacy.errors import GoneError, PrivacyError, WrongRequestError
from handlers.staff.privacy.gathering import Held
from handlers.staff.privacy.handing import CHANNELS
from handlers.staff.privacy.keeping import told
from handlers.staff.privacy.packing import pack
from handlers.staff.privacy.preview import glance
from handlers.staff.privacy.purposes import Minors, purposes
from handlers.staff.privacy.requests import KINDS, Request, request_by
from storage.consent import Consent
from storage.file_folder import FileFolder
from storage.vault import Vault

BAD = 400


@action(Action.SERVE_DATA_RIGHTS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the requests, the most urgent first."""
    with_closed = at.request.query.get("closed") == "1"
    found = await serving.listed(at.desk, with_closed=with_closed)
    now = at.house.clock.now_ms()
    return at.html(
        "privacy/list.html",
        "Dữ liệu cá nhân",
        requests=[(one, KINDS[one.kind], one.is_late(now)) for one in found],
        with_closed=with_closed,
    )


@action(Action.SERVE_DATA_RIGHTS)
async def one(at: Visit) -> web.StreamResponse:
    """Show one request; what is kept of the person is opened by a button of its own."""
    return await _page(at, await _request(at))


@action(Action.SERVE_DATA_RIGHTS)
async def preview(at: Visit) -> web.StreamResponse:
    """Show what is kept, masked; the look is proved."""
    found = await _request(at)
    try:
        shown = await serving.shown(at.desk, _vault(at), _person(found))
    except PrivacyError as error:
        return await _page(at, found, error)
    return at.html(
        "privacy/preview.html",
        f"Dữ liệu đang giữ · {found.code}",
        request=found,
        glance=glance(shown.held),
        obliged=shown.obliged,
        told=told(shown.obliged),
        consents=_consents(shown),
        places=CHANNELS | {DESK: "tại trụ sở"},
        purposes=[p for p in purposes().all if p.can_be_withdrawn],
        never=[p.code for p in purposes().all if p.minors is Minors.NEVER],
        is_minor=shown.is_minor,
    )


@action(Action.SERVE_DATA_RIGHTS)
async def export(at: Visit) -> web.StreamResponse:
    """Return everything of the person in one file, to hand to them."""
    found = await _request(at)
    try:
        held = await serving.handed(at.desk, _vault(at), _person(found))
        data = await asyncio.to_thread(_packed, at, held)
    except PrivacyError as error:
        return await _page(at, found, error)
    return web.Response(
        body=data,
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="du-lieu-{found.code}.zip"',
            "Cache-Control": "no-store",
        },
    )


@action(Action.SERVE_DATA_RIGHTS)
async def correct(at: Visit) -> web.StreamResponse:
    """Keep what is right."""
    found = await _request(at)
    wrong, right = await at.text("wrong"), await at.text("right")
    try:
        await serving.corrected(at.desk, _vault(at), _person(found), wrong, right)
    except PrivacyError as error:
        return await _page(at, found, error, kept={"wrong": wrong, "right": right})
    return at.go(_url(found), "Dạ, đã ghi điều đúng. Xin trả lời yêu cầu để khép lại.")


@action(Action.SERVE_DATA_RIGHTS)
async def consent(at: Visit) -> web.StreamResponse:
    """Write down a yes or a no said at the counter."""
    found = await _request(at)
    said, guardian = await at.text("said", 10), await at.text("guardian", 2)
    purpose = await at.text("purpose", 40)
    try:
        await serving.set_consent(
            at.desk,
            _person(found),
            purpose,
            is_given=said == "yes",
            by_guardian=guardian == "1",
        )
    except PrivacyError as error:
        return await _page(at, found, error)
    return at.go(_url(found), "Dạ, đã ghi, có hiệu lực ngay.")


@action(Action.SERVE_DATA_RIGHTS)
async def not_minor(at: Visit) -> web.StreamResponse:
    """Take back the note that this is a child."""
    found = await _request(at)
    try:
        await serving.not_minor(at.desk, _person(found))
    except PrivacyError as error:
        return await _page(at, found, error)
    return at.go(_url(found), "Dạ, đã bỏ ghi chú trẻ em.")


@action(Action.ERASE_PEOPLE)
async def erase_person(at: Visit) -> web.StreamResponse:
    """Erase the person of a request for erasure, after it was confirmed."""
    found = await _erasable(at)
    if await at.text("sure", 2) != "1":
        return at.ask(
            "Xóa dữ liệu của một người",
            "Khóa của người này bị hủy, mọi lời và tệp mất hẳn, không lấy lại được."
            " Người dân đã được báo phần luật buộc giữ chưa ạ?",
            to=f"{_url(found)}/erase",
            back=_url(found),
            hidden={"sure": "1"},
        )
    opened = at.house.service.installation
    why = f"request:{found.code}"
    await erase(opened, at.unit_id, _person(found), why, at.staff_id)
    at.house.hub.tell(at.unit_id, "case")
    return at.go("/console/privacy", f"Dạ, đã xóa theo yêu cầu {found.code}.")


async def _request(at: Visit) -> Request:
    try:
        return await serving.request_of(at.desk, at.request.match_info["code"])
    except WrongRequestError as error:
        raise NoPageError from error


async def _erasable(at: Visit) -> Request:
    """Who may erase need not be who may look: only the request itself is read."""
    code, unit_id = at.request.match_info["code"], at.unit_id
    found = await at.house.database.read(lambda c: request_by(c, unit_id, code))
    if found is None or found.kind != "du_lieu_xoa" or found.person_id is None:
        raise NoPageError
    return found


async def _page(
    at: Visit,
    found: Request,
    error: PrivacyError | None = None,
    kept: dict[str, str] | None = None,
) -> web.Response:
    return at.html(
        "privacy/request.html",
        f"Yêu cầu {found.code}",
        status=BAD if error else 200,
        request=found,
        kind=KINDS[found.kind],
        is_late=found.is_late(at.house.clock.now_ms()),
        error=error,
        kept=kept or {"wrong": "", "right": ""},
    )


def _person(found: Request) -> str:
    if found.person_id is None:
        raise GoneError
    return found.person_id


def _consents(shown: serving.Shown) -> list[tuple[str, Consent]]:
    names = {one.code: one.name for one in purposes().all}
    return [(names.get(c.purpose, c.purpose), c) for c in reversed(shown.consents)]


def _packed(at: Visit, held: Held) -> bytes:
    box = io.BytesIO()
    folder = FileFolder(at.house.service.installation.files_folder)
    pack(box, held, folder, at.gate.unit_name, at.house.clock.now())
    return box.getvalue()


def _vault(at: Visit) -> Vault:
    return at.house.units[at.unit_id].vault


def _url(found: Request) -> str:
    return f"/console/privacy/{found.code}"


SECTION = Section(
    (
        get("/privacy", show),
        get("/privacy/{code}", one),
        post("/privacy/{code}/preview", preview),
        post("/privacy/{code}/export", export),
        post("/privacy/{code}/correct", correct),
        post("/privacy/{code}/consent", consent),
        post("/privacy/{code}/not-minor", not_minor),
        post("/privacy/{code}/erase", erase_person),
    ),
    place=Place.PEOPLE,
)
