"""Are the right people told once, in time, and left alone when it is over?"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from handlers.cases import actions
from handlers.cases.case import Goal
from handlers.staff.cases.act import act
from handlers.staff.people.departure import leave
from handlers.staff.permissions import Role
from scheduler.escalation import chain as chains
from scheduler.escalation.sweep import Sweep
from storage import apologies
from storage.case_erasure import erase
from storage.tables import apology_proposal, case_escalation, escalation_plan
from tests.scheduler.escalation.people import Ladder

DUE_TODAY = datetime(2026, 12, 2, 0, 30, tzinfo=UTC)
OVERDUE = datetime(2026, 12, 3, 0, 30, tzinfo=UTC)


async def on(ladder: Ladder, at: datetime) -> None:
    """Sweep at an instant."""
    ladder.commune.clock.set(at)
    await ladder.sweep.sweep(ladder.office)


async def classified(ladder: Ladder, code: str) -> None:
    """Let staff do what comes before the answer."""
    await act(ladder.commune.room, code, actions.Take())
    await act(ladder.commune.room, code, actions.Classify("phan_anh"))
    await act(ladder.commune.room, code, actions.Accept())


async def test_a_case_climbs_the_ladder(ladder: Ladder) -> None:
    """Owner, then head, then vice-chair, then chair; each is proved, none twice."""
    vault = await ladder.commune.citizen("lua")
    case = await ladder.commune.reports(vault)
    await classified(ladder, case.code)
    start = ladder.commune.clock.now()
    for hour in range(24 * 17):
        await on(ladder, start + timedelta(hours=hour))

    assert await ladder.told() == [
        ("case_due_soon", "canbo01"),
        ("case_due_today", "canbo01"),
        ("case_due_today", "chanhvp"),
        ("apology_proposed", "chanhvp"),
        ("case_overdue", "canbo01"),
        ("case_overdue", "chanhvp"),
        ("case_overdue", "phoct"),
        *[("case_overdue", code) for code in ("canbo01", "chanhvp", "chutich", "phoct")]
        * 2,
    ]
    proofs = await ladder.commune.proofs("system:case:escalated")
    assert [proof["step"] for proof in proofs] == [
        "due_soon",
        "due_today",
        "overdue_1",
        "overdue_3",
        "overdue_7",
    ]
    assert {proof["due"] for proof in proofs} == {"2026-12-02"}


async def test_nobody_acknowledged(ladder: Ladder) -> None:
    """A case nobody took: whoever works on cases and the head hear when it is late."""
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault)
    await on(ladder, datetime(2026, 11, 27, 0, 30, tzinfo=UTC))

    assert ("case_step_missed", "canbo01") in await ladder.told()
    assert ("case_step_missed", "chanhvp") in await ladder.told()
    assert ("case_step_missed", "phoct") not in await ladder.told()


async def test_closing_makes_the_rest_moot(ladder: Ladder) -> None:
    """Answered: nothing more is due, and nobody hears of it again."""
    vault = await ladder.commune.citizen("lua")
    case = await ladder.commune.reports(vault)
    await classified(ladder, case.code)
    await on(ladder, DUE_TODAY)
    before = await ladder.told()
    await act(ladder.commune.room, case.code, actions.Answer("Đã sửa xong đèn."))
    await on(ladder, OVERDUE)
    await on(ladder, OVERDUE + timedelta(days=30))

    assert await ladder.told() == before
    assert await ladder.steps("due") == []


async def test_a_reopened_case_climbs_again(ladder: Ladder) -> None:
    """Its new clock has steps of its own."""
    vault = await ladder.commune.citizen("lua")
    case = await ladder.commune.reports(vault)
    await classified(ladder, case.code)
    await act(ladder.commune.room, case.code, actions.Answer("Đã sửa xong đèn."))
    await act(ladder.commune.room, case.code, actions.Close())
    await on(ladder, DUE_TODAY)
    assert await ladder.steps("due") == []
    await act(ladder.commune.room, case.code, actions.Reopen("vẫn tối"))
    await on(ladder, DUE_TODAY + timedelta(minutes=1))

    assert {row["goal"] for row in await ladder.steps("due")} == {"answer"}


async def test_long_silence_tells_only_the_last(ladder: Ladder) -> None:
    """After a week without a clock one step stands for those before it."""
    vault = await ladder.commune.citizen("lua")
    case = await ladder.commune.reports(vault)
    await classified(ladder, case.code)
    await on(ladder, ladder.commune.clock.now())
    await on(ladder, datetime(2026, 12, 8, 3, 0, tzinfo=UTC))

    ran = [row["step"] for row in await ladder.steps("run")]
    assert ran == ["overdue_3"]
    told = {code for kind, code in await ladder.told() if kind == "case_overdue"}
    assert told == {"canbo01", "chanhvp", "phoct", "chutich"}


async def test_who_left_or_rests_is_replaced_by_the_rung_above(ladder: Ladder) -> None:
    """The head left: the vice-chair hears in their place; nobody hears twice."""
    vault = await ladder.commune.citizen("lua")
    case = await ladder.commune.reports(vault)
    await classified(ladder, case.code)
    await leave(ladder.desk, "chanhvp")
    await on(ladder, DUE_TODAY)

    today = [code for kind, code in await ladder.told() if kind == "case_due_today"]
    assert today == ["canbo01", "phoct"]


async def test_without_anybody_everybody_is_told(ladder: Ladder) -> None:
    """A unit that named nobody still gets a notice, for whoever looks."""
    for code in ("canbo01", "chanhvp", "phoct", "chutich"):
        await leave(ladder.desk, code)
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault)
    await on(ladder, DUE_TODAY)

    proofs = await ladder.commune.proofs("system:case:escalated")
    assert {proof["to"] for proof in proofs} == {""}
    assert await ladder.steps("run")


async def test_personal_data_is_not_for_officers(ladder: Ladder) -> None:
    """A request about one's own data is told to those who may see it."""
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault, "du_lieu_xoa")
    await on(ladder, datetime(2027, 1, 15, 2, 0, tzinfo=UTC))

    assert "canbo01" not in {code for _, code in await ladder.told()}
    assert await ladder.told()


async def test_the_chain_is_frozen_when_a_case_begins(ladder: Ladder) -> None:
    """New steps are for new cases; the old one keeps what it began with."""
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault)
    await on(ladder, ladder.commune.clock.now())
    shipped = chains.shipped()
    changed = replace(shipped, default={**shipped.default, Goal.ANSWER: ()})
    ladder.office = replace(ladder.office, chains=changed)
    second = await ladder.commune.reports(vault)
    await on(ladder, ladder.commune.clock.now())
    await act(ladder.commune.room, second.code, actions.Note("đã xem"))
    await on(ladder, ladder.commune.clock.now())

    steps = [row for row in await ladder.steps("due") if row["goal"] == "answer"]
    assert {row["case_id"] for row in steps} != {second.case_id}
    assert second.case_id not in {row["case_id"] for row in steps}
    plans = await ladder.commune.rows(escalation_plan)
    assert len({row["chain_id"] for row in plans}) == 2


async def test_another_kind_begins_with_its_own_chain(ladder: Ladder) -> None:
    """Reclassified, the case has the steps of the new kind, and the old are moot."""
    vault = await ladder.commune.citizen("lua")
    case = await ladder.commune.reports(vault)
    await on(ladder, ladder.commune.clock.now())
    await act(ladder.commune.room, case.code, actions.Classify("duong_day_nong"))
    await on(ladder, ladder.commune.clock.now())

    due = [row for row in await ladder.steps("due") if row["goal"] == "answer"]
    assert {row["step"] for row in due} <= {
        "due_soon",
        "due_today",
        "overdue_1",
        "overdue_3",
    }
    assert any(row["state"] == "moot" for row in await ladder.steps())


async def test_two_sweeps_at_once_tell_once(ladder: Ladder) -> None:
    """Whoever turns the row tells; the other finds nothing left to do."""
    vault = await ladder.commune.citizen("lua")
    for _ in range(5):
        await ladder.commune.reports(vault)
    await on(ladder, ladder.commune.clock.now())
    ladder.commune.clock.set(DUE_TODAY)
    clock, ids = ladder.commune.clock, ladder.commune.room.ids
    sweeps = [Sweep(ladder.database, clock, ids) for _ in range(3)]
    await asyncio.gather(*(one.sweep(ladder.office) for one in sweeps))

    told = await ladder.told()
    proofs = await ladder.commune.proofs("system:case:escalated")
    ran = await ladder.steps("run")
    assert len(proofs) == len(ran)
    assert len(told) == sum(len(row["told"].split(",")) for row in ran)


async def test_an_apology_is_proposed_once_a_clock(ladder: Ladder) -> None:
    """Past its day: one proposal with what a letter needs, however often one looks."""
    vault = await ladder.commune.citizen("lua")
    case = await ladder.commune.reports(vault)
    await on(ladder, DUE_TODAY)
    assert await ladder.commune.rows(apology_proposal) == []
    for minutes in range(3):
        await on(ladder, OVERDUE + timedelta(minutes=minutes))

    (row,) = await ladder.commune.rows(apology_proposal)
    assert (row["code"], row["kind"], row["due_date"]) == (
        case.code,
        "phan_anh",
        "2026-12-02",
    )
    assert (row["person_id"], row["reason"], row["state"]) == (
        vault.person_id,
        "",
        "proposed",
    )
    assert len(await ladder.commune.proofs("system:apology:proposed")) == 1
    assert [kind for kind, _ in await ladder.told()].count("apology_proposed") == 1


async def test_a_late_answer_between_two_sweeps_is_seen(ladder: Ladder) -> None:
    """The clock was over before anybody swept, and the case closed since."""
    vault = await ladder.commune.citizen("lua")
    case = await ladder.commune.reports(vault)
    await classified(ladder, case.code)
    await on(ladder, ladder.commune.clock.now())
    ladder.commune.clock.set(OVERDUE)
    await act(ladder.commune.room, case.code, actions.Answer("Xin lỗi bà con."))
    await act(ladder.commune.room, case.code, actions.Close())
    await on(ladder, OVERDUE + timedelta(minutes=1))

    assert len(await ladder.commune.rows(apology_proposal)) == 1
    assert await ladder.steps("due") == []


async def test_an_erased_citizen_gets_no_letter(ladder: Ladder) -> None:
    """The proposal forgets whose it was, and the steps end."""
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault)
    await on(ladder, OVERDUE)
    now = ladder.commune.clock.now_ms()
    unit_id = ladder.office.unit_id
    await ladder.database.write(lambda c: erase(c, unit_id, vault.person_id, now))
    await on(ladder, OVERDUE + timedelta(minutes=1))

    (row,) = await ladder.commune.rows(apology_proposal)
    assert (row["person_id"], row["state"]) == (None, "void")
    assert await ladder.database.read(lambda c: apologies.proposed(c, unit_id)) == []
    assert await ladder.steps("due") == []


async def test_titles_tell_chair_from_vice_chair(ladder: Ladder) -> None:
    """A leader without such a title is told where nobody has it."""
    await leave(ladder.desk, "phoct")
    await leave(ladder.desk, "chutich")
    await ladder.hires("bithu", "Bí thư Đảng ủy", Role.LEADER)
    vault = await ladder.commune.citizen("lua")
    await ladder.commune.reports(vault)
    await on(ladder, OVERDUE)

    assert "bithu" in {code for _, code in await ladder.told()}


def test_rows_name_no_citizen() -> None:
    """Steps hold codes of staff, ids and times alone."""
    assert "person_id" not in {column.name for column in case_escalation.columns}
