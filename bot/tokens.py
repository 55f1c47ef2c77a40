"""Who holds the Zalo token, and when is it renewed? One holder, never in doubt.

The refresh token works once (PLATFORMS.md 1.3), so an intent row is committed
before the call and the answer before anything else. An intent that outlives its
process means the pair may be lost: people are told "cần cấp quyền lại" and
messages wait.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import structlog
from sqlalchemy import Connection

from bot.channels.errors import (
    RefreshRefusedError,
    RefreshUnavailableError,
    RefreshUncertainError,
)
from bot.channels.zalo.oauth import Tokens, ZaloOAuth
from bot.clock import Clock
from bot.config_channels import Zalo
from bot.metrics import Metrics
from handlers.model import Tag
from storage import operations, tokens
from storage.database import Database
from storage.errors import StorageError
from storage.evidence import Entry, append
from storage.ids import Ids
from storage.keys import UnitKeys

CHANNEL = "zalo"
CHECK_SECONDS = 20.0
RENEW_SHARE = 0.2
"""Renew when a fifth of the access token's life is left (25 h: after 20 h)."""
SPARE_MS = 60_000
REFRESH_LIFE = timedelta(days=90)
ALARM_LEFT = timedelta(days=30)
INTENT_STALE_MS = 45_000
AGAIN_MS = 15_000
DAY_MS = 86_400_000

log = structlog.get_logger("token")


class TokenState(StrEnum):
    """How the right to send stands."""

    VALID = "valid"
    RENEWING = "renewing"
    REAUTHORISE = "reauthorise"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Pair:
    """The tokens in force; times in UTC ms."""

    access: str
    refresh: str
    access_expires_at: int
    issued_at: int
    refresh_issued_at: int
    version: int


class TokenKeeper:
    """Keeps the token of one OA; every renewal goes through one lock and one row."""

    def __init__(
        self,
        unit_id: str,
        zalo: Zalo,
        keys: UnitKeys,
        oauth: ZaloOAuth,
        database: Database,
        clock: Clock,
        ids: Ids,
        metrics: Metrics,
        owner: str,
    ) -> None:
        self._unit_id = unit_id
        self._zalo = zalo
        self._keys = keys
        self._oauth = oauth
        self._database = database
        self._clock = clock
        self._ids = ids
        self._metrics = metrics
        self._owner = owner
        self._lock = asyncio.Lock()
        self._pair: Pair | None = None
        self._spoilt = ""
        self._not_before = 0
        self._stored_version = 0
        self._unsaved: tuple[Tokens, int] | None = None
        self._closing = False
        self.state = TokenState.MISSING

    @property
    def is_good(self) -> bool:
        """Whether the token in hand may be used now."""
        return self._is_good()

    @property
    def days_left(self) -> int | None:
        """Days until the refresh token dies, None without one."""
        if self._pair is None:
            return None
        end = self._pair.refresh_issued_at + int(REFRESH_LIFE.total_seconds() * 1000)
        return (end - self._clock.now_ms()) // DAY_MS

    async def run(self) -> None:
        """Renew in time, and notice what another process left; until cancelled."""
        while True:
            try:
                await self.check()
            except StorageError as error:
                log.warning("token_check_failed", error=type(error).__name__)
            await asyncio.sleep(CHECK_SECONDS)

    async def check(self) -> None:
        """Load, judge, and renew when a fifth of the life is left."""
        async with self._lock:
            await self._save()
            await self._load()
            if self._is_due() and self.state is not TokenState.REAUTHORISE:
                await self._renew()
            left = self.days_left
            if left is not None:
                self._metrics.token_days.labels(self._unit_id).set(left)
                if left < ALARM_LEFT.days:
                    await self._notice("token_expires_soon", f"còn {left} ngày")

    async def access(self) -> str | None:
        """Return a token that is good now, renewing if need be; None: wait."""
        if self._is_good():
            return self._pair.access if self._pair else None
        async with self._lock:
            if not self._is_good() and self._clock.now_ms() >= self._not_before:
                await self._save()
                await self._load()
                if not self._is_good() and self.state is not TokenState.REAUTHORISE:
                    await self._renew()
            return self._pair.access if self._pair and self._is_good() else None

    def reject(self, access: str) -> None:
        """The platform says this access token is dead: renew before the next call."""
        self._spoilt = access

    async def close(self) -> None:
        """Let a renewal under way reach the disk, and begin no other."""
        self._closing = True
        async with self._lock:
            await self._save()

    def _is_good(self) -> bool:
        pair = self._pair
        return (
            pair is not None
            and self.state is not TokenState.REAUTHORISE
            and pair.access != self._spoilt
            and pair.access_expires_at - self._clock.now_ms() > self._spare(pair)
        )

    def _spare(self, pair: Pair) -> int:
        life = pair.access_expires_at - pair.issued_at
        return min(SPARE_MS, int(life * RENEW_SHARE / 2))

    def _is_due(self) -> bool:
        pair = self._pair
        if pair is None:
            return bool(self._zalo.refresh_token)
        life = pair.access_expires_at - pair.issued_at
        left = pair.access_expires_at - self._clock.now_ms()
        return left < life * RENEW_SHARE or pair.access == self._spoilt

    @property
    def _seed_mac(self) -> str:
        return self._keys.mac("token-seed", self._zalo.refresh_token)

    async def _load(self) -> None:
        row, intent = await self._database.read(
            lambda c: (
                tokens.load(c, self._unit_id, CHANNEL),
                tokens.intent(c, self._unit_id, CHANNEL),
            )
        )
        has_new_seed = bool(self._zalo.refresh_token) and (
            row is None or row["seed_mac"] != self._seed_mac
        )
        version = row["version"] if row else 0
        is_renewed = version != self._stored_version
        self._stored_version = version
        self._pair = None if row is None or has_new_seed else self._open(row)
        if intent is not None and self._is_lost(intent):
            await self._lost(intent, has_new_seed=has_new_seed)
        elif is_renewed or self.state is not TokenState.REAUTHORISE:
            self.state = self._plain_state()

    def _plain_state(self) -> TokenState:
        if self._pair is not None:
            return TokenState.VALID
        has_seed = bool(self._zalo.refresh_token)
        return TokenState.RENEWING if has_seed else TokenState.MISSING

    def _is_lost(self, intent: tokens.Row) -> bool:
        if intent["owner"] == self._owner:
            return False
        if self._database.is_embedded:
            return True
        return bool(self._clock.now_ms() - intent["started_at"] > INTENT_STALE_MS)

    async def _lost(self, intent: tokens.Row, *, has_new_seed: bool) -> None:
        if has_new_seed and intent["seed_mac"] != self._seed_mac:
            await self._database.write(
                lambda c: tokens.clear_intent(c, self._unit_id, CHANNEL)
            )
            self.state = TokenState.RENEWING
            return
        if self.state is not TokenState.REAUTHORISE:
            await self._give_up("interrupted")

    async def _renew(self) -> None:
        refresh = self._pair.refresh if self._pair else self._zalo.refresh_token
        if self._closing or not refresh:
            return
        if not await self._database.write(self._begin):
            return
        try:
            fresh = await self._exchange(refresh)
        except RefreshRefusedError as error:
            await self._clear()
            await self._give_up(error.code or "refused")
        except (RefreshUnavailableError, RefreshUncertainError) as error:
            # The same token tried later either works or is refused: then it was spent.
            await self._clear()
            self._not_before = self._clock.now_ms() + AGAIN_MS
            log.warning("refresh_unavailable", unit=self._unit_id, code=error.code)
        else:
            self._unsaved = fresh, self._clock.now_ms()
            await self._save()

    def _begin(self, connection: Connection) -> bool:
        """Write the intent, unless another process renews or has just renewed."""
        if not self._intend(connection):
            return False
        row = tokens.load(connection, self._unit_id, CHANNEL)
        if (row["version"] if row else 0) != self._stored_version:
            tokens.clear_intent(connection, self._unit_id, CHANNEL)
            return False
        return True

    def _intend(self, connection: Connection) -> bool:
        """Take the intent row; one of our own, left by a fault, is still ours."""
        is_first = tokens.begin(
            connection,
            self._unit_id,
            CHANNEL,
            owner=self._owner,
            seed_mac=self._seed_mac,
            at=self._clock.now_ms(),
        )
        held = tokens.intent(connection, self._unit_id, CHANNEL)
        return is_first or (held is not None and held["owner"] == self._owner)

    async def _exchange(self, refresh: str) -> Tokens:
        """Ask once more when nobody knows whether the token was spent."""
        try:
            return await self._oauth.refresh(refresh)
        except RefreshUncertainError:
            return await self._oauth.refresh(refresh)

    async def _save(self) -> None:
        """Store a new pair before its first use; until the disk has it, try again."""
        if self._unsaved is None:
            return
        fresh, now = self._unsaved
        version = self._stored_version + 1
        value = {"access": fresh.access, "refresh": fresh.refresh}
        sealed = self._keys.box.seal(json.dumps(value).encode(), self._context)
        row = {
            "unit_id": self._unit_id,
            "channel": CHANNEL,
            "sealed": sealed,
            "seed_mac": self._seed_mac,
            "access_expires_at": now + fresh.expires_in_seconds * 1000,
            "refresh_issued_at": now,
            "version": version,
            "updated_at": now,
        }
        entry = self._entry(Tag.TOKEN_REFRESHED, {"version": version}, now)

        def work(connection: Connection) -> None:
            tokens.save(connection, row)
            append(connection, [entry.row()])

        await self._database.write(work, urgent=True)
        self._unsaved = None
        self._stored_version = version
        self._pair = self._open(row)
        self.state = TokenState.VALID
        log.info("refreshed", unit=self._unit_id, version=version)

    async def _give_up(self, code: str) -> None:
        self.state = TokenState.REAUTHORISE
        now = self._clock.now_ms()
        entry = self._entry(Tag.TOKEN_LOST, {"code": code}, now)
        await self._database.write(lambda c: append(c, [entry.row()]))
        await self._notice("token_reauthorise", f"cần cấp quyền lại ({code})")
        log.error("reauthorise", unit=self._unit_id, code=code)

    async def _clear(self) -> None:
        await self._database.write(
            lambda c: tokens.clear_intent(c, self._unit_id, CHANNEL)
        )

    async def _notice(self, kind: str, detail: str) -> None:
        row = {
            "unit_id": self._unit_id,
            "notice_id": self._ids.new(),
            "kind": kind,
            "subject": CHANNEL,
            "detail": detail,
            "created_at": self._clock.now_ms(),
        }
        await self._database.write(lambda c: operations.add_notice_once(c, row))

    def _entry(self, tag: Tag, data: dict[str, str | int | bool], now: int) -> Entry:
        return Entry(
            unit_id=self._unit_id,
            entry_id=self._ids.new(),
            at=now,
            tag=tag.value,
            subject=CHANNEL,
            data=data,
        )

    @property
    def _context(self) -> str:
        return f"token:{self._unit_id}:{CHANNEL}"

    def _open(self, row: tokens.Row) -> Pair:
        value = json.loads(self._keys.box.open(row["sealed"], self._context))
        return Pair(
            access=value["access"],
            refresh=value["refresh"],
            access_expires_at=row["access_expires_at"],
            issued_at=row["updated_at"],
            refresh_issued_at=row["refresh_issued_at"],
            version=row["version"],
        )
