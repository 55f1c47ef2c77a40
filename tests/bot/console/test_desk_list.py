"""Does the desk show what is there to do, and find it again?"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

from handlers.staff.desk_list import search
from handlers.staff.permissions import Role
from storage.erasure import erase_everywhere
from storage.tables import desk_search
from tests.bot.console.desk_people import commune, writes
from tests.bot.console.support import UNIT, Desk


async def test_the_empty_desk_says_what_to_do(desk: Desk) -> None:
    """Each tab without cases is a sentence, not an empty table."""
    officer = await desk.as_role(Role.OFFICER)
    for tab in ("new", "mine", "today", "overdue", "waiting", "open", "done", "x"):
        page = await officer.get(f"/console/cases?tab={tab}")
        assert page.status == 200, page.text
        assert 'class="nothing"' in page.text
    talks = await officer.get("/console/cases/talks")
    assert "Chưa có ai nhắn tin" in talks.text
    found = await officer.get("/console/cases?q=khong+co")
    assert "Không thấy hồ sơ nào" in found.text


async def test_everything_is_found_without_accents(desk: Desk) -> None:
    """By words of a talk, of a case, by code and by phone; never a denunciation."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    vault = await here.citizen("ba Tư")
    await writes(desk, vault, "cầu Ván bị gãy lan can")
    case = await here.reports(vault)
    hidden = await here.citizen("ông Năm")
    await writes(desk, hidden, "tôi muốn tố cáo ông Bảy nhận phong bì")

    async def found(words: str) -> str:
        return (await officer.get(f"/console/cases?q={quote(words)}")).text

    talk = f"/console/cases/talks/{vault.person_id}/facebook"
    assert talk in await found("lan can cau van")
    named = (case.code, case.code.lower(), "0912 345 678")
    for words in ("den duong nha van hoa", *named):
        assert f'href="/console/cases/{case.code}"' in await found(words), words
    assert case.code not in await found("den duong cay xanh")
    assert hidden.person_id not in await found("phong bi")
    for row in await desk.rows(desk_search):
        assert re.fullmatch("[0-9a-f]{16}", row["token"])


async def test_words_go_with_the_person(desk: Desk) -> None:
    """An erasure leaves nothing to search for; a rebuild finds the rest again."""
    here = commune(desk)
    gone, stays = await here.citizen("ba Tư"), await here.citizen("cô Sáu")
    await writes(desk, gone, "rác chưa được dọn")
    await writes(desk, stays, "rác bên đường")
    keys = here.room.vault.keys
    assert await search.rebuild(here.room.database, UNIT, keys) == 2
    await erase_everywhere(
        here.room.database,
        UNIT,
        gone.person_id,
        desk.clock.now_ms(),
        lambda body, _: body["sealed"],
        lambda *_: None,
    )
    left = {row["ref"] for row in await desk.rows(desk_search)}
    assert left == {stays.person_id}
    assert await search.rebuild(here.room.database, UNIT, keys) == 1


async def test_tabs_count_and_narrow(desk: Desk) -> None:
    """Each tab holds what it says; kinds, people and channels narrow it."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    vault = await here.citizen("ba Tư")
    first = await here.reports(vault)
    other = await here.reports(vault, "gop_y")
    page = await officer.get("/console/cases?kind=gop_y")
    assert other.code in page.text
    assert first.code not in page.text
    assert first.code not in (await officer.get("/console/cases?channel=zalo")).text
    assert first.code not in (await officer.get("/console/cases?tab=mine")).text
    here.passes(days=3)
    again = desk.browser()
    await again.log_in("officer")
    late = await again.get("/console/cases?tab=overdue")
    assert first.code in late.text
    assert "Quá hạn" in late.text


async def test_a_long_list_goes_on_by_key(desk: Desk) -> None:
    """Every case is on exactly one page, and the next page is a link."""
    here, officer = commune(desk), await desk.as_role(Role.OFFICER)
    vault = await here.citizen("ba Tư")
    codes = {(await here.reports(vault)).code for _ in range(53)}
    seen: list[str] = []
    path = "/console/cases?tab=open"
    while path:
        page = (await officer.get(path)).text
        seen += re.findall(r'class="code" href="/console/cases/([A-Z0-9-]+)"', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path = "/console/cases" + unescape(more[1]) if more else ""
    assert sorted(seen) == sorted(codes)


async def test_words_are_read_while_nobody_searches(desk: Desk) -> None:
    """The service reads them by itself, a batch at a time."""
    here = commune(desk)
    vault = await here.citizen("ba Tư")
    await writes(desk, vault, "cây đổ chắn ngang đường")
    assert await desk.service.desk_index.turn() is False
    assert {row["ref"] for row in await desk.rows(desk_search)} == {vault.person_id}
    assert await search.catch_up(here.room.database, UNIT, here.room.vault.keys) == 0
