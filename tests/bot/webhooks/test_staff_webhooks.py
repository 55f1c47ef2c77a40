"""Who may post to the addresses of the staff platforms, and what is kept of it?"""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from bot.webhooks.common import MAX_BODY
from storage import tables
from tests.bot.desk.conftest import start_office
from tests.bot.desk.support import Office
from tests.bot.support import eventually

__all__ = ["start_office"]
HEADER = {
    "telegram": "X-Telegram-Bot-Api-Secret-Token",
    "zalo-bot": "X-Bot-Api-Secret-Token",
}


@pytest.fixture
async def office(start_office: Any) -> Office:
    """A commune with both staff platforms."""
    made: Office = await start_office("telegram", "zalo_bot")
    return made


def secret(office: Office, kind: str) -> str:
    """Return the right secret."""
    account = office.sandbox.config
    return {
        "telegram": account.telegram.secret_token,
        "zalo-bot": account.zalo_bot.secret_token,
    }[kind]


def press(office: Office, number: int = 1, chat_id: str = "") -> bytes:
    """Return a press in the configured group, or in another."""
    chat = int(chat_id or office.sandbox.config.telegram.chat_id)
    place = {"id": chat, "type": "supergroup", "title": "Tổ trực", "is_forum": True}
    message = {"message_id": 5, "date": 1_795_000_000, "chat": place}
    query = {
        "id": "c1",
        "chat_instance": "1",
        "from": {"id": 5550000001, "is_bot": False, "first_name": "Mai"},
        "data": "d:take:nobody",
        "message": message,
    }
    return json.dumps({"update_id": number, "callback_query": query}).encode()


async def post(
    office: Office, kind: str, body: bytes, told: str | None, unit: str = "thanh-ha"
) -> int:
    """Post a body with a secret; return the status."""
    url = office.server.make_url(f"/webhooks/{kind}/{unit}")
    headers = {} if told is None else {HEADER[kind]: told}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as answer,
    ):
        return answer.status


@pytest.mark.parametrize("kind", HEADER)
@pytest.mark.parametrize("told", [None, "", "wrong", "kh\u00f4ng"])
async def test_without_the_secret_nothing_is_taken(
    office: Office, kind: str, told: str | None
) -> None:
    """403, a count, and nothing stored."""
    assert await post(office, kind, press(office), told) == 403
    assert await office.rows(tables.inbox_event) == []
    await office.service.security.flush(office.service.database)
    (row,) = await office.rows(tables.security_event)
    assert row["kind"] == f"{kind.replace('-', '_')}_bad_secret"


@pytest.mark.parametrize("kind", HEADER)
async def test_an_unknown_unit_is_refused_the_same_way(
    office: Office, kind: str
) -> None:
    """Nobody can try out which communes there are."""
    told = secret(office, kind)

    assert await post(office, kind, press(office), told, "xa-khac") == 403


@pytest.mark.parametrize("kind", HEADER)
async def test_bad_bodies(office: Office, kind: str) -> None:
    """Not JSON is 400, too large is 413, not for us is 200 and kept nowhere."""
    told = secret(office, kind)

    assert await post(office, kind, b"nonsense", told) == 400
    assert await post(office, kind, b"x" * (MAX_BODY + 1), told) == 413
    assert await post(office, kind, b"{}", told) == 200
    assert await office.rows(tables.inbox_event) == []


async def test_a_repeated_update_is_stored_once(office: Office) -> None:
    """The update id is the dedupe key; what is acknowledged is in the inbox."""
    told = secret(office, "telegram")
    for _ in range(3):
        assert await post(office, "telegram", press(office, 41), told) == 200
    assert await post(office, "telegram", press(office, 42), told) == 200

    assert len(await office.rows(tables.inbox_event)) == 2


async def test_another_group_is_ignored(office: Office) -> None:
    """Somebody put our bot into a group of their own: nothing happens there."""
    told = secret(office, "telegram")

    assert await post(office, "telegram", press(office, 1, "-100999"), told) == 200
    assert await office.rows(tables.inbox_event) == []


async def test_a_matter_nobody_knows_is_told_so(office: Office) -> None:
    """A press about something that is gone leaves evidence, not a failure."""
    told = secret(office, "telegram")
    assert await post(office, "telegram", press(office), told) == 200

    async def done() -> bool:
        rows = await office.rows(tables.inbox_event)
        return [row["state"] for row in rows] == ["done"]

    await eventually(done)
    (row,) = await office.rows(tables.evidence_entry, tag="bot:message:skipped")
    assert json.loads(row["leaf"])["data"]["reason"] == "gone"
