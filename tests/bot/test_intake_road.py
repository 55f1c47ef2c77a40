"""Does a form survive a restart, on both platforms, and become one whole case?

Everything is real: the service as it is wired on SQLite and webhooks from the sandbox
platforms; the process stops in the middle of a form and a new one goes on.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot import installation
from bot.app import Service
from bot.app import build as build_service
from bot.config import parse_config
from bot.sandbox.model import Act, ActKind, Platform
from bot.sandbox.sandbox import Sandbox
from bot.server import application, listen
from bot.services import load_services
from storage import tables
from tests.bot.process import Process
from tests.bot.support import LANH, MUOI, UNIT, document, eventually, platforms

STORY = "đèn đường trước nhà văn hóa hỏng, tối đi nguy hiểm"
SECONDS = 20.0


@dataclass(slots=True)
class Phones:
    """Citizens' phones before whichever process runs now."""

    process: Process
    platform: Sandbox

    async def does(self, channel: Platform, who: str, act: Act) -> str:
        """Let a citizen act; return what they read after that."""
        before = len(self.read(who))
        received = len(await self.process.rows(tables.inbox_event))
        self.platform.act(channel, who, act)

        async def settled() -> bool:
            found = await self.process.rows(tables.inbox_event)
            return len(found) > received and await self.process.is_settled()

        await eventually(settled, SECONDS)
        return "\n".join(self.read(who)[before:])

    async def says(self, channel: Platform, who: str, *texts: str) -> str:
        """Let a citizen write; return what they read after the last."""
        for text in texts:
            answer = await self.does(channel, who, Act(ActKind.TEXT, text=text))
        return answer

    def read(self, who: str) -> list[str]:
        """Return the texts on a citizen's phone, oldest first."""
        return [
            str(one.body["message"].get("text", ""))
            for one in self.platform.record.sent(user_id=who)
        ]


def configured(base: str) -> dict[str, Any]:
    """Return a configuration with hamlets and the city's channels."""
    raw = document(platforms(), base)
    raw["units"][UNIT] |= {
        "hamlets": ["thôn Đông", "thôn Đoài"],
        "city_channels": [{"label": "Tổng đài 1022", "phone": "1022"}],
    }
    return raw


class Installed:
    """One folder on which processes run one after the other."""

    def __init__(self, folder: Path, base: str) -> None:
        self.config = parse_config(configured(base), {}, folder)

    async def run(self, work: Any, platform: Sandbox) -> None:
        """Run a process, do something to it, stop it."""
        async with installation.open_installation(self.config, exclusive=True) as one:
            services = await load_services(self.config, one.database, one.clock)
            service: Service = build_service(one, services)
            await service.start()
            runner = await listen(application(service), "127.0.0.1", 0)
            process = Process(service, runner)
            platform.service_url = process.url
            try:
                await work(Phones(process, platform))
            finally:
                await process.stop()


@pytest.fixture
def installed(
    prepared: Path, tmp_path: Path, sandbox: tuple[Sandbox, str]
) -> Installed:
    """A prepared folder of its own."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return Installed(tmp_path, sandbox[1])


@pytest.mark.parametrize("channel", Platform)
async def test_a_form_goes_on_after_a_restart(
    channel: Platform, installed: Installed, sandbox: tuple[Sandbox, str]
) -> None:
    """What was told before is not asked again; one case with photo and receipt."""
    platform, base = sandbox
    who = LANH.zalo_id if channel is Platform.ZALO else LANH.facebook_id

    async def before(phones: Phones) -> None:
        said = await phones.says(channel, who, STORY)
        assert "phản ánh hiện trường" in said
        asked = await phones.says(channel, who, "#phieu:k_phan_anh")
        assert "từ bao giờ" in asked
        await phones.says(channel, who, "hôm qua")
        photo = Act(ActKind.IMAGE, url=f"{base}/photo.jpg")
        assert "1 tệp" in await phones.does(channel, who, photo)

    async def after(phones: Phones) -> None:
        texts = ("Tiếp", "0912 345 678", "có", "không")
        shown = await phones.says(channel, who, *texts)
        assert "trước nhà văn hóa" in shown
        assert await phones.process.rows(tables.case_record) == []
        receipt = await phones.says(channel, who, "gửi")
        (head,) = await phones.process.rows(tables.case_record)
        assert head["code"] in receipt
        assert "1022" in receipt
        assert "chậm nhất ngày" in receipt
        links = await phones.process.rows(tables.case_link)
        (file,) = await phones.process.rows(tables.received_file)
        assert [x["ref"] for x in links if x["kind"] == "file"] == [file["file_id"]]
        assert "không còn phiếu" in await phones.says(channel, who, "#phieu:send")
        assert len(await phones.process.rows(tables.case_record)) == 1
        entries = await phones.process.rows(tables.evidence_entry)
        talks = await phones.process.rows(tables.conversation)
        assert STORY not in json.dumps([entries, talks, head], default=repr)

    await installed.run(before, platform)
    await installed.run(after, platform)


async def test_a_second_report_nearby_is_linked_and_staff_are_told(
    installed: Installed, sandbox: tuple[Sandbox, str]
) -> None:
    """Only words of one's own are shown; each keeps a case of their own."""
    platform, _ = sandbox
    end = ("xong", "bỏ qua", "không cần", "không", "gửi")

    async def both(phones: Phones) -> None:
        first = "đèn đường thôn Đoài hỏng từ hôm qua, cạnh nhà bà Tí"
        zalo, page = Platform.ZALO, Platform.FACEBOOK
        await phones.says(zalo, LANH.zalo_id, first, "#phieu:k_phan_anh", *end)
        (old,) = await phones.process.rows(tables.case_record)
        who = MUOI.facebook_id
        second = "đèn ở thon doai hỏng mấy hôm nay"
        asked = await phones.says(page, who, second, "#phieu:k_phan_anh")
        assert old["code"] in asked
        assert "đèn" in asked
        assert "bà Tí" not in asked
        joined = await phones.says(page, who, "#phieu:t_a")
        assert old["code"] in joined
        await phones.says(page, who, *end)
        heads = await phones.process.rows(tables.case_record)
        (new,) = (one for one in heads if one["case_id"] != old["case_id"])
        links = await phones.process.rows(tables.case_link)
        twins = {(x["case_id"], x["ref"]) for x in links if x["kind"] == "case"}
        assert twins == {(new["case_id"], old["case_id"])}
        notices = await phones.process.rows(tables.notice)
        assert ("case_joined", new["case_id"]) in {
            (one["kind"], one["subject"]) for one in notices
        }
        areas = {x["ref"] for x in links if x["kind"] == "area"}
        assert len(areas) == 1
        assert "doai" not in areas.pop()

    await installed.run(both, platform)


async def test_what_is_near_is_told_by_metres(
    installed: Installed, sandbox: tuple[Sandbox, str]
) -> None:
    """A shared location 200 m away is near, one 400 m away is not."""
    platform, _ = sandbox
    words = ("đèn đường hỏng tối om hôm qua", "#phieu:k_phan_anh")

    async def three(phones: Phones) -> None:
        zalo, page = Platform.ZALO, Platform.FACEBOOK
        here = Act(ActKind.LOCATION, latitude="20.9", longitude="106.4")
        await phones.says(zalo, LANH.zalo_id, *words)
        await phones.does(zalo, LANH.zalo_id, here)
        end = ("xong", "bỏ qua", "không cần", "không", "gửi")
        await phones.says(zalo, LANH.zalo_id, *end)
        (head,) = await phones.process.rows(tables.case_record)
        for channel, who, latitude, is_near in (
            (page, MUOI.facebook_id, "20.9018", True),
            (zalo, MUOI.zalo_id, "20.9036", False),
        ):
            await phones.says(channel, who, *words)
            there = Act(ActKind.LOCATION, latitude=latitude, longitude="106.4")
            assert (head["code"] in await phones.does(channel, who, there)) is is_near

    await installed.run(three, platform)
