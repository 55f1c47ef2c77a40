"""Does a real browser find catalogue, words, roster and learning usable and quiet?"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from handlers.model import LessonSource
from handlers.staff.permissions import Role
from tests.bot.chromium import Watch, browser
from tests.bot.console.eyes import EYES, carry, context, look
from tests.bot.console.support import Desk
from tests.bot.console.test_catalogue import CODE, PAGE, edit
from tests.bot.console.test_learning import BIRTH, WORDS, said
from tests.bot.console.test_roster import give
from tests.bot.console.test_words import word

pytestmark = pytest.mark.browser
__all__ = ["browser"]


async def furnished(desk: Desk) -> tuple[str, str]:
    """Write a little of everything; return the ids of a gap and of a lesson."""
    head = await desk.as_role(Role.HEAD)
    await desk.hire("officer", Role.OFFICER)
    await edit(head, aliases="cấp giấy em bé", place="Nhà văn hóa thôn 3")
    await give(head, "officer", deputy="head", until="2026-11-26")
    await head.post("/console/roster/leave", {"first": "2026-11-25"})
    await word(head, "Dạ, {{ xa }} cảm ơn {{ xh }} ạ.")
    told = {"title": "Hẹn kiểm tra", "text": "Dạ, {{ xa }} xin hẹn ạ.", "do": "save"}
    await head.post("/console/replies/one", told)
    gap = await said(desk, WORDS)
    lesson = await said(desk, "khai sinh cho bé", BIRTH, LessonSource.PICKED)
    return gap, lesson


@pytest.mark.parametrize(("width", "scheme"), EYES)
async def test_the_pages_are_for_everybody(
    desk: Desk, browser: Browser, tmp_path: Path, width: str, scheme: str
) -> None:
    """WCAG rules hold and nothing scrolls sideways, on a phone too."""
    gap, lesson = await furnished(desk)
    admin = await desk.as_role(Role.ADMIN)
    window = await context(browser, width, scheme)
    await carry(desk, admin, window)
    page = await window.new_page()
    watch = Watch(page, desk.base)
    faults: dict[str, list[str]] = {}
    paths = {
        "list": "/console/catalogue?q=khai+sinh",
        "procedure": PAGE,
        "edit": f"/console/catalogue/edit?code={CODE}",
        "new": "/console/catalogue/new",
        "history": f"/console/catalogue/history?code={CODE}",
        "import": "/console/catalogue/import",
        "versions": "/console/catalogue/versions",
        "gaps": "/console/gaps",
        "gap": f"/console/learning/item?id={gap}",
        "lessons": "/console/learning",
        "lesson": f"/console/learning/item?id={lesson}&q=ket+hon",
        "taught": "/console/learning/taught",
        "models": "/console/learning/models",
        "words": "/console/words?q=cam+on",
        "sentence": "/console/words/sentence?key=small_talk.thanks",
        "replies": "/console/replies",
        "reply": "/console/replies/one",
        "calendar": "/console/calendar",
        "week": "/console/roster?day=2026-11-24",
        "month": "/console/roster?view=month",
        "shift": "/console/roster/shift?day=2026-11-24&part=sang&channel=hotline",
        "leave": "/console/roster/leave",
        "swaps": "/console/roster/swaps",
        "files": "/console/roster/files",
    }
    for name, path in paths.items():
        await page.goto(desk.base + path)
        found = await look(page, f"catalogue-{name}-{width}-{scheme}", tmp_path)
        faults |= {name: found} if found else {}

    assert faults == {}
    assert watch.faults == []


async def test_an_import_is_chosen_looked_at_and_done(
    desk: Desk, browser: Browser, tmp_path: Path
) -> None:
    """Choose a file, see the cells, press the button: with a browser on a phone."""
    admin = await desk.as_role(Role.ADMIN)
    window = await context(browser, "phone")
    await carry(desk, admin, window)
    page = await window.new_page()
    file = tmp_path / "sua.csv"
    file.write_text(f"Mã;Địa điểm\n{CODE};Trụ sở mới\n?;x\n", encoding="utf-8")
    await page.goto(f"{desk.base}/console/catalogue/import")
    await page.get_by_label("Tệp Excel").set_input_files(file)
    await page.get_by_role("button", name="Xem trước").click()
    await page.get_by_text("Dòng 3").wait_for()
    assert await look(page, "catalogue-preview-phone", tmp_path) == []
    await page.get_by_role("button", name="Nhập những thay đổi này").click()
    await page.get_by_role("status").first.wait_for()

    assert "Trụ sở mới" in (await admin.get(PAGE)).text
