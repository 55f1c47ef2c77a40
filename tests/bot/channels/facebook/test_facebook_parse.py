"""Does every item of a Facebook batch say what it means, each for itself?"""

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
from bot.channels.facebook.parse import page_ids, parse, redact
from handlers.model import Kind

NOW = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
PAGE, OUR = "1234567890321", {"770001"}
CASES = json.loads(
    (Path(__file__).parents[1] / "data" / "facebook_items.json").read_text("utf-8")
)


def batch(*entries: object, of: object = "page") -> bytes:
    return json.dumps({"object": of, "entry": list(entries)}).encode()


def entry(area: str, *items: object) -> dict[str, object]:
    return {"id": PAGE, "time": 1795428000000, area: list(items)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_item_is_read_as_the_table_says(case: dict[str, Any]) -> None:
    """Kind, sides, ids and content of every item are those of the table."""
    raw = batch(entry(case["area"], case["item"]))
    (event,) = parse(raw, NOW, our_app_id=OUR)
    told = {
        "kind": event.inbound.kind.value,
        "user_id": event.user_id,
        "account_id": event.account_id,
        "message_id": event.message_id,
        "key": event.key,
    }
    assert case["expect"].items() <= told.items()
    content = asdict(event.inbound)
    for file in content["attachments"]:
        assert file.pop("file_id") == ""  # given when it is stored
    mark = event.inbound.watermark
    content["watermark"] = mark and mark.isoformat(timespec="milliseconds")
    expected = {**content, **case["inbound"]}
    assert json.dumps(expected, default=str) == json.dumps(content, default=str)


def test_one_batch_holds_them_all() -> None:
    """Neighbours, even broken ones, change neither content nor key of an item."""
    raw = batch(*(entry(case["area"], case["item"]) for case in CASES))
    events = parse(raw, NOW, our_app_id=OUR)
    assert [event.index for event in events] == list(range(len(CASES)))
    for case, event in zip(CASES, events, strict=True):
        (alone,) = parse(batch(entry(case["area"], case["item"])), NOW, our_app_id=OUR)
        assert (alone.key, alone.inbound) == (event.key, event.inbound)
    keys = [event.key for event in events]
    assert len(set(keys)) == len(keys)


def test_lists_are_counted_in_one_order() -> None:
    """Messaging, then standby, then changes, whatever the order in the body."""
    mixed = {
        "id": PAGE,
        "changes": [{"field": "feed", "value": {}}],
        "standby": "?",
        "messaging": [{}, 5],
    }
    events = parse(batch(mixed, "?", {"id": PAGE, "messaging": []}), NOW)
    assert [event.index for event in events] == [0, 1, 2, 3, 4, 5]
    assert {event.inbound.kind for event in events} == {Kind.UNKNOWN}


def test_the_same_message_twice_in_one_body_has_one_key() -> None:
    """Facebook repeats messages inside one request; storage sees it by the key."""
    item = CASES[0]["item"]
    first, second = parse(batch(entry("messaging", item, item)), NOW)
    assert (first.key, first.index, second.index) == (second.key, 0, 1)


def test_without_a_known_app_only_the_mark_proves_an_echo() -> None:
    """An echo with our mark is ours, one without is a person's."""
    echoes = {case["name"]: case["item"] for case in CASES if "echo" in case["name"]}
    by_mark, by_app = echoes["our echo by mark"], echoes["our echo by app id"]
    first, second = parse(batch(entry("messaging", by_mark, by_app)), NOW)
    assert first.inbound.kind is Kind.ECHO_OWN
    assert second.inbound.kind is Kind.ECHO_HUMAN
    assert second.app_id == "770001"


def test_control_without_a_known_app() -> None:
    """Meta tells the receiver of a thread, so a pass is ours unless to the inbox."""
    passed = {"sender": {"id": "5"}, "pass_thread_control": {"new_owner_app_id": "9"}}
    inbox = {
        "sender": {"id": "5"},
        "pass_thread_control": {"new_owner_app_id": "263902037430900"},
    }
    events = parse(batch(entry("messaging", passed, inbox)), NOW)
    kinds = [event.inbound.kind for event in events]
    assert kinds == [Kind.HANDBACK, Kind.ECHO_HUMAN]


def test_feed_times_are_seconds() -> None:
    """The time of a change counts seconds, that of a message milliseconds."""
    change = {"id": PAGE, "time": 1795428000, "changes": [{"field": "feed"}]}
    (event,) = parse(batch(change), NOW)
    assert event.inbound.at == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_an_old_watermark_is_not_lifted() -> None:
    """Clamping a read mark upwards would claim more than was read."""
    read = {"sender": {"id": "5"}, "read": {"watermark": 1458668856253}}
    ahead = {"sender": {"id": "5"}, "read": {"watermark": 9958668856253}}
    old, new = parse(batch(entry("messaging", read, ahead)), NOW)
    assert old.inbound.watermark == datetime.fromtimestamp(1458668856.253, UTC)
    assert new.inbound.watermark == NOW


def test_other_objects_are_stored_and_skipped() -> None:
    """A subscription we never asked for is no reason to lose the rest."""
    (event,) = parse(batch(entry("messaging", CASES[0]["item"]), of="instagram"), NOW)
    assert event.inbound.kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"object":"page"}',
        b'{"object":"page","entry":{}}',
        b'{"entry":[]}',
        b'{"field":"messages","value":{}}',
    ],
)
def test_a_body_without_entries_is_malformed(body: bytes) -> None:
    """At the top only the documented shape is taken."""
    with pytest.raises(Malformed):
        parse(body, NOW)


def test_pages_are_named_before_anything_is_trusted() -> None:
    """The webhook learns which page's secret to verify with."""
    raw = batch({"id": 5}, {"id": "6"}, {"id": 5}, "?")
    assert page_ids(wire.load(raw)) == ("5", "6")


def test_redacting_erases_one_person_and_moves_nobody() -> None:
    """After an erasure the other events of the batch are what they were."""
    raw = batch(*(entry(case["area"], case["item"]) for case in CASES))
    before = parse(raw, NOW, our_app_id=OUR)
    for index, event in enumerate(before):
        after = parse(redact(raw, index), NOW, our_app_id=OUR)
        assert after[index].inbound.kind is Kind.UNKNOWN
        assert (after[index].user_id, after[index].inbound.text) == ("", "")
        others = zip(before, after, strict=True)
        assert all(one == other for one, other in others if one is not event)
    assert redact(raw, len(before)) == raw


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner)
    ),
    max_leaves=10,
)
NAMES = st.sampled_from(
    [
        "message",
        "postback",
        "delivery",
        "read",
        "optin",
        "pass_thread_control",
        "take_thread_control",
        "reaction",
        "sender",
        "recipient",
        "timestamp",
    ]
)
FIELDS = ("mid", "text", "attachments", "is_echo", "payload", "mids", "ref")
PARTS = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON_VALUES))
ITEMS = JSON_VALUES | st.dictionaries(NAMES, JSON_VALUES | PARTS, max_size=4)
AREAS = st.sampled_from(["messaging", "standby", "changes", "id", "time"])
ENTRIES = JSON_VALUES | st.dictionaries(AREAS, st.lists(ITEMS, max_size=3) | ITEMS)


@given(st.lists(ENTRIES, max_size=4), st.integers(0, 9))
def test_no_item_can_break_its_batch(entries: list[object], index: int) -> None:
    """Any items give as many events as before and after one is redacted."""
    raw = batch(*entries)
    before = parse(raw, NOW)
    after = parse(redact(raw, index), NOW)
    assert [event.index for event in before] == list(range(len(before)))
    assert len(after) == len(before)
    kept = [one for one in range(len(before)) if one != index]
    assert [before[one].key for one in kept] == [after[one].key for one in kept]
    moments = [event.inbound.at for event in before]
    assert all(NOW - timedelta(hours=24) <= at <= NOW for at in moments)


@given(JSON_VALUES | st.binary(max_size=40))
def test_arbitrary_bodies_give_events_or_malformed(value: object) -> None:
    """Nothing but Malformed ever escapes from the parser."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    try:
        events = parse(raw, NOW)
    except Malformed:
        return
    assert all(event.inbound.kind is Kind.UNKNOWN for event in events)
