"""When are Zalo's templates read again? Each hour, when asked, and as webhooks tell.

What cannot be read stays as it was; a webhook that was lost is made good by the hour.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from bot.broadcast_roads import Tokens
from bot.channels import wire
from bot.channels.zalo.templates import Told, ZbsClient, dumped
from bot.clock import Clock
from storage import outbox, templates
from storage.database import Database
from storage.errors import StorageError
from storage.keys import UnitKeys

SECONDS: Final = 3_600.0
FIRST_SECONDS: Final = 20.0
CHANGES: Final = frozenset(
    {"change_template_status", "change_template_quality", "change_oa_daily_quota"}
)
RECEIVED: Final = "user_received_message"

log = structlog.get_logger("templates")


@dataclass(frozen=True, slots=True)
class UnitTemplates:
    """The templates of one unit."""

    unit_id: str
    client: ZbsClient
    tokens: Tokens
    keys: UnitKeys


class TemplatesKeeper:
    """Keeps the lists of every unit."""

    def __init__(
        self, database: Database, clock: Clock, units: Mapping[str, UnitTemplates]
    ) -> None:
        self._database = database
        self._clock = clock
        self._units = dict(units)

    def has(self, unit_id: str) -> bool:
        """Whether a unit has an OA at all."""
        return unit_id in self._units

    async def run(self) -> None:
        """Read again and again, until cancelled."""
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            for unit_id in self._units:
                try:
                    await self.read(unit_id)
                except StorageError as error:
                    log.warning("templates_not_kept", error=type(error).__name__)
            await asyncio.sleep(SECONDS)

    async def read(self, unit_id: str) -> str:
        """Read a unit's templates; return "" or the code of what went wrong.

        Raises StorageError.
        """
        unit = self._units.get(unit_id)
        if unit is None:
            return "no_oa"
        token = await unit.tokens.access()
        if token is None:
            return "no_token"
        ids = await unit.client.ids(token)
        if not isinstance(ids, tuple):
            return ids.code
        told = [await unit.client.info(token, one) for one in ids]
        good = [one for one in told if isinstance(one, Told)]
        if len(good) != len(told):
            return "info"
        now = self._clock.now_ms()
        rows = [_row(unit_id, one, now) for one in good]
        await self._database.write(lambda c: templates.keep(c, unit_id, rows))
        return await self._read_quota(unit, token, now)

    async def hear(self, unit_id: str, document: Mapping[str, object]) -> None:
        """Write what a signed webhook told; raises StorageError."""
        name, now = wire.text(document.get("event_name")), self._clock.now_ms()
        unit = self._units.get(unit_id)
        if name == RECEIVED and unit is not None:
            await self._received(unit, wire.mapping(document.get("message")), now)
        if name not in CHANGES:
            return
        await self._database.write(lambda c: _note(c, unit_id, name, document, now))

    async def _received(
        self, unit: UnitTemplates, message: Mapping[str, object], now: int
    ) -> None:
        """Zalo tells our mark: a send by phone of unknown fate did arrive."""
        row_id = wire.identity(message.get("tracking_id"))
        name = wire.identity(message.get("msg_id"))
        if not row_id or not name:
            return
        mac = unit.keys.mac("message", name)

        def work(connection: Connection) -> None:
            outbox.confirm(connection, unit.unit_id, row_id, message_mac=mac, now=now)

        await self._database.write(work)

    async def _read_quota(self, unit: UnitTemplates, token: str, now: int) -> str:
        quota, quality = (
            await unit.client.quota(token),
            await unit.client.quality(token),
        )
        if not isinstance(quota, tuple) or not isinstance(quality, str):
            return "quota"
        row = {
            "unit_id": unit.unit_id,
            "daily": quota[0],
            "remaining": quota[1],
            "quality": quality,
            "read_at": now,
        }
        await self._database.write(lambda c: templates.set_quota(c, row))
        return ""


def _row(unit_id: str, one: Told, now: int) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "template_id": one.template_id,
        "name": one.name,
        "status": one.status,
        "quality": one.quality,
        "tag": one.tag,
        "params": dumped(one.params),
        "by_uid": one.by_uid,
        "price_uid": one.price_uid,
        "price_phone": one.price_phone,
        "reason": "",
        "read_at": now,
        "changed_at": now,
    }


def _note(
    connection: Connection,
    unit_id: str,
    name: str,
    document: Mapping[str, object],
    now: int,
) -> None:
    template_id = wire.identity(document.get("template_id"))
    if name == "change_template_status":
        status = wire.text(wire.mapping(document.get("status")).get("new_status"))
        reason = wire.text(document.get("reason"))[:200]
        templates.note(
            connection, unit_id, template_id, now, status=status[:20], reason=reason
        )
    elif name == "change_template_quality":
        quality = wire.text(document.get("quality"))[:12]
        templates.note(connection, unit_id, template_id, now, quality=quality)
    else:
        known = templates.quota(connection, unit_id)
        told = wire.identity(wire.mapping(document.get("quota")).get("new_value"))
        if known is not None and told.isdecimal():
            row = known | {"daily": int(told), "remaining": None, "read_at": now}
            templates.set_quota(connection, row)
