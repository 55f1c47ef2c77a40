"""Is an occasion taken once, by who may, and refused in a sentence else?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import insert

from bot.api.occasions import BURST, OccasionsApi
from bot.letters_keeper import LettersKeeper
from handlers.model import Tag
from handlers.staff.letters import occasions, tokens
from handlers.staff.letters.writing import NewLetter, make
from handlers.staff.people.model import OPERATOR
from storage.tables import (
    consent_event,
    conversation,
    evidence_entry,
    letter,
    letter_birthday,
    occasion,
    outbox,
)
from tests.bot.console.support import UNIT, Desk

WEDDING = {
    "event": "marriage_registered",
    "data": {"chong": "Nguyễn Văn Tám", "vo": "Trần Thị Lụa", "ngay": "2026-11-20"},
    "phone": "0912345678",
}
DEATH = {"event": "death_registered", "data": {"nguoi_mat": "Lê Văn Thọ", "tuoi": 85}}
LATE = {
    "event": "file_overdue",
    "data": {
        "ten": "Trần Thị Lụa",
        "ma_hs": "H21.3-251120-0007",
        "ly_do": "thiếu ý kiến của cơ quan phối hợp",
        "ngay_hen_moi": "2026-12-01",
        "cong_chuc": "Vũ Thị Lan",
    },
}
RESULT = {
    "event": "result_ready",
    "data": {"ma_hs": "H21.3-251120-0009", "ten_tthc": "Đăng ký khai sinh"},
    "phone": "0912345678",
}
Reply = tuple[int, dict[str, Any], dict[str, str]]


class Sender:
    """The one-stop system."""

    def __init__(self, desk: Desk, token: str) -> None:
        self.desk = desk
        self.token = token

    async def send(self, body: object, key: str = "k1", **headers: str) -> Reply:
        """Post a body; headers are added to the usual ones."""
        told = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        url = f"{self.desk.base}/api/v1/occasions"
        more = {"json": body} if not isinstance(body, bytes) else {"data": body}
        browser = self.desk.browser()
        async with browser.http.post(url, headers=told | headers, **more) as got:
            return got.status, await got.json(), dict(got.headers)


@pytest.fixture
async def sender(desk: Desk) -> Sender:
    """A sender with a token made at the machine."""
    return Sender(desk, await tokens.make(desk.gate.desk(OPERATOR), "mot-cua"))


async def test_a_wedding_becomes_one_draft_and_the_same_answer(
    desk: Desk, sender: Sender
) -> None:
    """202 after the rows are there; the key again gives the same, and no second."""
    first = await sender.send(WEDDING)
    (row,) = await desk.rows(letter)
    assert first[0] == 202
    assert first[1]["letter_id"] == row["letter_id"]
    assert (row["state"], row["source"], row["created_by"]) == (
        "draft",
        "api",
        "api.mot-cua",
    )
    again = await sender.send(dict(reversed(WEDDING.items())))
    assert again[:2] == first[:2]
    other = await sender.send(WEDDING | {"phone": ""})
    assert (other[0], other[1]["field"]) == (409, "Idempotency-Key")
    assert len(await desk.rows(letter)) == len(await desk.rows(occasion)) == 1
    tags = [row["tag"] for row in await desk.rows(evidence_entry)]
    assert tags.count(Tag.OCCASION_RECEIVED.value) == 1


async def test_what_the_console_wrote_is_known_here(desk: Desk, sender: Sender) -> None:
    """The same couple and day, spelled otherwise, gets no second letter."""
    room = desk.service.letters.room(UNIT, OPERATOR)
    data = {"chong": "nguyễn văn  tám", "vo": "Trần Thị Lụa", "ngay": "20/11/2026"}
    made = await make(room, NewLetter(room.kinds.named("ket_hon"), data))
    status, told, _ = await sender.send(WEDDING)
    assert (status, told["result"]) == (202, occasions.KNOWN)
    assert told["letter_id"] == made.letter_id
    assert len(await desk.rows(letter)) == 1


async def test_a_birthday_is_kept_with_a_yes_alone(desk: Desk, sender: Sender) -> None:
    """Without it a refusal that names the field; with it one row, no letter yet."""
    born = {"ten": "Lê Văn Thọ", "ngay_sinh": "05/03/1947"}
    told = {"event": "birthday_consented", "data": born}
    refused = await sender.send(told)
    assert (refused[0], refused[1]["field"]) == (422, "data.dong_y")
    good = told | {"data": born | {"dong_y": "có"}}
    for key, result in (("k1", "stored"), ("k1", "stored"), ("k2", "known")):
        status, said, _ = await sender.send(good, key)
        assert (status, said["result"]) == (202, result)
    assert len(await desk.rows(letter_birthday)) == 1
    (yes,) = await desk.rows(consent_event)
    assert (yes["purpose"], yes["channel"], yes["by"]) == (
        "letters",
        "api",
        "api.mot-cua",
    )
    assert await desk.rows(letter) == []


async def test_a_death_waits_for_a_person_and_guards_joy(
    desk: Desk, sender: Sender
) -> None:
    """No letter by itself; a wedding letter to that name waits for a person too."""
    status, told, _ = await sender.send(DEATH)
    assert (status, told["result"], told["letter_id"]) == (202, "person", None)
    assert await desk.rows(letter) == []
    data = {"chong": "Lê Văn Thọ", "vo": "Trần Thị Lụa"}
    joy = {"event": "marriage_registered", "data": data}
    assert (await sender.send(joy, "k2"))[1]["result"] == "person"
    assert (await sender.send(DEATH, "k3"))[1]["result"] == "known"
    room = desk.service.letters.room(UNIT, OPERATOR)
    kind = room.kinds.named("chia_buon")
    assert [one.kind for one in await occasions.waiting(room)] == [
        "chia_buon",
        "ket_hon",
    ]
    await make(room, NewLetter(kind, DEATH["data"], is_sure=True))  # type: ignore[arg-type]
    assert [one.kind for one in await occasions.waiting(room)] == ["ket_hon"]


async def test_an_overdue_file_is_an_apology_draft_with_its_form(
    desk: Desk, sender: Sender
) -> None:
    """The draft holds what Mẫu số 04 needs; nothing is sent."""
    status, _, _ = await sender.send(LATE)
    assert status == 202
    (row,) = await desk.rows(letter)
    assert (row["kind"], row["state"]) == ("xin_loi_qua_han", "draft")
    assert await desk.rows(outbox) == []


async def test_a_result_is_told_in_an_open_chat_once(
    desk: Desk, sender: Sender
) -> None:
    """It waits for the window, then leaves by it; a second key sends nothing more."""
    assert (await sender.send(RESULT))[1]["result"] == "notice"
    assert (await sender.send(RESULT, "k2"))[1]["result"] == "known"
    woken: list[str] = []
    keeper = LettersKeeper(desk.service.letters._opened, woken.append)
    await keeper.once()
    row = next(one for one in await desk.rows(occasion) if one["waits_for"])
    last = desk.clock.now_ms() - timedelta(hours=1) // timedelta(milliseconds=1)
    talk = {
        "unit_id": UNIT,
        "person_id": row["person_id"],
        "channel": "zalo",
        "version": 1,
        "sealed": b"x",
        "opted_out": False,
        "last_inbound_at": last,
        "updated_at": last,
    }
    await desk.service.database.write(lambda c: c.execute(insert(conversation), talk))
    await keeper.once()
    await keeper.once()
    assert woken == ["zalo"]
    assert [one["kind"] for one in await desk.rows(outbox)] == ["result"]


WRONG: list[tuple[object, str | None]] = [
    (b"{", None),
    ([], None),
    ({"event": "divorce", "data": {}}, "event"),
    (WEDDING | {"priority": 1}, "priority"),
    (WEDDING | {"data": {"chong": "An"}}, "data.vo"),
    (WEDDING | {"data": {"chong": "An", "vo": "Ba", "x": 1}}, "data.x"),
    (WEDDING | {"data": {"chong": "An", "vo": ["B", 1.5]}}, "data.vo"),
    (b'{"event": "result_ready", "event": "x", "data": {}}', None),
    (WEDDING | {"phone": "abc"}, "phone"),
    (WEDDING | {"case_code": "XX-1"}, "case_code"),
]


async def test_what_is_wrong_is_named(desk: Desk, sender: Sender) -> None:
    """A sentence, the field, and nothing written."""
    for body, field in WRONG:
        more = {"Content-Type": "application/json"}
        status, told, _ = await sender.send(body, **more)
        assert (status, told["field"]) == (422, field)
        assert told["error"]
    assert await desk.rows(occasion) == []


async def test_only_a_token_in_use_may_write(desk: Desk, sender: Sender) -> None:
    """No token, a wrong one, one of another unit, one that was ended: 401."""
    right = sender.token
    for wrong in ("", "x", right[:-2] + "zz", right.replace(UNIT, "tan-an")):
        sender.token = wrong
        assert (await sender.send(WEDDING))[0] == 401
    sender.token = right
    assert (await sender.send(WEDDING, ""))[0] == 400
    assert (await sender.send(b"x", **{"Content-Type": "text/plain"}))[0] == 415
    assert (await sender.send(b" " * 40_000))[0] == 415
    big = {"Content-Type": "application/json"}
    assert (await sender.send(b" " * 40_000, **big))[0] == 413
    await tokens.end(desk.gate.desk(OPERATOR), "mot-cua")
    assert (await sender.send(WEDDING))[0] == 401
    assert await desk.rows(occasion) == []


async def test_a_sender_that_hurries_is_told_to_wait(
    desk: Desk, sender: Sender
) -> None:
    """The bucket of a token empties on a clock that stands; 429 says how long."""
    service, app = desk.service, web.Application()
    api = OccasionsApi([UNIT], service.letters.room, service.security, lambda: 0.0)
    api.add_routes(app)
    async with TestServer(app) as server:
        desk.base = str(server.make_url("")).rstrip("/")
        for _ in range(int(BURST)):
            assert (await sender.send(WEDDING, ""))[0] == 400
        status, told, headers = await sender.send(WEDDING)
    assert (status, headers["Retry-After"]) == (429, "1")
    assert told["error"]
