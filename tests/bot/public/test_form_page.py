"""The forms to print: the fields that the law names, nothing to fill in, no trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.public.form_page import FormPages
from bot.runtime import ServicesHolder
from handlers.ports import UnitProfile
from messages.errors import BadFormError
from messages.petition_forms import FORMS, form, parsed

XA = UnitProfile(
    "thanh-ha", "xã <Thanh Hà>", place="Trụ sở thử", reception="sáng thứ Năm"
)
FIELDS = {
    "don-to-cao": ("Cách thức liên hệ", "Hành vi vi phạm", "Người bị tố cáo"),
    "don-khieu-nai": ("Lý do", "Yêu cầu giải quyết", "Tên cơ quan"),
}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A server of one unit."""
    services = SimpleNamespace(unit=XA)
    holder = cast("ServicesHolder", SimpleNamespace(services=services))
    app = web.Application()
    FormPages({"thanh-ha": holder}).add_routes(app)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def _get(address: str) -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status, await response.text(), dict(response.headers)


@pytest.mark.parametrize("name", FORMS)
async def test_the_form_has_the_fields_of_the_law(url: str, name: str) -> None:
    """Page and text have them all, with the day and the signature."""
    status, page, _ = await _get(f"{url}bieu-mau/{name}?xa=thanh-ha")
    _, text, headers = await _get(f"{url}bieu-mau/{name}.txt")

    assert status == 200
    for field in (*FIELDS[name], "ngày", "Họ và tên", "Địa chỉ", "điểm chỉ"):
        assert field in page
        assert field in text
    assert "attachment" in headers["Content-Disposition"]


async def test_the_page_asks_for_nothing_and_is_not_kept(url: str) -> None:
    """No input, no script, no cache, no address passed on; names are escaped."""
    _, page, headers = await _get(f"{url}bieu-mau/don-to-cao")

    assert "<input" not in page
    assert "<form" not in page
    assert "script" not in page
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "xã &lt;Thanh Hà&gt;" in page
    assert "Trụ sở thử" in page
    assert "sáng thứ Năm" in page


async def test_the_style_is_served_for_paper(url: str) -> None:
    """What helps on the screen is not printed."""
    status, text, _ = await _get(f"{url}bieu-mau-static/form.css")

    assert status == 200
    assert "@media print" in text


async def test_an_unknown_form_is_answered_kindly(url: str) -> None:
    """404 and a sentence, for a page as for a file."""
    for name in ("don-la", "don-la.txt"):
        status, text, _ = await _get(f"{url}bieu-mau/{name}")
        assert status == 404
        assert "Dạ, xin lỗi" in text


def test_a_line_without_a_mark_is_named() -> None:
    """A form that cannot be read stops with its name and line."""
    with pytest.raises(BadFormError, match="x: 2"):
        parsed("x", "# ĐƠN\nquên dấu")


def test_no_form_of_that_name() -> None:
    """A name that would leave the folder is no form."""
    assert form("../words") is None
