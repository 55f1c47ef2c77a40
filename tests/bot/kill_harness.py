"""How is the service killed under load, and what must be true afterwards?

Two real processes: the sandbox platforms, which never die and remember every
message they accepted, and the service, which dies by SIGKILL again and again. A
small load generator behaves as a platform does: one citizen's messages in order,
each re-sent until it is acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import yaml
from sqlalchemy import create_engine, text

from bot.config import load_config
from bot.installation import read_ring
from bot.sandbox.model import FacebookAccount, SandboxConfig, ZaloAccount
from bot.sandbox.webhook import facebook_event, zalo_event

UNIT = "thanh-ha"
FAST = 10_000_000
QUESTIONS = (
    "làm khai sinh cho con cần giấy tờ gì",
    "dang ky ket hon het bao nhieu tien",
    "xin chào",
    "thủ tục tách thửa đất",
    "sao y ban chinh o dau",
    "cảm ơn nhé",
)
SETTLE_SECONDS = 60.0


@dataclass(slots=True)
class Load:
    """What was acknowledged, per citizen, in order."""

    acknowledged: dict[tuple[str, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    kills: int = 0
    retries: int = 0


class Started(Protocol):
    """A process, of an interpreter of its own or forked."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def returncode(self) -> int | None:
        """How it ended, None while it runs."""
        ...

    def send_signal(self, signal: int) -> None:
        """Send it a signal."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    async def wait(self) -> int:
        """Wait for its end; return how."""
        ...


Begin = Callable[..., Awaitable[Started]]


@dataclass(slots=True)
class Rig:
    """The two processes and their folder; ``begin`` starts a process."""

    folder: Path
    service_port: int
    sandbox_port: int
    begin: Begin = field(kw_only=True, default_factory=lambda: spawn)
    sandbox: Started | None = field(kw_only=True, default=None)
    service: Started | None = field(kw_only=True, default=None)

    @property
    def config_path(self) -> Path:
        """The service's configuration file."""
        return self.folder / "config.yml"

    @property
    def service_url(self) -> str:
        """Where the webhooks are."""
        return f"http://127.0.0.1:{self.service_port}"

    @property
    def sandbox_url(self) -> str:
        """Where the platforms are."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    def platforms(self) -> SandboxConfig:
        """The sandbox's settings: no echoes, no receipts, no limits."""
        return SandboxConfig(
            service_url=self.service_url,
            zalo=ZaloAccount(per_minute=FAST, package_quota=FAST),
            facebook=FacebookAccount(per_second=FAST),
            echoes=False,
            receipts=False,
            enforce_windows=False,
            accept_any_user=True,
        )

    async def start_sandbox(self, faults: dict[str, Any] | None = None) -> None:
        """Start the platforms; they stay up to the end."""
        settings = self.platforms()
        path = self.folder / "sandbox.json"
        path.write_text(json.dumps(_plain(settings) | {"faults": faults or {}}))
        self.sandbox = await self.begin(
            "bot.sandbox",
            "--port",
            str(self.sandbox_port),
            "--service-url",
            self.service_url,
            "--json-config",
            str(path),
        )
        await answers(f"{self.sandbox_url}/sandbox/api/stats")

    async def prepare(self) -> None:
        """Write the configuration and migrate."""
        self.config_path.write_text(yaml.safe_dump(self._config(), allow_unicode=True))
        process = await self.begin("bot", "migrate", "--config", str(self.config_path))
        assert await process.wait() == 0

    async def start_service(self, *options: str) -> None:
        """Start the service and wait until it can store."""
        config = str(self.config_path)
        self.service = await self.begin("bot", "run", "--config", config, *options)
        await answers(f"{self.service_url}/readyz")

    async def kill_service(self) -> None:
        """SIGKILL: nothing of the process runs any more."""
        assert self.service is not None
        self.service.send_signal(signal.SIGKILL)
        await self.service.wait()

    async def stop_service(self) -> int:
        """SIGTERM: a graceful stop; returns the exit code."""
        assert self.service is not None
        self.service.send_signal(signal.SIGTERM)
        return await self.service.wait()

    async def close(self) -> None:
        """End what still runs."""
        for process in (self.service, self.sandbox):
            if process is not None and process.returncode is None:
                process.kill()
                await process.wait()

    def _config(self) -> dict[str, Any]:
        settings = self.platforms()
        zalo, facebook = settings.zalo, settings.facebook
        return {
            "server": {"port": self.service_port},
            "storage": {"url": "sqlite:///data/test.db"},
            "units": {
                UNIT: {
                    "name": "xã Thanh Hà",
                    "channels": {
                        "zalo": {
                            "oa_id": zalo.oa_id,
                            "app_id": zalo.app_id,
                            "app_secret": zalo.app_secret,
                            "oa_secret_key": zalo.oa_secret_key,
                            "refresh_token": zalo.refresh_token,
                            "api_base": self.sandbox_url,
                            "oauth_base": self.sandbox_url,
                            "per_minute": FAST,
                        },
                        "facebook": {
                            "page_id": facebook.page_id,
                            "app_id": facebook.app_id,
                            "app_secret": facebook.app_secret,
                            "verify_token": facebook.verify_token,
                            "page_access_token": facebook.page_access_token,
                            "graph_base": self.sandbox_url,
                            "per_second": FAST,
                        },
                    },
                }
            },
        }


def free_port() -> int:
    """Return a port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def run_with_kills(
    rig: Rig, *, kills: int, citizens: int, seed: int, longest: float = 1.2
) -> Load:
    """Drive the load while the service dies ``kills`` times; then let it settle."""
    chance = random.Random(seed)  # noqa: S311  repeatable moments, not secrets
    load, stop = Load(), asyncio.Event()
    await rig.start_service()
    people = [
        asyncio.create_task(_citizen(rig, load, stop, number, seed))
        for number in range(citizens)
    ]
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.02, longest))
        await rig.kill_service()
        load.kills += 1
        await rig.start_service()
    await asyncio.sleep(0.5)
    stop.set()
    await asyncio.gather(*people)
    await settled(rig)
    return load


async def _citizen(
    rig: Rig, load: Load, stop: asyncio.Event, number: int, seed: int
) -> None:
    chance = random.Random(seed * 1000 + number)  # noqa: S311
    channel = "zalo" if number % 2 else "facebook"
    user_id = str(9_007_199_254_740_993 + number)
    settings = rig.platforms()
    make = zalo_event if channel == "zalo" else facebook_event
    prefix = "" if channel == "zalo" else "m_"
    count = 0
    async with aiohttp.ClientSession() as session:
        while not stop.is_set():
            count += 1
            message_id = f"{prefix}k{seed}n{number}c{count}"
            words = chance.choice(QUESTIONS)
            request = make(settings, user_id, words, message_id=message_id)
            while not await _post(session, rig, request):
                load.retries += 1
                await asyncio.sleep(0.05)
            load.acknowledged[channel, user_id].append(message_id)
            if chance.random() < 0.1:
                await _post(session, rig, request)
            await asyncio.sleep(chance.uniform(0.0, 0.1))


async def _post(session: aiohttp.ClientSession, rig: Rig, request: Any) -> bool:
    limit = aiohttp.ClientTimeout(total=5)
    try:
        async with session.post(
            rig.service_url + request.path,
            data=request.body,
            headers=request.headers,
            timeout=limit,
        ) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


async def settled(rig: Rig) -> None:
    """Wait until every stored message and every planned row reached its end."""
    deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        left = await asyncio.to_thread(_unfinished, rig)
        if left == 0:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{left} rows never reached their end")


def _unfinished(rig: Rig) -> int:
    return int(
        rows(
            rig,
            "SELECT (SELECT count(*) FROM inbox_event WHERE state = 'received') +"
            " (SELECT count(*) FROM outbox WHERE state NOT IN"
            " ('accepted', 'refused', 'unknown')) AS n",
        )[0]["n"]
    )


def rows(rig: Rig, query: str) -> list[dict[str, Any]]:
    """Read the service's database from outside."""
    engine = create_engine(f"sqlite:///{rig.folder}/data/test.db")
    try:
        with engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query)).mappings()]
    finally:
        engine.dispose()


async def accepted_by_platforms(rig: Rig) -> list[dict[str, Any]]:
    """Return the oracle: what the platforms accepted, in order."""
    found: list[dict[str, Any]] = []
    async with aiohttp.ClientSession() as session:
        while True:
            after = found[-1]["seq"] if found else 0
            url = f"{rig.sandbox_url}/sandbox/api/sent?after={after}"
            async with session.get(url) as response:
                page = (await response.json())["sent"]
            if not page:
                return found
            found += page


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comparison of database and platforms found."""

    messages: int
    sends: int
    unknown: int
    faults: tuple[str, ...]


async def judge(rig: Rig, load: Load) -> Verdict:
    """Compare what was acknowledged, stored, sent and evidenced."""
    keys = read_ring(load_config(rig.config_path)).unit(UNIT)
    oracle = await accepted_by_platforms(rig)
    faults: list[str] = []
    events = rows(rig, "SELECT * FROM inbox_event")
    sends = rows(rig, "SELECT * FROM outbox")
    entries = rows(rig, "SELECT tag, subject FROM evidence_entry ORDER BY entry_id")
    by_dedupe = {(e["channel"], e["dedupe"]): e for e in events}
    tags: dict[str, Counter[str]] = defaultdict(Counter)
    order = [e["subject"] for e in entries if e["tag"] == "citizen:message:received"]
    for entry in entries:
        tags[entry["subject"]][entry["tag"]] += 1
    position = {subject: number for number, subject in enumerate(order)}
    for (channel, user_id), message_ids in load.acknowledged.items():
        places = []
        for message_id in message_ids:
            event = by_dedupe.get((channel, keys.mac(f"event:{channel}", message_id)))
            if event is None or event["state"] != "done":
                faults.append(f"lost: {message_id}")
                continue
            if tags[event["event_id"]]["citizen:message:received"] != 1:
                faults.append(f"received not evidenced once: {message_id}")
            if tags[event["event_id"]]["bot:message:understood"] != 1:
                faults.append(f"understood not evidenced once: {message_id}")
            places.append(position.get(event["event_id"], -1))
        if places != sorted(places):
            faults.append(f"out of order: {channel} {user_id}")
    faults += _compare_sends(keys, oracle, sends, tags)
    unknown = sum(row["state"] == "unknown" for row in sends)
    total = sum(len(ids) for ids in load.acknowledged.values())
    return Verdict(total, len(oracle), unknown, tuple(faults))


def _compare_sends(
    keys: Any,
    oracle: list[dict[str, Any]],
    sends: list[dict[str, Any]],
    tags: dict[str, Counter[str]],
) -> list[str]:
    faults = []
    accepted = {row["message_mac"]: row for row in sends if row["state"] == "accepted"}
    known: Counter[str] = Counter()
    stray: Counter[tuple[str, str]] = Counter()
    for sent in oracle:
        mac = keys.mac("message", sent["message_id"])
        if mac in accepted:
            known[mac] += 1
        else:
            lane = keys.mac(f"user:{sent['channel']}", sent["user_id"])
            stray[sent["channel"], lane] += 1
    faults += [
        f"accepted but not at the platform: {m}" for m in accepted if m not in known
    ]
    unknown: Counter[str] = Counter()
    for row in sends:
        if row["state"] == "unknown":
            unknown[row["channel"]] += 1
            if tags[row["row_id"]]["bot:send:unknown"] != 1:
                faults.append(f"unknown not evidenced once: {row['row_id']}")
        if row["state"] == "accepted" and tags[row["row_id"]]["bot:send:accepted"] != 1:
            faults.append(f"accepted not evidenced once: {row['row_id']}")
        if row["state"] == "refused":
            faults.append(f"refused: {row['row_id']} {row['code']}")
    strays: Counter[str] = Counter()
    for (channel, _), number in stray.items():
        strays[channel] += number
    faults += [
        f"{number} sends on {channel} without a row, {unknown[channel]} unknown"
        for channel, number in strays.items()
        if number > unknown[channel]
    ]
    return faults


def _plain(settings: SandboxConfig) -> dict[str, Any]:
    value = asdict(settings)
    value.pop("faults", None)
    return value


async def spawn(
    module: str, *arguments: str, output: int = asyncio.subprocess.DEVNULL
) -> asyncio.subprocess.Process:
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        env=environment,
        stdout=output,
        stderr=None if os.environ.get("KILL_LOG") else asyncio.subprocess.DEVNULL,
    )


async def answers(url: str) -> None:
    limit = aiohttp.ClientTimeout(total=2)
    async with aiohttp.ClientSession(timeout=limit) as session:
        for _ in range(600):
            try:
                async with session.get(url) as response:
                    if response.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.05)
    raise AssertionError(f"no answer at {url}")
