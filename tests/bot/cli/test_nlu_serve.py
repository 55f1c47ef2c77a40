"""Can another program ask the reader over a real socket, and only sensible things?"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.cli.nlu_serve import LONGEST, MAX_BODY, parse_application
from bot.cli.nlu_shape import as_mapping
from bot.server import listen, port_of
from nlu.engine import Engine
from nlu.ports import Reader
from tests.bot.cli.conftest import Office
from tests.bot.kill_harness import free_port
from tests.nlu.support import entries

QUESTION = "làm giấy khai sinh"


class Changing:
    """A reader that can be replaced while the server runs."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def __call__(self) -> Reader:
        """Return the one in force."""
        return self.reader


@pytest.fixture
def changing() -> Changing:
    """The engine over the small catalogue."""
    return Changing(Engine.build(entries()))


@pytest.fixture
async def url(changing: Changing) -> AsyncIterator[str]:
    """The address of a running server."""
    runner: web.AppRunner = await listen(parse_application(changing), "127.0.0.1", 0)
    yield f"http://127.0.0.1:{port_of(runner)}"
    await runner.cleanup()


async def ask(url: str, body: bytes, path: str = "/model/parse") -> tuple[int, Any]:
    """Post bytes; return status and JSON."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(url + path, data=body) as answer,
    ):
        return answer.status, await answer.json()


def body(text: object) -> bytes:
    """Return a request."""
    return json.dumps({"text": text}).encode()


async def test_a_text_is_read(url: str, changing: Changing) -> None:
    """The same as ``nlu parse --json`` prints, accents readable, plus nothing."""
    status, answer = await ask(url, body(QUESTION))
    expected = as_mapping(changing.reader.parse(QUESTION))

    assert status == 200
    assert answer.pop("ms") >= 0
    assert expected.pop("ms") >= 0
    assert answer == expected
    assert answer["candidates"][0]["code"] == "1.001193"


async def test_a_new_reader_is_asked_at_once(url: str, changing: Changing) -> None:
    """What is learnt while the server runs is in the next answer."""
    changing.reader = Engine.build([one for one in entries() if "sinh" not in one.name])
    _, answer = await ask(url, body(QUESTION))

    assert "1.001193" not in [one["code"] for one in answer["candidates"]]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"{}", 400),
        (b"\xff\xfe", 400),
        (b"[" * 20_000, 400),
        (body(""), 400),
        (body("  "), 400),
        (body(7), 400),
        (body("a" * (LONGEST + 1)), 400),
        (body("a" * LONGEST), 200),
        (body("\ud800"), 400),
        (b" " * (MAX_BODY + 1), 413),
    ],
)
async def test_anything_else_is_refused_in_a_sentence(
    url: str, sent: bytes, status: int
) -> None:
    """Bad JSON, other shapes and sizes: 400 or 413 with the reason, never a 500."""
    got, answer = await ask(url, sent)

    assert got == status
    assert ("error" in answer) is (status != 200)


async def test_it_says_that_it_lives(url: str) -> None:
    """A supervisor can look without asking anything."""
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{url}/healthz") as answer:
            assert await answer.json() == {"status": "ok"}
        async with http.get(f"{url}/model/parse") as answer:
            assert answer.status == 405


async def _served(*options: str, text: str = QUESTION) -> tuple[Any, str]:
    """Run the command in a process of its own and ask it; return answer and output."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "nlu", "serve", "--port", str(port), *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    first = (await process.stdout.readline()).decode()
    _, answer = await ask(f"http://127.0.0.1:{port}", body(text))
    process.send_signal(signal.SIGTERM)
    rest = (await process.stdout.read()).decode()
    assert await process.wait() == 0
    return answer, first + rest


async def test_before_any_set_up_it_serves_what_ships(tmp_path: Path) -> None:
    """Without a configuration the seed is read; nothing said is printed."""
    answer, output = await _served("--config", str(tmp_path / "none.yml"))

    assert answer["candidates"][0]["code"] == "1.001193"
    assert "Bộ đọc hiểu đã sẵn sàng tại http://127.0.0.1:" in output
    assert QUESTION not in output


def test_a_unit_is_served_with_its_own_words(office: Office) -> None:
    """Catalogue and short forms of the unit; stopped as any service is."""
    office.document["units"]["thanh-ha"]["abbreviations"] = {"qqks": "khai sinh"}
    office.write()
    assert office.run("migrate")[0] == 0
    answer, _ = asyncio.run(_served("--config", str(office.path), text="xin qqks"))

    assert answer["text"] == "xin qqks"
    assert "1.001193" in [one["code"] for one in answer["candidates"]]


async def test_a_unit_without_a_database_is_told(office: Office) -> None:
    """A failure is a sentence and a hint; alone, since the command sets up logs."""
    words = ("-m", "bot", "nlu", "serve", "--port", "0", "--config", str(office.path))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    err = told.decode()

    assert process.returncode == 1
    assert len(err.splitlines()) == 2
    assert "Gợi ý:" in err
