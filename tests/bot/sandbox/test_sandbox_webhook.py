"""Are the webhooks' bytes, signatures and shapes those of the platforms?"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.facebook.parse import parse as parse_facebook
from bot.channels.zalo.parse import parse as parse_zalo
from bot.sandbox import events_facebook, events_zalo
from bot.sandbox.errors import NoSuchEventError
from bot.sandbox.feed import ACTS as COMMENTS
from bot.sandbox.model import (
    PAGE_INBOX_APP,
    Act,
    ActKind,
    SandboxConfig,
    SignedRequest,
    ZaloAccount,
)
from bot.sandbox.webhook import (
    facebook_batch,
    facebook_dashboard_test,
    facebook_event,
    facebook_verify_path,
    sign_zalo,
    zalo_event,
    zalo_url_check,
)
from handlers.model import Kind

CONFIG = SandboxConfig("http://127.0.0.1:1")
USER = "6814205937712045181"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
HEX64 = 64
TALKED = [kind for kind in ActKind if kind not in COMMENTS]
"""Acts in a talk; comments stand on the page (test_sandbox_feed)."""


def _mac(request: SignedRequest, first: str, secret: str) -> str:
    stamp = json.loads(request.body)["timestamp"]
    whole = first.encode() + request.body + stamp.encode() + secret.encode()
    return "mac=" + hashlib.sha256(whole).hexdigest()


def _zalo(**parts: str) -> SandboxConfig:
    return replace(CONFIG, zalo=replace(ZaloAccount(), **parts))  # type: ignore[arg-type]  # only literals are passed


@pytest.mark.parametrize("mac_key", ["oa_secret", "app_secret"])
@pytest.mark.parametrize("mac_id", ["app_id", "oa_id"])
def test_zalo_mac(mac_key: str, mac_id: str) -> None:
    """The mac is SHA-256 over id, raw bytes, timestamp and secret, as configured."""
    config = _zalo(mac_key=mac_key, mac_id=mac_id)
    first = config.zalo.app_id if mac_id == "app_id" else config.zalo.oa_id
    oa, app = config.zalo.oa_secret_key, config.zalo.app_secret
    request = zalo_event(config, USER, "Dạ, xin chào")

    expected = _mac(request, first, oa if mac_key == "oa_secret" else app)

    assert expected == request.headers["X-ZEvent-Signature"]
    assert request.path == "/webhooks/zalo"


@given(st.text(max_size=60))
def test_zalo_bytes_are_unescaped_utf8(text: str) -> None:
    """Zalo's JSON carries letters as UTF-8, and its mac fits whatever was said."""
    request = zalo_event(CONFIG, USER, text)
    found = json.loads(request.body)["message"]["text"]

    expected = _mac(request, CONFIG.zalo.app_id, CONFIG.zalo.oa_secret_key)

    assert text == found
    assert b"\\u00" not in request.body or not text.isprintable()
    assert expected == request.headers["X-ZEvent-Signature"]


def test_lone_surrogates_do_not_break_signing() -> None:
    """Half a character from a browser is replaced, not an error."""
    request = zalo_event(CONFIG, USER, "a\ud800b")

    assert json.loads(request.body)["message"]["text"] == "a?b"


@given(st.text(max_size=60))
def test_facebook_bytes_are_escaped_ascii(text: str) -> None:
    """Meta signs ASCII with lower-case escapes, with HMAC-SHA256."""
    request = facebook_event(CONFIG, USER, text)
    key = CONFIG.facebook.app_secret.encode()
    expected = hmac.new(key, request.body, hashlib.sha256).hexdigest()
    entry = json.loads(request.body)["entry"][0]

    assert request.body.isascii()
    assert text == entry["messaging"][0]["message"]["text"]
    assert f"sha256={expected}" == request.headers["X-Hub-Signature-256"]


def test_facebook_escapes_are_lower_case() -> None:
    """An ê is written as its lower-case escape."""
    assert b"\\u00ea" in facebook_event(CONFIG, USER, "tên").body


def test_batches_hold_several_entries() -> None:
    """A batch keeps its entries and items in order, signed as one body."""
    items = [
        events_facebook.citizen_item(
            CONFIG.facebook, USER, Act(text=str(n)), f"m_{n}", NOW_MS
        )
        for n in range(3)
    ]
    body = json.loads(facebook_batch(CONFIG, [items[:2], items[2:]]).body)
    mids = [[i["message"]["mid"] for i in e["messaging"]] for e in body["entry"]]

    assert mids == [["m_0", "m_1"], ["m_2"]]


def test_feed_counts_seconds() -> None:
    """Changes carry seconds, messages milliseconds."""
    feed = facebook_batch(CONFIG, [[{"field": "feed"}]], area="changes", at_ms=NOW_MS)
    standby = facebook_batch(CONFIG, [[{}]], area="standby", at_ms=NOW_MS)

    assert json.loads(feed.body)["entry"][0]["time"] == NOW_MS // 1000
    assert json.loads(standby.body)["entry"][0]["time"] == NOW_MS


ACTS = {
    ActKind.TEXT: Act(text="xin chào"),
    ActKind.TAP: Act(ActKind.TAP, text="Lệ phí", payload="#fee", quick=True),
    ActKind.IMAGE: Act(ActKind.IMAGE, url="http://127.0.0.1/a.png"),
    ActKind.FILE: Act(ActKind.FILE, url="http://127.0.0.1/a.pdf", name="a.pdf", size=9),
    ActKind.AUDIO: Act(ActKind.AUDIO, url="http://127.0.0.1/a.amr"),
    ActKind.LOCATION: Act(
        ActKind.LOCATION, text="Chợ", latitude="21.02", longitude="105.8"
    ),
    ActKind.STICKER: Act(ActKind.STICKER, url="http://127.0.0.1/s.svg", name="2"),
    ActKind.LIKE: Act(ActKind.LIKE, url="http://127.0.0.1/s.svg"),
    ActKind.FOLLOW: Act(ActKind.FOLLOW, payload="#start"),
    ActKind.UNFOLLOW: Act(ActKind.UNFOLLOW),
    ActKind.REFERRAL: Act(ActKind.REFERRAL, payload="quay-1"),
    ActKind.HUMAN_REPLY: Act(ActKind.HUMAN_REPLY, text="Dạ, tôi xin trả lời ạ"),
}
KINDS = {
    ActKind.TEXT: (Kind.TEXT, Kind.TEXT),
    ActKind.TAP: (Kind.BUTTON, Kind.BUTTON),
    ActKind.IMAGE: (Kind.ATTACHMENT, Kind.ATTACHMENT),
    ActKind.FILE: (Kind.ATTACHMENT, Kind.ATTACHMENT),
    ActKind.AUDIO: (Kind.ATTACHMENT, Kind.ATTACHMENT),
    ActKind.LOCATION: (Kind.LOCATION, Kind.LOCATION),
    ActKind.STICKER: (Kind.STICKER, Kind.STICKER),
    ActKind.LIKE: (Kind.STICKER, Kind.STICKER),
    ActKind.FOLLOW: (Kind.FOLLOW, Kind.BUTTON),
    ActKind.UNFOLLOW: (Kind.UNFOLLOW, None),
    ActKind.REFERRAL: (Kind.REFERRAL, Kind.REFERRAL),
    ActKind.HUMAN_REPLY: (Kind.ECHO_HUMAN, Kind.ECHO_HUMAN),
}


def test_every_act_is_tested() -> None:
    """The tables of this file know every act there is."""
    assert set(TALKED) == set(ACTS) == set(KINDS)


@pytest.mark.parametrize("kind", TALKED)
def test_the_service_understands_zalo(kind: ActKind) -> None:
    """The service's own parser reads each act on Zalo as what it is."""
    request = zalo_event(CONFIG, USER, act=ACTS[kind], at_ms=NOW_MS)
    (event,) = parse_zalo(request.body, NOW)

    assert KINDS[kind][0] is event.inbound.kind
    assert event.user_id == USER
    assert CONFIG.zalo.oa_id == event.account_id


@pytest.mark.parametrize("kind", [k for k in TALKED if KINDS[k][1] is not None])
def test_the_service_understands_facebook(kind: ActKind) -> None:
    """The service's own parser reads each act on Messenger as what it is."""
    request = facebook_event(CONFIG, USER, act=ACTS[kind], at_ms=NOW_MS)
    (event,) = parse_facebook(request.body, NOW)

    assert KINDS[kind][1] is event.inbound.kind
    assert event.user_id == USER
    assert CONFIG.facebook.page_id == event.account_id


def test_messenger_has_no_unfollow() -> None:
    """Who blocks a page sends no event."""
    with pytest.raises(NoSuchEventError):
        facebook_event(CONFIG, USER, act=ACTS[ActKind.UNFOLLOW])


def test_postbacks_differ_from_quick_replies() -> None:
    """A button of a card is a postback, a chip is a message."""
    chip = facebook_event(CONFIG, USER, act=ACTS[ActKind.TAP])
    card = facebook_event(CONFIG, USER, act=replace(ACTS[ActKind.TAP], quick=False))

    assert "message" in json.loads(chip.body)["entry"][0]["messaging"][0]
    assert "postback" in json.loads(card.body)["entry"][0]["messaging"][0]


def test_human_echo_is_of_the_page_inbox() -> None:
    """What a person writes in the page's inbox carries that inbox's app id."""
    request = facebook_event(CONFIG, USER, act=ACTS[ActKind.HUMAN_REPLY])
    item = json.loads(request.body)["entry"][0]["messaging"][0]

    assert item["message"]["app_id"] == PAGE_INBOX_APP
    assert CONFIG.facebook.page_id == item["sender"]["id"]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ({"text": "a"}, "oa_send_text"),
        ({"attachment": {"type": "file", "payload": {"token": "t"}}}, "oa_send_file"),
        (
            {"attachment": {"type": "template", "payload": {"template_type": "media"}}},
            "oa_send_image",
        ),
        (
            {"text": "a", "attachment": {"type": "template", "payload": {}}},
            "oa_send_template",
        ),
    ],
)
def test_zalo_echo_names(message: dict[str, object], name: str) -> None:
    """Each kind of message has its own echo, without an admin for our own sends."""
    body = events_zalo.echo(CONFIG.zalo, USER, message, "x1", NOW_MS)
    (event,) = parse_zalo(sign_zalo(CONFIG, body).body, NOW)

    assert name == body["event_name"]
    assert "admin_id" not in body["sender"]
    assert Kind.ECHO_OWN is event.inbound.kind


def test_probes_are_not_events() -> None:
    """The console's probe has no signature; the dashboard's sample has no entry."""
    probe, sample = zalo_url_check(CONFIG), facebook_dashboard_test(CONFIG)

    assert "X-ZEvent-Signature" not in probe.headers
    assert "event_name" not in json.loads(probe.body)
    assert {"field", "value"} == set(json.loads(sample.body))


def test_verify_path_carries_the_token() -> None:
    """The GET that subscribes a webhook carries challenge and verify token."""
    query = parse_qs(urlsplit(facebook_verify_path(CONFIG, "1158201444")).query)

    assert query["hub.challenge"] == ["1158201444"]
    assert [CONFIG.facebook.verify_token] == query["hub.verify_token"]


def test_message_ids_differ() -> None:
    """No two events share an id, unless the caller wants it."""
    ids = {json.loads(zalo_event(CONFIG, USER).body)["message"]["msg_id"] for _ in "ab"}
    fixed = zalo_event(CONFIG, USER, "a", message_id="x1")

    assert len(ids) == 2
    assert json.loads(fixed.body)["message"]["msg_id"] == "x1"
