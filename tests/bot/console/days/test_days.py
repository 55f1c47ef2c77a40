"""Can each role do its day from morning to evening, on a phone and at a desk?"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.bot.chromium import browser
from tests.bot.console.days.conftest import Demo
from tests.bot.console.days.walk import BOTH, Walker, citizen, enters

pytestmark = pytest.mark.browser
__all__ = ["browser"]
OFFICER, SECOND = "Nguyễn Thị Mai", "Trần Anh Tuấn"
HEAD, LEADER = "Vũ Thanh Bình", "Phạm Thị Hòa"
ADMIN, AUDITOR = "Hoàng Văn Nam", "Đặng Thị Lan"
READING = {"/console/evidence/verify", "/console/evidence/build"}
"""Forms that only read: the log checked again, what is in it put into a dossier."""
CODE = re.compile(r"[A-Z]{2,4}-\d{6}-\d{4}")


async def _code(page: Page) -> str:
    """Return the code of the newest case on the list."""
    row = page.locator("#list tbody a").filter(has_text=CODE).first
    found = CODE.search(await row.inner_text())
    assert found is not None
    return found[0]


async def test_an_officer_takes_answers_and_closes(
    browser: Browser, demo: Demo, tmp_path: Path
) -> None:
    """A citizen's wish appears by itself and is answered to their telephone."""
    mai = await enters(browser, demo, OFFICER, tmp_path, *BOTH)
    await mai.sees("home")
    await mai.opens("/cases")
    phone = await citizen(browser, demo, "cho tôi gặp cán bộ")
    await expect(mai.page.locator("#list")).to_contain_text(CODE)
    await mai.sees("list")
    code = await _code(mai.page)
    await mai.page.locator("#list tbody a").filter(has_text=code).first.click()
    await mai.page.get_by_role("button", name="Nhận việc này").click()
    await mai.is_told("đã làm")
    await mai.page.get_by_label("Trả lời người dân").fill("Mời bác ra quầy số 2 ạ.")
    await mai.sees("case")
    await mai.page.get_by_role("button", name="Gửi trả lời kết quả").click()
    await expect(phone.locator("#talk")).to_contain_text("Mời bác ra quầy số 2")
    await mai.page.get_by_text("Kết thúc hồ sơ").click()
    await mai.page.get_by_role("button", name="Kết thúc", exact=True).click()
    await mai.is_told("đã làm")
    await mai.opens("/cases?tab=done", "done")
    await expect(mai.page.locator("#list")).to_contain_text(code)
    await mai.opens("/cases/talks", "talks")
    await mai.opens("/catalogue?q=khai+sinh", "catalogue")
    assert mai.wrong == {}


async def _files(tuan: Walker, kind: str, text: str) -> str:
    """Write down what somebody said by telephone; return the address of the case."""
    await tuan.opens("/cases/new")
    await tuan.page.get_by_label("Loại việc").select_option(label=kind)
    await tuan.page.get_by_label("Nội dung").fill(text)
    await tuan.page.locator("main form button.button").last.click()
    await expect(tuan.page).to_have_url(re.compile(CODE.pattern))
    return tuan.page.url.removeprefix(f"{tuan.base}/console")


async def test_a_head_assigns_and_a_leader_approves(
    browser: Browser, demo: Demo, tmp_path: Path
) -> None:
    """The head gives a case away; the draft waits on the leader's first page."""
    tuan = await enters(browser, demo, SECOND, tmp_path)
    binh = await enters(browser, demo, HEAD, tmp_path)
    hoa = await enters(browser, demo, LEADER, tmp_path, *BOTH)
    await hoa.opens("/today")
    await binh.opens("/cases")
    case = await _files(tuan, "kiến nghị", "Xin lắp thêm đèn ở ngõ 5.")
    code = case.rsplit("/", 1)[-1]
    await expect(binh.page.locator("#list")).to_contain_text(code)
    await binh.opens(case)
    await binh.page.get_by_text("Giao cho người khác").click()
    await binh.page.get_by_label("Giao cho").select_option(label=SECOND)
    await binh.page.get_by_label("Lời dặn").fill("Anh xem giúp trong tuần nhé.")
    await binh.sees("assign")
    await binh.page.get_by_role("button", name="Giao việc").click()
    await binh.is_told("đã làm")
    await binh.opens("/roster", "roster")
    await binh.opens("/people", "people")
    await tuan.opens(case)
    await tuan.page.get_by_label("Trả lời người dân").fill("Xã xin tiếp thu ạ.")
    await tuan.page.get_by_role("button", name="Gửi lãnh đạo duyệt").click()
    await expect(hoa.page.locator("#now")).to_contain_text(code)
    await hoa.sees("waiting")
    await hoa.page.locator("#now").get_by_role("link", name=code).first.click()
    await hoa.sees("approve")
    await hoa.page.get_by_role("button", name="Duyệt và gửi").click()
    await hoa.is_told("đã làm")
    await hoa.opens("/reports", "reports")
    await hoa.opens("/surveys", "surveys")
    for one in (tuan, binh, hoa):
        assert one.wrong == {}


async def test_an_auditor_reads_and_changes_nothing(
    browser: Browser, demo: Demo, tmp_path: Path
) -> None:
    """Every place of the menu opens; nothing on it changes what the commune keeps."""
    lan = await enters(browser, demo, AUDITOR, tmp_path)
    links = lan.page.locator("nav.menu a")
    found = [await one.get_attribute("href") or "" for one in await links.all()]
    assert len(found) > 1
    for url in found[1:]:
        name = url.rsplit("/", 1)[-1]
        await lan.opens(url.removeprefix("/console"), name)
        forms = await lan.page.locator('main form[method="post"]').all()
        to = {await one.get_attribute("action") for one in forms}
        assert to <= READING, url
    public = replace(lan, page=await browser.new_page())  # what everybody may see
    await public.page.goto(f"{demo.base}/minh-chung")
    await expect(public.page.get_by_role("heading", level=1)).to_contain_text("Mốc")
    await public.sees("proofs")
    assert lan.wrong == {}


async def test_an_admin_invites_resets_and_looks_at_settings(
    browser: Browser, demo: Demo, tmp_path: Path
) -> None:
    """A new officer comes in by a one-time link; a lost password costs one page."""
    nam = await enters(browser, demo, ADMIN, tmp_path)
    await nam.opens("/people/new", "new")
    await nam.page.get_by_label("Mã cán bộ").fill("canbo21")
    await nam.page.get_by_label("Họ tên").fill("Lý Thị Thu")
    await nam.page.get_by_label("Cán bộ xử lý").check()
    await nam.page.get_by_role("button", name="Thêm").click()
    await nam.is_told("đã thêm")
    await nam.opens("/people/canbo21")
    await nam.page.get_by_role("button", name="Tạo liên kết mời").click()
    link = await nam.page.locator("#link").input_value()
    await nam.sees("link")
    await _comes_in(browser, link)
    await nam.opens("/people/canbo21", "member")
    await nam.page.get_by_role("link", name="Đặt lại mật khẩu").click()
    await nam.sees("reset")
    await nam.page.get_by_role("button", name="Tôi xác nhận").click()
    assert await nam.page.locator("#link").input_value() != link
    await nam.opens("/settings", "settings")
    await nam.opens("/settings/zalo", "zalo")
    assert nam.wrong == {}


async def _comes_in(browser: Browser, link: str) -> None:
    page = await browser.new_page()
    await page.goto(link)
    for label in ("Mật khẩu mới", "Nhập lại mật khẩu mới"):
        await page.get_by_label(label).first.fill("ghe-tre-mua-thu-xanh")
    await page.get_by_role("button", name="Lưu và vào bàn làm việc").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Thu")
