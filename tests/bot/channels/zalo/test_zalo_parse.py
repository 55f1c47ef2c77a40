"""Does every Zalo event say what it means?"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import wire
from bot.channels.errors import Malformed
from bot.channels.zalo.parse import parse
from handlers.model import Channel, Kind

NOW = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
SENT = datetime(2026, 11, 23, 10, 0, 0, 123000, tzinfo=UTC)
OA, USER = "388613280878808001", "8309393969855402777"
CASES = json.loads(
    (Path(__file__).parents[1] / "data" / "zalo_events.json").read_text("utf-8")
)


def body_of(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_event_is_read_as_the_table_says(case: dict[str, Any]) -> None:
    """Kind, sides, ids and content of every event are those of the table."""
    (event,) = parse(body_of(case["body"]), NOW)
    told = {
        "kind": event.inbound.kind.value,
        "user_id": event.user_id,
        "account_id": event.account_id,
        "message_id": event.message_id,
        "key": event.key,
    }
    assert case["expect"].items() <= told.items()
    content = json.loads(json.dumps(asdict(event.inbound), default=str))
    for file in content["attachments"]:
        assert file.pop("file_id") == ""  # given when it is stored
    assert case["inbound"].items() <= content.items()
    assert event.inbound.channel is Channel.ZALO
    assert event.index == 0


def test_all_keys_of_the_table_differ() -> None:
    """A receipt, an echo and a reaction never hide the message they are about."""
    keys = [parse(body_of(case["body"]), NOW)[0].key for case in CASES]
    assert len(set(keys)) == len(keys)


def test_a_loaded_body_reads_like_the_raw_one() -> None:
    """The webhook may parse once and hand the result on."""
    for case in CASES:
        raw = body_of(case["body"])
        assert parse(wire.load(raw), NOW) == parse(raw, NOW)


def test_seen_with_the_sides_swapped() -> None:
    """A receipt whose sender is the citizen is understood when the OA is known."""
    body = {
        "event_name": "user_seen_message",
        "sender": {"id": USER},
        "recipient": {"id": OA},
        "message": {"msg_ids": ["m-1"]},
        "timestamp": "1795428000123",
    }
    (event,) = parse(body_of(body), NOW, oa_ids={OA})
    assert (event.account_id, event.user_id) == (OA, USER)
    assert event.inbound.kind is Kind.SEEN


def test_only_name_and_phone_of_a_form_are_kept() -> None:
    """Birth date and address that a citizen filled in reach no field of ours."""
    (case,) = [case for case in CASES if case["name"] == "a filled form"]
    kept = repr(parse(body_of(case["body"]), NOW))
    assert "01/01/1990" not in kept
    assert "full_address" not in kept


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("1795428000123", SENT),
        (1795428000123, SENT),
        (None, NOW),
        ("gần đây", NOW),
        ("99999999999999999999", NOW),
        ("1795429000000", NOW),
        ("154390853474", NOW - timedelta(hours=24)),
        ("0", NOW - timedelta(hours=24)),
        ("-5", NOW),
        (True, NOW),
    ],
)
def test_the_platform_clock_is_clamped(timestamp: object, expected: datetime) -> None:
    """A missing, future or ancient time becomes one of the last 24 hours."""
    body = {"event_name": "follow", "oa_id": OA, "timestamp": timestamp}
    (event,) = parse(body_of(body), NOW)
    assert expected == event.inbound.at


def test_the_key_does_not_depend_on_when_it_came() -> None:
    """A retry an hour later is the same event, id or no id."""
    for case in CASES:
        raw = body_of(case["body"])
        later = parse(raw, NOW + timedelta(hours=2))[0].key
        assert parse(raw, NOW)[0].key == later


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe\x00", b"1" * 9999]
)
def test_what_is_no_object_is_malformed(body: bytes) -> None:
    """Only a JSON object can be an event."""
    with pytest.raises(Malformed):
        parse(body, NOW)


def test_a_bottomless_body_is_malformed() -> None:
    """Nesting made to exhaust the stack is refused, not suffered."""
    for depth in (100, 100_000):
        with pytest.raises(Malformed):
            parse(b'{"a":' + b"[" * depth + b"]" * depth + b"}", NOW)


def test_what_no_database_can_store_is_replaced() -> None:
    """A NUL or half a surrogate pair never reaches storage."""
    body = b'{"event_name":"user_send_text","sender":{"id":"7\\u0000"},"message":'
    body += b'{"text":"a\\u0000b\\ud800","msg_id":"x\\udfff"}}'
    (event,) = parse(body, NOW)
    assert event.inbound.text == "a\ufffdb\ufffd"
    assert (event.user_id, event.key) == ("7\ufffd", "x\ufffd")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from([case["body"].get("event_name", "") for case in CASES])
FIELDS = st.sampled_from(
    ["sender", "recipient", "message", "timestamp", "info", "follower", "oa_id"]
)


@given(NAMES | JSON_VALUES, st.dictionaries(FIELDS, JSON_VALUES))
def test_no_event_body_can_break_the_parser(name: object, rest: dict[str, Any]) -> None:
    """Whatever the fields hold, one event comes out, with texts for ids."""
    (event,) = parse(json.dumps({**rest, "event_name": name}).encode(), NOW)
    ids = (event.account_id, event.user_id, event.key, event.message_id, event.app_id)
    assert all(isinstance(one, str) for one in ids)
    assert NOW - timedelta(hours=24) <= event.inbound.at <= NOW
    assert event.user_id or event.inbound.kind is Kind.UNKNOWN


@given(JSON_VALUES | st.binary(max_size=40))
def test_arbitrary_bodies_give_events_or_malformed(value: object) -> None:
    """Nothing but Malformed ever escapes from the parser."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    try:
        events = parse(raw, NOW)
    except Malformed:
        return
    assert len(events) == 1
