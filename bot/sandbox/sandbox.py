"""What holds the emulated platforms together? Their shared state."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.sandbox import citizens, echoes, events_facebook, events_zalo
from bot.sandbox.audience import Audience
from bot.sandbox.delivery import Attempt, Poster, Sleep, Watcher
from bot.sandbox.errors import NoSuchCitizenError, NoSuchEventError
from bot.sandbox.faults import Faults
from bot.sandbox.feed import ACTS, Feed
from bot.sandbox.files import Files
from bot.sandbox.hub import Hub
from bot.sandbox.model import (
    Act,
    ActKind,
    JsonObject,
    Platform,
    SandboxConfig,
    SignedRequest,
    StaffPlatform,
    Trace,
)
from bot.sandbox.rate import FixedWindow
from bot.sandbox.record import Record, Sent
from bot.sandbox.staff_room import StaffRoom
from bot.sandbox.threads import Bubble, Shown, Threads
from bot.sandbox.tokens import ZaloTokens
from bot.sandbox.wall import Wall
from bot.sandbox.webhook import (
    facebook_batch,
    new_message_id,
    sign_zalo,
)
from bot.sandbox.zbs_templates import Zbs
from handlers.ports import Clock

PREFIX = {Platform.ZALO: "", Platform.FACEBOOK: "m_"}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A message a platform takes: to whom, the raw body, what the phone shows."""

    channel: Platform
    user_id: str
    body: JsonObject
    shown: Shown
    dropped: bool


class Sandbox:
    """Both platforms of one sandbox; ``sleep`` is injected, so tests never wait."""

    def __init__(
        self,
        config: SandboxConfig,
        clock: Clock,
        *,
        trace: Trace | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.config = config
        self.service_url = config.service_url.rstrip("/")
        self.public_url = config.public_url.rstrip("/")
        self.clock = clock
        self.trace = trace
        self.sleep = sleep
        self.faults = Faults(config.faults, config.seed)
        self.audience = Audience(config)
        self.record = Record()
        self.files = Files()
        self.feed = Feed(config.facebook)
        self.wall = Wall()
        self.zbs = Zbs()
        self.hub = Hub()
        self.threads = Threads(self.hub)
        self.room = StaffRoom(self.hub)
        self.hooks = {
            StaffPlatform.TELEGRAM: (
                config.telegram.path,
                config.telegram.secret_token,
            ),
            StaffPlatform.ZALO_BOT: (
                config.zalo_bot.path,
                config.zalo_bot.secret_token,
            ),
        }
        self.queries: dict[str, str] = {}
        self.update_id = self.now_ms()  # never one of an earlier run
        self.bot_rates = {
            "telegram": FixedWindow(config.telegram.per_second, 1_000),
            "telegram_group": FixedWindow(config.telegram.group_per_minute, 60_000),
            "zalo_bot": FixedWindow(config.zalo_bot.per_minute, 60_000),
        }
        self.tokens = ZaloTokens(config.zalo)
        self.profile: JsonObject = {}
        self.rates = {
            Platform.ZALO: FixedWindow(config.zalo.per_minute, 60_000),
            Platform.FACEBOOK: FixedWindow(config.facebook.per_second, 1_000),
        }
        self.poster = Poster(
            config, lambda: self.service_url, self.faults, self.record.counts, sleep
        )

    def now_ms(self) -> int:
        """Return UTC milliseconds of the sandbox's clock."""
        return int(self.clock.now().timestamp() * 1000)

    async def start(self) -> None:
        """Open what needs a running loop."""
        await self.poster.start()

    async def close(self) -> None:
        """Let pages and connections go."""
        self.hub.close()
        await self.poster.close()

    def act(self, channel: Platform, user_id: str, act: Act) -> str:
        """Let a citizen (or the commune's staff) do something; return its id.

        Raises NoSuchCitizenError, NoSuchEventError.
        """
        contact = self.audience.get(channel, user_id)
        if contact is None or citizens.find(channel, user_id) is None:
            raise NoSuchCitizenError
        if act.kind in ACTS:
            return self._comment(channel, user_id, act)
        message_id, now_ms = new_message_id(PREFIX[channel]), self.now_ms()
        request = self._request(channel, user_id, act, message_id, now_ms)
        contact.note(channel, act, now_ms)
        bubble = echoes.bubble_of(act, message_id, now_ms)
        self.threads.add(channel, user_id, bubble)
        if request is not None:
            watcher = self._watcher(channel, user_id, bubble)
            self.poster.post(channel, user_id, request, watcher)
        return message_id

    def accept(self, message: Acceptance) -> Sent:
        """Take a message of the service: record first, then what follows from it."""
        now_ms = self.now_ms()
        message_id = new_message_id(PREFIX[message.channel])
        sent = self.record.add(
            now_ms,
            message.channel,
            message.user_id,
            message_id,
            message.body,
            dropped=message.dropped,
        )
        bubble = Bubble(message_id, "oa", now_ms, message.shown)
        bubble.platform = {"seq": sent.seq, "dropped": sent.dropped}
        self.threads.typing(message.channel, message.user_id, False)
        self.threads.mark(message.channel, message.user_id, "seen", "citizen")
        self.threads.add(message.channel, message.user_id, bubble)
        echoes.follow_up(self, sent)
        return sent

    def _comment(self, channel: Platform, user_id: str, act: Act) -> str:
        """Let a citizen write under a post: that opens no window to write to them."""
        citizen = citizens.find(channel, user_id)
        if channel is not Platform.FACEBOOK or citizen is None:
            raise NoSuchEventError
        now_ms = self.now_ms()
        name, change = self.feed.act(citizen, act, now_ms)
        bubble = echoes.bubble_of(act, f"{name}:{act.kind.value}", now_ms)
        self.threads.add(channel, user_id, bubble)
        request = facebook_batch(self.config, [[change]], area="changes", at_ms=now_ms)
        watcher = self._watcher(channel, user_id, bubble)
        self.poster.post(channel, user_id, request, watcher)
        return name

    def _request(
        self, channel: Platform, user_id: str, act: Act, message_id: str, now_ms: int
    ) -> SignedRequest | None:
        """Return the webhook; who blocks a page on Messenger does so silently."""
        if channel is Platform.ZALO:
            zalo = events_zalo.citizen_event(
                self.config.zalo, user_id, act, message_id, now_ms
            )
            return sign_zalo(self.config, zalo)
        if act.kind is ActKind.UNFOLLOW:
            return None
        item = events_facebook.citizen_item(
            self.config.facebook, user_id, act, message_id, now_ms
        )
        return facebook_batch(self.config, [[item]], at_ms=now_ms)

    def _watcher(self, channel: Platform, user_id: str, bubble: Bubble) -> Watcher:
        def watch(attempt: Attempt, is_last: bool) -> None:
            bubble.attempts.append(attempt.as_json())
            if attempt.is_ok and bubble.state in ("sending", "sent"):
                bubble.state = "delivered" if bubble.side == "citizen" else "sent"
            elif is_last and not attempt.is_ok:
                bubble.state = "failed"
            self.threads.publish(channel, user_id, bubble)

        return watch
