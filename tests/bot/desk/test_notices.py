"""Do notices reach whom they are for, and few messages for many of them?"""

from __future__ import annotations

from functools import partial

from storage import operations
from tests.bot.desk.support import Office
from tests.bot.support import UNIT


async def add(office: Office, kind: str, detail: str = "", subject: str = "x") -> None:
    """Write a notice."""
    notice = {
        "unit_id": UNIT,
        "notice_id": office.opened.ids.new(),
        "kind": kind,
        "subject": subject,
        "detail": detail,
        "created_at": office.clock.now_ms(),
    }
    row = partial(operations.add_notice, row=notice)
    await office.service.database.write(row)


async def test_many_notices_are_one_message(office: Office) -> None:
    """Twelve overdue cases at once: one message, which counts them; told once."""
    for number in range(12):
        await add(office, "case_overdue", f"PA-{number}")
    await office.round()
    await office.round()

    (told,) = office.said("")
    assert "(12)" in told


async def test_what_follows_within_a_minute_waits_for_it(office: Office) -> None:
    """The first leaves at once; the others together when the minute is over."""
    await add(office, "case_overdue", "PA-1")
    await office.round()
    await add(office, "case_overdue", "PA-2")
    await add(office, "case_due_soon", "PA-3")
    await office.round()
    assert len(office.said("")) == 1
    office.later(minutes=1)
    await office.round()

    assert len(office.said("")) == 2


async def test_a_notice_for_one_names_them_where_they_have_no_talk(
    office: Office,
) -> None:
    """Mai never began a talk with the bot: the group hears it, with her name."""
    await add(office, "case_assigned", "mai")
    await office.round()

    (told,) = office.said("")
    assert told.startswith("Dạ, gửi Nguyễn Thị Mai:")
