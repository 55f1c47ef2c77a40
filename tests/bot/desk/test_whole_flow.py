"""From a citizen's words and photo to their rating: the whole life of a case.

Everything is real but the people: webhooks, form, files, Telegram, approval, sending.
"""

from __future__ import annotations

import re
from datetime import timedelta

import aiohttp

from bot.sandbox.model import Platform
from storage import tables
from tests.bot.desk.conftest import StartOffice
from tests.bot.desk.support import HOA, LANH, MAI, Office
from tests.bot.desk.test_case_buttons import ANSWER, acts, answered, case
from tests.bot.support import eventually
from tests.handlers.files.samples import SAMPLES

STORY = "kiến nghị xã làm gờ giảm tốc ở ngã ba chợ, xe chạy nhanh quá"
AFTER_PHOTOS = ("xong", "bỏ qua", "không cần", "không", "gửi")
PROOF = (
    "citizen:message:received",
    "bot:message:understood",
    "citizen:case:opened",
    "citizen:file:received",
    "bot:handover:posted",
    "staff:case:accepted",
    "staff:case:drafted",
    "staff:case:approved",
    "staff:case:answered",
    "staff:case:closed",
    "bot:case:told",
    "bot:send:accepted",
    "citizen:rating:given",
)


async def photographs(office: Office, channel: Platform) -> None:
    """Let bà Lành send a photo from her phone, and wait until it is ours."""
    form = aiohttp.FormData()
    form.add_field("file", SAMPLES["image/jpeg"], filename="nga-ba.jpg")
    telegram = next(iter(office.config.units.values())).channels.telegram
    assert telegram is not None
    url = f"{telegram.api_base}/sandbox/api/upload"
    query = {"channel": channel.value, "user": LANH.user_id(channel)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=form, params=query) as answer,
    ):
        assert answer.status == 200

    async def is_stored() -> bool:
        files = await office.rows(tables.received_file)
        return [row["state"] for row in files] == ["stored"]

    await eventually(is_stored)
    await office.settled()


async def reports(office: Office, channel: Platform) -> str:
    """Let bà Lành fill in and send her form; return the code on her receipt."""
    for text in (STORY, "#phieu:k_kien_nghi"):
        await office.citizen(text, channel)
    await photographs(office, channel)
    for text in AFTER_PHOTOS:
        await office.citizen(text, channel)
    receipt = office.heard(channel.value)[-1]
    (code,) = set(re.findall(r"[A-Z]{2}-\d{6}-\d{4}", receipt))
    assert re.search(r"ngày \d\d/\d\d/\d{4}", receipt)
    return str(code)


async def closes_and_is_rated(office: Office, code: str, channel: Platform) -> None:
    """Let the officer close and the citizen tap a score."""
    await office.tap(MAI, "Đóng")
    await office.settled()
    assert "chọn giúp một mức" in office.heard(channel.value)[-1]
    await office.citizen(f"#diem:{code}/5", channel)
    assert "cảm ơn" in office.heard(channel.value)[-1]
    (rating,) = await office.rows(tables.survey_answer)
    found = await case(office)
    assert (rating["score"], rating["case_id"]) == (5, found["case_id"])
    assert found["state"] == "closed"
    assert (await office.handover())["state"] == "closed"


async def test_on_facebook_with_a_photo_and_an_approval(
    start_office: StartOffice,
) -> None:
    """Photo to the topic, draft, approval, answer, end, score; all of it proved."""
    office = await start_office("telegram", content="full")
    code = await reports(office, Platform.FACEBOOK)
    await office.round()
    await office.round()
    assert [one.place for one in office.sandbox.room.group if one.picture] == [
        office.card.place
    ]

    await office.tap(MAI, "Nhận")
    await answered(office, MAI)
    await office.round()
    assert ANSWER not in "".join(office.heard())
    await office.tap(HOA, "Duyệt và gửi")
    assert ANSWER in office.heard()[-1]
    await closes_and_is_rated(office, code, Platform.FACEBOOK)

    assert (await acts(office))[-4:] == ["draft", "approve", "answer", "close"]
    proved = {row["tag"] for row in await office.rows(tables.evidence_entry)}
    assert set(PROOF) - proved == set()


async def test_on_zalo_with_the_window_closed(office: Office) -> None:
    """After a week of silence the answer waits, staff see it, and it goes first."""
    code = await reports(office, Platform.ZALO)
    await office.round()
    await office.tap(MAI, "Nhận")
    office.clock.advance(timedelta(days=8))
    await office.service.sweeper.sweep()
    await answered(office, MAI)
    await office.round()
    await office.tap(HOA, "Duyệt và gửi")
    await office.settled()
    assert ANSWER not in "".join(office.heard("zalo"))
    assert (await case(office))["is_waiting"]
    before = len(office.heard("zalo"))

    await office.citizen("xin chào", Platform.ZALO)
    assert ANSWER in office.heard("zalo")[before]
    await closes_and_is_rated(office, code, Platform.ZALO)
