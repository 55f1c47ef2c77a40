"""Does ``check`` say whether Rasa answers, without ever failing for it?"""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.cli.check_rasa import PART, is_local, place, rasa
from bot.cli.findings import OK, WARNING
from bot.config import Config, parse_config
from tests.bot.support import document, platforms
from tests.nlu.rasa.fake import FakeRasa


def config(folder: Path, url: str) -> Config:
    """Return a configuration that uses Rasa."""
    settings = {"url": url, "timeout_seconds": 0.5, "token": "BIMAT"}
    nlu = {"backend": "rasa", "rasa": settings}
    return parse_config(
        document(platforms(), "http://127.0.0.1:9") | {"nlu": nlu}, {}, folder
    )


async def found(
    folder: Path, fake: FakeRasa, seconds: float = 0.01
) -> list[tuple[str, str]]:
    """Check a server that takes so long; return (level, text) of what is said."""
    clock = iter([0.0, seconds])
    async with TestServer(fake.application()) as server:
        url = str(server.make_url("/")).rstrip("/")
        findings = await rasa(config(folder, url), lambda: next(clock))
    assert {finding.part for finding in findings} == {PART}
    assert "BIMAT" not in str(findings)
    return [(finding.level, finding.text) for finding in findings]


async def test_without_rasa_there_is_nothing_to_say(tmp_path: Path) -> None:
    """Most communes read with our engine alone."""
    raw = document(platforms(), "http://127.0.0.1:9")

    assert await rasa(parse_config(raw, {}, tmp_path)) == []


async def test_a_server_that_answers_is_well(tmp_path: Path) -> None:
    """It is asked something that nobody wrote, with the token."""
    fake = FakeRasa()
    ((level, text),) = await found(tmp_path, fake)

    assert (level, set(fake.asked), set(fake.tokens)) == (OK, {"xin chào"}, {"BIMAT"})
    assert text == "trả lời sau 10 ms"


async def test_a_dead_server_is_a_warning(tmp_path: Path) -> None:
    """The service does without, and the line says so."""
    (finding,) = await rasa(config(tmp_path, "http://127.0.0.1:9"))

    assert finding.level == WARNING
    assert finding.text.startswith("không kết nối được; trợ lý dùng bộ đọc hiểu có sẵn")


async def test_a_refusal_is_a_warning(tmp_path: Path) -> None:
    """No model, or a wrong token."""
    fake = FakeRasa()
    fake.answering = fake.json({}, 401)
    ((level, text),) = await found(tmp_path, fake)

    assert level == WARNING
    assert "nlu.rasa.token" in text


async def test_another_program_is_a_warning(tmp_path: Path) -> None:
    """Something answers there, but it is not Rasa."""
    fake = FakeRasa()
    fake.answering = fake.raw(b"<html>")
    ((level, text),) = await found(tmp_path, fake)

    assert level == WARNING
    assert "không đúng dạng" in text


async def test_a_slow_server_is_a_warning(tmp_path: Path) -> None:
    """It answers, but later than the service would wait."""
    ((level, text),) = await found(tmp_path, FakeRasa(), seconds=0.7)

    assert level == WARNING
    assert "nlu.rasa.timeout_seconds" in text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:5005", True),
        ("http://localhost:5005", True),
        ("http://[::1]:5005", True),
        ("http://127.8.9.10", True),
        ("http://192.168.1.20:5005", False),
        ("https://rasa.example", False),
        ("http://127.0.0.1.example:5005", False),
    ],
)
def test_another_machine_is_told(url: str, expected: bool) -> None:
    """Only addresses of this very machine keep the words here."""
    assert is_local(url) is expected


def test_another_machine_is_a_finding(tmp_path: Path) -> None:
    """The officer learns that words leave the machine."""
    (finding,) = place(config(tmp_path, "http://192.0.2.1:5005").nlu.rasa)

    assert finding.level == WARNING
    assert "gửi đi nơi khác" in finding.text
