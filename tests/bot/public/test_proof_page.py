"""Can anybody watch the log over HTTP, and scan a QR, and learn nothing personal?"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.public.log_tiles import LogTiles
from bot.public.proof_page import ProofPages
from bot.runtime import ServicesHolder
from handlers.ports import UnitProfile
from storage import evidence
from storage.evidence import Entry
from storage.evidence.notes import read_checkpoint, read_note
from storage.evidence.proofs import is_included
from storage.sqlite import SqliteDatabase
from tests.handlers.staff.evidence.conftest import fill
from tests.storage.evidence import naive
from tests.storage.evidence.log import AT, UNIT, entry, sequencer, write

LEAVES = [entry(number).leaf() for number in range(330)]
SEALED = Entry(UNIT, "f" * 32, AT, "staff:sealed:read", "e" * 32, data={"by": "lan"})


@dataclass
class Site:
    """The pages at an address."""

    url: str
    session: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and headers."""
        async with self.session.get(self.url + path) as answer:
            return answer.status, await answer.read(), dict(answer.headers)


@pytest.fixture(params=[False, True], ids=["hashes", "entries"])
def with_entries(request: pytest.FixtureRequest) -> bool:
    """Whether the commune publishes its leaves."""
    return bool(request.param)


@pytest.fixture
async def site(
    sqlite_database: SqliteDatabase, *, with_entries: bool
) -> AsyncIterator[Site]:
    """A site with a log of three days, and one entry that waits."""
    await fill(sqlite_database)
    unit = SimpleNamespace(unit=UnitProfile(UNIT, "xã <Thử>"))
    holder = cast("ServicesHolder", SimpleNamespace(services=unit))
    app = web.Application()
    LogTiles(sqlite_database, {UNIT}, with_entries=with_entries).add_routes(app)
    ProofPages({UNIT: holder}, sqlite_database).add_routes(app)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield Site(str(server.make_url("/")).rstrip("/"), session)


async def test_a_client_of_the_tiles_finds_the_signed_root(
    site: Site, *, with_entries: bool
) -> None:
    """Checkpoint and tiles of level 0 make the root; leaves only where allowed."""
    _, note, headers = await site.get(f"/log/{UNIT}/checkpoint")
    said = read_checkpoint(read_note(note.decode()).text)
    full = await site.get(f"/log/{UNIT}/tile/0/000")
    part = await site.get(f"/log/{UNIT}/tile/0/001.p/74")
    above = await site.get(f"/log/{UNIT}/tile/1/000.p/1")
    bundle = await site.get(f"/log/{UNIT}/tile/entries/001.p/74")

    hashes = full[1] + part[1]
    assert [hashes[at : at + 32] for at in range(0, len(hashes), 32)] == [
        naive.sha(b"\x00" + leaf) for leaf in LEAVES
    ]
    assert said.root == naive.tree(LEAVES)
    assert above[1] == naive.tree(LEAVES[:256])
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "immutable" in full[2]["Cache-Control"]
    assert bundle[0] == (200 if with_entries else 404)
    if with_entries:
        assert bundle[1][2:].startswith(LEAVES[256])


@pytest.mark.parametrize(
    "path",
    [
        "/log/la/checkpoint",
        f"/log/{UNIT}/tile/0/001",
        f"/log/{UNIT}/tile/0/001.p/75",
        f"/log/{UNIT}/tile/0/002.p/1",
        f"/log/{UNIT}/tile/00/000",
        f"/log/{UNIT}/tile/0/x000/000",
        f"/log/{UNIT}/tile/64/000",
        f"/log/{UNIT}/tile/9/000",
        "/minh-chung/khong-phai-ma",
        f"/minh-chung/{'e' * 32}",
        f"/minh-chung/{'e' * 32}.tlog-proof",
        "/minh-chung/ngay/2020-01-01",
    ],
)
async def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    """Beyond the signed tree, other spellings, other units: 404 without a detail."""
    status, _, _ = await site.get(path)

    assert status == 404


async def test_a_scanned_code_shows_that_it_is_proven(site: Site) -> None:
    """By entry or by subject; the page names nobody and is kept nowhere."""
    one = entry(7)
    for reference in (one.entry_id, one.subject):
        status, page, headers = await site.get(f"/minh-chung/{reference}")
        text = page.decode()
        assert status == 200
        assert "có trong nhật ký, vị trí 7" in text
        assert "Người dân gửi hoặc chọn" in text
        assert one.person not in text
        assert "zalo" not in text
        assert "xã &lt;Thử&gt;" in text
        assert headers["Cache-Control"] == "no-store"


async def test_the_proof_that_is_downloaded_holds(site: Site) -> None:
    """Path and root fit the leaf that its owner has; the leaf itself is not sent."""
    one = entry(300)
    status, data, _ = await site.get(f"/minh-chung/{one.entry_id}.tlog-proof")
    head, _, note = data.decode().partition("\n\n")
    lines = head.split("\n")
    said = read_checkpoint(read_note(note).text)
    path = [base64.b64decode(line) for line in lines[2:]]
    assert (status, lines[1]) == (200, "index 300")
    digest = naive.sha(b"\x00" + one.leaf())
    assert is_included(digest, 300, said.size, path, said.root)


async def test_the_sealed_queue_is_not_shown(
    site: Site, sqlite_database: SqliteDatabase
) -> None:
    """Who read a denunciation, and when, is nobody's business."""
    await sqlite_database.write(lambda c: evidence.append(c, [SEALED.row()]))
    await sequencer(sqlite_database).integrate()

    for reference in (SEALED.entry_id, SEALED.subject):
        assert (await site.get(f"/minh-chung/{reference}"))[0] == 404
        assert (await site.get(f"/minh-chung/{reference}.tlog-proof"))[0] == 404


async def test_an_entry_that_waits_is_called_so(
    site: Site, sqlite_database: SqliteDatabase
) -> None:
    """Written a second ago: there, but not proven yet."""
    await write(sqlite_database, 400, 401)
    _, page, _ = await site.get(f"/minh-chung/{entry(400).entry_id}")

    assert "đang chờ vào nhật ký" in page.decode()


async def test_the_page_of_a_root_can_be_printed(site: Site) -> None:
    """Root, fingerprint, signed note and a QR drawn in place."""
    status, page, _ = await site.get("/minh-chung")
    text = page.decode()
    day, _, _ = await site.get("/minh-chung/ngay/2026-11-23")
    style, _, _ = await site.get("/minh-chung-static/proof.css")

    root = naive.tree(LEAVES).hex()
    assert (status, day, style) == (200, 200, 200)
    assert all(root[at : at + 8] in text for at in range(0, 64, 8))
    assert "<svg" in text
    assert "— tro-ly.example/log/xa-thu" in text
