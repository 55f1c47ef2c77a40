"""Does the audit see what did not run, and only that?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.timekeeping import ask
from scheduler.escalation.audit import Audit
from scheduler.heartbeat import Heartbeat
from scheduler.jobs import Silent
from storage.tables import case_escalation, notice
from tests.scheduler.escalation.people import Ladder

OVERDUE = datetime(2026, 12, 3, 0, 30, tzinfo=UTC)


async def test_all_is_well_while_the_sweep_runs(ladder: Ladder) -> None:
    """Hour by hour over three weeks the audit finds nothing."""
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault)
    for _ in range(24 * 21):
        await ladder.sweep.sweep(ladder.office)
        assert await ladder.auditor.audit(ladder.office) == Audit()
        ladder.commune.passes(hours=1)


async def test_a_sweep_that_stands_is_seen(ladder: Ladder) -> None:
    """A quarter of an hour after a step was due the alarm is there, once an hour."""
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault)
    await ladder.sweep.sweep(ladder.office)
    ladder.commune.clock.set(datetime(2026, 12, 1, 0, 44, tzinfo=UTC))
    before = await ladder.auditor.audit(ladder.office)
    ladder.commune.passes(minutes=2)
    after = await ladder.auditor.audit(ladder.office)
    await ladder.auditor.audit(ladder.office)

    assert after.late == before.late + 1
    alarms = [
        r for r in await ladder.commune.rows(notice) if r["kind"] == "escalation_late"
    ]
    assert len(alarms) == 1
    assert len(await ladder.commune.proofs("system:escalation:late")) == 1


async def test_a_case_that_was_never_planned_is_seen(ladder: Ladder) -> None:
    """The audit asks for open cases, not only for steps."""
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault)
    assert (await ladder.auditor.look(ladder.office)).is_clean
    ladder.commune.passes(minutes=16)

    assert await ladder.auditor.look(ladder.office) == Audit(unplanned=1)


async def test_a_plan_that_lost_its_steps_is_seen(ladder: Ladder) -> None:
    """Steps that vanished are noticed by the clocks that nobody was told of."""
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault)
    await ladder.sweep.sweep(ladder.office)
    await ladder.database.write(lambda c: c.execute(case_escalation.delete()))
    ladder.commune.clock.set(OVERDUE + timedelta(days=4))

    assert await ladder.auditor.look(ladder.office) == Audit(untold=1)


async def test_the_heart_beats_only_when_all_is_well(ladder: Ladder) -> None:
    """The outside hears from us while the audit is clean, and else nothing."""
    heard: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append(request.path_qs)
        return web.Response()

    app = web.Application()
    app.router.add_get("/beat", hear)
    async with TestServer(app) as server:
        url = str(server.make_url("/beat"))
        heart = Heartbeat(ladder.auditor, [ladder.office], lambda: ask(url), Silent())
        assert await heart.beat() == "sent"
        vault = await ladder.commune.citizen("lua")
        await ladder.commune.reports(vault)
        ladder.commune.passes(minutes=16)
        assert await heart.beat() == "withheld"
        assert heard == ["/beat"]
        await ladder.sweep.sweep(ladder.office)
        gone = Heartbeat(
            ladder.auditor, [ladder.office], lambda: ask(url + "x"), Silent()
        )
        assert await gone.beat() == "failed"
    assert await heart.beat() == "failed"
