"""Nothing acknowledged is lost and nothing is sent twice, whenever it dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.kill_harness import Rig, free_port, judge, run_with_kills
from tests.processes import forked

KILLS = 10
CITIZENS = 12


@pytest.mark.kill
async def test_a_service_killed_under_load_loses_and_repeats_nothing(
    tmp_path: Path,
) -> None:
    """Every acknowledged message is handled once, in order, and evidenced."""
    rig = Rig(tmp_path, free_port(), free_port(), begin=forked)
    try:
        await rig.start_sandbox()
        await rig.prepare()
        load = await run_with_kills(rig, kills=KILLS, citizens=CITIZENS, seed=1)
        verdict = await judge(rig, load)
    finally:
        await rig.close()

    assert verdict.faults == ()
    assert verdict.messages > CITIZENS
    assert load.kills == KILLS
