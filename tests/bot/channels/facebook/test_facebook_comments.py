"""What does a change of the feed say of a comment, and how is one answered?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.facebook.comments import PRIVATE
from bot.channels.facebook.parse import parse, redact
from bot.channels.facebook.render import render
from bot.channels.wire import WireEvent
from handlers.model import Kind, Reply

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PAGE = "1234567890321"
COMMENT = "901097836652708_903438993085259"


def change(verb: str = "add", /, **value: Any) -> dict[str, Any]:
    """Return a change of the feed, in the shape that PLATFORMS.md shows."""
    basic = {
        "item": "comment",
        "verb": verb,
        "comment_id": COMMENT,
        "post_id": f"{PAGE}_901097836652708",
        "parent_id": f"{PAGE}_901097836652708",
        "from": {"id": "24813057719364021", "name": "Người thử"},
        "created_time": 1795575540,
        "message": "Đường thôn tôi tối quá",
    }
    return {"field": "feed", "value": basic | value}


def heard(*changes: Any) -> tuple[WireEvent, ...]:
    """Parse a body with these changes."""
    entry = {"id": PAGE, "time": 1795575540, "changes": list(changes)}
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    return parse(body, NOW)


def test_a_comment_is_told_with_its_words_and_its_id() -> None:
    """Who, what, under which post; the time of the feed counts seconds."""
    (event,) = heard(change())

    assert event.inbound.kind is Kind.COMMENT
    assert (event.account_id, event.user_id) == (PAGE, "24813057719364021")
    assert event.inbound.payload == event.message_id == COMMENT
    assert event.inbound.text == "Đường thôn tôi tối quá"
    assert event.inbound.at == datetime.fromtimestamp(1795575540, UTC)


def test_one_key_a_comment_and_one_an_edit() -> None:
    """Told twice it is one event; an edit is another, by what it says now."""
    again = change(published=1)
    other = change("edited", message="Đường thôn tôi sáng rồi")
    keys = [e.key for e in heard(change(), again, other, change("edit"), other)]

    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert keys[2] == keys[4]
    kinds = [e.inbound.kind for e in heard(other, change("edit"), change("remove"))]
    assert kinds == [Kind.COMMENT_EDITED, Kind.COMMENT_EDITED, Kind.COMMENT_REMOVED]


@pytest.mark.parametrize(
    "value",
    [
        {"from": {"id": PAGE}},
        {"sender_id": PAGE, "from": None},
        {"item": "post"},
        {"verb": "hide"},
        {"comment_id": "me/feed"},
        {"comment_id": ""},
    ],
)
def test_the_rest_of_the_feed_is_of_no_use(value: dict[str, Any]) -> None:
    """Our own comments, posts, what moderators do, and ids that are none."""
    (event,) = heard(change() | {"value": change()["value"] | value})

    assert event.inbound.kind is Kind.UNKNOWN


def test_who_is_not_told_is_named_by_the_comment() -> None:
    """Without the permission Meta leaves the writer out; nobody else is mixed in."""
    (event,) = heard(change("add", **{"from": None}))

    assert event.user_id == f"{PRIVATE}{COMMENT}"
    assert event.inbound.kind is Kind.COMMENT


def test_a_comment_can_be_taken_out_of_a_body() -> None:
    """Erasing one person from a batch leaves the other comment where it was."""
    other = change(comment_id="1_2", message="khác")
    entry = {"id": PAGE, "time": 1795575540, "changes": [change(), other]}
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    left = parse(redact(body, 0), NOW)

    assert [event.inbound.text for event in left] == ["", "khác"]


@given(
    st.dictionaries(
        st.sampled_from(["item", "verb", "comment_id", "from", "message", "photo"]),
        st.none() | st.integers() | st.text(max_size=8) | st.just({"id": 5}),
    )
)
def test_no_change_breaks_the_parser(value: dict[str, Any]) -> None:
    """Whatever stands in a change, there is one event for it."""
    assert len(heard({"field": "feed", "value": value})) == 1


def test_a_private_reply_names_the_comment_and_no_window() -> None:
    """The body is the one of PLATFORMS.md 3.2, with our mark for the echo."""
    body = render(Reply("Dạ"), f"{PRIVATE}{COMMENT}", reference="r1")

    assert body["recipient"] == {"comment_id": COMMENT}
    assert body["message"] == {"text": "Dạ", "metadata": "tt:r1"}
    assert "messaging_type" not in body
