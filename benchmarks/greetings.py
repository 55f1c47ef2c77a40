"""A greeting to 100,000 made-up followers: twice to nobody, nobody left out, on time?

    .venv/bin/python -m benchmarks.greetings [--quick]
        [--people N] [--per-minute N] [--kills N] [--faults SHARE] [--asks N]

Three times of one run: questions alone (a), questions while the campaign goes at full
rate (b: rate used, the answers' p95 against a), then the kills and the faults (c); at
the end every person is compared with what the platform took. The platform counts calls
by the minute; its limit is raised (Zalo's own is 4,000 a minute an app).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.greetings_people import Village
from benchmarks.load import percentile
from bot import installation
from bot.sandbox.model import SandboxConfig
from bot.sandbox.webhook import zalo_event
from tests.bot.broadcast.campaign_to_kill import Shifted
from tests.bot.broadcast.test_campaign_kill import shift_to_morning
from tests.bot.kill_harness import (
    QUESTIONS,
    Rig,
    accepted_by_platforms,
    answers,
    free_port,
    rows,
)

MODULE = "benchmarks.greetings_service"
FIRST_ASKER = 9_107_199_254_740_000
WARM_PER_SECOND = 25.0
ENDED = "SELECT 1 FROM greeting WHERE state = 'done'"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run; ``asks`` is questions a second, ``seconds`` how long (a) and (b)."""

    people: int
    per_minute: int
    kills: int
    faults: float
    asks: float
    seconds: float


@dataclass(slots=True)
class RaisedRig(Rig):
    """The harness with a limit of the platform, kept by both sides."""

    per_minute: int = field(kw_only=True, default=4_000)

    def platforms(self) -> SandboxConfig:
        """The sandbox's settings, with the limit."""
        usual = Rig.platforms(self)
        return replace(usual, zalo=replace(usual.zalo, per_minute=self.per_minute))

    def _config(self) -> dict[str, Any]:
        made = Rig._config(self)  # noqa: SLF001  the harness's own configuration
        for unit in made["units"].values():
            unit["channels"]["zalo"]["per_minute"] = self.per_minute
        return made


async def main(plan: Plan) -> int:
    """Run, print, and return the exit code."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        rig = RaisedRig(
            Path(folder), free_port(), free_port(), per_minute=plan.per_minute
        )
        try:
            return await _run(rig, plan)
        finally:
            await rig.close()


async def _run(rig: RaisedRig, plan: Plan) -> int:
    await rig.start_sandbox()
    await rig.prepare()
    shift = shift_to_morning()
    await _populate(rig, plan, shift)
    await _start(rig, shift)
    count = int(plan.asks * plan.seconds)
    await _ask(rig, WARM_PER_SECOND, range(2 * count), "warm")
    await asyncio.sleep(3.0)
    alone = await _ask(rig, plan.asks, range(count), "alone")
    await _approve(rig, shift)
    await asyncio.sleep(7.0)
    before, began = await _calls(rig), time.monotonic()
    beside = await _ask(rig, plan.asks, range(count, 2 * count), "beside")
    used = (await _calls(rig) - before) / (time.monotonic() - began)
    print(f"(b) rate used: {used * 60 / plan.per_minute:.3f} of {plan.per_minute}/min")
    await _set_faults(rig, plan.faults)
    downtime = await _kill(rig, plan, shift)
    await _until_done(rig)
    await asyncio.sleep(2.0)
    told = await _counts(rig)
    over = told.get("zalo.refused.-32", 0)
    print(f"calls refused for being over the limit: {over} of {told['zalo.calls']}")
    oracle = await accepted_by_platforms(rig)
    _compare_waits(oracle, alone, beside)
    _print_pace(oracle, plan, downtime)
    return _judge(rig, plan, oracle)


async def _populate(rig: RaisedRig, plan: Plan, shift: int) -> None:
    """Write the people; plan a campaign on a copy of them, to know its seconds."""
    config = installation.load(rig.config_path)
    clock = Shifted(shift)
    async with installation.open_installation(config, clock=clock) as opened:
        await Village(opened, clock).people(plan.people)
    place = rig.folder / "data"
    copy = config.model_copy(
        update={
            "storage": config.storage.model_copy(
                update={"url": f"sqlite:///{place}/copy.db"}
            )
        }
    )
    shutil.copy(place / "test.db", place / "copy.db")
    async with installation.open_installation(copy, clock=clock) as opened:
        village = Village(opened, clock)
        seconds = await village.planned(await village.approved())
    print(f"planning of {plan.people} people: {seconds:.1f} s")
    for rest in place.glob("copy.db*"):
        rest.unlink()


async def _approve(rig: RaisedRig, shift: int) -> None:
    config = installation.load(rig.config_path)
    clock = Shifted(shift)
    async with installation.open_installation(config, clock=clock) as opened:
        await Village(opened, clock).approved()


async def _start(rig: RaisedRig, shift: int) -> None:
    rig.service = await rig.begin(MODULE, str(rig.config_path), str(shift))
    await answers(f"{rig.service_url}/readyz")


async def _ask(
    rig: RaisedRig, rate: float, numbers: range, label: str
) -> dict[str, float]:
    """Post one question of each asker at a steady rate; return the times (UTC ms)."""
    posted: dict[str, float] = {}
    async with aiohttp.ClientSession() as session:
        tasks, begin = [], time.perf_counter()
        for done, number in enumerate(numbers):
            wait = begin + done / rate - time.perf_counter()
            await asyncio.sleep(max(0.0, wait))
            one = _one(rig, session, label, FIRST_ASKER + number, posted)
            tasks.append(asyncio.create_task(one))
        await asyncio.gather(*tasks)
    return posted


async def _one(
    rig: RaisedRig,
    session: aiohttp.ClientSession,
    label: str,
    user: int,
    posted: dict[str, float],
) -> None:
    words = random.choice(QUESTIONS)
    name = f"{label}{user}"
    request = zalo_event(rig.platforms(), str(user), words, message_id=name)
    posted[str(user)] = time.time() * 1000
    async with session.post(
        rig.service_url + request.path, data=request.body, headers=request.headers
    ) as response:
        assert response.status == 200


async def _calls(rig: RaisedRig) -> int:
    return (await _counts(rig)).get("zalo.calls", 0)


async def _counts(rig: RaisedRig) -> dict[str, int]:
    url = f"{rig.sandbox_url}/sandbox/api/stats"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        counts: dict[str, int] = (await response.json())["counts"]
        return counts


async def _set_faults(rig: RaisedRig, share: float) -> None:
    """Half of them say "unavailable", half take the message and do not answer."""
    half = {"probability": share / 2, "channel": "zalo"}
    body = {"server_error": half, "accept_then_drop": half}
    url = f"{rig.sandbox_url}/sandbox/api/faults"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=body) as response,
    ):
        assert response.status == 200, await response.text()


async def _kill(rig: RaisedRig, plan: Plan, shift: int) -> float:
    """Kill at random moments over what is left; return the seconds it was down."""
    chance, downtime = random.Random(7), 0.0
    left = plan.people - _sent(rig)
    share = left * 60 / plan.per_minute / (plan.kills + 1)
    for number in range(plan.kills):
        await asyncio.sleep(chance.uniform(0.3, 1.5) * share)
        if rows(rig, ENDED):
            print(f"only {number} kills: the campaign was over")
            break
        died = time.monotonic()
        await rig.kill_service()
        await _start(rig, shift)
        downtime += time.monotonic() - died
    return downtime


def _sent(rig: RaisedRig) -> int:
    query = "SELECT count(*) AS n FROM outbox WHERE kind = 'greeting' AND state NOT IN"
    return int(rows(rig, f"{query} ('planned', 'claimed', 'retry')")[0]["n"])


async def _until_done(rig: RaisedRig) -> None:
    while not await asyncio.to_thread(rows, rig, ENDED):  # noqa: ASYNC110
        await asyncio.sleep(1.0)


def _compare_waits(
    oracle: list[dict[str, Any]], alone: dict[str, float], beside: dict[str, float]
) -> None:
    found = {}
    for name, posted in (("alone", alone), ("beside", beside)):
        first: dict[str, float] = {}
        for sent in oracle:
            user = sent["user_id"]
            if user in posted and sent["at_ms"] >= posted[user]:
                first.setdefault(user, sent["at_ms"])
        waits = [first[user] - at for user, at in posted.items() if user in first]
        found[name] = percentile(waits, 0.95)
        print(
            f"answers {name}: {len(waits)} of {len(posted)},"
            f" p50 {percentile(waits, 0.5):.0f} ms, p95 {found[name]:.0f} ms"
        )
    print(f"p95 beside the campaign / alone: {found['beside'] / found['alone']:.2f}")


def _print_pace(oracle: list[dict[str, Any]], plan: Plan, downtime: float) -> None:
    times = [sent["at_ms"] for sent in oracle if _is_greeting(sent)]
    seconds = (times[-1] - times[0]) / 1000
    share = len(times) / (seconds - downtime) * 60 / plan.per_minute
    print(
        f"{len(times)} greetings taken in {seconds:.0f} s, {downtime:.0f} s of it down"
        f" ({plan.kills} kills): {share:.3f} of the rate while up, faults included"
    )


def _is_greeting(sent: dict[str, Any]) -> bool:
    return not FIRST_ASKER <= int(sent["user_id"]) < FIRST_ASKER + 1_000_000


def _judge(rig: RaisedRig, plan: Plan, oracle: list[dict[str, Any]]) -> int:
    """Compare person by person; 0 when nobody was greeted twice or left out."""
    heard = Counter(sent["user_id"] for sent in oracle if _is_greeting(sent))
    query = (
        "SELECT p.person_id, p.why, o.state, o.code FROM greeting_person p LEFT JOIN"
        " outbox o ON o.unit_id = p.unit_id AND o.row_id = p.row_id"
    )
    people = [
        row for row in rows(rig, query) if row["why"] != "no_consent"
    ]  # the askers have not agreed
    states = Counter(row["state"] for row in people)
    ids = [str(int(row["person_id"], 16) % 10**18) for row in people]
    accepted = {i for i, r in zip(ids, people, strict=True) if r["state"] == "accepted"}
    refused = {i for i, r in zip(ids, people, strict=True) if r["state"] == "refused"}
    faults = {
        "heard twice": sum(1 for number in heard.values() if number > 1),
        "planned twice": len(ids) - len(set(ids)),
        "left out": plan.people - len(people),
        "said accepted, never heard": len(accepted - heard.keys()),
        "said refused, but heard": len(refused & heard.keys()),
        "heard, never planned": len(heard.keys() - set(ids)),
        "no end": sum(
            n for s, n in states.items() if s not in ("accepted", "refused", "unknown")
        ),
    }
    print(f"of {plan.people}: {dict(states)}; heard {len(heard)}")
    codes = Counter(r["code"] for r in people if r["state"] != "accepted")
    print(f"codes: {dict(codes)}")
    for name, number in faults.items():
        print(f"  {name}: {number}")
    return 1 if any(faults.values()) else 0


def _plan(arguments: list[str]) -> Plan:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--people", type=int)
    parser.add_argument("--per-minute", type=int, default=18_000)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--faults", type=float, default=0.05)
    parser.add_argument("--asks", type=float, default=5.0)
    told = parser.parse_args(arguments)
    return Plan(
        people=told.people or (12_000 if told.quick else 100_000),
        per_minute=told.per_minute,
        kills=told.kills if told.kills is not None else (3 if told.quick else 20),
        faults=told.faults,
        asks=told.asks,
        seconds=15.0 if told.quick else 60.0,
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_plan(sys.argv[1:]))))
