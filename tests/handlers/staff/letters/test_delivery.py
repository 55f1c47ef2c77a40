"""Does a letter leave once, approved, in time, and is its end known?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from handlers.staff.letters import steps
from handlers.staff.letters.delivery import Post, send_due, settle
from handlers.staff.letters.ports import Picture
from storage import letters
from storage.tables import letter, received_file
from tests.handlers.staff.letters.conftest import LettersOffice
from tests.handlers.staff.letters.test_steps import signed

HOUR = timedelta(hours=1)


async def scheduled(office: LettersOffice, channel: str, ago: timedelta) -> str:
    """Return a letter that is due, for somebody who last wrote ``ago`` back."""
    letter_id = await signed(office)
    await office.reached_on(letter_id, channel, ago)
    await steps.schedule(office.room(), letter_id, 3)
    return letter_id


async def test_a_letter_leaves_once_as_words_and_picture(
    letters_office: LettersOffice,
) -> None:
    """Sent twice over, it is planned once; the ends of its sends become its own."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    assert await send_due(office.room(), office.post) == {"zalo"}
    assert await send_due(office.room(), office.post) == set()
    sends = await office.sends()
    assert {(one["kind"], one["cause"]) for one in sends} == {
        ("letter", f"letter:{letter_id}:1")
    }
    assert [one["media_type"] for one in await office.office.rows(received_file)] == [
        "image/png"
    ]
    assert await settle(office.room()) == 0
    await office.end(*["accepted"] * len(sends))
    assert await settle(office.room()) == 1
    assert (await office.row(letter_id))["state"] == "delivered"


@pytest.mark.parametrize(
    ("channel", "ago", "code"),
    [
        ("zalo", timedelta(days=7, hours=1), "zalo_window_7d"),
        ("facebook", timedelta(hours=25), "facebook_window_24h"),
    ],
)
async def test_a_closed_window_waits(
    letters_office: LettersOffice, channel: str, ago: timedelta, code: str
) -> None:
    """Nothing is planned; the letter stands among those that wait, with the reason."""
    letter_id = await scheduled(letters_office, channel, ago)
    assert await send_due(letters_office.room(), letters_office.post) == set()
    row = await letters_office.row(letter_id)
    assert (row["state"], row["waits_for"]) == ("scheduled", code)
    assert await letters_office.sends() == []


async def test_two_channels_get_one_letter(letters_office: LettersOffice) -> None:
    """The first open road of the kind is taken, the other stays silent."""
    letter_id = await scheduled(letters_office, "zalo", HOUR)
    await letters_office.reached_on(letter_id, "facebook", HOUR)
    assert await send_due(letters_office.room(), letters_office.post) == {"zalo"}
    assert {one["channel"] for one in await letters_office.sends()} == {"zalo"}


async def test_nobody_is_woken_at_night(letters_office: LettersOffice) -> None:
    """Outside the kind's hours a due letter waits for the morning."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    office.office.clock.advance(timedelta(hours=14))
    assert await send_due(office.room(), office.post) == set()
    assert (await office.row(letter_id))["waits_for"] == "quiet_hours"


async def test_a_wish_does_not_come_weeks_late(letters_office: LettersOffice) -> None:
    """Past the kind's time a person decides, even when the window opens again."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", timedelta(days=8))
    assert await send_due(office.room(), office.post) == set()
    office.office.clock.advance(timedelta(hours=73))
    await office.reached_on(letter_id, "facebook", HOUR)
    assert await send_due(office.room(), office.post) == set()
    assert (await office.row(letter_id))["waits_for"] == "too_late"


async def test_an_unknown_fate_is_never_sent_again(
    letters_office: LettersOffice,
) -> None:
    """A part of unknown fate makes the letter unknown; no road is open to it."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    await send_due(office.room(), office.post)
    count = len(await office.sends())
    await office.end(*["unknown"] * count)
    await settle(office.room())
    row = await office.row(letter_id)
    assert row["state"] == "unknown"
    with pytest.raises(Exception, match="trạng thái"):
        await steps.schedule(office.room(), letter_id, row["mark"])
    assert await send_due(office.room(), office.post) == set()
    await office.end(*["accepted"] * count)
    await settle(office.room())
    assert (await office.row(letter_id))["state"] == "delivered"


async def test_a_refused_letter_may_go_on_paper(letters_office: LettersOffice) -> None:
    """It did not arrive for certain, so another road may be taken."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    await send_due(office.room(), office.post)
    await office.end(*["refused"] * len(await office.sends()))
    await settle(office.room())
    row = await office.row(letter_id)
    await steps.schedule(office.room(), letter_id, row["mark"])
    await steps.put_on_paper(office.room(), [letter_id], lambda _: b"pdf")
    assert (await office.row(letter_id))["channel"] == "print"


async def test_a_refused_letter_may_try_the_chat_again(
    letters_office: LettersOffice,
) -> None:
    """Another try is another cause; the refused one is never touched."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    await send_due(office.room(), office.post)
    first = await office.sends()
    await office.end(*["refused"] * len(first))
    await settle(office.room())
    mark = (await office.row(letter_id))["mark"]
    await steps.schedule(office.room(), letter_id, mark)
    assert await send_due(office.room(), office.post) == {"zalo"}
    new = {one["cause"] for one in await office.sends() if one["state"] == "planned"}
    assert new == {f"letter:{letter_id}:2"}


async def test_the_stop_takes_back_what_is_planned(
    letters_office: LettersOffice,
) -> None:
    """Planned but not on its way: refused, and the letter may go later."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    await send_due(office.room(), office.post)
    held = await steps.stop_celebrations(office.leader, is_stopped=True)
    assert held == len(await office.sends())
    await settle(office.room())
    row = await office.row(letter_id)
    assert (row["state"], row["waits_for"]) == ("refused", "celebrations_stopped")


class DyingPictures:
    """A process that dies in the middle of planning a letter."""

    def __init__(self, post: Post) -> None:
        self._inner = post.pictures

    async def keep(self, *told: object) -> Picture:
        """Seal as usual."""
        return await self._inner.keep(*told)  # type: ignore[arg-type]

    def write(self, connection: Connection, picture: Picture) -> None:
        """Write, then die before the sends are planned."""
        self._inner.write(connection, picture)
        raise SystemError


async def test_death_in_the_middle_leaves_nothing_half_sent(
    letters_office: LettersOffice,
) -> None:
    """No send and no change of state survive; the next run sends exactly once."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    dying = Post(office.post.road, DyingPictures(office.post))
    with pytest.raises(SystemError):
        await send_due(office.room(), dying)
    assert (await office.row(letter_id))["state"] == "scheduled"
    assert await office.sends() == []
    assert await send_due(office.room(), office.post) == {"zalo"}
    causes = [(one["cause"], one["position"]) for one in await office.sends()]
    assert len(causes) == len(set(causes)) > 0


async def test_nothing_unapproved_is_ever_taken(
    letters_office: LettersOffice,
) -> None:
    """Storage itself refuses a letter whose approval is not of its version."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    room = office.room()
    database, now = room.desk.database, room.desk.now_ms()
    wrong = letter.update().values(approved=0)
    await database.write(lambda c: c.execute(wrong))
    assert not await database.write(
        lambda c: letters.take(c, room.unit_id, letter_id, now, "zalo")
    )
    assert await send_due(room, office.post) == set()
    assert await office.sends() == []


async def test_an_erased_person_leaves_a_number_and_nothing_else(
    letters_office: LettersOffice,
) -> None:
    """After erasure the register shows a number of nobody; nothing leaves."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    person = (await office.row(letter_id))["person_id"]
    room = office.room()
    await room.desk.database.write(
        lambda c: letters.forget(c, room.unit_id, person, room.desk.now_ms())
    )
    row = await office.row(letter_id)
    assert (row["state"], row["number"], row["person_id"]) == ("archived", 1, None)
    assert row["occasion_mac"] is row["subject_mac"] is row["item_id"] is None
    assert await send_due(room, office.post) == set()
