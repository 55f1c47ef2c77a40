"""Does a message become part of a signed log within seconds, as it is wired?"""

from __future__ import annotations

import aiohttp

from handlers.staff.evidence.live import check
from handlers.staff.evidence.trust import Trust
from storage import tables
from storage.evidence.notes import read_checkpoint, read_note
from tests.bot.process import Start, post
from tests.bot.support import eventually
from tests.storage.evidence import naive

ROUNDS = 30.0


async def test_a_question_is_signed_and_served(start: Start) -> None:
    """Webhook in; then the checkpoint over HTTP is the root of all its entries."""
    process = await start()
    (unit_id,) = process.service.units
    assert await post(process.url, 1) == 200
    await eventually(process.is_settled, ROUNDS)
    rows = await process.rows(tables.evidence_entry)
    assert len(rows) >= 3

    async with aiohttp.ClientSession() as session:

        async def signed() -> bool:
            address = f"{process.url}/log/{unit_id}/checkpoint"
            async with session.get(address) as answer:
                if answer.status != 200:
                    return False
                text = await answer.text()
            return int(text.split("\n")[1]) >= len(rows)

        await eventually(signed, ROUNDS)
        async with session.get(f"{process.url}/log/{unit_id}/checkpoint") as answer:
            said = read_checkpoint(read_note(await answer.text()).text)
        address = f"{process.url}/minh-chung/{rows[0]['entry_id']}"
        async with session.get(address) as answer:
            assert "có trong nhật ký" in await answer.text()

    ours = process.service.units[unit_id].vault.keys
    report = await process.service.database.read(
        lambda c: check(c, unit_id, ours, Trust())
    )
    leaves = {row["entry_id"]: row["leaf"] for row in rows}
    order = await process.rows(tables.evidence_position)
    assert report.faults == []
    assert said.root == naive.tree([leaves[row["entry_id"]] for row in order])
    assert said.origin.endswith(f"/log/{unit_id}")
    assert report.entries == said.size
