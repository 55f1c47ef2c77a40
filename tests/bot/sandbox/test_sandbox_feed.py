"""Does the emulated page take comments, and answer to them as the platform would?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.facebook.parse import parse
from bot.sandbox.citizens import CITIZENS
from bot.sandbox.errors import NoSuchEventError
from bot.sandbox.feed import WEEK_MS, Feed
from bot.sandbox.model import Act, ActKind, FacebookAccount, SandboxConfig
from bot.sandbox.webhook import facebook_batch
from handlers.model import Kind
from tests.bot.sandbox.support import LANH, World

NOW_MS = 1_795_575_540_000
NOW = datetime.fromtimestamp(NOW_MS / 1000, UTC)
WRITE = Act(ActKind.COMMENT, text="Đường tối quá")


def test_our_parser_reads_what_the_page_tells() -> None:
    """A comment, its change and its removal are read as what they are."""
    feed, config = Feed(FacebookAccount()), SandboxConfig()
    acts = [
        WRITE,
        Act(ActKind.COMMENT_EDITED, text="Sáng rồi"),
        Act(ActKind.COMMENT_REMOVED),
    ]
    changes = [feed.act(CITIZENS[0], act, NOW_MS)[1] for act in acts]
    request = facebook_batch(config, [changes], area="changes", at_ms=NOW_MS)
    found = parse(request.body, NOW)

    kinds = [event.inbound.kind for event in found]
    assert kinds == [Kind.COMMENT, Kind.COMMENT_EDITED, Kind.COMMENT_REMOVED]
    assert {event.user_id for event in found} == {CITIZENS[0].facebook_id}
    assert len({event.inbound.payload for event in found}) == 1


def test_nobody_changes_what_is_not_theirs() -> None:
    """Nor what is gone, nor what never was."""
    feed = Feed(FacebookAccount())
    gone = Act(ActKind.COMMENT_REMOVED)
    with pytest.raises(NoSuchEventError):
        feed.act(CITIZENS[0], gone, NOW_MS)
    feed.act(CITIZENS[0], WRITE, NOW_MS)
    with pytest.raises(NoSuchEventError):
        feed.act(CITIZENS[1], gone, NOW_MS)
    feed.act(CITIZENS[0], gone, NOW_MS)
    with pytest.raises(NoSuchEventError):
        feed.act(CITIZENS[0], gone, NOW_MS)


def test_a_week_for_one_private_reply() -> None:
    """On the last millisecond of the seventh day it may still go, then no more."""
    feed = Feed(FacebookAccount())
    name, _ = feed.act(CITIZENS[0], WRITE, NOW_MS)
    comment = feed.get(name)
    assert comment is not None

    assert feed.may_reply(comment, NOW_MS + WEEK_MS)
    assert not feed.may_reply(comment, NOW_MS + WEEK_MS + 1)


async def test_one_private_reply_a_comment(world: World) -> None:
    """The second is refused, an unknown comment too; in public there is no end."""
    told = await world.writes("facebook", kind="comment", text="Đường tối quá")
    name = told["message_id"]

    async def reply(comment: str) -> tuple[int, dict[str, Any]]:
        body = {"recipient": {"comment_id": comment}, "message": {"text": "Dạ"}}
        return await world.graph("me/messages", body)

    assert (await reply(name))[0] == 200
    status, refused = await reply(name)
    assert (status, refused["error"]["code"]) == (400, 10900)
    assert (await reply("1_2"))[1]["error"]["code"] == 100
    (sent,) = (await world.api("sent?channel=facebook"))["sent"]
    assert sent["user_id"] == LANH["facebook"]
    assert sent["body"]["recipient"] == {"comment_id": name}
    for _ in range(2):
        public = await world.graph(f"{name}/comments", {"message": "Dạ, xin cảm ơn"})
        assert public[0] == 200


async def test_posts_and_articles_stand_on_the_wall(world: World) -> None:
    """A post is listed; an article has an id once processed, and goes out by day."""
    status, made = await world.graph("me/feed", {"message": "Kính chúc bà con."})
    assert status == 200
    assert made["id"].startswith(world.sandbox.config.facebook.page_id)
    assert (await world.graph("me/feed", {"message": " "}))[0] == 400
    article = {
        "type": "normal",
        "title": "Lời chúc",
        "author": "UBND xã",
        "cover": {"cover_type": "photo", "photo_url": "https://xa.example/a.jpg"},
        "body": [{"type": "text", "content": "Chúc bà con."}],
    }
    token = (await world.zalo("/v2.0/article/create", article))["data"]["token"]
    early = await world.zalo("/v2.0/article/verify", {"token": token})
    assert early["error"] == -214
    world.clock.forward(seconds=2)
    named = await world.zalo("/v2.0/article/verify", {"token": token})
    element = {"media_type": "article", "attachment_id": named["data"]["id"]}
    payload = {"template_type": "media", "elements": [element]}
    body = {
        "recipient": {"target": {"gender": [0]}},
        "message": {"attachment": {"type": "template", "payload": payload}},
    }
    assert (await world.zalo("/v2.0/oa/message", body))["error"] == 0
    world.clock.forward(hours=14)
    assert (await world.zalo("/v2.0/oa/message", body))["error"] == -234
    wall = await world.api("wall")

    assert [one["text"] for one in wall["posts"]] == ["Kính chúc bà con."]
    assert [len(one["sent_ms"]) for one in wall["articles"]] == [1]
    async with world.http.get(world.server.make_url("/sandbox/wall")) as answer:
        assert "Bài viết Zalo OA" in await answer.text()
