"""The same over the Zalo Bot platform, where there are no buttons and no topics."""

from __future__ import annotations

from bot.desk.case_step import room_of
from bot.desk.sources import Sources
from bot.desk.ticket import UnitDesk
from bot.sandbox.model import Platform
from bot.sandbox.officers import Officer
from handlers.cases.actions import Act
from handlers.staff.cases.file import opened
from handlers.staff.desk_list import steps
from storage import tables
from storage.outbox import Priority
from tests.bot.desk.conftest import StartOffice
from tests.bot.desk.support import MAI, STRANGER, TUAN, WAIT, Office, listed
from tests.bot.support import UNIT

HELP = "Dạ, mời bác ra quầy số 2 sáng mai ạ."


def told(office: Office, officer: Officer) -> list[str]:
    """Return what the bot wrote to an officer."""
    lines = office.sandbox.room.talks.get(officer.zalo_bot_id)
    return [line.text for line in lines or () if line.who == "bot"]


async def test_every_member_is_told_and_one_answers_by_number(
    start_office: StartOffice,
) -> None:
    """1 takes, 2 with words answers, 4 closes; strangers are told nothing."""
    office = await start_office("zalo_bot")
    await office.citizen(WAIT)
    await office.round()
    assert "Trả lời 1 để nhận" in told(office, MAI)[-1]
    assert told(office, MAI) == told(office, TUAN)
    assert told(office, STRANGER) == []

    await office.to_bot(MAI, "1")
    assert (await office.handover())["state"] == "taken"
    assert any("mai" in text for text in told(office, TUAN))
    await office.to_bot(MAI, f"2 {HELP}")
    assert HELP in office.heard()[-1]
    await office.to_bot(MAI, "4")
    assert (await office.handover())["state"] == "closed"


async def test_words_without_a_number_reach_nobody(start_office: StartOffice) -> None:
    """An officer who chats with the bot does not write to a citizen."""
    office = await start_office("zalo_bot")
    await office.citizen(WAIT)
    await office.round()
    before = office.heard()
    await office.to_bot(MAI, "chào em, hôm nay đông không")

    assert office.heard() == before
    assert "1 để nhận" in told(office, MAI)[-1]


async def test_several_open_matters_need_a_code(start_office: StartOffice) -> None:
    """With two citizens waiting a number alone is asked back, with the codes."""
    office = await start_office("zalo_bot")
    await office.citizen(WAIT)
    await office.citizen(WAIT, Platform.ZALO)
    await office.round()
    await office.to_bot(MAI, "1")
    asked = told(office, MAI)[-1]
    assert "Các việc đang mở" in asked
    code = asked.rsplit(" ", maxsplit=1)[-1].rstrip(".")
    await office.to_bot(MAI, f"1 {code.lower()}")

    states = sorted(row["state"] for row in await office.rows(tables.handover))
    assert states == ["posted", "taken"]


async def test_a_stranger_is_told_who_can_help(start_office: StartOffice) -> None:
    """Somebody who found the bot can do nothing with it."""
    office = await start_office("zalo_bot")
    await office.citizen(WAIT)
    await office.round()
    await office.to_bot(STRANGER, "1")

    assert (await office.handover())["state"] == "posted"
    assert "danh sách cán bộ" in told(office, STRANGER)[-1]


async def test_both_channels_show_the_same_matter(start_office: StartOffice) -> None:
    """Taken on one, shown on the other; and full content is refused for both."""
    office = await start_office("telegram", "zalo_bot", content="full")
    await office.citizen("cho tôi gặp cán bộ, tôi là Nguyễn Thị Lành")
    await office.round()
    assert "Nguyễn Thị Lành" not in office.card.text + told(office, MAI)[-1]
    await office.tap(MAI, "Nhận")

    assert "mai" in office.card.text
    assert any("đã có mai nhận" in text for text in told(office, TUAN))


async def test_strangers_wait_behind_staff(start_office: StartOffice) -> None:
    """Somebody who writes to the bot all day cannot hold up what staff are told."""
    office = await start_office("zalo_bot")
    await office.to_bot(STRANGER, "alo")

    (row,) = await office.rows(tables.outbox, kind="staff")
    assert row["priority"] == int(Priority.BULK)


async def test_a_step_in_the_console_is_told_anew(start_office: StartOffice) -> None:
    """Messages cannot be changed there: the card comes again as it stands, once."""
    office = await start_office("zalo_bot")
    await office.citizen(WAIT)
    await office.round()
    (case,) = await office.rows(tables.case_record)
    service = office.service
    sources = Sources(service.database, service.clock, office.opened.ids)
    room = room_of(sources, UnitDesk(service.units[UNIT], listed()), "tuan")
    version = (await opened(room, case["case_id"])).case.version
    before = len(told(office, MAI))
    await steps.make(room, case["case_id"], steps.Asked(Act.TAKE, version))
    await office.round()
    await office.round()

    fresh = told(office, MAI)[before:]
    assert len(fresh) == 1
    assert "tuan" in fresh[0]
