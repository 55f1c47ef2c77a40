"""The public page of a procedure: complete, escaped, honest about doubts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.public.procedure_page import ProcedurePages
from bot.runtime import ServicesHolder
from handlers.ports import UnitProfile
from messages.procedure import Fee, Level, Paper, Procedure, Source

PROCEDURE = Procedure(
    code="1.000001",
    name="Cấp giấy <thử>",
    field="Hộ tịch",
    levels=(Level.XA,),
    authority="UBND xã",
    papers=(Paper(name="Tờ khai & bản sao", copies=2),),
    fee=Fee(text="8.000 đồng", sure=False),
    source=Source(name="Cổng Dịch vụ công quốc gia", as_of=date(2026, 7, 18)),
)


@dataclass
class _Catalogue:
    def get(self, code: str) -> Procedure | None:
        return PROCEDURE if code == PROCEDURE.code else None


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A server with one unit and one procedure."""
    services: Any = SimpleNamespace(
        catalogue=_Catalogue(), unit=UnitProfile("thanh-ha", "xã Thanh Hà")
    )
    holder = cast("ServicesHolder", SimpleNamespace(services=services))
    app = web.Application()
    ProcedurePages({"thanh-ha": holder}).add_routes(app)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def _get(address: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        policy = response.headers["Content-Security-Policy"]
        return response.status, await response.text(), policy


async def test_the_page_shows_facts_escaped_with_source_and_doubt(url: str) -> None:
    """Names are escaped, an unsure fee says so, source and date are shown."""
    status, text, policy = await _get(f"{url}tthc/1.000001")

    assert status == 200
    assert "Cấp giấy &lt;thử&gt;" in text
    assert "Tờ khai &amp; bản sao (2 bản sao)" in text
    assert "Chưa xác nhận" in text
    assert "cập nhật 18/07/2026" in text
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


async def test_an_unknown_code_is_answered_kindly(url: str) -> None:
    """A code nobody knows gives 404 and a polite sentence, escaped."""
    status, text, _ = await _get(f"{url}tthc/%3Cb%3E")

    assert status == 404
    assert "Dạ, xin lỗi" in text
    assert "<b>" not in text


async def test_the_style_sheet_is_served(url: str) -> None:
    """The page needs no other server."""
    status, text, _ = await _get(f"{url}tthc-static/page.css")

    assert status == 200
    assert "color-scheme" in text
