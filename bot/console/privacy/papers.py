"""``/console/privacy-papers``: what is over by the rules, and the papers of the law."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from bot.console.errors import BadFormError
from bot.console.guard import Section, action, get
from bot.console.nav import Place
from bot.console.render import ZONE
from bot.console.visit import Visit
from bot.privacy_office import office_of
from bot.retention import keep
from handlers.staff.permissions import Action
from handlers.staff.privacy.papers import Facts, breach, facts, register
from handlers.staff.privacy.rules import read_rules


@action(Action.KEEP_PRIVACY)
async def show(at: Visit) -> web.StreamResponse:
    """Show what each rule would end today, and where the papers are."""
    opened, by = at.house.service.installation, at.staff_id
    rules = read_rules()
    found = [
        (rule, await keep(opened, at.unit_id, rule, is_dry=True, by=by))
        for rule in rules
    ]
    now = at.house.clock.now().astimezone(ZONE)
    return at.html(
        "privacy/papers.html",
        "Hồ sơ về dữ liệu cá nhân",
        rules=found,
        facts=await _facts(at),
        now=f"{now:%Y-%m-%dT%H:%M}",
    )


@action(Action.KEEP_PRIVACY)
async def register_page(at: Visit) -> web.StreamResponse:
    """Return the register of processing with all that is known filled in."""
    office = office_of(at.house.config, at.unit_id)
    text = register(await _facts(at), office, read_rules(), at.house.clock.now())
    return _file(text, "ho-so-xu-ly.md")


@action(Action.KEEP_PRIVACY)
async def breach_page(at: Visit) -> web.StreamResponse:
    """Return the checklist of the 72 hours after a breach was found."""
    try:
        said = datetime.fromisoformat(at.request.query.get("found", "")[:16])
        found = said.replace(tzinfo=ZONE)
        text = breach(await _facts(at), office_of(at.house.config, at.unit_id), found)
    except (ValueError, OverflowError) as error:
        raise BadFormError(hint="Xin ghi lúc phát hiện sự cố.") from error
    return _file(text, "su-co.md")


async def _facts(at: Visit) -> Facts:
    now, unit_id = at.house.clock.now_ms(), at.unit_id
    return await at.desk.look(Action.KEEP_PRIVACY, lambda c: facts(c, unit_id, now))


def _file(text: str, name: str) -> web.Response:
    return web.Response(
        text=text,
        content_type="text/markdown",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


SECTION = Section(
    (
        get("/privacy-papers", show),
        get("/privacy-papers/register", register_page),
        get("/privacy-papers/breach", breach_page),
    ),
    place=Place.PEOPLE,
)
