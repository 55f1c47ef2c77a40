"""What do we take from an update of the staff group?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.errors import Malformed
from bot.channels.telegram.parse import read
from handlers.model import Channel, Kind
from handlers.staff.desk import Act, Tap

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CHAT = {"id": -1001, "type": "supergroup", "title": "g", "is_forum": True}
OFFICER = {"id": 42, "is_bot": False, "first_name": "C"}
BOT = {"id": 7001, "is_bot": True, "first_name": "B"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "GroupAnonymousBot"}
CARD = {
    "message_id": 78,
    "date": 1,
    "chat": CHAT,
    "from": BOT,
    "reply_markup": {
        "inline_keyboard": [[{"text": "Nhận", "callback_data": "d:take:r1"}]]
    },
}


def message(**parts: Any) -> dict[str, Any]:
    """Return an update with a message in a topic."""
    known = {
        "message_id": 9,
        "date": int(AT.timestamp()),
        "chat": CHAT,
        "from": OFFICER,
        "message_thread_id": 77,
        "is_topic_message": True,
        "text": "Dạ, mời bác",
        "reply_to_message": CARD,
    }
    return {"update_id": 5, "message": known | parts}


def press(**parts: Any) -> dict[str, Any]:
    """Return an update with a pressed button."""
    known = {
        "id": "c1",
        "from": OFFICER,
        "data": "d:take:r1",
        "chat_instance": "1",
        "message": CARD | {"message_thread_id": 77, "is_topic_message": True},
    }
    return {"update_id": 6, "callback_query": known | parts}


def body(update: object) -> bytes:
    """Return the bytes of an update."""
    return json.dumps(update).encode()


def test_a_reply_to_our_card_is_taken() -> None:
    """Who, where, what, and which matter the buttons of the card name."""
    found = read(body(message()), AT, bot_id="7001")

    assert found is not None
    assert (found.said.user_id, found.said.topic) == ("42", "-1001:77")
    assert (found.said.text, found.said.ref) == ("Dạ, mời bác", "r1")
    assert found.said.at == AT
    assert (found.wire.key, found.wire.user_id) == ("5", "-1001:77")
    assert (found.wire.inbound.channel, found.wire.inbound.kind) == (
        Channel.TELEGRAM,
        Kind.TEXT,
    )


def test_a_press_is_taken() -> None:
    """A press names act, matter, and what must be answered."""
    found = read(body(press()), AT)

    assert found is not None
    assert found.said.tap == Tap(Act.TAKE, "r1")
    assert (found.said.query_id, found.said.topic) == ("c1", "-1001:77")
    assert found.wire.inbound.kind is Kind.BUTTON


def test_the_largest_size_of_a_picture_is_named() -> None:
    """Photos come in sizes, the largest last; the caption is the text."""
    sizes = [
        {"file_id": name, "file_unique_id": name, "width": 9, "height": 9}
        for name in ("small", "large")
    ]
    found = read(body(message(text="", caption="Ảnh", photo=sizes)), AT)

    assert found is not None
    assert (found.said.files, found.said.text) == (("large",), "Ảnh")


@pytest.mark.parametrize(
    "update",
    [
        message(reply_to_message=None),
        message(reply_to_message=CARD | {"from": OFFICER}),
        message(reply_to_message=CARD | {"from": BOT | {"id": 8}}),
        message(reply_to_message=CARD | {"forum_topic_created": {"name": "x"}}),
        message(text="  "),
        press(data="something else"),
        press(data="d:take:"),
        press(data="d:fly:r1"),
        press(message=None),
        {"update_id": 7, "my_chat_member": {}},
        {"message": message()["message"]},
        {},
    ],
)
def test_what_is_not_for_us_is_left_alone(update: dict[str, Any]) -> None:
    """Talk among officers, other bots, service messages and strange presses."""
    assert read(body(update), AT, bot_id="7001") is None


@pytest.mark.parametrize(
    "parts",
    [
        {"sender_chat": CHAT, "from": ANONYMOUS},
        {"from": {"id": 8, "is_bot": True, "first_name": "X"}},
    ],
)
def test_nobody_can_be_named_behind_an_anonymous_admin(parts: dict[str, Any]) -> None:
    """The group itself writes: the person has no id."""
    found = read(body(message(**parts)), AT)

    assert found is not None
    assert found.said.user_id == ""


def test_a_thread_of_replies_is_no_topic() -> None:
    """In a group without topics the thread id is only that of a chain of replies."""
    plain = {"id": -1001, "type": "supergroup"}
    found = read(body(message(chat=plain, is_topic_message=False)), AT)

    assert found is not None
    assert found.said.topic == "-1001:"


def test_the_chat_is_named_for_both_kinds() -> None:
    """The webhook compares it with the configured group; a private talk is told."""
    private = {"id": 42, "type": "private", "first_name": "C"}
    found = [read(body(one), AT) for one in (message(), press(), message(chat=private))]

    assert [(one.chat_id, one.is_private) for one in found if one] == [
        ("-1001", False),
        ("-1001", False),
        ("42", True),
    ]


def test_the_button_under_the_message_replied_to_is_known() -> None:
    """A reply to a question of ours is an answer to that question."""
    buttons = [[{"text": "Trả lời", "callback_data": "d:reply:r1:a"}]]
    earlier = CARD | {"reply_markup": {"inline_keyboard": buttons}}
    found = read(body(message(reply_to_message=earlier)), AT)

    assert found is not None
    assert found.said.meant == Tap(Act.REPLY, "r1", "a")


@pytest.mark.parametrize("text", [b"", b"[]", b"nonsense"])
def test_what_is_no_object_is_malformed(text: bytes) -> None:
    """The same answer as on every other platform."""
    with pytest.raises(Malformed):
        read(text, AT)


NAMES = [
    "message",
    "callback_query",
    "from",
    "chat",
    "id",
    "data",
    "text",
    "is_bot",
    "photo",
    "reply_to_message",
    "message_id",
    "reply_markup",
    "inline_keyboard",
    "callback_data",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON, JSON)
def test_any_json_is_read_without_an_error(first: object, second: object) -> None:
    """Whatever the platform sends, nothing breaks."""
    update = {"update_id": 1, "message": first, "callback_query": second}
    found = read(body(update), AT)

    assert found is None or found.said.tap is None or found.said.tap.ref
