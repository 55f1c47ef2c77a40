"""Does the commune teach the running service, as citizens and staff would do it?

Everything is real: the service as it is wired on SQLite, webhooks from the sandbox
platforms, and the commands of staff beside it, in a thread as in a second terminal.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.cli.nlu import nlu
from bot.sandbox.model import Act, ActKind, Platform
from bot.sandbox.sandbox import Sandbox
from nlu.model import Decision
from storage import tables
from tests.bot.process import Process, Start
from tests.bot.support import LANH, MUOI, UNIT, document, eventually, platforms

VAGUE = (
    "em hỏi giấy tờ về con nuôi",
    "đăng ký nuôi con nuôi",
    "thay đổi họ tên",
    "em muốn làm giấy tờ về đất",
    "xin giấy xác nhận",
)
"""One of these the reader asks back about, whatever it is fitted to."""
NAME = "Nguyễn Thị Lụa"
NAMING = (f"{{}} cho bà {NAME}", f"bà {NAME} {{}}", f"{{}}, tôi tên là {NAME}")
SECONDS = 20.0


@dataclass(slots=True)
class Commune:
    """The running service, the citizens' phones, and the desk of staff."""

    process: Process
    platform: Sandbox
    config: Path

    async def says(self, who: str, text: str = "", payload: str = "") -> dict[str, Any]:
        """Let a citizen write or tap; return what was understood or shown of it."""
        before = len(await self.leaves("citizen:message:received"))
        kind = ActKind.TAP if payload else ActKind.TEXT
        act = Act(kind, text=text or payload, payload=payload)
        self.platform.act(Platform.ZALO, who, act)

        async def arrived() -> bool:
            found = await self.leaves("citizen:message:received")
            return len(found) > before and await self.process.is_settled()

        await eventually(arrived, SECONDS)
        read = await self.leaves("bot:message:understood")
        return read[-1] if read else {}

    async def leaves(self, tag: str) -> list[dict[str, Any]]:
        """Return what the evidence says under a tag, oldest first."""
        rows = await self.process.rows(tables.evidence_entry)
        found = [row for row in rows if row["tag"] == tag]
        ordered = sorted(found, key=lambda row: row["entry_id"])
        return [json.loads(row["leaf"])["data"] for row in ordered]

    def offered(self, who: str) -> list[str]:
        """Return the codes on the buttons that were shown to a citizen."""
        sent = self.platform.record.sent(user_id=who)
        shown = json.dumps([one.body for one in sent])
        return list(dict.fromkeys(re.findall(r"#chon:([\w.\-]+)", shown)))

    async def staff(self, *words: str) -> Any:
        """Run a command of staff, and return its JSON."""
        options = ["--config", str(self.config), "--json"]
        result = await asyncio.to_thread(
            CliRunner().invoke, nlu, [*words, *options], catch_exceptions=False
        )
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout.splitlines()[-1])

    def vague(self) -> tuple[str, str]:
        """Return a question that is asked back about: plain, and with a name."""
        parse = self.process.service.services[UNIT].services.reader.parse
        pairs = [(text, form.format(text)) for text in VAGUE for form in NAMING]
        asked = [
            pair
            for pair in pairs
            if all(parse(text).decision is Decision.ASK for text in pair)
        ]
        return asked[0]

    async def speaks_with(self, model: str | None) -> None:
        """Wait until the service has taken over a model by itself."""
        unit = self.process.service.services[UNIT]
        await eventually(lambda: unit.model_id == model, SECONDS)


Open = Callable[[], Awaitable[Commune]]


@pytest.fixture
async def commune(
    start: Start, sandbox: tuple[Sandbox, str], tmp_path: Path
) -> Commune:
    """A commune of our seed whose service runs."""
    platform, base = sandbox
    config = tmp_path / "config.yml"
    raw = yaml.safe_dump(document(platforms(), base), allow_unicode=True)
    config.write_text(raw, encoding="utf-8")
    process = await start()
    platform.service_url = process.url
    return Commune(process, platform, config)


async def test_a_tap_teaches_and_one_command_takes_it_back(commune: Commune) -> None:
    """Asked badly, tapped, approved, trained, put in force, answered; then back."""
    asked, named = commune.vague()
    read = await commune.says(LANH.zalo_id, named)
    assert read["decision"] == "ask"
    code = commune.offered(LANH.zalo_id)[1]
    await commune.says(LANH.zalo_id, payload=f"#chon:{code}")

    (waiting,) = await commune.staff("candidates")
    assert waiting["text"] == named.replace(NAME, "[họ tên]")
    assert waiting["label"] == code
    items = await commune.process.rows(tables.vault_item)
    (sealed,) = [one["sealed"] for one in items if one["kind"] == "lesson"]
    assert not any(word.encode() in sealed for word in waiting["text"].split())

    await commune.staff("approve", waiting["lesson_id"], "--text", asked)
    trained = await commune.staff("train", "--hold")
    assert (trained["live"], trained["refusals"]) == (False, [])
    await commune.staff("live", trained["model"])
    await commune.speaks_with(trained["model"])
    read = await commune.says(MUOI.zalo_id, asked)
    assert (read["decision"], read["code"]) == ("answer", code)

    assert await commune.staff("rollback") == {"live": None}
    await commune.speaks_with(None)
    read = await commune.says(MUOI.zalo_id, "xin chào")
    read = await commune.says(MUOI.zalo_id, f"{asked} ạ")
    assert read["decision"] == "ask"


async def test_a_gap_is_listed_taught_and_gone(commune: Commune) -> None:
    """Nobody knew it; a word of the place is taught, and now it is understood."""
    read = await commune.says(LANH.zalo_id, "xin cấp gkkx")
    assert read["decision"] == "unknown"
    await commune.says(MUOI.zalo_id, "xin cap gkkx ạ")
    (gap,) = await commune.staff("gaps")
    assert (gap["times"], gap["people"], gap["now"]) == (2, 2, None)

    await commune.staff("word", "gkkx", "đăng ký kết hôn")
    trained = await commune.staff("train")
    assert trained["live"] is True
    (gap,) = await commune.staff("gaps")
    assert gap["now"] == "1.000894"
    await commune.staff("reject", gap["lesson_id"])
    assert await commune.staff("gaps") == []


@pytest.mark.parametrize(
    "words",
    [
        "tôi tố cáo ông trưởng thôn lấy tiền làm gkkx",
        "tôi khiếu nại quyết định thu hồi đất xin gkkx",
        "mẹ em bị ung thư xin gkkx",
        "con em nhiễm HIV thay đổi họ tên",
    ],
)
async def test_what_must_not_be_kept_leaves_nothing(
    commune: Commune, words: str
) -> None:
    """Words about a denunciation, a complaint or an illness are no candidate."""
    await commune.says(LANH.zalo_id, words)
    for code in commune.offered(LANH.zalo_id)[:1]:
        await commune.says(LANH.zalo_id, payload=f"#chon:{code}")
    await commune.says(LANH.zalo_id, "đăng ký kết hôn cần gì")

    assert await commune.process.rows(tables.lesson_candidate) == []
    assert await commune.staff("candidates") == []
    assert await commune.staff("gaps") == []
