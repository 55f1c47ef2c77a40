"""How does a unit reach its platforms? Session, token keeper, adapters and rates."""

from __future__ import annotations

import time
from collections.abc import Mapping

import aiohttp

from bot.adapters import FacebookAdapter, ZaloAdapter
from bot.channels.facebook.client import FacebookClient
from bot.channels.zalo.client import ZaloClient
from bot.channels.zalo.oauth import ZaloOAuth
from bot.channels.zalo.templates import ZbsClient
from bot.config import Unit
from bot.config_channels import Zalo
from bot.installation import Installation
from bot.limits import RateLimit
from bot.metrics import Metrics
from bot.runtime import Adapter
from bot.stored_files import UnitFiles
from bot.tokens import TokenKeeper
from handlers.model import Channel

CONNECTIONS = 64
COUNTED = 62.0
"""Seconds over which a minute's calls are spread: a burst of one second, and a second
for calls on their way. Over the limit Zalo refuses everything for a minute (-32)."""
IDLE_CONNECTION_SECONDS = 10.0
"""Shorter than the platforms': a call must not meet a connection being closed."""


def outgoing() -> aiohttp.ClientSession:
    """Return the session of all calls to platforms."""
    connector = aiohttp.TCPConnector(
        limit=CONNECTIONS, keepalive_timeout=IDLE_CONNECTION_SECONDS
    )
    return aiohttp.ClientSession(connector=connector)


def keeper_of(
    unit_id: str,
    unit: Unit,
    installation: Installation,
    session: aiohttp.ClientSession,
    metrics: Metrics,
    owner: str,
) -> TokenKeeper | None:
    """Return the only holder of a unit's Zalo token, None without Zalo."""
    zalo = unit.channels.zalo
    if zalo is None:
        return None
    oauth = ZaloOAuth(session, zalo.oauth_base, zalo.app_id, zalo.app_secret)
    return TokenKeeper(
        unit_id,
        zalo,
        installation.ring.unit(unit_id),
        oauth,
        installation.database,
        installation.clock,
        installation.ids,
        metrics,
        owner,
    )


def adapters_of(
    unit: Unit,
    keeper: TokenKeeper | None,
    session: aiohttp.ClientSession,
    clients: list[tuple[str, FacebookClient]],
    unit_id: str,
    files: UnitFiles,
) -> dict[Channel, Adapter]:
    """Return a unit's platforms of citizens; ``clients`` takes its Facebook client.

    ``files`` are what officers send to them.
    """
    adapters: dict[Channel, Adapter] = {}
    zalo, facebook = unit.channels.zalo, unit.channels.facebook
    if zalo is not None and keeper is not None:
        oa = ZaloClient(session, zalo.api_base)
        templates = zbs_of(session, zalo)
        own = files.on(Channel.ZALO)
        adapters[Channel.ZALO] = ZaloAdapter(zalo, oa, keeper, own, templates)
    if facebook is not None:
        client = FacebookClient(
            session,
            facebook.graph_base,
            facebook.graph_version,
            facebook.page_access_token,
        )
        clients.append((unit_id, client))
        adapters[Channel.FACEBOOK] = FacebookAdapter(
            facebook, client, files.on(Channel.FACEBOOK)
        )
    return adapters


def zbs_of(session: aiohttp.ClientSession, zalo: Zalo) -> ZbsClient:
    """Return the calls of an OA's templates, on both of Zalo's hosts."""
    oa = ZaloClient(session, zalo.api_base)
    return ZbsClient(oa, ZaloClient(session, zalo.zbs_base))


def limit_rates(
    limits: dict[str, RateLimit], unit: Unit, adapters: Mapping[Channel, Adapter]
) -> None:
    """Give each platform account of a unit its rate, once for all that share it."""
    zalo, facebook = unit.channels.zalo, unit.channels.facebook
    if zalo is not None:
        bucket = adapters[Channel.ZALO].bucket
        limits.setdefault(bucket, RateLimit(zalo.per_minute / COUNTED, time.monotonic))
    if facebook is not None:
        bucket = adapters[Channel.FACEBOOK].bucket
        limits.setdefault(bucket, RateLimit(facebook.per_second, time.monotonic))
