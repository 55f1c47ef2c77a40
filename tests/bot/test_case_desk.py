"""Is a citizen's desk loaded only when asked for, and a number taken once?"""

from __future__ import annotations

import asyncio
from collections import Counter as Times

import pytest
from sqlalchemy import Connection

from bot.ahead import Consultation
from bot.case_desk import TRIES_OF_CODE, Counter
from bot.planner import Person
from handlers.cases.actions import CITIZEN, Actor, Add, Note
from handlers.cases.apply import CaseServices, apply
from handlers.cases.case import Clock, Goal
from handlers.cases.opening import Opening
from handlers.model import (
    Channel,
    Conversation,
    Event,
    Handover,
    Inbound,
    Kind,
    Outcome,
    Reply,
    Tag,
)
from handlers.ports import Services
from handlers.staff.cases.act import act
from storage import case_lookups, tables
from storage.database import Database
from tests.bot.conftest import Build
from tests.bot.log_road import page, zalo
from tests.bot.support import UNIT, Road, World, eventually
from tests.handlers.staff.cases.commune import make

TEXT = "đèn đường hỏng"


class Recorder:
    """Opens a case for each message that is no question, and counts its runs."""

    def __init__(self) -> None:
        self.runs: Times[str] = Times()

    def __call__(
        self, inbound: Inbound, talk: Conversation, services: Services
    ) -> Outcome:
        """Open a case, look one up, or answer."""
        self.runs[inbound.text] += 1
        if inbound.text.startswith("?"):
            code, _, digits = inbound.text[1:].partition(" ")
            return _looked_up(services, code, digits, talk)
        if inbound.text == "mine":
            codes = ",".join(case.code for case in services.cases.mine())
            return Outcome((Reply(f"[{codes}]"),), talk)
        if inbound.text.startswith("+"):
            return _added(inbound, services, talk)
        if inbound.text == "hello":
            return Outcome((Reply("chào"),), talk)
        return _opened(inbound, services, talk)


def _opened(inbound: Inbound, services: Services, talk: Conversation) -> Outcome:
    at = inbound.at
    code = f"PA-261123-{services.cases.number():04d}"
    clock = Clock(Goal.ANSWER, "r", is_law=False, started_at=at, date=None, at=None)
    opening = Opening(
        "phan_anh", code, inbound.text, at, (clock,), contact={"phone": "0912345678"}
    )
    handover = Handover("phan_anh", inbound.text, at)
    return Outcome((Reply(code),), talk, (), handover, cases=(opening,))


def _added(inbound: Inbound, services: Services, talk: Conversation) -> Outcome:
    mine = services.cases.mine()
    if not mine:
        return Outcome((Reply("none"),), talk)
    given = CaseServices(services.kinds, services.deadlines)
    citizen = Actor("citizen", CITIZEN)
    change = apply(mine[0], Add(inbound.text), citizen, inbound.at, given)
    return Outcome((Reply(f"{change.case.seq}"),), talk, cases=(change,))


def _looked_up(
    services: Services, code: str, digits: str, talk: Conversation
) -> Outcome:
    found = services.cases.find(code, digits)
    said = found.case.state.value if found.case else "none"
    is_try = bool(digits) and found.case is None and not found.is_locked
    data: dict[str, str | int | bool] = {"code": code, "tried": is_try}
    event = Event(Tag.CASE_LOOKED_UP, data)
    return Outcome((Reply("locked" if found.is_locked else said),), talk, (event,))


async def said(road: Road, world: World, text: str, *, on_page: bool = False) -> str:
    """Let bà Lành write on Zalo, or on the page; return what is answered."""
    before = len(world.sent())
    request = page(world, text) if on_page else zalo(world, text)
    assert await road.post(request) == 200
    await eventually(lambda: len(world.sent()) > before)
    await eventually(road.is_done)
    return world.sent()[-1][1]


@pytest.fixture
def recorder() -> Recorder:
    """What answers on the road."""
    return Recorder()


@pytest.fixture
async def office(database: Database, build: Build, recorder: Recorder) -> Road:
    """A road that opens cases, on each engine in turn."""
    road = await build(database, respond=recorder)
    await road.start()
    return road


async def test_a_message_that_asks_for_nothing_runs_once(
    office: Road, world: World, recorder: Recorder
) -> None:
    """Most messages cost neither a second run nor a query."""
    assert await said(office, world, "hello") == "chào"

    assert recorder.runs["hello"] == 1
    assert await office.rows(tables.case_number) == []


async def test_a_case_and_its_hand_over_go_by_one_id(
    office: Road, world: World, recorder: Recorder
) -> None:
    """Receipt, case, clocks, hand-over and history are there together."""
    assert await said(office, world, TEXT) == "PA-261123-0001"

    assert recorder.runs[TEXT] == 2
    (case,) = await office.rows(tables.case_record)
    (handover,) = await office.rows(tables.handover)
    assert handover["handover_id"] == case["case_id"]
    assert len(await office.rows(tables.case_clock)) == 1
    assert await office.tags(case["case_id"]) == ["citizen:case:opened"]
    (person,) = await office.rows(tables.person)
    vault = office.units[UNIT].vault.unwrap(person["person_id"], person["wrapped_key"])
    (item,) = await office.rows(tables.vault_item, kind="case")
    assert vault.open(item["sealed"], item["item_id"])["texts"]["text"] == TEXT


async def test_a_citizen_adds_to_a_case_while_staff_work_on_it(
    office: Road, world: World
) -> None:
    """Compare-and-swap: both steps stand in the history, none is lost."""
    code = await said(office, world, TEXT)
    assert await said(office, world, "+ở ngõ 5") == "2"
    room = make(office.database.inner, office.ring, office.ids, office.clock).room
    steps = (act(room, code, Note(f"lần {n}")) for n in range(2))
    await asyncio.gather(said(office, world, "+gần cổng chợ"), *steps)

    (case,) = await office.rows(tables.case_record)
    lines = await office.rows(tables.case_history)
    assert [line["seq"] for line in lines] == list(range(1, 6))
    assert Times(line["action"] for line in lines) == {"open": 1, "add": 2, "note": 2}
    assert (case["version"], case["seq"]) == (5, 5)
    assert len(await office.tags(case["case_id"])) == 5


async def test_whoever_opened_it_needs_no_digits(office: Road, world: World) -> None:
    """The same channel is enough; on another one the phone's digits are asked."""
    code = await said(office, world, TEXT)

    assert await said(office, world, f"?{code}") == "received"
    assert await said(office, world, "mine") == f"[{code}]"
    assert await said(office, world, f"?{code}", on_page=True) == "none"
    assert await said(office, world, f"?{code} 5678", on_page=True) == "received"
    assert await said(office, world, f"?{code} 5679", on_page=True) == "none"
    assert await said(office, world, "?PA-261123-0009 5678") == "none"
    assert await said(office, world, "mine", on_page=True) == "[]"


async def test_guessing_is_stopped(office: Road, world: World) -> None:
    """Five wrong tries lock the person for an hour or two; the owner never is."""
    code = await said(office, world, TEXT)
    for number in range(5):
        assert await said(office, world, f"?{code} 000{number}", on_page=True) == "none"

    assert await said(office, world, f"?{code} 5678", on_page=True) == "locked"
    assert await said(office, world, f"?{code} 0000") == "received"


async def test_many_people_guessing_one_code_are_stopped(
    office: Road, world: World
) -> None:
    """A code that was tried too often is locked for everybody but its owner."""
    code = await said(office, world, TEXT)
    keys = office.units[UNIT].vault.keys

    def tries(connection: Connection) -> None:
        for _ in range(TRIES_OF_CODE):
            subject = keys.mac("case-code", code)
            case_lookups.count(connection, UNIT, [subject], "2026-11-23T01")

    await office.database.inner.write(tries)
    assert await said(office, world, f"?{code} 5678", on_page=True) == "locked"
    assert await said(office, world, f"?{code}") == "received"


async def test_citizens_at_once_get_numbers_of_their_own(
    office: Road, world: World
) -> None:
    """Codes are unique however many messages are handled at the same moment."""
    requests = [zalo(world, f"{TEXT} {n}") for n in range(4)]
    requests += [page(world, f"{TEXT} {n}") for n in range(4)]
    await asyncio.gather(*(office.post(request) for request in requests))

    async def all_there() -> bool:
        return len(await office.rows(tables.case_record)) == len(requests)

    await eventually(all_there)
    codes = {row["code"] for row in await office.rows(tables.case_record)}
    assert codes == {f"PA-261123-{n:04d}" for n in range(1, 9)}


async def test_a_conflict_keeps_the_number(office: Road, recorder: Recorder) -> None:
    """Handled again because somebody was faster, a case keeps the number it took."""
    unit, ids = office.units[UNIT], office.ids
    person = Person(
        vault=unit.vault.create(ids.new()),
        id_mac="m",
        user_id="u",
        sealed_id=b"",
        is_new=True,
        conversation=Conversation(),
        version=0,
        last_inbound_at=0,
        sent_since_inbound=0,
    )
    consulting = Consultation(recorder, office.metrics)
    counter = Counter(consulting, office.database, office.clock)
    inbound = Inbound(Channel.ZALO, Kind.TEXT, office.clock.now(), TEXT)
    first = await counter.respond(unit, inbound, person)
    again = await counter.respond(unit, inbound, person)

    assert first.replies == again.replies
    (number,) = await office.rows(tables.case_number)
    assert number["last"] == 1
