"""Does a citizen's report become a case that staff answer, and is all of it proved?

Everything is real: the service as it is wired on SQLite, webhooks from the sandbox
platforms, and the commands of staff beside it, in a thread as in a second terminal.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.cli.cases import cases
from bot.sandbox.model import Act, ActKind, Platform
from bot.sandbox.sandbox import Sandbox
from handlers.cases.moments import LOCAL
from storage import tables
from tests.bot.process import Process, Start
from tests.bot.support import LANH, MUOI, UNIT, document, eventually, platforms

REPORT = "đèn đường trước nhà văn hóa thôn Đông hỏng ba hôm nay, tối đi nguy hiểm"
ANSWER = "Xã đã thay bóng đèn lúc 9 giờ sáng nay."
GRUDGE = "làm thì tốt nhưng tôi phải gọi hai lần"
SECONDS = 20.0


@dataclass(slots=True)
class Commune:
    """The running service, the citizens' phones, and the desk of staff."""

    process: Process
    platform: Sandbox
    config: Path

    async def says(self, who: str, text: str, channel: Platform) -> str:
        """Let a citizen write; return what they read after that."""
        before = len(self.read(who))
        received = len(await self.leaves("citizen:message:received"))
        self.platform.act(channel, who, Act(ActKind.TEXT, text=text))

        async def arrived() -> bool:
            found = await self.leaves("citizen:message:received")
            return len(found) > received and await self.process.is_settled()

        await eventually(arrived, SECONDS)
        return "\n".join(self.read(who)[before:])

    async def reports(self, who: str, text: str, channel: Platform) -> str:
        """Let a citizen report and fill in what is asked; return the receipt."""
        await self.says(who, text, channel)
        for answer in ("#phieu:k_phan_anh", "xong", "bỏ qua", "không cần", "không"):
            await self.says(who, answer, channel)
        return await self.says(who, "gửi", channel)

    def read(self, who: str) -> list[str]:
        """Return the texts on a citizen's phone, oldest first."""
        return [
            str(one.body["message"].get("text", ""))
            for one in self.platform.record.sent(user_id=who)
        ]

    async def hears(self, who: str, part: str) -> str:
        """Wait until a text with that part is on the phone."""

        def found() -> str:
            return next((text for text in self.read(who) if part in text), "")

        text: str = await eventually(found, SECONDS)
        return text

    async def leaves(self, tag: str) -> list[dict[str, Any]]:
        """Return the evidence under a tag, oldest first."""
        rows = await self.process.rows(tables.evidence_entry)
        found = [row for row in rows if row["tag"] == tag]
        ordered = sorted(found, key=lambda row: row["entry_id"])
        return [json.loads(row["leaf"]) for row in ordered]

    async def staff(self, *words: str) -> Any:
        """Run a command of staff, and return its JSON."""
        options = ["--config", str(self.config), "--json"]
        result = await asyncio.to_thread(
            CliRunner().invoke, cases, [*words, *options], catch_exceptions=False
        )
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture
async def commune(
    start: Start, sandbox: tuple[Sandbox, str], tmp_path: Path
) -> Commune:
    """A started service with its configuration on the disk for the commands."""
    platform, base = sandbox
    process = await start()
    platform.service_url = process.url
    path = tmp_path / "config.yml"
    text = yaml.safe_dump(document(platforms(), base), allow_unicode=True)
    await asyncio.to_thread(path.write_text, text, encoding="utf-8")
    return Commune(process, platform, path)


def code_in(text: str) -> str:
    """Return the one code that a text names."""
    (code,) = set(re.findall(r"[A-Z]{2}-\d{6}-\d{4}", text))
    return str(code)


async def test_a_report_from_the_phone_to_its_end(commune: Commune) -> None:
    """Facebook: a receipt with code and date; staff answer; the citizen reads, asks."""
    who = LANH.facebook_id
    receipt = await commune.reports(who, REPORT, Platform.FACEBOOK)
    code = code_in(receipt)
    today = datetime.now(LOCAL)
    assert code.startswith(f"PA-{today:%y%m%d}-")
    assert re.search(r"chậm nhất ngày \d\d/\d\d/\d{4}", receipt)
    assert "theo cam kết của xã" in receipt

    (line,) = await commune.staff("list", "--kind", "phan_anh")
    assert (line["code"], line["state"], line["owner"]) == (code, "received", "on_duty")
    await commune.staff("classify", code.lower(), "--kind", "phan_anh")
    done = await commune.staff("accept", code.replace("-", " "), "--by", "canbo01")
    assert [one["how"] for one in done["told"]] == ["queued"]
    await commune.hears(who, "đã nhận xử lý phản ánh")
    await commune.staff("answer", code, "--text", ANSWER, "--by", "canbo01")
    assert code in await commune.hears(who, ANSWER)

    told = await commune.says(who, f"tra cứu {code}", Platform.FACEBOOK)
    assert "đã trả lời" in told
    shown = await commune.staff("show", code)
    assert shown["texts"]["text"] == REPORT
    assert [one["act"] for one in shown["history"]] == [
        "open",
        "classify",
        "accept",
        "answer",
    ]
    assert {clock["ended"] for clock in shown["clocks"]} == {"in_time"}
    assert all(one["send"] == "accepted" for one in shown["sent"])
    for line in (shown["history"][0], shown["history"][2], shown["history"][3]):
        assert line["template"].startswith("cases.")
        assert re.fullmatch(r"[0-9a-f]{12}", line["version"])


async def test_whoever_was_served_says_how_it_went(commune: Commune) -> None:
    """The end of a case asks for a score; score and words are kept, once, sealed."""
    who = LANH.zalo_id
    code = code_in(await commune.reports(who, REPORT, Platform.ZALO))
    for step in (
        ("classify", "--kind", "phan_anh"),
        ("accept",),
        ("answer", "--text", ANSWER),
        ("close",),
    ):
        await commune.staff(step[0], code, *step[1:], "--by", "canbo01")
    await commune.hears(who, "chọn giúp một mức")
    last = commune.platform.record.sent(user_id=who)[-1]
    assert json.dumps(last.body).count("#diem:") == 5

    assert "xin lỗi" in await commune.says(who, f"#diem:{code}/2", Platform.ZALO)
    assert "đã ghi lại" in await commune.says(who, GRUDGE, Platform.ZALO)
    assert "cảm ơn" in await commune.says(who, f"#diem:{code}/4", Platform.ZALO)

    (answer,) = await commune.process.rows(tables.survey_answer)
    (head,) = await commune.process.rows(tables.case_record)
    assert (answer["score"], answer["case_id"]) == (4, head["case_id"])
    given = await commune.leaves("citizen:rating:given")
    assert [leaf["data"]["score"] for leaf in given] == [2, 4]
    heap = json.dumps(await commune.process.rows(tables.evidence_entry), default=repr)
    assert GRUDGE not in heap


async def test_every_step_is_in_the_evidence(commune: Commune) -> None:
    """Each entry names the case; no word of anybody lies in the log or the tables."""
    receipt = await commune.reports(LANH.zalo_id, REPORT, Platform.ZALO)
    code = code_in(receipt)
    for words in (
        ("classify", "--kind", "phan_anh"),
        ("accept",),
        ("answer", "--text", ANSWER),
        ("close",),
    ):
        await commune.staff(words[0], code, *words[1:], "--by", "canbo01")

    (head,) = await commune.process.rows(tables.case_record)
    lines = await commune.process.rows(tables.case_history)
    entries = await commune.process.rows(tables.evidence_entry)
    known = {row["entry_id"]: row for row in entries}
    assert [known[line["entry_id"]]["subject"] for line in lines] == (
        [head["case_id"]] * 5
    )
    assert (head["state"], head["version"]) == ("closed", 5)
    heap = json.dumps([head, lines, entries], default=repr)
    assert ANSWER not in heap
    assert REPORT not in heap


async def test_another_citizen_learns_nothing_without_the_phone(
    commune: Commune,
) -> None:
    """A code alone says nothing; with the last four digits the state; then a lock."""
    made = await commune.staff(
        "open",
        "--kind",
        "phan_anh",
        "--text",
        REPORT,
        "--source",
        "telephone",
        "--phone",
        "0912 345 678",
        "--by",
        "canbo01",
    )
    code, who = made["code"], MUOI.zalo_id
    assert code in made["receipt_text"]

    alone = await commune.says(who, f"tra cứu {code}", Platform.ZALO)
    assert "chưa tìm thấy" in alone
    right = await commune.says(who, f"tra cứu {code} 5678", Platform.ZALO)
    assert "mới tiếp nhận" in right
    assert REPORT not in right
    for number in range(5):
        wrong = await commune.says(who, f"{code} 000{number}", Platform.ZALO)
        assert "chưa tìm thấy" in wrong
    locked = await commune.says(who, f"{code} 5678", Platform.ZALO)
    assert "tạm ngừng tra cứu" in locked


async def test_guidance_leaves_a_record_of_nobody(commune: Commune) -> None:
    """Tố cáo: one record without person, words or hour, and in no list of staff."""
    await commune.says(LANH.zalo_id, "tôi muốn tố cáo cán bộ nhận tiền", Platform.ZALO)

    (head,) = await commune.process.rows(tables.case_record)
    assert (head["kind"], head["state"]) == ("to_cao", "guided")
    assert (head["person_id"], head["item_id"], head["channel"]) == (None, None, "")
    assert head["received_at"] % (24 * 3600 * 1000) == 5 * 3600 * 1000
    assert await commune.staff("list", "--all") == []
    assert await commune.process.rows(tables.handover) == []
    entries = await commune.process.rows(tables.evidence_entry)
    assert head["case_id"] not in json.dumps(entries, default=repr)
    assert head["unit_id"] == UNIT
