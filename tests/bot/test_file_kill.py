"""Is no file acknowledged by half, whenever the service is killed?"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from bot.config import load_config
from bot.installation import read_ring
from bot.sandbox.model import Act, ActKind
from bot.sandbox.webhook import facebook_event
from storage.file_folder import FileFolder
from storage.vault import PersonVault, Vault
from tests.bot.file_server import Answer, FileServer
from tests.bot.kill_harness import UNIT, Rig, free_port, rows
from tests.bot.support import eventually
from tests.handlers.files.samples import SAMPLES
from tests.processes import forked

KILLS = 8
CAUGHT = 4
FILES = 60
BODY = SAMPLES["image/jpeg"] + bytes(300_000)
USERS = 4


def trickling(number: int) -> Answer:
    """Answer with a photo of its own, in pieces with pauses."""
    data = BODY + str(number).encode()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\n\r\n".encode())
        for at in range(0, len(data), 60_000):
            writer.write(data[at : at + 60_000])
            await writer.drain()
            await asyncio.sleep(0.01)

    return answer


def caught(is_half: asyncio.Event) -> Answer:
    """Answer with half a photo and wait: only a kill of the reader ends it."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}\r\n\r\n"
        writer.write(head.encode() + BODY[: len(BODY) // 2])
        await writer.drain()
        is_half.set()
        await writer.wait_closed()

    return answer


async def sent(rig: Rig, session: aiohttp.ClientSession, number: int, url: str) -> None:
    """Post one citizen's photo until it is acknowledged, as a platform does."""
    act = Act(ActKind.IMAGE, url=url)
    user = str(9_007_199_254_740_993 + number % USERS)
    request = facebook_event(
        rig.platforms(), user, act=act, message_id=f"m_kill{number}"
    )
    while True:
        try:
            async with session.post(
                rig.service_url + request.path,
                data=request.body,
                headers=request.headers,
            ) as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)


async def citizens(rig: Rig, server: FileServer, halves: list[asyncio.Event]) -> None:
    """Send all photos, a little apart; every tenth is caught half way once."""
    limit = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(timeout=limit) as session:
        for number in range(FILES):
            first = [caught(halves[number // 10])] if _is_caught(number) else []
            url = server.put(f"f{number}", *first, trickling(number))
            await sent(rig, session, number, url)
            await asyncio.sleep(0.07)


def _is_caught(number: int) -> bool:
    return number % 10 == 0 and number // 10 < CAUGHT


async def kills(rig: Rig, halves: list[asyncio.Event]) -> None:
    """Kill with a photo half read, and in turn at moments of chance."""
    chance = random.Random(3)  # noqa: S311  repeatable moments, not secrets
    for number in range(KILLS):
        if number % 2:
            await asyncio.sleep(chance.uniform(0.1, 0.9))
        else:
            await asyncio.wait_for(halves[number // 2].wait(), 60)
        await rig.kill_service()
        await rig.start_service()


def faults(rig: Rig) -> list[str]:
    """Compare rows, disk and evidence."""
    config = load_config(rig.config_path)
    vault = Vault(UNIT, read_ring(config).unit(UNIT))
    folder = FileFolder(rig.folder / "data" / "files")
    keys = {r["person_id"]: r["wrapped_key"] for r in rows(rig, "SELECT * FROM person")}
    proofs = rows(rig, "SELECT subject FROM evidence_entry WHERE tag LIKE '%:file:%'")
    found, seen = [], []
    for row in rows(rig, "SELECT * FROM received_file"):
        person = vault.unwrap(row["person_id"], keys[row["person_id"]])
        found += _row_faults(folder, person, row)
        seen.append(row["file_id"])
    if sorted(seen) != sorted(proof["subject"] for proof in proofs):
        found.append("not every file is evidenced once")
    if len(seen) != FILES:
        found.append(f"{len(seen)} files")
    return found


def _row_faults(
    folder: FileFolder, person: PersonVault, row: dict[str, Any]
) -> list[str]:
    if row["state"] != "stored":
        return [f"{row['state']}: {row['reason']}"]
    plain = b"".join(folder.read(person, row["content_mac"]))
    is_whole = plain.startswith(BODY) and len(plain) == row["size"]
    return [] if is_whole else [f"half a file: {row['file_id']}"]


async def over(rig: Rig) -> bool:
    """Whether every photo has reached an end."""
    query = "SELECT count(*) AS n FROM received_file WHERE state != 'wanted'"
    return bool((await asyncio.to_thread(rows, rig, query))[0]["n"] == FILES)


@pytest.mark.kill
async def test_a_service_killed_while_fetching_keeps_every_file_whole(
    tmp_path: Path,
) -> None:
    """Killed again and again: each file is stored whole, once, with its proof."""
    rig, server = Rig(tmp_path, free_port(), free_port(), begin=forked), FileServer()
    halves = [asyncio.Event() for _ in range(CAUGHT)]
    await server.start()
    try:
        await rig.prepare()
        document = yaml.safe_load(rig.config_path.read_text())
        channels = document["units"][UNIT]["channels"]
        channels["facebook"]["file_hosts"] = [server.base]
        rig.config_path.write_text(yaml.safe_dump(document, allow_unicode=True))
        await rig.start_service()
        load = asyncio.create_task(citizens(rig, server, halves))
        await kills(rig, halves)
        await load
        await eventually(lambda: over(rig), 60)
        assert await rig.stop_service() == 0
    finally:
        await rig.close()
        await server.close()

    assert faults(rig) == []
    assert sum(server.hits.values()) >= FILES + CAUGHT
