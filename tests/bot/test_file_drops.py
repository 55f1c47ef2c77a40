"""Does the photo of a form that was cancelled go, with proof that it went?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bot.sandbox.model import Act, ActKind, Platform
from bot.sandbox.sandbox import Sandbox
from handlers.model import Tag
from storage import tables
from tests.bot.support import LANH
from tests.bot.test_intake_road import STORY, Installed, Phones


async def test_a_cancelled_form_leaves_no_photo(
    prepared: Path, tmp_path: Path, sandbox: tuple[Sandbox, str]
) -> None:
    """Row and sealed facts are gone, the log names the file and nothing in it."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    platform, base = sandbox

    async def work(phones: Phones) -> None:
        process, who = phones.process, LANH.zalo_id
        await phones.says(Platform.ZALO, who, STORY, "#phieu:k_phan_anh")
        photo = Act(ActKind.IMAGE, url=f"{base}/photo.jpg")
        await phones.does(Platform.ZALO, who, photo)
        (file,) = await process.rows(tables.received_file)
        await phones.says(Platform.ZALO, who, "hủy")

        assert await process.rows(tables.received_file) == []
        items = {item["item_id"] for item in await process.rows(tables.vault_item)}
        assert file["item_id"] not in items
        entries = await process.rows(tables.evidence_entry)
        (proof,) = [e for e in entries if e["tag"] == Tag.FILE_DROPPED]
        assert proof["subject"] == file["file_id"]
        assert json.loads(proof["leaf"])["data"]["kind"] == "image"

    await Installed(tmp_path, base).run(work, platform)
