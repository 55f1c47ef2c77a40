"""Is there anything of a citizen, or a secret, in any line of the log?"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from bot.logs import places, places_only
from tests.bot.log_road import FORBIDDEN

EXPECTED = {
    "handled",
    "sent",
    "refreshed",
    "security_event",
    "store_failed",
    "store_broken",
    "replay_failed",
    "spool_file_set_aside",
    "spool_empty",
    "handling_failed",
    "send_broken",
    "library_error",
}


async def test_a_whole_road_logs_nothing_of_anybody(tmp_path: Path) -> None:
    """Texts, phones, ids and secrets are everywhere on this road, in no line of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bot.log_road",
        str(tmp_path),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    log = (out + err).decode()

    assert process.returncode == 0, log
    assert [mark for mark in FORBIDDEN if mark in log] == []
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["event"] for line in lines} >= EXPECTED
    assert all({"level", "timestamp"} <= line.keys() for line in lines)
    failed = [line for line in lines if line["event"] == "handling_failed"]
    assert "ValueError" in {line["error"] for line in failed}
    assert any("fragile" in line["places"][-1] for line in failed)


def test_places_name_code_and_no_message() -> None:
    """An exception becomes its type and the frames, also from inside a handler."""
    nothing: dict[str, str] = {}
    try:
        del nothing["chữ của người dân"]
    except KeyError as error:
        found = places(error)
        event = places_only(None, "error", {"event": "x", "exc_info": True})

    assert "chữ của người dân" not in str(found) + str(event)
    assert event["error"] == "KeyError"
    assert found[-1].startswith("test_logs.py:")
