"""Does any page break, whatever strangers put into addresses, queries and forms?

A crawl with the router's own list: every route is asked several times, with hostile
path parts, queries, fields and bodies, by somebody who may do nearly all and whose
forms carry their token: nothing is turned away at the door. The seed is fixed, so a
fault comes back.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from aiohttp import web
from yarl import URL

import bot.console
from bot.server import application
from handlers.staff.permissions import Role
from tests.bot.console.desk_people import commune, writes
from tests.bot.console.support import Desk, Visitor

SEED = 20261125
ROUNDS = 8
BROKEN = 500
GOOD_ENOUGH = 100
"""So many pages at least opened: the crawl got in."""
NOT_PAGES = {"GET /console/live", "POST /console/logout", "GET /readyz"}
"""A stream without an end, the way out, and what says 503 while nothing runs."""
SLOW = {"POST /console/learning/train"}
"""Trains a model whatever the form says: asked once is enough."""
LONG = "ă" * 10_000
PARTS = (
    "%00", "%ff%fe", "%2e%2e%2f%2e%2e%2fetc", "%0d%0aSet-Cookie:a=b", "-1", "0",
    "99999999999999999999", "a" * 3000, "%F0%9F%92%A3", "..", "%3Cscript%3E", "%25s",
    "1e309", "%CC%81", "null", "%E2%80%AE", "'%20OR%201=1--", "{{7*7}}",
)  # fmt: skip
VALUES = (
    "", " ", LONG, "-1", "0", "9" * 400, "1e309", "NaN", "\0", "a\0b", "<script>",
    "{{7*7}}", "../../etc/passwd", "\u202e\u0301", "=1+1", "2026-02-30", "0000-00-00",
    "99999-01-01", "25:61", "true", "[]", '{"a":1}', "\ud83d", "\r\n", "%", "%s",
    "2026-11-25", "12", "admin", "officer", "\U0001f4a3",
)  # fmt: skip
FIELD = re.compile(
    r'name="(\w+)"|(?:field|area|select|checks|text|chosen|get)\(\s*"(\w+)"'
)


def rolled(seed: int) -> random.Random:
    """Return dice that fall the same way each time."""
    return random.Random(seed)  # noqa: S311  no secret


def fields() -> list[str]:
    """Return every name of a field that the console's pages and templates know."""
    folder = Path(bot.console.__file__).parent
    files = [*folder.rglob("*.py"), *folder.rglob("*.html")]
    texts = (path.read_text(encoding="utf-8") for path in files)
    found = {one or two for text in texts for one, two in FIELD.findall(text)}
    return sorted(found - {"csrf"})


def routes(app: web.Application) -> list[tuple[str, str]]:
    """Return (method, address with {parts}) of every page the server knows."""
    found = set()
    for route in app.router.routes():
        info = route.resource.get_info() if route.resource else {}
        path = info.get("path") or info.get("formatter")
        if path and route.method in ("GET", "POST"):
            found.add((route.method, path))
    return sorted(found)


def address(path: str, known: dict[str, list[str]], dice: random.Random) -> str:
    """Fill the parts of an address with things that are there, or never were."""

    def fill(found: re.Match[str]) -> str:
        real = known.get(found[1].split(":")[0], [])
        return dice.choice(real if real and dice.random() < 0.6 else PARTS)

    return re.sub(r"\{([^}]+)\}", fill, path)


def pairs(names: list[str], dice: random.Random) -> list[tuple[str, str]]:
    """Return some fields with hostile values, some of them twice; short in all."""
    chosen = dice.choices(names, k=12)
    made = [(name, dice.choice(VALUES)) for name in chosen]
    return made + made[:3]


def encoded(told: list[tuple[str, str]]) -> str:
    """Return pairs as a form writes them; a lone surrogate becomes bad UTF-8."""
    return urlencode(told, errors="surrogatepass")


def bodies(names: list[str], dice: random.Random) -> Iterator[dict[str, Any]]:
    """Return bodies and their types, good and broken."""
    form = "application/x-www-form-urlencoded"
    every = [(name, "-1") for name in names]
    mixed = [(name, dice.choice(VALUES[3:])) for name in names]
    part = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n--x'
    files = "--x\r\n" + "\r\n".join(
        part.format(name, f'; filename="{dice.choice(PARTS)}"', "PK\x03\x04")
        for name in dice.sample(names, 5)
    )
    yield {"data": b"", "type": form}
    yield {"data": encoded(pairs(names, dice)), "type": form}
    yield {"data": encoded(every), "type": form}
    yield {"data": encoded([(n, v) for n, v in mixed if len(v) < 99]), "type": form}
    yield {"data": b"text=\xff\xfe&name=%ff&\xc3=\x00", "type": form}
    yield {"data": b"text=a", "type": f"{form}; charset=khong-co"}
    yield {"data": b'{"text": [1, {}]}', "type": "application/json"}
    yield {"data": b"--y\r\nbroken", "type": "multipart/form-data; boundary=x"}
    yield {"data": b"text", "type": "multipart/form-data"}
    yield {"data": f"{files}--\r\n".encode(), "type": "multipart/form-data; boundary=x"}
    long = dice.choice(names) + "=" + quote_plus(LONG)
    yield {"data": long, "type": form}


class Crawler:
    """Somebody who may do all, on a bad day: asks, and notes what broke."""

    def __init__(self, browser: Visitor, csrf: str, csrf_page: str) -> None:
        self.browser, self.csrf, self.page = browser, csrf, csrf_page
        self.faults: list[str] = []
        self.statuses: dict[int, int] = {}

    async def ask(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Send one request; remember a 5xx or a traceback."""
        headers = {"X-CSRF-Token": self.csrf}
        if method == "POST":
            headers["Content-Type"] = body["type"]
        url = URL(self.browser.base + path, encoded=True)
        async with self.browser.http.request(
            method,
            url,
            data=body.get("data") if method == "POST" else None,
            headers=headers,
            allow_redirects=False,
        ) as answer:
            text = await answer.text(errors="replace")
            status = answer.status
            away = "/console/login" in answer.headers.get("Location", "")
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status >= BROKEN or "Traceback (most recent" in text:
            self.faults.append(f"{status} {method} {path[:200]} {str(body)[:300]}")
        if away or status == web.HTTPUnauthorized.status_code:
            await self._return()

    async def _return(self) -> None:
        await self.browser.log_in("admin")
        self.csrf = (await self.browser.get(self.page)).csrf


async def _known(desk: Desk) -> dict[str, list[str]]:
    """Return things that are there, by the name of the part they stand for."""
    here = commune(desk)
    vault = await here.citizen("ba Tư")
    await writes(desk, vault, "đèn đường hỏng")
    case = await here.reports(vault)
    await desk.hire("officer", Role.OFFICER)
    return {
        "code": [case.code, "officer", "1.001193"],
        "person": [vault.person_id],
        "channel": ["facebook", "zalo", "web"],
        "act": ["take", "close", "note", "extend", "roles", "link", "forward"],
        "kind": ["csv", "xlsx"],
        "unit": ["thanh-ha"],
        "level": ["0", "1"],
    }


def _pages(desk: Desk) -> list[tuple[str, str]]:
    found = routes(application(desk.service))
    assert ("GET", "/console/cases/{code}") in found
    assert ("GET", "/tthc/{code}") in found
    return [one for one in found if " ".join(one) not in NOT_PAGES]


async def _crawler(desk: Desk) -> Crawler:
    browser, page = desk.browser(), "/console/account"
    await desk.hire("admin", *(set(Role) - {Role.AUDITOR}))
    await browser.log_in("admin")
    return Crawler(browser, (await browser.get(page)).csrf, page)


async def test_no_address_and_no_query_breaks_a_page(desk: Desk) -> None:
    """Every GET page with strange parts and queries: never a 5xx, never a trace."""
    dice, names, known = rolled(SEED), fields(), await _known(desk)
    crawler = await _crawler(desk)
    for method, path in _pages(desk):
        if method == "GET":
            for turn in range(ROUNDS if "{" in path else ROUNDS // 2):
                query = encoded(pairs(names, dice))[:6000] if turn else ""
                wanted = f"{address(path, known, dice)}?{query}"
                await crawler.ask(method, wanted, {})

    assert crawler.faults == []
    assert crawler.statuses[200] > GOOD_ENOUGH


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
async def test_no_form_breaks_a_page(desk: Desk, seed: int) -> None:
    """Every POST page with strange, empty, huge and broken bodies: the same."""
    dice, names, known = rolled(seed), fields(), await _known(desk)
    crawler = await _crawler(desk)
    for method, path in _pages(desk):
        if method == "POST":
            once = f"{method} {path}" in SLOW
            for body in list(bodies(names, dice))[: 1 if once else None]:
                await crawler.ask(method, address(path, known, dice), body)

    assert crawler.faults == []
    assert crawler.statuses.get(403, 0) < GOOD_ENOUGH < crawler.statuses[400]
