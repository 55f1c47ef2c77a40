"""Can anybody check that a letter is ours, and learn no name by it?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.public.letter_page import LetterPages
from bot.runtime import UnitRuntime
from handlers.staff.letters import genuine
from storage import letters
from storage.database import Database
from storage.keys import KeyRing
from storage.vault import Vault
from tests.bot.support import Holder
from tests.conftest import FakeClock

UNIT = "thanh-ha"
ID = "0" * 31 + "1"


@pytest.fixture
async def url(
    database: Database, ring: KeyRing, clock: FakeClock
) -> AsyncIterator[str]:
    """The address of a server of the pages, with one signed letter behind it."""
    keys = ring.unit(UNIT)
    unit = UnitRuntime(UNIT, Vault(UNIT, keys), Holder(UNIT), {})
    row = {
        "unit_id": UNIT,
        "letter_id": ID,
        "kind": "ket_hon",
        "state": "signed",
        "source": "form",
        "version": 1,
        "approved": 1,
        "mark": 3,
        "words": "1-abc",
        "year": 2026,
        "number": 7,
        "created_by": "an",
        "created_at": clock.now_ms(),
        "updated_at": clock.now_ms(),
    }
    step = {"act": "sign", "by": "dung", "version": 1, "at": clock.now_ms()}
    await database.write(lambda c: letters.add(c, row))
    await database.write(lambda c: letters.add_steps(c, UNIT, ID, [step]))
    app = web.Application()
    LetterPages({UNIT: unit}, database).add_routes(app)
    async with TestServer(app) as server:
        yield genuine.address_of(str(server.make_url("")), UNIT, keys, ID)


async def get(address: str) -> tuple[int, str]:
    """Open a page."""
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        return answer.status, await answer.text()


async def test_a_letter_of_ours_is_known(url: str) -> None:
    """Number, kind and day are told."""
    status, text = await get(url)
    assert status == 200
    assert "Thư chúc mừng kết hôn, số vào sổ 7/2026, ký ngày 23/11/2026" in text
    assert f'href="/minh-chung/{ID}?xa={UNIT}"' in text


async def test_another_mark_or_letter_is_not_known(url: str) -> None:
    """A guessed address tells nothing, not even whether such a letter is there."""
    base, _, mark = url.rpartition("/")
    wrong = [f"{base}/{'f' * len(mark)}", url.replace(ID, ID[::-1])]
    for address in wrong:
        status, text = await get(address)
        assert status == 404
        assert "7/2026" not in text
        assert "/minh-chung/" not in text


async def test_a_letter_that_was_called_back_says_so(
    url: str, database: Database
) -> None:
    """A paper of a version that is not approved any more is no valid one."""
    changes: dict[str, Any] = {"approved": 0, "state": "draft"}
    await database.write(lambda c: letters.change(c, UNIT, ID, 3, **changes))
    status, text = await get(url)
    assert status == 200
    assert "thu hồi" in text
