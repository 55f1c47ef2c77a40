"""Can a leader approve a letter by a button or a typed code, and nobody else?"""

from __future__ import annotations

import re

from bot.letters_keeper import room_of
from handlers.staff.letters import codes, reminders, steps, writing
from handlers.staff.letters.room import LetterRoom
from handlers.staff.letters.writing import NewLetter
from handlers.staff.people.model import OPERATOR
from storage import tables
from tests.bot.desk.conftest import StartOffice
from tests.bot.desk.support import HOA, MAI, STRANGER, Office
from tests.bot.desk.test_zalo_bot_road import told
from tests.bot.support import UNIT, Row

COUPLE = {"chong": "Nguyễn Văn Tám", "vo": "Trần Thị Lụa", "ngay": "2026-11-20"}
CODE = re.compile(r"DUYỆT (\d{6})")


def room(office: Office) -> LetterRoom:
    """Return the room in which somebody else writes."""
    return room_of(office.opened, UNIT, OPERATOR)


async def waiting(office: Office, kind: str = "ket_hon", **data: str) -> str:
    """Write a letter, hand it up, and let leaders hear of it."""
    there = room(office)
    new = NewLetter(there.kinds.named(kind), data or COUPLE)
    made = await writing.make(there, new)
    await steps.check(there, made.letter_id, 1)
    await office.round()
    return made.letter_id


async def row(office: Office) -> Row:
    """Return the only letter."""
    (found,) = await office.rows(tables.letter)
    return found


async def approvals(office: Office) -> list[str]:
    """Return who took the step of approving."""
    found = await office.rows(tables.letter_step, act="approve")
    return [one["by"] for one in found]


async def test_a_leader_approves_with_a_button(office: Office) -> None:
    """The card masks names; an officer's press does nothing; signing stays open."""
    letter_id = await waiting(office)
    line, data = office.button("Duyệt")
    assert "thư chúc mừng kết hôn" in line.text
    assert "0912" not in line.text
    await office.tap(MAI, "Duyệt")
    assert (await row(office))["state"] == "checked"
    await office.tap(HOA, "Duyệt")
    found = await row(office)
    assert (found["state"], found["number"]) == ("approved", None)
    assert await approvals(office) == ["hoa"]
    await office.tap(HOA, "Duyệt")
    assert await approvals(office) == ["hoa"]
    assert "staff:letter:approved" in await office.tags(letter_id)
    assert data.endswith(":2")


async def test_an_old_button_approves_nothing(office: Office) -> None:
    """The letter was changed and handed up again: the first card is void."""
    letter_id = await waiting(office)
    _, first = office.button("Duyệt")
    there = room(office)
    await writing.edit(there, letter_id, 2, COUPLE | {"ngay": "2026-11-22"})
    await steps.check(there, letter_id, 3)
    office.later(minutes=1)
    old, _ = office.button("Duyệt")
    await office.tap(HOA, "Duyệt")
    assert (await row(office))["state"] == "checked"
    await office.round()
    new, second = office.button("Duyệt")
    assert second != first
    assert new is not old
    await office.tap(HOA, "Trả lại")
    assert (await row(office))["state"] == "draft"


async def test_health_and_what_may_not_leave_has_no_button(office: Office) -> None:
    """A letter about an illness is read in the console alone."""
    await waiting(office, "tham_hoi", ten="Lê Thị Mận", hoan_canh="đang chạy thận")
    assert not [one for line in office.sandbox.room.group for one in line.buttons]
    assert "đọc và duyệt trên bàn làm việc" in office.said("")[-1]


async def test_a_typed_code_approves_once(start_office: StartOffice) -> None:
    """Only the leader's account, only that version, only once; the hash is kept."""
    office = await start_office("zalo_bot")
    await waiting(office)
    found = CODE.search(told(office, HOA)[-1])
    assert found is not None
    assert not any("DUYỆT" in text for text in told(office, MAI))
    (kept,) = await office.rows(tables.letter_code)
    assert found[1] not in str(kept)
    await office.to_bot(MAI, f"DUYỆT {found[1]}")
    await office.to_bot(STRANGER, f"duyệt {found[1]}")
    assert await approvals(office) == []
    await office.to_bot(HOA, f"Duyet {found[1]}")
    assert (await row(office))["state"] == "approved"
    assert "ghi nhận duyệt" in told(office, HOA)[-1]
    await office.to_bot(HOA, f"duyệt {found[1]}")
    assert "chưa đúng, đã dùng" in told(office, HOA)[-1]
    assert await approvals(office) == ["hoa"]


async def test_wrong_tries_end_a_code_and_a_new_one_can_be_had(
    start_office: StartOffice,
) -> None:
    """After five wrong ones the right one is refused; THƯ brings another."""
    office = await start_office("zalo_bot")
    await waiting(office)
    right = CODE.search(told(office, HOA)[-1])
    assert right is not None
    wrong = f"{(int(right[1]) + 1) % 10**6:06}"
    for _ in range(codes.TRIES):
        await office.to_bot(HOA, f"duyệt {wrong}")
    await office.to_bot(HOA, f"duyệt {right[1]}")
    assert await approvals(office) == []
    await office.to_bot(HOA, "thư")
    fresh = CODE.search(told(office, HOA)[-1])
    assert fresh is not None
    await office.to_bot(HOA, f"duyệt {fresh[1]}")
    assert await approvals(office) == ["hoa"]


async def test_a_code_is_void_when_the_letter_changed_or_time_passed(
    start_office: StartOffice,
) -> None:
    """One clear sentence each; leaders are reminded once a day."""
    office = await start_office("zalo_bot")
    letter_id = await waiting(office)
    first = CODE.search(told(office, HOA)[-1])
    assert first is not None
    there = room(office)
    await writing.edit(there, letter_id, 2, COUPLE | {"ngay": "2026-11-22"})
    await office.to_bot(HOA, f"duyệt {first[1]}")
    assert "không còn dùng được" in told(office, HOA)[-1]
    await steps.check(there, letter_id, 3)
    office.later(hours=24)
    assert await reminders.remind(there) == 1
    assert await reminders.remind(there) == 0
    await office.round()
    second = CODE.search(told(office, HOA)[-1])
    assert second is not None
    office.later(hours=13)
    await office.to_bot(HOA, f"duyệt {second[1]}")
    assert "hết hạn" in told(office, HOA)[-1]
    assert await approvals(office) == []
