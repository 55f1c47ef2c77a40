"""What follows an accepted send? The echo, the delivery, the reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.sandbox import events_facebook, events_zalo
from bot.sandbox.delivery import Attempt, Watcher
from bot.sandbox.model import Act, ActKind, JsonObject, Platform
from bot.sandbox.record import Sent
from bot.sandbox.threads import Bubble, Shown
from bot.sandbox.webhook import facebook_batch, sign_zalo

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox

NOTES = {
    ActKind.FOLLOW: "Bà con đã quan tâm / bắt đầu trò chuyện",
    ActKind.UNFOLLOW: "Bà con đã bỏ quan tâm / chặn trang",
    ActKind.REFERRAL: "Bà con mở cuộc trò chuyện từ một đường dẫn",
    ActKind.COMMENT: "Bà con bình luận dưới bài của trang",
    ActKind.COMMENT_EDITED: "Bà con sửa bình luận dưới bài",
    ActKind.COMMENT_REMOVED: "Bà con gỡ bình luận dưới bài",
}


def bubble_of(act: Act, message_id: str, now_ms: int) -> Bubble:
    """Return what the phone shows for an act."""
    if act.kind in NOTES:
        said = f"{NOTES[act.kind]}: {act.text}" if act.text else NOTES[act.kind]
        return Bubble(message_id, "note", now_ms, Shown(note=said))
    if act.kind is ActKind.HUMAN_REPLY:
        return Bubble(message_id, "human", now_ms, Shown(text=act.text))
    return Bubble(message_id, "citizen", now_ms, _shown(act), state="sending")


def _shown(act: Act) -> Shown:
    if act.kind is ActKind.IMAGE:
        return Shown(text=act.text, pictures=(_local(act.url),))
    if act.kind in (ActKind.FILE, ActKind.AUDIO):
        file = {"name": act.name, "url": _local(act.url), "size": act.size}
        return Shown(text=act.text, files=(file,))
    if act.kind is ActKind.LOCATION:
        point = {"latitude": act.latitude, "longitude": act.longitude}
        return Shown(place={"label": act.text, **point})
    if act.kind in (ActKind.STICKER, ActKind.LIKE):
        return Shown(sticker=_local(act.url))
    return Shown(text=act.text or act.payload)


def _local(url: str) -> str:
    """The page loads files from its own origin, whatever host the service sees."""
    found = url.find("/sandbox/")
    return url[found:] if found >= 0 else url


def follow_up(sandbox: Sandbox, sent: Sent) -> None:
    """Post the webhooks of one accepted send, as far as the config wants them."""
    if sandbox.config.echoes:
        _post(sandbox, sent, [_echo(sandbox, sent)])
    if sandbox.config.receipts:
        _post(sandbox, sent, [_delivered(sandbox, sent)], "delivered")
        _post(sandbox, sent, [_seen(sandbox, sent)], "seen")


def _post(
    sandbox: Sandbox, sent: Sent, items: list[JsonObject], state: str = ""
) -> None:
    config = sandbox.config
    watcher = _mark(sandbox, sent, state)
    if sent.channel is Platform.ZALO:
        for item in items:
            request = sign_zalo(config, item)
            sandbox.poster.post(sent.channel, sent.user_id, request, watcher)
        return
    request = facebook_batch(config, [items], at_ms=sent.at_ms)
    sandbox.poster.post(sent.channel, sent.user_id, request, watcher)


def _mark(sandbox: Sandbox, sent: Sent, state: str) -> Watcher:
    """The tick appears when the receipt has been handed over."""

    def watch(attempt: Attempt, is_last: bool) -> None:
        del is_last
        if state and attempt.is_ok:
            sandbox.threads.mark(sent.channel, sent.user_id, state, "oa")

    return watch


def _echo(sandbox: Sandbox, sent: Sent) -> JsonObject:
    message = sent.body.get("message")
    known: Mapping[str, object] = message if isinstance(message, Mapping) else {}
    if sent.channel is Platform.ZALO:
        return events_zalo.echo(
            sandbox.config.zalo, sent.user_id, known, sent.message_id, sent.at_ms
        )
    account = sandbox.config.facebook
    return events_facebook.echo(
        account, sent.user_id, known, sent.message_id, sent.at_ms, int(account.app_id)
    )


def _delivered(sandbox: Sandbox, sent: Sent) -> JsonObject:
    if sent.channel is Platform.ZALO:
        return events_zalo.received(
            sandbox.config.zalo, sent.user_id, sent.message_id, sent.at_ms
        )
    return events_facebook.delivered(
        sandbox.config.facebook, sent.user_id, [sent.message_id], sent.at_ms
    )


def _seen(sandbox: Sandbox, sent: Sent) -> JsonObject:
    if sent.channel is Platform.ZALO:
        return events_zalo.seen(
            sandbox.config.zalo, sent.user_id, [sent.message_id], sent.at_ms
        )
    return events_facebook.read(sandbox.config.facebook, sent.user_id, sent.at_ms)
