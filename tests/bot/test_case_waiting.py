"""What becomes of news about a case while the platform's window is closed?"""

from __future__ import annotations

import json

import pytest

from handlers.cases import actions
from handlers.staff.cases.act import act
from handlers.staff.cases.show import show
from handlers.staff.cases.telling import Told
from handlers.staff.cases.workroom import Room
from storage import tables
from storage.database import Database
from tests.bot.conftest import Build
from tests.bot.log_road import page, zalo
from tests.bot.support import Road, World, eventually
from tests.bot.test_case_desk import Recorder, said
from tests.handlers.staff.cases.commune import make

CLASSIFY = actions.Classify("phan_anh")


@pytest.fixture
async def office(database: Database, build: Build) -> Road:
    """A road that opens cases, on each engine in turn."""
    road = await build(database, respond=Recorder())
    await road.start()
    return road


def room_of(road: Road) -> Room:
    """Return the room of staff beside a road."""
    return make(road.database.inner, road.ring, road.ids, road.clock).room


async def step(road: Road, code: str, action: actions.Action) -> Told:
    """Make one step; return how the citizen hears of it."""
    done = await act(room_of(road), code, action)
    return done.told[0].how


async def test_news_waits_on_facebook_and_goes_first(
    office: Road, world: World
) -> None:
    """After 24 hours it waits; what the citizen writes next is answered after it."""
    code = await said(office, world, "đèn hỏng", on_page=True)
    await act(room_of(office), code, CLASSIFY)
    office.clock.advance(ms=30 * 3600 * 1000)
    assert await step(office, code, actions.Accept()) is Told.WAITING
    assert len(world.sent()) == 1

    before = len(world.sent())
    assert await office.post(page(world, "hello")) == 200
    await eventually(lambda: len(world.sent()) == before + 2)
    first, second = (text for _, text in world.sent()[before:])
    assert code in first
    assert second == "chào"
    await eventually(office.is_done)
    shown = await show(room_of(office), code)
    assert [one.send for one in shown.sent] == ["accepted"]
    (entry,) = await office.rows(tables.evidence_entry, tag="bot:case:told_later")
    assert json.loads(entry["leaf"])["data"]["send"] == shown.sent[0].message_id


async def test_news_waits_on_zalo_after_a_week(office: Road, world: World) -> None:
    """Seven days are the window there, for people and templates alike."""
    code = await said(office, world, "đèn hỏng")
    await act(room_of(office), code, CLASSIFY)
    assert await step(office, code, actions.Accept()) is Told.QUEUED
    await eventually(lambda: len(world.sent()) == 2)
    office.clock.advance(ms=8 * 24 * 3600 * 1000)
    await office.sweeper.sweep()
    assert await step(office, code, actions.Answer("Đã thay bóng.")) is Told.WAITING

    assert await office.post(zalo(world, "hello")) == 200
    await eventually(lambda: len(world.sent()) == 4)
    assert "Đã thay bóng." in world.sent()[2][1]
    assert world.sent()[3][1] == "chào"


async def test_a_person_answers_on_facebook_within_the_week(
    office: Road, world: World
) -> None:
    """The platform is told that a person wrote; a template would have to wait."""
    code = await said(office, world, "đèn hỏng", on_page=True)
    await act(room_of(office), code, CLASSIFY)
    office.clock.advance(ms=3 * 24 * 3600 * 1000)
    assert await step(office, code, actions.Accept()) is Told.WAITING
    assert await step(office, code, actions.Answer("Đã thay bóng.")) is Told.QUEUED

    await eventually(lambda: len(world.sent()) == 2)
    body = world.sandbox.record.sent()[-1].body
    assert body["tag"] == "HUMAN_AGENT"
    assert "Đã thay bóng." in body["message"]["text"]


async def test_news_whose_window_closed_before_it_left(
    database: Database, build: Build, world: World
) -> None:
    """Planned in time, not sent for a day (no sender): it waits, nothing is lost."""
    road = await build(database, respond=Recorder())
    await road.start("ingest", "dispatcher")
    assert await road.post(page(world, "đèn hỏng")) == 200
    await eventually(road.is_inbox_done)
    (case,) = await road.rows(tables.case_record)
    await act(room_of(road), case["code"], CLASSIFY)
    assert await step(road, case["code"], actions.Accept()) is Told.QUEUED
    road.clock.advance(ms=30 * 3600 * 1000)
    road.send()

    async def waits() -> bool:
        return bool((await road.rows(tables.case_record))[0]["is_waiting"])

    await eventually(waits)
    assert world.sent() == []
    assert await road.post(page(world, "hello")) == 200
    await eventually(lambda: len(world.sent()) == 2)
    assert case["code"] in world.sent()[0][1]
    await eventually(road.is_done)
    shown = await show(room_of(road), case["code"])
    assert [(one.how, one.send) for one in shown.sent] == [
        ("queued", "refused"),
        ("queued", "accepted"),
    ]
