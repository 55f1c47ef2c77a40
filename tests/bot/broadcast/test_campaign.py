"""Who gets a greeting, how often, and what stops it?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.broadcast_keeper import BACKLOG
from bot.broadcast_people import BATCH
from bot.channels.results import Reason, Refused, Retry, Unknown
from handlers.staff.greetings import acts
from handlers.staff.greetings.errors import (
    AlreadyThereError,
    BadWordsError,
    NotThisGreetingStepError,
    OtherWordsError,
    TooLateError,
)
from handlers.staff.greetings.model import Day
from handlers.staff.greetings.report import one, reachable
from messages.greetings.compose import Road, Subject
from storage import consent, erasure, greetings, letters, segments
from storage.consent import Consent
from storage.database import Database
from storage.keys import KeyRing
from storage.sqlite import SqliteDatabase
from storage.tables import conversation, notice, outbox, person
from tests.bot.broadcast.support import OFFICE, UNIT, Commune, commune
from tests.conftest import FakeClock

TET = date(2027, 2, 6)
CODE = "tet_nguyen_dan"


@pytest.fixture
def here(sqlite_database: SqliteDatabase, ring: KeyRing, clock: FakeClock) -> Commune:
    """A commune on SQLite."""
    return commune(sqlite_database, ring, clock)


async def approved(here: Commune) -> str:
    """Draft and approve the greeting of Tết, and come to its hour."""
    here.at(TET - timedelta(days=3), 8)
    await here.round()
    name = str((await here.row(CODE))["greeting_id"])
    await acts.approve(here.desk, name, 1)
    here.at(TET, 7, 30)
    return name


async def test_people_are_chosen_by_window_consent_and_wish(
    database: Database, ring: KeyRing, clock: FakeClock
) -> None:
    """Written to is who may be, once; the others are counted with their reason."""
    here = commune(database, ring, clock)
    name = await approved(here)
    now, day = here.clock.now_ms(), 24 * 3_600_000
    await here.people(BATCH + 5)
    await here.people(2, "facebook")
    await here.people(3, agreed=False)
    await here.people(4, opted_out=True)
    await here.people(5, "facebook", last_inbound_at=now - 2 * day)
    await here.people(6, last_inbound_at=now - 8 * day)
    for _ in range(3):
        await here.round()
    _, report = await one(here.desk, name)

    assert report.waiting == BATCH + 7
    assert report.left_out == {"no_consent": 3, "no_window": 5, "opted_out": 4}
    sends = await here.sends()
    assert len({send["person_id"] for send in sends}) == len(sends) == BATCH + 7
    assert {send["kind"] for send in sends} == {"greeting"}
    assert set(here.woken) == {"zalo", "facebook"}
    assert len(here.page.posts) == 1
    await here.accept_all()
    await here.round()
    assert (await here.row(CODE))["state"] == "done"
    assert (await one(here.desk, name))[1].sent == BATCH + 7


async def test_nobody_hears_from_us_three_times_a_week(here: Commune) -> None:
    """After two greetings in seven days the third leaves a person out."""
    await here.people(1)
    seen = here.clock.now_ms
    for days, code in ((0, "dan_van_a"), (1, "dan_van_b"), (2, "dan_van_c")):
        day = TET + timedelta(days=days)
        here.at(day, 7)
        await here.database.write(lambda c: _wrote(c, seen()))
        found = _day(code, day, here)
        name = await acts.make(here.desk, found, OFFICE)
        await acts.approve(here.desk, name, 1)
        await here.round()
        await here.accept_all()
        await here.round()
    _, report = await one(here.desk, name)

    assert report.left_out == {"weekly_cap": 1}
    assert len(await here.sends()) == 2


def _wrote(connection: Any, now: int) -> None:
    connection.execute(update(conversation).values(last_inbound_at=now))


def _day(code: str, day: date, here: Commune) -> Any:
    now = here.clock.now_ms()
    subject = Subject(code, "Ngày riêng của xã", "ky_niem", day.year, day.year)
    return Day(subject, day.isoformat(), "people", now, now + 3_600_000)


async def test_a_group_is_written_to_and_who_took_consent_back_is_not(
    here: Commune,
) -> None:
    """Only tagged people are in the campaign; of them nobody who said no."""
    here.at(TET, 7)
    await here.people(5)
    ids = await here.database.read(
        lambda c: sorted(c.execute(select(person.c.person_id)).scalars())
    )
    now = here.clock.now_ms()
    tag = {"tag": "giao_vien", "source": "import", "source_ref": "f:1"}
    tag |= {"consent": "paper", "consent_day": "2026-11-20", "added_by": "an"}
    rows = [
        {**tag, "unit_id": UNIT, "person_id": one, "added_at": now} for one in ids[:3]
    ]
    await here.database.write(lambda c: segments.add(c, rows))
    no = Consent("c1", ids[0], greetings.PURPOSE, "zalo", "w1", now, is_given=False)
    await here.database.write(lambda c: consent.withdraw(c, UNIT, no))
    day = replace(_day("ngay_nha_giao", TET, here), audience=("giao_vien",))
    name = await acts.make(here.desk, day, OFFICE)
    await acts.approve(here.desk, name, 1)
    await here.round()
    row, report = await one(here.desk, name)

    assert await reachable(here.desk, row) == 3
    assert report.left_out == {"withdrawn": 1}
    assert {s["person_id"] for s in await here.sends()} == set(ids[1:3])


async def test_a_large_campaign_is_fed_bit_by_bit(here: Commune) -> None:
    """No more than the backlog waits; it goes on as sends end, and ends alone."""
    await approved(here)
    await here.people(BACKLOG + 2 * BATCH + 1)
    await here.round()
    planned = Counter(send["state"] for send in await here.sends())
    assert BACKLOG <= planned["planned"] < BACKLOG + BATCH
    await here.accept_all()
    await here.round()
    await here.accept_all()
    await here.round()

    assert len(await here.in_campaign()) == BACKLOG + 2 * BATCH + 1
    assert (await here.row(CODE))["state"] == "done"


async def test_a_pause_holds_and_a_resume_goes_on(here: Commune) -> None:
    """While paused nothing is due; afterwards everything is, once."""
    name = await approved(here)
    await here.people(30)
    await here.round()
    await here.accept_all(10)
    assert await acts.pause(here.desk, name) == 20
    held = [s for s in await here.sends() if s["state"] == "planned"]
    assert {s["available_at"] for s in held} == {greetings.HELD}
    await here.round()
    assert (await here.row(CODE))["state"] == "paused"
    here.clock.advance(timedelta(minutes=10))
    _, report = await one(here.desk, name)
    assert (report.sent, report.waiting, report.seconds_left) == (10, 20, 1200)
    assert await acts.resume(here.desk, name) == 20
    due = [s for s in await here.sends() if s["state"] == "planned"]

    assert all(s["available_at"] == here.clock.now_ms() for s in due)
    assert await acts.stop(here.desk, name) == 20
    assert (await one(here.desk, name))[1].refused == {"campaign_stopped": 20}


async def test_nothing_goes_out_after_the_last_hour(here: Commune) -> None:
    """What waits at the day's end is refused; it is not sent the next morning."""
    name = await approved(here)
    await here.people(5)
    await here.round()
    here.at(TET, 20, 30)
    await here.round()

    assert (await one(here.desk, name))[1].refused == {"too_late": 5}
    assert (await here.row(CODE))["state"] == "done"


async def test_the_stop_of_celebration_silences_what_is_under_way(
    here: Commune,
) -> None:
    """With the switch on, a celebration ends; nothing more of it leaves."""
    name = await approved(here)
    await here.people(5)
    await here.round()
    stop = {"unit_id": UNIT, "is_stopped": True, "by": "chu-tich", "at": 1}
    await here.database.write(lambda c: letters.set_stopped(c, stop))
    await here.round()

    assert (await one(here.desk, name))[1].refused == {"celebrations_stopped": 5}


async def test_nothing_unapproved_or_late_goes_out_by_itself(here: Commune) -> None:
    """An unapproved hour passes; an approved one slept through asks a person."""
    await approved(here)
    here.at(TET, 10, 31)
    await here.people(3)
    await here.round()
    assert (await here.row(CODE))["state"] == "asked"
    assert here.page.posts == []
    await acts.approve(here.desk, str((await here.row(CODE))["greeting_id"]), 1)
    await here.round()
    assert (await here.row(CODE))["state"] == "sending"
    assert len(here.page.posts) == 1


async def test_a_draft_nobody_approves_is_missed(here: Commune) -> None:
    """After its last hour a draft is missed and cannot be approved."""
    here.at(TET, 7)
    await here.round()
    row = await here.row(CODE)
    here.at(TET, 20, 30)
    with pytest.raises(TooLateError):
        await acts.approve(here.desk, str(row["greeting_id"]), 1)
    await here.round()

    assert (await here.row(CODE))["state"] == "missed"
    assert await here.sends() == []
    assert here.page.posts == []


async def test_words_are_read_before_they_are_approved(here: Commune) -> None:
    """An edit voids the approval; bad words and old versions are refused."""
    name = await approved(here)
    own = {Road.CHAT: "Dạ, UBND xã Thanh Hà kính chúc anh/chị năm mới bình an ạ."}
    await acts.edit(here.desk, name, 1, own, OFFICE)
    await here.round()
    assert (await here.row(CODE))["state"] == "draft"
    with pytest.raises(OtherWordsError):
        await acts.approve(here.desk, name, 1)
    with pytest.raises(BadWordsError, match="Dạ"):
        await acts.edit(here.desk, name, 2, {Road.CHAT: "Chúc vui."}, OFFICE)
    await acts.approve(here.desk, name, 2)
    await acts.drop(here.desk, name)
    with pytest.raises(NotThisGreetingStepError):
        await acts.recall(here.desk, name)
    row = await here.row(CODE)
    assert (row["state"], row["version"]) == ("dropped", 2)


async def test_a_day_has_one_greeting(here: Commune) -> None:
    """Making it again by hand is refused; a second keeper drafts nothing more."""
    await acts.make(here.desk, _day(CODE, TET, here), OFFICE)
    with pytest.raises(AlreadyThereError):
        await acts.make(here.desk, _day(CODE, TET, here), OFFICE)


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Unknown("timeout"), "posting"),
        (Refused("200", Reason.POLICY), "refused"),
        (Retry("613"), "waiting"),
    ],
)
async def test_the_page_is_never_posted_to_twice_blindly(
    here: Commune, result: Any, state: str
) -> None:
    """Unknown and refused posts end; only "not now" is tried again."""
    await approved(here)
    here.page.result = result
    await here.round()
    assert (await here.row(CODE))["page_state"] == state
    here.page.result = None
    await here.round()

    assert len(here.page.posts) == (state == "waiting")


@pytest.mark.parametrize("stands", [True, False])
async def test_a_lost_post_is_settled_by_reading_the_page(
    here: Commune, stands: bool
) -> None:
    """What stands is taken as ours; what does not is posted, so it stands once."""
    await approved(here)
    here.page.is_lost = stands
    here.page.result = None if stands else Unknown("disconnected")
    await here.round()
    assert (await here.row(CODE))["page_state"] == "posting"
    here.page.is_lost, here.page.result = False, None
    for _ in range(2):
        here.clock.advance(timedelta(seconds=61))
        await here.round()

    assert (await here.row(CODE))["page_state"] == "posted"
    assert len(here.page.posts) == 1


async def test_refused_greetings_are_one_notice_a_campaign(here: Commune) -> None:
    """Staff read once how many did not arrive; not a line a person."""
    name = await approved(here)
    await here.people(3)
    await here.round()

    def refused(connection: Any) -> None:
        values = {"state": "refused", "code": "-213"}
        connection.execute(update(outbox).values(values))

    await here.database.write(refused)
    await here.round()
    found = await here.database.read(
        lambda c: [dict(r) for r in c.execute(select(notice)).mappings()]
    )

    told = [one for one in found if one["kind"] == "greeting_report"]
    assert [one["subject"] for one in told] == [name]
    assert "không gửi được 3" in told[0]["detail"]


async def test_an_erased_person_is_in_no_campaign(here: Commune) -> None:
    """Erasure stops the send and takes the person out of the list."""
    await approved(here)
    await here.people(2)
    await here.round()
    (_, first), _ = await here.in_campaign()
    await here.database.write(
        lambda c: erasure.erase_person(c, UNIT, first, here.clock.now_ms(), {})
    )

    assert first not in {person for _, person in await here.in_campaign()}
    assert Counter(s["state"] for s in await here.sends())["refused"] == 1
