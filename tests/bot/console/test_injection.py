"""Do words of strangers stay words, on every page and in every spreadsheet?

What citizens and files bring (names, messages, file names, cells) is put in at every
door; then every page is opened, links followed as far as they go, and read as a
browser reads it: no script, no handler, no javascript: link may stand there.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, urlsplit

import aiohttp

from bot.console.export import DANGEROUS
from bot.console.routes import SECTIONS
from handlers.staff.permissions import Role
from tests.bot.console.desk_people import commune, writes
from tests.bot.console.support import Desk, Visitor
from tests.bot.console.test_learning import said
from tests.handlers.files.samples import jpeg

EVIL = (
    "<script>xss()</script>",
    '"><img src=x onerror=xss()>',
    "' onmouseover='xss()' x='",
    "</textarea></title><svg onload=xss()>",
    "{{7777*3}}${7777*3}",
    "javascript:xss()",
    "</script><a href=javascript:xss()>a</a>",
    '=HYPERLINK("http://evil.test","a")',
    "+cmd|' /C calc'!A0",
    "Tha\u0302\u0301t ghê \u202egnp.exe\u2066 ừ",
)
ALL = " ".join(EVIL)
PAYS = "23331"
"""What a template that ran would say."""
MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
LINKED = ("href", "src", "action", "formaction", "hx-get", "hx-post")
ASKED = ("q", "period", "from", "to", "code", "key", "id", "day", "tab", "sort", "page")
TYPED = ("text", "name", "title", "code", "place", "first", "reason", "unit", "aliases")
MOST = 250
SAME = 3
ENDLESS = {"/live"}
LEFT_OUT = {"/logout", "/learning/train"}
"""The way out, and a training that takes seconds and shows nothing typed."""
ENOUGH = 60


@dataclass
class Reader(HTMLParser):
    """Reads a page as a browser does; notes what could run, and its links."""

    faults: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        told = {name: (value or "").strip() for name, value in attrs}
        if tag == "script" and not told.get("src", "").startswith("/console/static/"):
            self.faults.append(f"script {told}")
        if tag in ("iframe", "object", "embed", "base"):
            self.faults.append(tag)
        self.faults += [f"{tag} {name}" for name in told if name.startswith("on")]
        for name in LINKED:
            value = told.get(name, "")
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", value.lower())
            if scheme and scheme[0] not in ("http:", "https:", "mailto:", "tel:"):
                self.faults.append(f"{tag} {name}={value}")
        if tag == "a" and told.get("href", "").startswith("/console"):
            self.links.append(told["href"])


def faults(text: str) -> list[str]:
    """Return what may not stand on a page."""
    reader = Reader()
    reader.feed(text)
    turned = [f"turned {text[:9]!r}"] if MARKS.search(text) else []
    return reader.faults + turned + (["template ran"] if PAYS in text else [])


async def _people(admin: Visitor) -> None:
    for place, evil in enumerate(EVIL):
        told = {"code": f"la{place}", "name": evil, "title": evil, "role": "officer"}
        await admin.post("/console/people/new", told)


async def _cases(desk: Desk, admin: Visitor) -> str:
    """Put words in by telephone, chat, note, file name; return a page of a talk."""
    told = {"kind": "phan_anh", "source": "telephone", "text": ALL}
    told |= {"name": ALL, "address": ALL, "phone": "0912345678"}
    page = await admin.post("/console/cases/new", told)
    assert page.status == 200, page.text
    url = urlsplit(page.url).path
    version = re.findall(r'name="version" value="(\d+)"', page.text)[0]
    note = {"text": ALL, "version": version}
    assert (await admin.post(f"{url}/step/note", note, page=url)).status == 200
    here = commune(desk)
    here.number = 5
    vault = await here.citizen(ALL)
    for evil in EVIL:
        await writes(desk, vault, evil)
    await here.reports(vault)
    talk = f"/console/cases/talks/{vault.person_id}/facebook"
    form = aiohttp.FormData()
    shown = await admin.get(talk)
    for name, value in (("csrf", shown.csrf), ("text", ALL), ("talk", "1")):
        form.add_field(name, value)
    form.add_field("file", jpeg(), filename='"><img src=x onerror=xss()>\u202egpj.jpg')
    sent = await admin.send(talk, form)
    assert sent.status == 200, sent.text
    return talk


async def _words(desk: Desk, admin: Visitor) -> None:
    """Put words in at the counter, in ready replies, in what nobody understood."""
    page = await admin.get("/khao-sat/quay-3")
    mark = re.search(r'name="page" value="([^"]+)"', page.text)
    assert mark is not None
    told = {"score": "1", "words": ALL[:300], "page": mark[1]}
    assert (await admin.send("/khao-sat/quay-3", told)).status == 200
    for evil in EVIL:
        await said(desk, evil)
    reply = {"title": EVIL[0], "text": f"Dạ, {EVIL[1]} ạ.", "do": "save"}
    await admin.post("/console/replies/one", reply)


async def _sheets(admin: Visitor) -> list[str]:
    """Send tables whose cells are evil; return the pages that show them."""
    shown = []
    for place, head in (("roster/files", "Ngày;Buổi;Người trực"),
                        ("catalogue/import", "Mã;Tên;Nơi nộp")):  # fmt: skip
        rows = ["\t".join([head.replace(";", "\t")])]
        rows += [f"{evil}\t{evil}\t{evil}" for evil in EVIL if '"' not in evil]
        form = aiohttp.FormData()
        form.add_field("csrf", (await admin.get(f"/console/{place}")).csrf)
        name = '"><img src=x onerror=xss()>.csv'
        data = "\n".join(rows).replace(";", ",").replace("\t", ";")
        form.add_field("file", data.encode(), filename=name)
        shown.append((await admin.send(f"/console/{place}", form)).text)
    return shown


async def _all_powers(desk: Desk) -> Visitor:
    browser = desk.browser()
    await desk.hire("admin", *(set(Role) - {Role.AUDITOR}))
    await browser.log_in("admin")
    return browser


def _starts() -> list[str]:
    """Return every page without parts in its address."""
    paths = [r.path for s in SECTIONS for r in s.routes if r.method == "GET"]
    return [f"/console{p}" for p in paths if "{" not in p and p not in ENDLESS]


def _shape(url: str) -> str:
    """Return the kind of a page: its address without what differs."""
    parts = urlsplit(url)
    names = ",".join(sorted({name for name, _ in parse_qsl(parts.query)}))
    return re.sub(r"\d+|[0-9a-f]{32}", "#", parts.path) + "?" + names


async def _walked(browser: Visitor, starts: list[str]) -> dict[str, list[str]]:
    """Open pages and what they link to; return the faults by page."""
    found: dict[str, list[str]] = {}
    seen: dict[str, int] = {}
    wanted = list(dict.fromkeys(starts))
    asked = set(wanted)
    while wanted and len(seen) < MOST:
        url = wanted.pop(0)
        answer = await browser.get(quote(url, safe="/?&=%+,:-_."))
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        reader = Reader()
        reader.feed(answer.text)
        if wrong := faults(answer.text):
            found[url] = wrong
        for link in (one.partition("#")[0] for one in reader.links):
            shape = _shape(link)
            if link not in asked and seen.get(shape, 0) < SAME:
                seen[shape] = seen.get(shape, 0) + 1
                asked.add(link)
                wanted.append(link)
    assert len(asked) > ENOUGH
    return found


def test_the_reader_sees_what_runs() -> None:
    """Each of them, put in raw, is found: an empty list means something."""
    assert all(faults(f"<p title='{one}' alt=\"{one}\">{one}") for one in EVIL[:4])
    assert faults(f"<a href='{EVIL[5]}'>")
    assert faults(EVIL[-1])


async def test_no_page_runs_what_strangers_wrote(desk: Desk) -> None:
    """Every page shows it as it was written, wherever links lead."""
    admin = await _all_powers(desk)
    await _people(admin)
    talk = await _cases(desk, admin)
    await _words(desk, admin)
    sheets = await _sheets(admin)

    assert "&lt;script&gt;xss()" in (await admin.get(talk)).text
    assert "&lt;script&gt;xss()" in (await admin.get("/console/people")).text
    assert any("&lt;script&gt;xss()" in text for text in sheets)
    assert [wrong for text in sheets for wrong in faults(text)] == []
    assert await _walked(admin, [talk, *_starts()]) == {}


async def test_no_query_and_no_refused_form_runs(desk: Desk) -> None:
    """What stands in an address, or comes back to be corrected, stays words too."""
    admin = await _all_powers(desk)
    query = "&".join(f"{name}={quote(ALL)}" for name in ASKED)
    found = {}
    for path in _starts():
        found[path] = faults((await admin.get(f"{path}?{query}")).text)
    forms = [r.path for s in SECTIONS for r in s.routes if r.method == "POST"]
    csrf = (await admin.get("/console/account")).csrf
    told = dict.fromkeys(TYPED, ALL)
    for path in forms:
        if "{" not in path and path not in LEFT_OUT:
            answer = await admin.send(f"/console{path}", told | {"csrf": csrf})
            found[f"POST {path}"] = faults(answer.text)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def _is_formula(cell: str) -> bool:
    return cell.lstrip(" \u00a0\ufeff\u200b").startswith(DANGEROUS)


def _cells(data: bytes) -> list[str]:
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    return [cell for row in rows for cell in row]


async def _export(browser: Visitor, path: str) -> bytes:
    async with browser.http.get(f"{browser.base}/console{path}") as answer:
        return await answer.read() if answer.status == 200 else b""


async def test_spreadsheets_hold_texts_only(desk: Desk) -> None:
    """No cell of any export begins a formula; no workbook has formulas or links."""
    admin = await _all_powers(desk)
    await _people(admin)
    await _cases(desk, admin)
    await _words(desk, admin)
    paths = [r.path for s in SECTIONS for r in s.routes if "/export." in r.path]
    seen: list[str] = []
    for path in paths:
        if "{kind}" in path:
            cells = _cells(await _export(admin, path.replace("{kind}", "csv")))
            assert [cell for cell in cells if _is_formula(cell)] == [], path
            seen += cells
        book = await _export(admin, path.replace("{kind}", "xlsx"))
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            names = [name for name in parts.namelist() if "sheets/" in name]
            sheets = "".join(parts.read(name).decode() for name in names)
        assert re.findall("<f[ >]|<hyperlink", sheets) == [], path

    assert any(cell.startswith("'=HYPERLINK") for cell in seen)
