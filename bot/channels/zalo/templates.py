"""How are approved templates listed and sent, by UID and by phone? (PLATFORMS §1.9)

Two hosts, one token. By phone Zalo keeps our mark (``tracking_id``) and tells it back
when the phone has the message; by UID nothing tells an unknown send apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.channels import wire
from bot.channels.phone import international
from bot.channels.results import (
    Accepted,
    Failure,
    Fetched,
    FetchResult,
    Reason,
    Reauthorise,
    Refused,
    Retry,
    SendResult,
    Stopped,
    Unknown,
)
from bot.channels.transport import repeatable
from bot.channels.zalo.client import ZaloClient

PAGE: Final = 100
DAY: Final = 86_400.0
HOUR: Final = 3_600.0
NEWEST_UID_MS: Final = 1_765_299_600_000
"""Templates made before 2025-12-10 are not sent by UID (-249)."""
_BY_PHONE: Final[Mapping[str, SendResult]] = {
    "-108": Refused("-108", Reason.INVALID),
    "-114": Stopped("-114"),
    "-118": Stopped("-118"),
    "-119": Stopped("-119"),
    "-124": Reauthorise("-124"),
    "-133": Retry("-133", HOUR),
    "-139": Stopped("-139"),
    "-140": Refused("-140", Reason.POLICY),
    "-141": Stopped("-141"),
    "-144": Retry("-144", DAY),
    "-147": Retry("-147", DAY),
}
"""What the codes of the phone road ask for; the others are refusals as they stand."""


@dataclass(frozen=True, slots=True)
class Told:
    """A template as Zalo tells it; ``params`` are name -> longest value, 0 unknown."""

    template_id: str
    name: str
    status: str
    quality: str
    tag: str
    params: Mapping[str, int]
    by_uid: bool
    price_uid: int | None
    price_phone: int | None


class ZbsClient:
    """One OA's templates; ``business`` talks to the other host."""

    def __init__(self, client: ZaloClient, business: ZaloClient) -> None:
        self._client = client
        self._business = business

    async def ids(self, token: str) -> tuple[str, ...] | Failure:
        """Return the ids of all templates."""
        found: list[str] = []
        while True:
            query = {"offset": str(len(found)), "limit": str(PAGE)}
            judged = await self._get("/template/all", token, query)
            if not isinstance(judged, Fetched):
                return judged
            page = [
                wire.identity(wire.mapping(one).get("templateId"))
                for one in wire.items(judged.data.get("items"))
            ]
            found += [one for one in page if one]
            if len(page) < PAGE:
                return tuple(found)

    async def info(self, token: str, template_id: str) -> Told | Failure:
        """Return one template."""
        query = {"template_id": template_id}
        judged = await self._get("/template/info/v2", token, query)
        if not isinstance(judged, Fetched):
            return judged
        data = judged.data
        params = (wire.mapping(one) for one in wire.items(data.get("listParams")))
        price = _number(data.get("price_uid"))
        return Told(
            template_id=template_id,
            name=wire.text(data.get("templateName"))[:120],
            status=wire.text(data.get("status"))[:20],
            quality=wire.text(data.get("templateQuality"))[:12],
            tag=wire.text(data.get("templateTag"))[:24],
            params={
                wire.text(one.get("name")): _number(one.get("maxLength")) or 0
                for one in params
            },
            by_uid=price is not None,
            price_uid=price,
            price_phone=_number(data.get("price_sdt")),
        )

    async def quota(self, token: str) -> tuple[int | None, int | None] | Failure:
        """Return how many may be sent a day, and how many are left."""
        judged = await self._get("/message/quota", token, {})
        if not isinstance(judged, Fetched):
            return judged
        data = judged.data
        return _number(data.get("dailyQuota")), _number(data.get("remainingQuota"))

    async def quality(self, token: str) -> str | Failure:
        """Return the quality of the OA: HIGH, MEDIUM, LOW or UNDEFINED."""
        judged = await self._get("/quality", token, {})
        if not isinstance(judged, Fetched):
            return judged
        return wire.text(judged.data.get("oaCurrentQuality"))[:12] or "UNDEFINED"

    async def by_uid(
        self, token: str, user_id: str, template_id: str, data: Mapping[str, str]
    ) -> SendResult:
        """Send to who knows the OA."""
        body = {
            "user_id": user_id,
            "template_id": template_id,
            "template_data": dict(data),
        }
        path = "/v3.0/oa/message/template"
        return _sent(await self._client.call("POST", path, token, json=body))

    async def by_phone(
        self,
        token: str,
        phone: str,
        template_id: str,
        data: Mapping[str, str],
        tracking: str,
    ) -> SendResult:
        """Send to a phone (digits from 0 or 84); ``tracking`` comes back."""
        body = {
            "phone": international(phone),
            "template_id": template_id,
            "template_data": dict(data),
            "tracking_id": tracking,
        }
        judged = await self._business.call(
            "POST", "/message/template", token, json=body
        )
        told = _sent(judged)
        return _BY_PHONE.get(told.code, told) if isinstance(told, Refused) else told

    async def _get(
        self, path: str, token: str, query: Mapping[str, str]
    ) -> Fetched | Failure:
        judged = await self._business.call("GET", path, token, params=dict(query))
        return judged if isinstance(judged, Fetched) else repeatable(judged)


def dumped(params: Mapping[str, int]) -> str:
    """Return parameters as they are kept."""
    return json.dumps(dict(params), ensure_ascii=False)


def _sent(judged: FetchResult) -> SendResult:
    if not isinstance(judged, Fetched):
        return judged
    data = judged.data
    name = wire.first(data.get("message_id"), data.get("msg_id"))
    return Accepted(name) if name else Unknown("garbage")


def _number(value: object) -> int | None:
    told = wire.identity(value)
    return int(told) if told.isdecimal() else None
