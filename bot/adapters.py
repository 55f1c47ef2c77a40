"""How does the road use each platform of a unit?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.channels.facebook import parse as facebook_parse
from bot.channels.facebook import render as facebook_render
from bot.channels.facebook.client import FacebookClient
from bot.channels.results import Reason, Reauthorise, Refused, SendResult
from bot.channels.wire import WireEvent
from bot.channels.zalo import parse as zalo_parse
from bot.channels.zalo import render as zalo_render
from bot.channels.zalo.client import ZaloClient
from bot.channels.zalo.templates import ZbsClient
from bot.config_channels import Facebook, Zalo
from bot.stored_files import UnitFiles, filled
from bot.tokens import TokenKeeper
from handlers.model import Reply
from handlers.staff.letters.result_template import PLACES as RESULT_PLACES

WAITING_FOR_TOKEN = "no_token"  # noqa: S105  a reason, not a token


class ZaloAdapter:
    """One Official Account."""

    def __init__(
        self,
        zalo: Zalo,
        client: ZaloClient,
        keeper: TokenKeeper,
        files: UnitFiles | None = None,
        templates: ZbsClient | None = None,
    ) -> None:
        self._files = files
        self._templates = templates
        self._zalo = zalo
        self._client = client
        self.keeper = keeper
        self.bucket = f"zalo:{zalo.app_id}"

    def parse(self, body: bytes, received_at: datetime) -> Sequence[WireEvent]:
        """Return the event of a body."""
        return zalo_parse.parse(body, received_at, oa_ids=(self._zalo.oa_id,))

    def redact(self, body: bytes, index: int) -> bytes:  # noqa: ARG002  one event a body
        """A Zalo body holds one event: nothing of it remains."""
        return b"{}"

    def plan(self, reply: Reply) -> Sequence[Reply]:
        """Split at Zalo's limits."""
        return zalo_render.plan(reply)

    @property
    def is_ready(self) -> bool:
        """Whether the token in hand is good."""
        return self.keeper.is_good

    async def ready(self) -> str:
        """Return '' when we may send now, else why not."""
        return "" if await self.keeper.access() else WAITING_FOR_TOKEN

    async def deliver(
        self,
        part: Reply,
        user_id: str,
        row_id: str,  # noqa: ARG002  Zalo echoes no mark of ours
        *,
        human: bool,  # noqa: ARG002  Zalo asks for no tag
    ) -> SendResult:
        """Send one part with the token in force."""
        token = await self.keeper.access()
        if token is None:
            return Reauthorise(WAITING_FOR_TOKEN)
        whole = await filled(self._files, part)
        if isinstance(whole, Refused):
            return whole
        result = await self._client.deliver(whole, user_id, token)
        if isinstance(result, Reauthorise):
            self.keeper.reject(token)
        return result

    async def deliver_template(
        self, template: Mapping[str, Any], to: str, row_id: str, by_phone: bool
    ) -> SendResult:
        """Send an approved template; by phone our row is its mark (PLATFORMS 1.9)."""
        token = await self.keeper.access()
        if token is None:
            return Reauthorise(WAITING_FOR_TOKEN)
        if self._templates is None:
            return Refused("no_templates", Reason.CONFIG)
        name, data = str(template["id"]), template["data"]
        if by_phone:
            result = await self._templates.by_phone(token, to, name, data, row_id)
        else:
            result = await self._templates.by_uid(token, to, name, data)
        if isinstance(result, Reauthorise):
            self.keeper.reject(token)
        return result

    async def typing(self, user_id: str) -> None:
        """Zalo OA has no typing indicator (PLATFORMS.md 1.8)."""


class FacebookAdapter:
    """One page."""

    def __init__(
        self,
        facebook: Facebook,
        client: FacebookClient,
        files: UnitFiles | None = None,
    ) -> None:
        self._files = files
        self._facebook = facebook
        self._client = client
        self.bucket = f"facebook:{facebook.page_id}"
        self._our_apps = {facebook.app_id} if facebook.app_id else None
        self.is_token_dead = False

    def parse(self, body: bytes, received_at: datetime) -> Sequence[WireEvent]:
        """Return every event of a batch."""
        return facebook_parse.parse(body, received_at, our_app_id=self._our_apps)

    def redact(self, body: bytes, index: int) -> bytes:
        """Return the batch without one item."""
        return facebook_parse.redact(body, index)

    def plan(self, reply: Reply) -> Sequence[Reply]:
        """Split at Messenger's limits."""
        return facebook_render.plan(reply)

    @property
    def is_ready(self) -> bool:
        """A page token that was refused waits for the ordinary way."""
        return not self.is_token_dead

    async def ready(self) -> str:
        """The page token has no expiry we know of; the platform tells."""
        return ""

    async def deliver(
        self, part: Reply, user_id: str, row_id: str, *, human: bool
    ) -> SendResult:
        """Send one part; the row id comes back in the echo."""
        whole = await filled(self._files, part)
        if isinstance(whole, Refused):
            return whole
        result = await self._client.deliver(
            whole, user_id, reference=row_id, human=human
        )
        self.is_token_dead = isinstance(result, Reauthorise)
        return result

    async def deliver_template(
        self, template: Mapping[str, Any], to: str, row_id: str, by_phone: bool
    ) -> SendResult:
        """Send the one template that a unit named for results, and no other."""
        name, data = str(template["id"]), template["data"]
        if by_phone or not name or name != self._facebook.result_template:
            return Refused("no_template", Reason.CONFIG)
        words = [str(data[place]) for place in RESULT_PLACES]
        result = await self._client.deliver_utility(name, words, to, reference=row_id)
        self.is_token_dead = isinstance(result, Reauthorise)
        return result

    async def typing(self, user_id: str) -> None:
        """Show three dots; what the platform says of it does not matter."""
        await self._client.typing(user_id)
