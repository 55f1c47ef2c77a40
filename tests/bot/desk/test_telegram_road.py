"""From a citizen who waits to an officer's words and back, over Telegram."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from bot.erasure import erase
from bot.fetcher import vault_name
from bot.sandbox import staff_acts
from bot.sandbox.model import FaultRule, Platform, StaffPlatform
from bot.sandbox.staff_room import BOT, Line
from handlers.citizen.platform import STAFF_HOURS
from storage import desk_files, operations, people, tables
from storage.file_folder import FileFolder
from tests.bot.desk.conftest import StartOffice
from tests.bot.desk.support import MAI, STRANGER, TUAN, WAIT, Office
from tests.bot.support import UNIT, eventually

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAA"
    "SUVORK5CYII="
)
HELP = "Dạ, mời bác ra quầy số 2 sáng mai ạ."


async def posted(office: Office, text: str = WAIT) -> str:
    """Let bà Lành wait for a person; return the matter once staff were told."""
    await office.citizen(text)
    await office.round()
    return str((await office.handover())["handover_id"])


async def test_a_handover_becomes_a_topic_with_its_card(office: Office) -> None:
    """Code, kind and due time stand there, with buttons; the state moves on."""
    ref = await posted(office)

    (topic,) = office.sandbox.room.topics.values()
    (case,) = await office.rows(tables.case_record)
    assert case["case_id"] == ref
    assert topic.name == f"{case['code']} · gặp cán bộ"
    assert "Loại: gặp cán bộ" in office.card.text
    titles = [b["text"] for line in office.card.buttons for b in line]
    assert titles == ["Nhận", "Trả lời", "Chuyển", "Đóng"]
    assert (await office.handover())["state"] == "posted"
    assert await office.tags(ref) == ["bot:handover:posted"]


async def test_it_is_told_once(office: Office) -> None:
    """Further rounds find nothing new."""
    await posted(office)
    before = office.said()
    await office.round()
    await office.round()

    assert office.said() == before


async def test_only_masked_words_leave(office: Office) -> None:
    """Name and phone are hidden in what goes abroad; evidence says how much went."""
    ref = await posted(
        office, "cho tôi gặp cán bộ, tôi là Nguyễn Thị Lành, số 0912345678"
    )

    assert "0912345678" not in "".join(office.said())
    assert "Lành" not in "".join(office.said())
    assert "[số điện thoại]" in office.card.text
    tag = "bot:handover:posted"
    (entry,) = await office.rows(tables.evidence_entry, subject=ref, tag=tag)
    assert json.loads(entry["leaf"])["data"]["content"] == "masked"


async def test_take_silences_the_bot_and_close_hands_back(office: Office) -> None:
    """Nhận: no word of the bot until Đóng; each step has its evidence."""
    ref = await posted(office)
    await office.tap(MAI, "Nhận")
    before = office.heard()
    await office.citizen("làm khai sinh cho con cần giấy tờ gì")
    assert office.heard() == before
    assert "mai" in office.card.text
    assert (await office.handover())["state"] == "taken"

    await office.reply(MAI, HELP, office.card)
    before = office.heard()
    await office.tap(MAI, "Đóng")
    assert (await office.handover())["state"] == "closed"
    assert next(iter(office.sandbox.room.topics.values())).is_closed
    assert office.card.buttons == []
    await office.citizen("làm khai sinh cho con cần giấy tờ gì")
    assert len(office.heard()) > len(before)
    tags = await office.tags(ref)
    assert [tag for tag in tags if "case" not in tag] == [
        "bot:handover:posted",
        "staff:conversation:taken",
        "staff:conversation:returned",
    ]
    assert [tag for tag in tags if tag.startswith("staff:case")] == [
        "staff:case:taken",
        "staff:case:accepted",
        "staff:case:answered",
        "staff:case:closed",
    ]


async def test_the_silence_ends_by_itself(office: Office) -> None:
    """Who forgets Đóng does not silence the bot for ever: the card says until when."""
    await posted(office)
    await office.tap(MAI, "Nhận")
    assert "16:00 ngày 23/11" in office.card.text
    before = office.heard()
    office.clock.advance(STAFF_HOURS + timedelta(minutes=1))
    await office.citizen("làm khai sinh cho con cần giấy tờ gì")

    assert len(office.heard()) > len(before)


async def test_a_reply_in_the_topic_reaches_the_citizen(office: Office) -> None:
    """A reply to the card goes out as a person's words, and takes the talk over."""
    ref = await posted(office)
    await office.reply(MAI, HELP, office.card)

    assert HELP in office.heard()[-1]
    assert office.heard()[-1].startswith("Dạ, cán bộ xã Thanh Hà xin trả lời")
    (row,) = await office.rows(tables.outbox, human=True)
    assert (row["channel"], row["state"]) == ("facebook", "accepted")
    assert "staff:case:answered" in await office.tags(ref)
    assert (await office.handover())["state"] == "taken"
    assert "đang được gửi" in office.said()[-1]


async def test_the_words_of_the_log_are_only_a_promise(office: Office) -> None:
    """Evidence of an answer holds who and which matter; the text stays in the vault."""
    ref = await posted(office)
    await office.reply(MAI, HELP, office.card)
    await office.reply(MAI, "Dạ, bác mang theo căn cước ạ.", office.card)

    found = await office.rows(tables.evidence_entry, subject=ref)
    leaves = [json.loads(row["leaf"]) for row in found]
    (wrote,) = [one for one in leaves if one["tag"] == "staff:message:written"]
    assert wrote["data"] == {"by": "mai", "ref": ref, "via": "telegram"}
    assert set(wrote["sealed"]) == {"text"}
    assert all(HELP not in row["leaf"].decode() for row in found)


async def test_other_talk_in_the_topic_goes_nowhere(office: Office) -> None:
    """What officers say to each other is not stored and reaches nobody."""
    await posted(office)
    before, stored = office.heard(), len(await office.rows(tables.inbox_event))
    staff_acts.say_in_group(
        office.sandbox, MAI, "bác này hôm qua gọi rồi", place=office.card.place
    )
    await office.settled()

    assert office.heard() == before
    assert len(await office.rows(tables.inbox_event)) == stored


async def test_what_the_citizen_adds_comes_to_the_topic(office: Office) -> None:
    """While a person answers, the citizen's words reach them, masked, once."""
    await posted(office)
    await office.tap(MAI, "Nhận")
    await office.citizen("tôi ở thôn Đông, gọi tôi 0912345678 nhé")
    await office.round()
    await office.round()

    more = [text for text in office.said() if "nhắn thêm" in text]
    assert len(more) == 1
    assert "0912345678" not in more[0]
    assert "[số điện thoại]" in more[0]


async def test_asking_how_to_reply_gives_something_to_reply_to(office: Office) -> None:
    """Trả lời posts a message; a reply to it goes to the citizen."""
    await posted(office)
    await office.tap(MAI, "Trả lời")
    prompt, _ = office.button("Trả lời")
    assert "reply" in prompt.text
    await office.reply(MAI, HELP, prompt)

    assert HELP in office.heard()[-1]


async def test_passing_on_wakes_the_bot_and_asks_the_others(office: Office) -> None:
    """Chuyển: the matter is free again, the bot answers, a new message rings."""
    ref = await posted(office)
    await office.tap(MAI, "Nhận")
    await office.tap(MAI, "Chuyển")
    await office.tap(MAI, TUAN.name)
    assert (await office.handover())["state"] == "posted"
    assert any("nhờ tuan xem giúp" in text for text in office.said())
    (case,) = await office.rows(tables.case_record)
    assert case["owner"] == "tuan"
    await office.reply(TUAN, HELP, office.card)

    assert (await office.handover())["state"] == "taken"
    assert "staff:handover:passed_on" in await office.tags(ref)


async def test_two_officers_cannot_both_take(office: Office) -> None:
    """The second is told that somebody was faster; nothing changes."""
    ref = await posted(office)
    line, data = office.button("Nhận")
    staff_acts.tap(office.sandbox, MAI, line.message_id, data)
    staff_acts.tap(office.sandbox, TUAN, line.message_id, data)
    await office.settled()

    assert (await office.tags(ref)).count("staff:conversation:taken") == 1
    assert "mai" in office.card.text


async def test_a_stranger_changes_nothing(office: Office) -> None:
    """Who is not in the list is told so; their press is on record."""
    await posted(office)
    toasts: list[dict[str, str]] = []
    office.sandbox.room.toast = lambda who, text: toasts.append({who: text})  # type: ignore[method-assign]
    await office.tap(STRANGER, "Nhận")
    await office.reply(STRANGER, HELP, office.card)
    await eventually(lambda: toasts)

    assert (await office.handover())["state"] == "posted"
    assert "danh sách cán bộ" in toasts[0]["khach"]
    assert HELP not in "".join(office.heard())
    skipped = await office.rows(tables.evidence_entry, tag="bot:message:skipped")
    reasons = [json.loads(row["leaf"])["data"].get("reason") for row in skipped]
    assert reasons.count("stranger") == 2


@pytest.mark.parametrize(
    ("days", "tag"), [(2, "HUMAN_AGENT"), (6.9, "HUMAN_AGENT"), (0.1, None)]
)
async def test_facebook_is_told_that_a_person_writes(
    office: Office, days: float, tag: str | None
) -> None:
    """After 24 hours only a person's words may go, up to seven days, and tagged."""
    await posted(office)
    office.later(days=days)
    await office.reply(MAI, HELP, office.card)

    assert HELP in office.heard()[-1]
    assert office.sandbox.record.sent()[-1].body.get("tag") == tag


async def test_after_seven_days_the_officer_hears_at_once(office: Office) -> None:
    """Nothing is planned that the platform would refuse: the answer waits."""
    await posted(office)
    before = office.heard()
    office.later(days=7, minutes=5)
    await office.reply(MAI, HELP, office.card)

    assert office.heard() == before
    assert "chờ" in office.said()[-1]
    assert (await office.rows(tables.case_record))[0]["is_waiting"]
    await office.tap(MAI, "Nhắn hỏi thêm")
    prompt, _ = office.button("Nhắn hỏi thêm")
    await office.reply(MAI, HELP, prompt)
    assert "quá thời hạn" in office.said()[-1]
    assert office.heard() == before


async def test_zalo_citizens_are_served_too(office: Office) -> None:
    """The reply goes where the citizen waits."""
    await office.citizen(WAIT, Platform.ZALO)
    await office.round()
    await office.reply(MAI, HELP, office.card)

    assert HELP in office.heard("zalo")[-1]


async def test_a_picture_of_an_officer_reaches_the_citizen(office: Office) -> None:
    """Fetched, kept under the citizen's key, sent, proved; once."""
    ref = await posted(office)
    stored = office.sandbox.files.add("anh.png", PIXEL, 1)
    await office.reply(MAI, "", office.card, picture=stored.path)

    (row,) = await office.rows(tables.received_file)
    assert (row["state"], row["channel"]) == ("stored", "telegram")
    assert await office.tags(row["file_id"]) == ["staff:file:kept", "staff:file:read"]
    assert "staff:message:written" in await office.tags(ref)
    bodies = [one.body["message"] for one in office.sandbox.record.sent()]
    assert sum("attachment" in one and bool(one["attachment"]) for one in bodies) == 1
    (link,) = await office.rows(tables.case_link)
    assert link["ref"] == row["file_id"]


@pytest.mark.parametrize(("content", "number"), [("full", 1), ("masked", 0)])
async def test_pictures_of_citizens_reach_the_topic_only_in_full(
    start_office: StartOffice, content: str, number: int
) -> None:
    """With content: full the copy without facts stands in the topic, once."""
    office = await start_office("telegram", content=content)
    await posted(office)
    await picture(office)
    await office.round()
    await office.round()

    shown = [one for one in office.sandbox.room.group if one.picture]
    assert [one.place for one in shown] == [office.card.place] * number


async def picture(office: Office) -> None:
    """Store a picture of bà Lành as the fetcher would have."""
    row, ids = await office.handover(), office.opened.ids
    unit, folder = office.service.units[UNIT], FileFolder(office.opened.files_folder)
    (person,) = await office.rows(tables.person, person_id=row["person_id"])
    vault = unit.vault.unwrap(row["person_id"], person["wrapped_key"])
    draft = folder.draft()
    draft.write(PIXEL)
    name = vault_name(unit, vault, draft.sha256)
    draft.finish(vault, name)
    folder.publish(draft, UNIT, name)
    now, item_id = office.clock.now_ms(), ids.new()
    shared = {"unit_id": UNIT, "person_id": row["person_id"], "item_id": item_id}
    sealed = vault.seal({"texts": {"sha256": draft.sha256}}, item_id)
    item = shared | {"kind": "file", "sealed": sealed, "created_at": now}
    file = shared | {
        "file_id": ids.new(),
        "event_id": ids.new(),
        "position": 0,
        "channel": row["channel"],
        "kind": "image",
        "state": "stored",
        "attempts": 1,
        "available_at": now,
        "size": draft.size,
        "content_mac": name,
        "media_type": "image/png",
        "created_at": now,
        "updated_at": now,
    }

    def work(c: Connection) -> None:
        people.add_items(c, [item])
        desk_files.keep(c, file)

    await office.service.database.write(work)


async def test_what_is_no_picture_is_refused_in_one_sentence(office: Office) -> None:
    """A file of a type we do not know stays away from the citizen."""
    await posted(office)
    before = office.heard()
    stored = office.sandbox.files.add("a.exe", b"MZ" + bytes(600), 1)
    await office.reply(MAI, "", office.card, picture=stored.path)

    assert "loại tệp này chưa chuyển" in office.said()[-1]
    assert office.heard() == before
    assert await office.rows(tables.received_file) == []


async def test_the_citizen_waits_for_nobody_when_telegram_is_away(
    office: Office,
) -> None:
    """Answers go on while Telegram is down; staff are told when it is back."""
    office.sandbox.faults.set("server_error", FaultRule(on=True, channel="telegram"))
    await office.citizen(WAIT)
    await office.service.poster.round()
    await office.citizen_answered()
    assert office.sandbox.room.topics == {}
    office.sandbox.faults.clear()
    office.later(minutes=10)
    await office.settled()

    assert office.card.buttons


async def test_too_many_requests_wait_as_long_as_told(office: Office) -> None:
    """429 with retry_after: the row comes back later and nothing is lost."""
    office.sandbox.faults.set("rate_limit", FaultRule(next_calls=1, channel="telegram"))
    await office.citizen(WAIT)
    await office.service.poster.round()
    rows = await eventually(lambda: office.rows(tables.outbox, state="retry"))
    assert rows[0]["code"] == "429"
    for sender in office.service.senders:
        for limit in sender._limits.values():
            limit._paused_until = 0.0
    office.later(seconds=5)
    await office.settled()

    assert office.card.buttons


async def test_a_word_of_unknown_fate_goes_once_more(office: Office) -> None:
    """Telegram took it and hung up: staff see it twice rather than never."""
    await posted(office)
    fault = FaultRule(next_calls=1, channel="telegram")
    office.sandbox.faults.set("accept_then_drop", fault)
    await office.tap(MAI, "Trả lời")
    office.later(seconds=10)
    await office.settled()

    rows = await office.rows(tables.outbox, kind="staff")
    states = [row["state"] for row in rows]
    assert sorted(states) == ["accepted", "accepted", "unknown"]
    assert len([text for text in office.said() if "reply" in text]) == 2


async def test_a_topic_of_unknown_fate_is_made_again(office: Office) -> None:
    """An empty topic too many does no harm; the card stands in the last one."""
    fault = FaultRule(next_calls=1, channel="telegram")
    office.sandbox.faults.set("accept_then_drop", fault)
    await posted(office)

    assert len(office.sandbox.room.topics) == 2
    assert office.card.place == str(max(office.sandbox.room.topics))


async def test_a_deleted_topic_is_made_again(office: Office) -> None:
    """Staff deleted the topic: the next word makes a new one."""
    await posted(office)
    office.sandbox.room.delete_topic(int(office.card.place))
    ref = (await office.handover())["handover_id"]
    await take_by_payload(office, ref)

    (topic,) = office.sandbox.room.topics.values()
    assert topic.name.endswith("gặp cán bộ")
    assert "đã có mai nhận" in office.said()[-1]


async def take_by_payload(office: Office, ref: str) -> None:
    """Let Mai press a button that is still on her screen."""
    room = office.sandbox.room
    buttons = [[{"text": "Nhận", "callback_data": f"d:take:{ref}"}]]
    line = Line(room.new_id(), "", BOT, "thẻ cũ", 0, buttons)
    room.add_group(line)
    await office.tap(MAI, "Nhận")


async def test_a_group_without_topics_works_too(start_office: StartOffice) -> None:
    """The card goes to the group; its buttons name the matter for a reply."""
    office = await start_office("telegram", account={"is_forum": False})
    await posted(office)
    line, _ = office.button("Nhận")
    assert line.place == ""
    await office.reply(MAI, HELP, line)

    assert HELP in office.heard()[-1]


async def test_notices_reach_the_general_room_once(office: Office) -> None:
    """What needs a technician is told in the group; our own failures are not."""
    for kind, subject in (("stuck", "outbox"), ("staff_send_refused", "x")):
        notice = {
            "unit_id": UNIT,
            "notice_id": office.service.sweeper._ids.new(),
            "kind": kind,
            "subject": subject,
            "detail": "5 phút",
            "created_at": office.clock.now_ms(),
        }
        add = partial(operations.add_notice, row=notice)
        await office.service.database.write(add)
    await office.round()
    await office.round()

    assert len(office.said("")) == 1
    assert "chờ quá lâu" in office.said("")[0]


async def test_full_content_needs_the_setting(start_office: StartOffice) -> None:
    """With content: full the whole text goes, but never about health."""
    office = await start_office("telegram", content="full")
    await posted(office, "cho tôi gặp cán bộ, tôi là Nguyễn Thị Lành ở thôn Đông")

    assert "Nguyễn Thị Lành" in office.card.text
    assert "đã che" not in office.card.text


async def test_erasing_the_citizen_reaches_the_staff_side(
    office: Office,
) -> None:
    """Posts, topic, and raw bodies of the topic go with the person's key."""
    ref = await posted(office)
    await office.reply(MAI, HELP, office.card)
    row = await office.handover()
    await erase(office.opened, UNIT, row["person_id"])

    items = await office.rows(tables.vault_item, person_id=row["person_id"])
    assert items == []
    assert await office.rows(tables.identity, person_id=row["person_id"]) == []
    bodies = await office.rows(tables.inbox_body, channel="telegram")
    assert bodies == []
    await office.tap(MAI, "Đóng")
    assert await office.rows(tables.handover) == []
    assert (await office.tags(ref))[-1] == "staff:conversation:taken"


async def test_who_declined_is_not_quoted(office: Office) -> None:
    """Without consent to the notice no word leaves for another platform."""
    await office.citizen("xin chào")
    await office.citizen("không đồng ý")
    await posted(office, "cho tôi gặp cán bộ về cái ngõ nhà tôi")

    assert "ngõ" not in office.card.text
    assert "xin xem ở máy của cơ quan" in office.card.text


async def test_a_dead_token_is_told_once_and_not_there(office: Office) -> None:
    """401: rows wait, the notice is for the console, not for the dead channel."""
    fault = FaultRule(on=True, channel="telegram")
    office.sandbox.faults.set("expired_token", fault)
    await office.citizen(WAIT)
    await office.service.poster.round()
    await eventually(lambda: office.rows(tables.outbox, state="retry"))
    await office.service.poster.round()

    (notice,) = await office.rows(tables.notice)
    assert (notice["kind"], notice["subject"]) == ("token_reauthorise", "telegram")
    assert len(await office.rows(tables.outbox, kind="staff")) == 1


async def test_the_platforms_are_told_where_we_are(start_office: StartOffice) -> None:
    """At the start each webhook is set with the unit's address and secret."""
    office = await start_office("telegram", "zalo_bot")
    await office.service.staff.set_webhooks("https://tro-ly.example/")

    hooks = office.sandbox.hooks
    telegram = office.sandbox.config.telegram
    assert hooks[StaffPlatform.TELEGRAM] == (
        "/webhooks/telegram/thanh-ha",
        telegram.secret_token,
    )
    assert hooks[StaffPlatform.ZALO_BOT][0] == "/webhooks/zalo-bot/thanh-ha"
