"""Do hours and days said in the console hold at once, with a trail and a way back?"""

from __future__ import annotations

from datetime import date, datetime

from bot.console.calendar.editing import AT_ONCE
from handlers.staff.cases.file import opened
from handlers.staff.permissions import Role
from storage.fires import Fire
from storage.tables import evidence_entry
from tests.bot.console.desk_people import commune
from tests.bot.console.support import UNIT, Desk, Visitor

PAGE = "/console/calendar"


async def _seen(browser: Visitor) -> str:
    page = await browser.get(PAGE)
    return page.text.partition('name="seen" value="')[2].partition('"')[0]


async def _say(browser: Visitor, **told: str) -> str:
    """Look at a change and save it; return the page that follows."""
    told = {"seen": await _seen(browser)} | told
    looked = await browser.post(f"{PAGE}/look", told, page=PAGE)
    assert looked.status == 200, looked.text
    saved = await browser.post(f"{PAGE}/save", told, page=PAGE)
    assert saved.status == 200, saved.text
    return looked.text


async def _due(desk: Desk, code: str) -> datetime:
    clock = (await opened(commune(desk).room, code)).case.answer_clock
    assert clock is not None
    assert clock.at is not None
    return clock.at


async def test_hours_hold_at_once_and_come_back(desk: Desk) -> None:
    """The bot says the new hours without a restart; the version before can be used."""
    browser = await desk.as_role(Role.HEAD)
    services = desk.service.services[UNIT]
    before = services.services.hours.describe()

    looked = await _say(
        browser, do="week", t2="7h30-11h30, 13h30-16h30", t7="8:00-11:00"
    )
    assert "thứ Hai: 07:30-11:30, 13:30-16:30" in looked
    assert services.services.hours.describe() == (
        "thứ Hai: 07:30-11:30, 13:30-16:30; thứ Bảy: 08:00-11:00"
    )
    page = await browser.get(PAGE)
    assert "head" in page.text
    assert "giờ làm việc" in page.text
    await _say(browser, do="back", version="")
    assert services.services.hours.describe() == before
    tags = [row["tag"] for row in await desk.rows(evidence_entry)]
    assert tags.count("staff:hours:changed") == 2


async def test_a_day_off_moves_the_deadlines_of_open_cases(desk: Desk) -> None:
    """The preview names the case and both days; saving moves case and clock."""
    people = commune(desk)
    case = await people.reports(await people.citizen("fb-1"))
    due = await _due(desk, case.code)
    browser = await desk.as_role(Role.HEAD)

    looked = await _say(
        browser,
        do="days",
        first="2026-11-30",
        last="2026-12-01",
        means="off",
        why="Bão",
    )
    assert case.code in looked
    assert await _due(desk, case.code) > due
    assert not desk.service.health.calendars[UNIT].is_working(date(2026, 11, 30))
    office = await desk.service.timekeeper.office(UNIT)
    assert not office.work.calendar.is_working(date(2026, 12, 1))
    page = await browser.get(PAGE)
    assert "Bão" in page.text


async def test_what_is_left_is_shown_and_done_by_the_clock(desk: Desk) -> None:
    """Saving does not wait for all cases; the page says how many are left."""
    people = commune(desk)
    citizen = await people.citizen("fb-1")
    codes = [(await people.reports(citizen)).code for _ in range(AT_ONCE + 2)]
    due = await _due(desk, codes[-1])
    browser = await desk.as_role(Role.HEAD)

    await _say(browser, do="days", first="2026-11-30", last="2026-12-01", means="off")
    assert "còn 2 hồ sơ" in (await browser.get(PAGE)).text
    assert await _due(desk, codes[-1]) == due
    told = await desk.service.timekeeper.recount(Fire(UNIT, "recount", "x"))
    assert told.endswith("moved 2 left 0")
    assert await _due(desk, codes[-1]) > due
    assert "Đang tính lại hạn" not in (await browser.get(PAGE)).text


async def test_an_administrator_sees_numbers_but_no_case(desk: Desk) -> None:
    """Who reads no cases is told how many move, not which."""
    people = commune(desk)
    case = await people.reports(await people.citizen("fb-1"))
    browser = await desk.as_role(Role.ADMIN)
    told = {"seen": "", "do": "days", "first": "2026-11-30", "means": "off"}

    looked = await browser.post(f"{PAGE}/look", told, page=PAGE)

    assert "1 hồ sơ đang mở" in looked.text
    assert case.code not in looked.text


BAD: tuple[tuple[dict[str, str], str], ...] = (
    ({"do": "days", "first": "2026-11-20", "means": "off"}, "Ngày đã qua"),
    ({"do": "days", "first": "31/02/2027", "means": "off"}, "Ngày chưa đúng"),
    ({"do": "days", "first": "2029-11-30", "means": "off"}, "Ngày ở quá xa"),
    ({"do": "days", "first": "2026-11-29", "means": "off"}, "vốn đã nghỉ"),
    ({"do": "days", "first": "2026-11-30", "means": "worked"}, "vốn là ngày làm"),
    ({"do": "days", "first": "2026-11-30", "means": ""}, "Lịch đang đúng như vậy"),
    ({"do": "week", "t2": "07:30-25:00"}, "Khoảng giờ làm việc chưa đúng"),
    ({"do": "week", "t2": "7:30-11:30, 11:00-12:00"}, "không chồng lên nhau"),
    ({"do": "week", "t2": "tám giờ"}, "Khoảng giờ làm việc chưa đúng"),
    ({"do": "week"}, "Chưa có giờ làm việc của ngày nào"),
    ({"do": "back", "version": "nothing"}, "Không có bản lịch này"),
)


async def test_bad_input_is_one_sentence(desk: Desk) -> None:
    """What nobody could keep is refused before anything is written."""
    browser = await desk.as_role(Role.HEAD)
    for told, sentence in BAD:
        page = await browser.post(f"{PAGE}/look", {"seen": "", **told}, page=PAGE)
        assert page.status == 400, told
        assert sentence in page.text, told
        assert told.get("t2", "") in page.text
    told = {"seen": "", "do": "days", "first": "2026-11-20", "means": "off"}
    assert (await browser.post(f"{PAGE}/save", told, page=PAGE)).status == 400
    tags = [row["tag"] for row in await desk.rows(evidence_entry)]
    assert "staff:hours:changed" not in tags


async def test_the_second_of_two_loses_no_words(desk: Desk) -> None:
    """Who shows an old version is told so and finds what was typed."""
    browser = await desk.as_role(Role.HEAD)
    old = await _seen(browser)
    await _say(browser, do="week", t2="08:00-11:00")
    told = {"seen": old, "do": "week", "t3": "08:00-10:00"}

    page = await browser.post(f"{PAGE}/save", told, page=PAGE)

    assert page.status == 409
    assert "08:00-10:00" in page.text
