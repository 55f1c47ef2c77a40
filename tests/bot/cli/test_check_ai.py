"""Does ``check`` say that words leave, where to, and whether the model is of use?"""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.cli.check_ai import PART, QUESTION, ai
from bot.cli.findings import OK, WARNING
from bot.config import Config, parse_config
from tests.bot.cli.conftest import Office
from tests.bot.support import document, platforms
from tests.nlu.ai.fake import MODEL, Answering, FakeAi

AWAY = "https://mo-hinh.example/v1"


def config(folder: Path, url: str) -> Config:
    """Return a configuration that asks a model."""
    settings = {"url": url, "model": MODEL, "api_key": "BIMAT", "daily_calls": 77}
    raw = document(platforms(), "http://127.0.0.1:9") | {"nlu": {"ai": settings}}
    return parse_config(raw, {}, folder)


async def found(
    folder: Path, fake: FakeAi, seconds: float = 0.01
) -> list[tuple[str, str]]:
    """Check a server that takes so long; return (level, text) of what is said."""
    clock = iter([0.0, seconds])
    async with TestServer(fake.application()) as server:
        url = str(server.make_url("/v1"))
        findings = await ai(config(folder, url), lambda: next(clock))
    assert {finding.part for finding in findings} == {PART}
    assert "BIMAT" not in str(findings)
    return [(finding.level, finding.text) for finding in findings]


async def test_without_a_model_there_is_nothing_to_say(tmp_path: Path) -> None:
    """It is off unless somebody turns it on."""
    raw = document(platforms(), "http://127.0.0.1:9")

    assert await ai(parse_config(raw, {}, tmp_path)) == []


async def test_a_model_that_knows_its_task_is_well(tmp_path: Path) -> None:
    """It is asked something that nobody wrote, in the form of the service."""
    fake = FakeAi()
    fake.answering = fake.says('{"order": [2]}')
    place, answer = await found(tmp_path, fake)

    assert place[0] == OK
    assert "trong máy này" in place[1]
    assert answer == (OK, f"{MODEL} trả lời sau 10 ms")
    assert QUESTION in fake.seen


@pytest.mark.parametrize(
    ("answering", "seconds", "said"),
    [
        (FakeAi.says('{"order": [1]}'), 0.01, "chọn sai"),
        (FakeAi.says('{"order": []}'), 0.01, "chọn sai"),
        (FakeAi.says('{"order": [9]}'), 0.01, "không đúng dạng"),
        (FakeAi.says("số 2 ạ"), 0.01, "không đúng dạng"),
        (FakeAi.raw(b"<html>"), 0.01, "không đúng dạng"),
        (FakeAi.json({}, 401), 0.01, "nlu.ai.api_key"),
        (FakeAi.says('{"order": [2]}'), 1.6, "lâu hơn nlu.ai.timeout_seconds"),
    ],
)
async def test_trouble_is_a_warning(
    tmp_path: Path, answering: Answering, seconds: float, said: str
) -> None:
    """The service does without; no line makes the command fail."""
    fake = FakeAi()
    fake.answering = answering
    _, (level, text) = await found(tmp_path, fake, seconds)

    assert level == WARNING
    assert said in text


async def test_words_that_leave_the_machine_are_a_warning(tmp_path: Path) -> None:
    """The line names the host, that personal data are masked, and the caps."""
    first, _ = await ai(config(tmp_path, AWAY))

    assert first.level == WARNING
    for part in ("mo-hinh.example", "đã che dữ liệu cá nhân", "77 lần", "300000 token"):
        assert part in first.text


def test_the_command_says_it(office: Office) -> None:
    """Its lines stand in the report, and the command still succeeds."""
    settings = {"url": "http://127.0.0.1:9/v1", "model": MODEL}
    office.document["nlu"] = {"ai": settings}
    office.write()
    assert office.run("migrate")[0] == 0

    code, out, _ = office.run("check")
    assert code == 0
    assert "AI: nlu.ai đang bật" in out
    assert "! AI: không kết nối được" in out
