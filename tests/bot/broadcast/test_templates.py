"""Are templates read, changed by webhook, sent where no chat is open, and settled?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import update

from bot.adapters import ZaloAdapter
from bot.channels.results import Accepted, Refused, Retry, Unknown
from bot.channels.zalo.client import ZaloClient
from bot.channels.zalo.templates import ZbsClient
from bot.config_channels import Zalo
from bot.policy import Allow, Delay, Refuse, Request, decide
from bot.sandbox.answers import SANDBOX
from bot.sandbox.model import FaultRule, SandboxConfig, ZaloAccount
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import create_sandbox
from bot.templates_keeper import TemplatesKeeper, UnitTemplates
from handlers.model import Channel
from handlers.staff.letters import steps
from handlers.staff.letters.delivery import send_due
from handlers.staff.templates import acts
from handlers.staff.templates.errors import MissingFieldError, NotApprovedError
from storage import templates
from storage.outbox import Priority
from storage.tables import letter, outbox
from tests.bot.broadcast.test_article import TOKEN, HeldToken
from tests.conftest import FakeClock
from tests.handlers.staff.conftest import staff_office  # noqa: F401
from tests.handlers.staff.letters.conftest import (
    LettersOffice,
    letters_office,  # noqa: F401
)
from tests.handlers.staff.letters.test_steps import signed

LANH = "6814205937712045181"
PHONE = "0912345678"
DATA = {"ho_ten": "Lúa", "ma_hs": "H1", "noi_nhan": "Một cửa"}
UNIT_OF = "thanh-ha"


@dataclass(slots=True)
class Oa:
    """The sandbox's templates, and what talks to them."""

    sandbox: Sandbox
    client: ZbsClient
    adapter: ZaloAdapter


@pytest.fixture
async def oa(clock: FakeClock) -> AsyncIterator[Oa]:
    """An OA whose token never ends."""
    account = replace(ZaloAccount(), access_token=TOKEN)
    app = create_sandbox(SandboxConfig(zalo=account, echoes=False), clock)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        url = str(server.make_url(""))
        oa = ZaloClient(session, url)
        client = ZbsClient(oa, ZaloClient(session, url))
        told: dict[str, Any] = {"refresh_token": "r", "oa_secret_key": "s"}
        zalo = Zalo(oa_id="1", app_id="2", app_secret="x", **told)
        adapter = ZaloAdapter(zalo, oa, HeldToken(), None, client)  # type: ignore[arg-type]
        yield Oa(app[SANDBOX], client, adapter)


def _keeper(office: LettersOffice, oa: Oa) -> TemplatesKeeper:
    desk = office.office.desk
    unit = UnitTemplates(desk.unit_id, oa.client, HeldToken(), desk.keys)
    return TemplatesKeeper(desk.database, office.office.clock, {desk.unit_id: unit})


async def test_templates_are_read_and_a_webhook_changes_them(
    letters_office: LettersOffice,  # noqa: F811
    oa: Oa,
) -> None:
    """Names, parameters, prices and quota; then a state that Zalo tells."""
    keeper, desk = _keeper(letters_office, oa), letters_office.leader.desk
    assert await keeper.read(desk.unit_id) == ""
    book = await acts.book(desk)
    rows = {row["template_id"]: row for row in book.rows}
    assert acts.params_of(rows["410001"]) == {
        "ho_ten": 30,
        "ma_hs": 30,
        "noi_nhan": 200,
    }
    assert [rows[n]["by_uid"] for n in ("410001", "410002")] == [True, False]
    assert book.quota is not None
    assert (book.quota["remaining"], book.quota["quality"]) == (500, "HIGH")
    with pytest.raises(NotApprovedError):
        await acts.choose(desk, "cam_on", "410003", {"ho_ten": "nguoi_nhan"})
    with pytest.raises(MissingFieldError):
        await acts.choose(desk, "cam_on", "410001", {"ho_ten": "nguoi_nhan"})
    event = {
        "event_name": "change_template_status",
        "template_id": "410001",
        "status": {"prev_status": "ENABLE", "new_status": "DISABLE"},
    }
    await keeper.hear(desk.unit_id, event)
    found = await desk.database.read(lambda c: templates.get(c, desk.unit_id, "410001"))

    assert found is not None
    assert found["status"] == "DISABLE"


async def test_each_road_of_a_template_and_what_it_refuses(oa: Oa) -> None:
    """By UID, by phone with our mark; a bad value, a night, a lost answer."""
    template = {"id": "410001", "data": DATA}
    deliver = oa.adapter.deliver_template
    by_uid = await deliver(template, LANH, "row-1", by_phone=False)
    by_phone = await deliver(template, PHONE, "row-2", by_phone=True)
    assert isinstance(by_uid, Accepted)
    assert isinstance(by_phone, Accepted)
    sent = oa.sandbox.record.sent()
    assert [one.user_id for one in sent] == [LANH, "84912345678"]
    assert sent[1].body["tracking_id"] == "row-2"
    only_phone = {"id": "410002", "data": DATA | {"ngay_hen": "01/12"}}
    refused = await deliver(only_phone, LANH, "row-3", by_phone=False)
    assert refused.code == "-249" if isinstance(refused, Refused) else False
    oa.sandbox.zbs.used = oa.sandbox.zbs.daily
    assert isinstance(await deliver(template, PHONE, "r", by_phone=True), Retry)
    oa.sandbox.zbs.used = 0
    oa.sandbox.faults.set("accept_then_drop", FaultRule(next_calls=1))
    assert isinstance(await deliver(template, PHONE, "r", by_phone=True), Unknown)


async def test_a_letter_without_an_open_chat_leaves_as_its_template(
    letters_office: LettersOffice,  # noqa: F811
    oa: Oa,
) -> None:
    """By phone, once; a lost answer is settled when Zalo tells our mark."""
    office, desk = letters_office, letters_office.leader.desk
    keeper = _keeper(office, oa)
    letter_id = await signed(office, phone=PHONE)
    await steps.schedule(office.room(), letter_id, 3)
    assert await send_due(office.room(), office.post) == set()
    await keeper.read(desk.unit_id)
    fields = {"ho_ten": "=Ông bà", "ma_hs": "=KH", "noi_nhan": "=UBND xã"}
    await acts.choose(desk, "ket_hon", "410001", fields)
    assert await send_due(office.room(), office.post) == {"zalo"}
    assert await send_due(office.room(), office.post) == set()
    (send,) = await office.sends()
    assert (send["kind"], send["channel"]) == ("template", "zalo")
    await desk.database.write(
        lambda c: c.execute(update(outbox).values(state="unknown"))
    )
    told = {"msg_id": "m1", "tracking_id": send["row_id"], "delivery_time": "1"}
    event = {"event_name": "user_received_message", "message": told}
    await keeper.hear(desk.unit_id, event)

    assert [one["state"] for one in await office.sends()] == ["accepted"]
    assert {row["letter_id"] for row in await office.office.rows(letter)} == {letter_id}


def test_a_template_needs_no_window_but_keeps_our_own_promises(
    clock: FakeClock,
) -> None:
    """No word in a year is no reason; night, a wish and the weekly cap are."""
    now = clock.now().replace(hour=3)
    asked = Request(
        channel=Channel.ZALO,
        priority=Priority.LETTER,
        human=False,
        last_inbound=now - timedelta(days=300),
        opted_out=False,
        is_template=True,
    )

    assert decide(asked, now) == Allow()
    assert decide(replace(asked, is_template=False), now) == Refuse("zalo_window_7d")
    assert decide(replace(asked, opted_out=True), now) == Refuse("opted_out")
    assert isinstance(decide(asked, now.replace(hour=17)), Delay)
    assert isinstance(decide(replace(asked, started_by_us=2), now), Delay)
