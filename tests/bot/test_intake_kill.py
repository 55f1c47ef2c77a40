"""Is each form that was sent exactly one case, whenever the service is killed?"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from bot.config import load_config
from bot.installation import read_ring
from bot.sandbox.webhook import facebook_event, zalo_event
from tests.bot.kill_harness import (
    UNIT,
    Load,
    Rig,
    _post,
    accepted_by_platforms,
    free_port,
    judge,
    rows,
    settled,
)
from tests.processes import forked

KILLS = 6
PEOPLE = 50
STORY = "đèn đường trước nhà văn hóa hỏng ba hôm nay"
WORDS = (STORY, "#phieu:k_phan_anh", "xong", "bỏ qua", "không cần", "không", "gửi")


async def fills_in(rig: Rig, load: Load, number: int) -> None:
    """Let one person fill in a form and send it, each message until it is taken."""
    chance = random.Random(number)  # noqa: S311  repeatable moments, not secrets
    channel = "zalo" if number % 2 else "facebook"
    user_id = str(9_007_199_254_740_993 + number)
    make = zalo_event if channel == "zalo" else facebook_event
    prefix = "" if channel == "zalo" else "m_"
    async with aiohttp.ClientSession() as session:
        for count, text in enumerate(WORDS):
            await asyncio.sleep(chance.uniform(0.0, 1.2))
            message_id = f"{prefix}f{number}c{count}"
            request = make(rig.platforms(), user_id, text, message_id=message_id)
            while not await _post(session, rig, request):
                load.retries += 1
                await asyncio.sleep(0.05)
            load.acknowledged[channel, user_id].append(message_id)
            if chance.random() < 0.3:
                await _post(session, rig, request)


async def killed_again_and_again(rig: Rig) -> Load:
    """Let everybody fill in while the service dies; then let it settle."""
    chance, load = random.Random(4), Load()  # noqa: S311  as above
    await rig.start_service()
    people = [asyncio.create_task(fills_in(rig, load, n)) for n in range(PEOPLE)]
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.1, 1.2))
        await rig.kill_service()
        load.kills += 1
        await rig.start_service()
    await asyncio.gather(*people)
    await settled(rig)
    return load


async def faults(rig: Rig, load: Load) -> list[str]:
    """Compare cases, hand-overs, proofs and what citizens read."""
    verdict = await judge(rig, load)
    found = [one for one in verdict.faults if not one.startswith("understood")]
    keys = read_ring(load_config(rig.config_path)).unit(UNIT)
    heads = rows(rig, "SELECT case_id, code, person_id FROM case_record")
    owners = Counter(head["person_id"] for head in heads)
    lanes = rows(rig, "SELECT person_id, id_mac FROM identity")
    known = {lane["id_mac"]: lane["person_id"] for lane in lanes}
    for channel, user_id in load.acknowledged:
        person = known.get(keys.mac(f"user:{channel}", user_id), "")
        if owners[person] != 1:
            found.append(f"{owners[person]} cases of {channel} {user_id}")
    told = [str(one) for one in await accepted_by_platforms(rig)]
    unsure = Counter(
        row["person_id"]
        for row in rows(rig, "SELECT person_id, state FROM outbox")
        if row["state"] != "accepted"
    )
    for head in heads:
        receipts = sum(head["code"] in text for text in told)
        if not _is_told(receipts, unsure[head["person_id"]]):
            found.append(f"{receipts} receipts of {head['code']}")
    found += _proofs(rig, {head["case_id"] for head in heads})
    return found


def _is_told(receipts: int, unsure: int) -> bool:
    """One receipt; a send of unknown fate may hide one or be its second copy.

    A chat reply whose fate nobody knows is sent once more (RELIABILITY.md rule 6).
    """
    return 1 - min(unsure, 1) <= receipts <= 1 + unsure


def _proofs(rig: Rig, cases: set[str]) -> list[str]:
    tags = rows(rig, "SELECT tag, subject FROM evidence_entry")
    opened = Counter(t["subject"] for t in tags if t["tag"] == "citizen:case:opened")
    waiting = {row["handover_id"] for row in rows(rig, "SELECT * FROM handover")}
    found = [] if dict(opened) == dict.fromkeys(cases, 1) else ["not proved once"]
    return found if waiting == cases else [*found, "hand-overs are not the cases"]


@pytest.mark.kill
async def test_each_form_is_one_case_however_often_the_service_dies(
    tmp_path: Path,
) -> None:
    """Nothing acknowledged is lost, nobody is told twice, no code is given twice."""
    rig = Rig(tmp_path, free_port(), free_port(), begin=forked)
    try:
        await rig.start_sandbox()
        await rig.prepare()
        load = await killed_again_and_again(rig)
        found = await faults(rig, load)
        count = len(rows(rig, "SELECT DISTINCT code FROM case_record"))
    finally:
        await rig.close()

    assert found == []
    assert count == PEOPLE
    assert load.kills == KILLS
