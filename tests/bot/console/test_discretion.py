"""Does an officer read nothing of what only the head and the leader may see?"""

from __future__ import annotations

from sqlalchemy import Connection

from handlers.lessons import lesson_rows
from handlers.model import Lesson, LessonSource
from handlers.staff.permissions import Role
from storage import learning, people
from storage.vault import PersonVault
from tests.bot.console.desk_people import commune, writes
from tests.bot.console.support import Desk

SECRET = "ông phó thu tiền không biên lai"
PLAIN, NEXT = "đường làng hay ngập nước", "hôm sau lại đòi thêm nữa"
HIDDEN = "chỉ người được giao mới xem"
TABLE: tuple[tuple[str, set[Role]], ...] = (
    # how a message was read, who of those that work on cases reads its words
    ("phan_anh", {Role.OFFICER, Role.HEAD, Role.LEADER}),
    ("khieu_nai", {Role.HEAD, Role.LEADER}),
    ("privacy", {Role.HEAD, Role.LEADER}),
    ("to_cao", set()),
)


async def test_words_in_talk_case_and_search(desk: Desk) -> None:
    """The talk, the page of another case, the search: the same answer everywhere."""
    here = commune(desk)
    roles = (Role.OFFICER, Role.HEAD, Role.LEADER)
    browsers = {role: await desk.as_role(role) for role in roles}
    for intent, readers in TABLE:
        vault = await here.citizen(f"cô {intent}")
        await writes(desk, vault, "đường làng ngập")
        case = await here.reports(vault)
        here.passes(minutes=1)
        await writes(desk, vault, SECRET, intent)
        talk = f"/console/cases/talks/{vault.person_id}/facebook"
        for role, browser in browsers.items():
            sees = role in readers
            for url in (talk, f"/console/cases/{case.code}"):
                page = await browser.get(url)
                assert (SECRET in page.text) is sees, (intent, role)
                assert (HIDDEN in page.text) is not sees, (intent, role)
                assert "đường làng ngập" in page.text
            found = await browser.get("/console/cases?q=khong+bien+lai")
            assert (talk in found.text) is sees, (intent, role)
        found = await browsers[Role.OFFICER].get("/console/cases?q=duong+lang")
        assert talk in found.text


async def test_an_open_case_of_the_head_covers_what_nobody_read(desk: Desk) -> None:
    """While it is open unread words are the head's; answers of other cases are not."""
    here = commune(desk)
    officer, head = await desk.as_role(Role.OFFICER), await desk.as_role(Role.HEAD)
    vault = await here.citizen("cô Hai")
    await here.reports(vault, "du_lieu_xoa")
    case = await here.reports(vault)
    here.passes(minutes=5)
    await writes(desk, vault, SECRET, "")
    here.passes(minutes=1)
    url = f"/console/cases/{case.code}"
    told = {"version": "1", "text": "Đã thay bóng ạ.", "as": "answer"}
    await head.post(f"{url}/reply", told, page=url)

    shown = (await officer.get(url)).text
    assert SECRET not in shown
    assert "Đã thay bóng ạ." in shown.partition('id="talk"')[2].partition("<form")[0]
    assert SECRET in (await head.get(url)).text


async def test_lessons_of_a_kept_matter_are_for_its_readers(desk: Desk) -> None:
    """What a talk hides is no gap to be answered by an officer either."""
    here = commune(desk)
    officer, head = await desk.as_role(Role.OFFICER), await desk.as_role(Role.HEAD)
    vault = await here.citizen("cô Ba")
    ids = []
    for text, intent in ((PLAIN, "phan_anh"), (SECRET, "khieu_nai"), (NEXT, "unknown")):
        await writes(desk, vault, text, intent)
        ids.append(await _gap(desk, vault, text))
        here.passes(minutes=1)

    seen, all_seen = [
        (await browser.get("/console/gaps")).text for browser in (officer, head)
    ]
    assert PLAIN in seen
    assert not any(text in seen for text in (SECRET, NEXT))
    assert all(text in all_seen for text in (PLAIN, SECRET, NEXT))
    page = await officer.get(f"/console/learning/item?id={ids[1]}")
    assert page.status == 404
    assert SECRET not in page.text


async def _gap(desk: Desk, vault: PersonVault, text: str) -> str:
    one = Lesson(text, "", LessonSource.UNANSWERED, is_right=False)
    item, row = lesson_rows(one, vault, desk.house.ids, desk.clock.now_ms())

    def work(connection: Connection) -> None:
        people.add_items(connection, [item])
        learning.add_candidates(connection, [row])

    await desk.house.database.write(work)
    return str(row["lesson_id"])
