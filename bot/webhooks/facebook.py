"""Is this really from Meta, and which pages is it about? (PLATFORMS.md 3.2)"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from aiohttp import web

from bot.channels import wire
from bot.channels.errors import Malformed
from bot.channels.facebook import signature
from bot.channels.facebook.parse import parse
from bot.channels.wire import WireEvent
from bot.clock import from_ms
from bot.webhooks.common import Door, answer, read_body, store
from handlers.model import Channel


class FacebookWebhook:
    """One URL for every page and app of this installation."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def verify(self, request: web.Request) -> web.Response:
        """The subscription handshake: echo the challenge for a token of ours."""
        query = request.query
        token = query.get("hub.verify_token", "").encode()
        known = [
            hmac.compare_digest(token, ours.encode())
            for ours in self._door.registry.verify_tokens
        ]
        if query.get("hub.mode") != "subscribe" or not any(known):
            self._door.security.count("facebook_bad_verify_token")
            return answer(self._door, Channel.FACEBOOK, 403, "forbidden")
        return web.Response(text=query.get("hub.challenge", ""))

    async def post(self, request: web.Request) -> web.Response:
        """Verify, route each entry by page, store, answer."""
        body = await read_body(request)
        if body is None:
            return answer(self._door, Channel.FACEBOOK, 413, "too_large")
        header = request.headers.get("X-Hub-Signature-256")
        secret = self._signing_secret(body, header)
        if secret is None:
            kind = "facebook_bad_signature" if header else "facebook_no_signature"
            self._door.security.count(kind)
            return answer(self._door, Channel.FACEBOOK, 403, "forbidden")
        try:
            document = wire.load(body)
        except Malformed:
            return answer(self._door, Channel.FACEBOOK, 400, "malformed")
        if signature.is_dashboard_test(document):
            return answer(self._door, Channel.FACEBOOK, 200, "dashboard_test")
        return await self._batch(request, body, document, secret)

    def _signing_secret(self, body: bytes, header: str | None) -> str | None:
        for secret in self._door.registry.facebook_secrets:
            if signature.verify(body, header, secret=secret):
                return secret
        return None

    async def _batch(
        self,
        request: web.Request,
        body: bytes,
        document: Mapping[str, object],
        secret: str,
    ) -> web.Response:
        door = self._door
        received_at = door.clock.now_ms()
        try:
            events = parse(document, from_ms(received_at))
        except Malformed:
            return answer(door, Channel.FACEBOOK, 400, "malformed")
        parts, refused = self._route(events, secret)
        if parts:
            return await store(
                door, request, Channel.FACEBOOK, body, received_at, parts
            )
        if refused:
            return answer(door, Channel.FACEBOOK, 403, "foreign_secret")
        return answer(door, Channel.FACEBOOK, 200, "unknown_account")

    def _route(
        self, events: Sequence[WireEvent], secret: str
    ) -> tuple[list[tuple[str, list[WireEvent]]], int]:
        by_unit: dict[str, list[WireEvent]] = {}
        refused = 0
        for event in events:
            owner = self._door.registry.facebook.get(event.account_id)
            if owner is None:
                self._door.metrics.count_webhook("facebook", "unknown_page")
            elif owner[1].app_secret != secret:
                self._door.security.count("facebook_foreign_secret", owner[0])
                refused += 1
            else:
                by_unit.setdefault(owner[0], []).append(event)
        return list(by_unit.items()), refused
