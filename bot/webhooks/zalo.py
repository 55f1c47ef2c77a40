"""Is this really from Zalo, and whose is it? (PLATFORMS.md 1.4)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from aiohttp import web

from bot.channels import wire
from bot.channels.errors import Malformed
from bot.channels.wire import WireEvent
from bot.channels.zalo import signature
from bot.channels.zalo.parse import parse
from bot.clock import from_ms
from bot.config_channels import Zalo
from bot.templates_keeper import TemplatesKeeper
from bot.webhooks.common import Door, answer, read_body, store
from handlers.model import Channel
from storage.errors import StorageError

Owner = tuple[str, Zalo]


class ZaloWebhook:
    """One URL for every OA of every app of this installation."""

    def __init__(self, door: Door, templates: TemplatesKeeper | None = None) -> None:
        self._door = door
        self._templates = templates

    async def post(self, request: web.Request) -> web.Response:
        """Verify, route by OA, store, answer."""
        body = await read_body(request)
        if body is None:
            return answer(self._door, Channel.ZALO, 413, "too_large")
        try:
            document = wire.load(body)
        except Malformed:
            self._door.security.count("zalo_malformed")
            return answer(self._door, Channel.ZALO, 400, "malformed")
        if signature.is_url_check(document):
            return answer(self._door, Channel.ZALO, 200, "url_check")
        return await self._event(request, body, document)

    async def _event(
        self, request: web.Request, body: bytes, document: Mapping[str, object]
    ) -> web.Response:
        door = self._door
        received_at = door.clock.now_ms()
        events = parse(document, from_ms(received_at), oa_ids=door.registry.zalo)
        account = events[0].account_id if events else ""
        owners = self._owners(account, document)
        header = request.headers.get("X-ZEvent-Signature")
        signed = self._signed(body, header, document, owners or self._everybody())
        if not signed:
            kind = "zalo_no_signature" if not header else "zalo_bad_signature"
            door.security.count(kind, owners[0][0] if owners else "-")
            return answer(door, Channel.ZALO, 403, "forbidden")
        if not owners:
            return answer(door, Channel.ZALO, 200, "unknown_account")
        await self._tell(signed, document)
        parts = [(unit_id, _mine(events, zalo)) for unit_id, zalo in signed]
        return await store(door, request, Channel.ZALO, body, received_at, parts)

    async def _tell(
        self, owners: Sequence[Owner], document: Mapping[str, object]
    ) -> None:
        """What is about templates is kept at once; the hourly reading makes it good."""
        if self._templates is None:
            return
        with suppress(StorageError):
            for unit_id, _ in owners:
                await self._templates.hear(unit_id, document)

    def _owners(self, account: str, document: Mapping[str, object]) -> list[Owner]:
        registry = self._door.registry
        if account:
            return [registry.zalo[account]] if account in registry.zalo else []
        return registry.zalo_apps.get(wire.identity(document.get("app_id")), [])

    def _everybody(self) -> list[Owner]:
        return list(self._door.registry.zalo.values())

    def _signed(
        self,
        body: bytes,
        header: str | None,
        document: Mapping[str, object],
        owners: Sequence[Owner],
    ) -> list[Owner]:
        timestamp = signature.timestamp_of(document)
        told_app = wire.identity(document.get("app_id"))
        return [
            (unit_id, zalo)
            for unit_id, zalo in owners
            if told_app in ("", zalo.app_id)
            and signature.verify(
                body,
                header,
                secret=zalo.signing_secret,
                first_term=zalo.signing_id,
                timestamp=timestamp,
            )
        ]


def _mine(events: Sequence[WireEvent], zalo: Zalo) -> list[WireEvent]:
    return [event for event in events if event.account_id in ("", zalo.oa_id)]
