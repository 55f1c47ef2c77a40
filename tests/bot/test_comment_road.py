"""Does a comment written in the sandbox reach staff, and its writer a private reply?

The service as it is wired, on SQLite; webhooks from the emulated page.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot import installation
from bot.app import build as build_service
from bot.config import parse_config
from bot.erasure import erase, find_person
from bot.sandbox.model import Act, ActKind, Platform
from bot.sandbox.sandbox import Sandbox
from bot.server import application, listen
from bot.services import load_services
from handlers.model import Channel, Tag
from storage import tables
from tests.bot.process import Process
from tests.bot.support import LANH, MUOI, UNIT, document, eventually, platforms

PAGE = Platform.FACEBOOK
SECONDS = 20.0


async def commented(process: Process, platform: Sandbox, who: str, text: str) -> str:
    """Write under the newest post; return what stands last on the writer's phone."""
    before = len(await process.rows(tables.inbox_event))
    platform.act(PAGE, who, Act(ActKind.COMMENT, text=text))

    async def settled() -> bool:
        found = await process.rows(tables.inbox_event)
        return len(found) > before and await process.is_settled()

    await eventually(settled, SECONDS)
    sent = platform.record.sent(user_id=who)
    return str(sent[-1].body["message"]["text"]) if sent else ""


async def leaves(process: Process, tag: Tag) -> list[dict[str, Any]]:
    """Return what the log says of a kind of event."""
    found = await process.rows(tables.evidence_entry)
    return [json.loads(e["leaf"]) for e in found if e["tag"] == tag]


async def test_comments_from_the_sandbox_page(
    prepared: Path, tmp_path: Path, sandbox: tuple[Sandbox, str]
) -> None:
    """An ordinary one, one of danger and a denunciation; then the writer is erased."""
    platform, base = sandbox
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    config = parse_config(document(platforms(), base), {}, tmp_path)
    async with installation.open_installation(config, exclusive=True) as opened:
        services = await load_services(config, opened.database, opened.clock)
        service = build_service(opened, services)
        await service.start()
        runner = await listen(application(service), "127.0.0.1", 0)
        process = Process(service, runner)
        platform.service_url = process.url
        try:
            await _ordinary(process, platform)
            await _sensitive(process, platform)
            person = await find_person(opened, UNIT, Channel.FACEBOOK, LANH.facebook_id)
            assert person is not None
            await erase(opened, UNIT, person)
            rows = await process.rows(tables.page_comment)
            assert all(row["person_id"] != person for row in rows)
        finally:
            await process.stop()


async def _ordinary(process: Process, platform: Sandbox) -> None:
    text = "đèn đường thôn Đông hỏng ba hôm rồi, tối đi nguy hiểm"
    said = await commented(process, platform, LANH.facebook_id, text)
    assert "bình luận" in said
    assert "đèn" not in said
    (matter,) = await process.rows(tables.handover)
    assert matter["reason"] == "binh_luan"
    assert len(await leaves(process, Tag.COMMENT_ANSWERED)) == 1
    assert len(await leaves(process, Tag.SEND_ACCEPTED)) == 1
    # The reply opened no window: nothing else may be written to this citizen yet.
    (talk,) = await process.rows(tables.conversation)
    assert talk["last_inbound_at"] == 0


async def _sensitive(process: Process, platform: Sandbox) -> None:
    said = await commented(process, platform, MUOI.facebook_id, "cháy nhà rồi cứu với")
    assert "114" in said.splitlines()[0]
    notices = await process.rows(tables.notice)
    assert "comment_urgent" in {row["kind"] for row in notices}
    words = "tôi tố cáo ông Nguyễn Văn Cò nhận tiền"
    said = await commented(process, platform, MUOI.facebook_id, words)
    assert "tố cáo" in said
    assert "Cò" not in said
    assert len(await process.rows(tables.sealed_entry)) == 1
    assert len(await process.rows(tables.handover)) == 2
    notices = await process.rows(tables.notice)
    assert "comment_to_look_at" in {row["kind"] for row in notices}


@pytest.mark.parametrize("text", ["", "❤️"])
async def test_a_sign_is_no_work(start: Any, sandbox: Any, text: str) -> None:
    """A heart under a post is written down and nobody is called."""
    platform, _ = sandbox
    process = await start()
    platform.service_url = process.url
    await commented(process, platform, LANH.facebook_id, text)

    assert await process.rows(tables.handover) == []
    assert platform.record.sent() == []
