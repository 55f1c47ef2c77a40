"""Does a photo from the sandbox's telephone end up sealed on our disk?"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.config import parse_config
from bot.sandbox.model import Platform
from bot.sandbox.sandbox import Sandbox
from storage import tables
from storage.file_folder import FileFolder
from tests.bot.file_server import FileServer, slow
from tests.bot.process import Process, Start
from tests.bot.support import LANH, UNIT, document, eventually, platforms
from tests.handlers.files.samples import SAMPLES


async def _photographed(
    sandbox: Sandbox, base: str, channel: Platform, data: bytes, name: str
) -> None:
    """Attach a file in the telephone's page."""
    form = aiohttp.FormData()
    form.add_field("file", data, filename=name)
    query = f"channel={channel.value}&user={LANH.user_id(channel)}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{base}/sandbox/api/upload?{query}", data=form) as answer,
    ):
        assert answer.status == 200, await answer.text()
    assert sandbox.files


async def _stored(process: Process, number: int) -> list[dict[str, Any]]:
    async def ended() -> list[dict[str, Any]]:
        rows = await process.rows(tables.received_file)
        return [row for row in rows if row["state"] != "wanted"]

    async def enough() -> bool:
        return len(await ended()) >= number

    await eventually(enough, 15)
    return sorted(await ended(), key=lambda row: str(row["media_type"]))


async def test_photos_and_papers_from_the_telephone_are_kept(
    start: Start, sandbox: tuple[Sandbox, str], tmp_path: Path
) -> None:
    """On Zalo and Facebook, by the service as it is wired."""
    platform, base = sandbox
    process = await start()
    platform.service_url = process.url
    photo, paper = SAMPLES["image/jpeg"], SAMPLES["application/pdf"]
    await _photographed(platform, base, Platform.ZALO, photo, "anh.jpg")
    await _photographed(platform, base, Platform.FACEBOOK, paper, "don.pdf")
    pdf, jpeg = await _stored(process, 2)

    assert (pdf["state"], pdf["channel"], pdf["kind"]) == ("stored", "facebook", "file")
    assert (jpeg["state"], jpeg["channel"], jpeg["kind"]) == ("stored", "zalo", "image")
    folder = FileFolder(tmp_path / "data" / "files")
    people = {r["person_id"]: r for r in await process.rows(tables.person)}
    vault = process.service.units[UNIT].vault
    for row, data in ((pdf, paper), (jpeg, photo)):
        key = people[row["person_id"]]["wrapped_key"]
        person = vault.unwrap(row["person_id"], key)
        assert b"".join(folder.read(person, row["content_mac"])) == data
    tags = [row["tag"] for row in await process.rows(tables.evidence_entry)]
    assert tags.count("citizen:file:received") == 2


async def test_a_wrong_type_is_answered_on_the_telephone(
    start: Start, sandbox: tuple[Sandbox, str]
) -> None:
    """The sentence reaches the citizen like any reply."""
    platform, base = sandbox
    process = await start()
    platform.service_url = process.url
    await _photographed(platform, base, Platform.ZALO, b"MZ" + bytes(900), "a.exe")
    (row,) = await _stored(process, 1)
    assert (row["state"], row["reason"]) == ("refused", "type")

    def texts() -> list[str]:
        sent = [
            json.dumps(one.body, ensure_ascii=False) for one in platform.record.sent()
        ]
        return [text for text in sent if "loại tệp" in text]

    assert len(await eventually(texts, 15)) == 1


async def test_a_stop_is_quick_while_files_come(
    start: Start, sandbox: tuple[Sandbox, str], tmp_path: Path
) -> None:
    """A platform that hangs does not hold up a stop; the file waits for the next."""
    server, gate = FileServer(), asyncio.Event()
    server.default = slow(SAMPLES["image/png"], gate)
    await server.start()
    platform, base = sandbox
    raw = document(platforms(), base)
    raw["units"][UNIT]["channels"]["zalo"]["file_hosts"] = [server.base]
    process = await start(parse_config(raw, {}, tmp_path))
    platform.service_url, platform.public_url = process.url, server.base
    await _photographed(platform, base, Platform.ZALO, SAMPLES["image/png"], "a.png")

    async def is_held() -> bool:
        return any(row["owner"] for row in await process.rows(tables.received_file))

    await eventually(is_held, 15)
    began = asyncio.get_running_loop().time()
    await process.stop()
    assert asyncio.get_running_loop().time() - began < 5
    gate.set()
    await server.close()


@pytest.mark.parametrize("name", ["files", "file_bytes"])
async def test_files_are_counted(start: Start, name: str) -> None:
    """/metrics knows them."""
    process = await start()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{process.url}/metrics") as answer,
    ):
        assert f"thanthien_{name}_total" in await answer.text()
