"""Can any sequence of steps lose a case: no owner, no clock, no proof, no way on?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from handlers.cases import actions
from handlers.cases.actions import CITIZEN, SYSTEM, Act, Action, Actor
from handlers.cases.apply import TAGS, apply, recompute
from handlers.cases.case import ENDED, IN_HAND, Case, Goal, State
from handlers.cases.change import Change
from handlers.cases.errors import CaseError
from handlers.cases.kind import shipped
from handlers.cases.rows import case_of, record
from handlers.cases.state import possible
from handlers.staff.people.model import CODE
from tests.handlers.cases.office import LEADER, NOW, OFFICER, new_case, services

KINDS = sorted(kind.code for kind in shipped() if not kind.is_guidance)
OFTEN = ["phan_anh", "kien_nghi", "ho_tro"]
"""Few kinds, so that a case is also classified as what it is."""
WORDS = st.sampled_from(["", " ", "xin bổ sung", "đã làm xong"])
STAFF_IDS = st.sampled_from(["canbo02", "on_duty", "", "bà Lành"])
SAID = st.sampled_from(["xin bổ sung", "đã làm xong"])
KNOWN = st.sampled_from(["canbo02", "on_duty"])
SENSIBLE: Mapping[Act, st.SearchStrategy[Action]] = {
    Act.TAKE: st.builds(actions.Take),
    Act.ASSIGN: st.builds(actions.Assign, KNOWN, WORDS),
    Act.NOTE: st.builds(actions.Note, SAID, st.tuples(KNOWN)),
    Act.ADD: st.builds(actions.Add, SAID),
    Act.CLASSIFY: st.builds(actions.Classify, st.sampled_from(OFTEN), WORDS),
    Act.ACCEPT: st.builds(actions.Accept, WORDS),
    Act.RETURN: st.builds(actions.Return, SAID),
    Act.BEGIN: st.builds(actions.Begin),
    Act.DRAFT: st.builds(actions.DraftAnswer, SAID),
    Act.APPROVE: st.builds(actions.Approve),
    Act.REJECT: st.builds(actions.Reject, SAID),
    Act.ANSWER: st.builds(actions.Answer, SAID),
    Act.CLOSE: st.builds(actions.Close, WORDS),
    Act.REOPEN: st.builds(actions.Reopen, SAID),
    Act.TRANSFER: st.builds(
        actions.Transfer, st.just("Sở Xây dựng"), st.sampled_from(["", "12/SXD"])
    ),
    Act.RECEIPT: st.builds(actions.Receipt, st.just("12/SXD")),
    Act.MERGE: st.builds(actions.Merge, st.just("f" * 32), st.just("PA-261125-0009")),
    Act.LINK: st.builds(actions.LinkTo, st.just("e" * 32)),
    Act.ATTACH: st.builds(actions.Attach, st.just(("a1",))),
    Act.EXTEND: st.builds(actions.Extend, st.just("gia_han"), SAID),
    Act.PAUSE: st.builds(actions.Suspend, st.just("cho_bo_sung"), SAID),
    Act.RESUME: st.builds(actions.Resume),
    Act.RECOMPUTE: st.builds(actions.Recompute, st.just("lich")),
}
ANYTHING: st.SearchStrategy[Action] = st.one_of(
    st.builds(actions.Assign, STAFF_IDS, WORDS),
    st.builds(actions.Note, WORDS, st.tuples(STAFF_IDS)),
    st.builds(actions.Classify, st.sampled_from(["to_cao", "khong_co"]), WORDS),
    st.builds(actions.Transfer, WORDS, st.sampled_from(["", "số mười"])),
    st.builds(actions.Receipt, st.just("")),
    st.builds(actions.LinkTo, st.just(f"{1:032x}")),
    st.builds(actions.Attach, st.just(())),
    st.builds(actions.Extend, st.just("khong_co"), WORDS),
    *(
        st.builds(action, WORDS)
        for action in (actions.Return, actions.Answer, actions.Reject, actions.Reopen)
    ),
    *SENSIBLE.values(),
)
ACTORS = st.sampled_from(
    [OFFICER, LEADER, Actor("citizen", CITIZEN), Actor("system", SYSTEM)]
)


class Cases(RuleBasedStateMachine):
    """One case in the hands of people who do anything at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.case: Case | None = None
        self.at: datetime = NOW
        self.proofs = 0
        self.holidays: list[date] = []

    @initialize(kind=st.sampled_from(OFTEN) | st.sampled_from(KINDS))
    def opens(self, kind: str) -> None:
        """A citizen opens a case of any kind."""
        self.case = new_case(kind)
        self.proofs = 1

    @rule(hours=st.integers(1, 24 * 40))
    def waits(self, hours: int) -> None:
        """Time passes."""
        self.at += timedelta(hours=hours)

    @rule(data=st.data(), actor=ACTORS)
    def goes_on(self, data: st.DataObject, actor: Actor) -> None:
        """Somebody makes one of the steps that the table allows now."""
        assert self.case is not None
        found = possible(self.case, shipped().get(self.case.kind))
        if found:
            act = data.draw(st.sampled_from(found))
            self.acts(data.draw(SENSIBLE[act]), actor)

    @rule(action=ANYTHING, actor=ACTORS)
    def tries(self, action: Action, actor: Actor) -> None:
        """Somebody tries anything, sensible or not."""
        self.acts(action, actor)

    def acts(self, action: Action, actor: Actor) -> None:
        """A step is made, or refused with a sentence while nothing changes."""
        assert self.case is not None
        before = self.case
        change, refusal = self._made(action, actor)
        if change is None:
            assert str(refusal)
            assert refusal is not None
            assert refusal.hint
            return
        assert action.act in possible(before, shipped().get(before.kind))
        assert len(change.history) == len(change.events) == 1
        assert change.events[0].tag is TAGS[action.act]
        self._moved(before, change.case, len(change.events))

    def _made(
        self, action: Action, actor: Actor
    ) -> tuple[Change | None, CaseError | None]:
        assert self.case is not None
        given = services(self.holidays)
        try:
            return apply(self.case, action, actor, self.at, given), None
        except CaseError as error:
            return None, error

    @rule(days=st.integers(1, 20))
    def a_day_off_is_announced(self, days: int) -> None:
        """The calendar changes, and the running terms with it."""
        assert self.case is not None
        self.holidays.append((self.at + timedelta(days=days)).date())
        before = self.case
        change = recompute(before, "lich", self.at, services(self.holidays))
        if change is not None:
            self._moved(before, change.case, len(change.events))

    @precondition(lambda self: self.case is not None)
    @rule()
    def is_stored_and_read_again(self) -> None:
        """What the row keeps is the case, one version on."""
        assert self.case is not None
        row = record(self.case)
        again = case_of(row)
        kept: dict[str, Any] = {
            name: (getattr(again, name), getattr(self.case, name))
            for name in ("state", "owner", "draft", "pauses", "extensions", "receipt")
        }
        assert all(new == old for new, old in kept.values())
        assert row["version"] == self.case.version + 1

    def _moved(self, before: Case, after: Case, proofs: int) -> None:
        assert after.seq == before.seq + proofs
        self.proofs += proofs
        self.case = after

    @invariant()
    def has_an_owner(self) -> None:
        """A person or the queue, never nobody."""
        if self.case is not None:
            assert CODE.fullmatch(self.case.owner)

    @invariant()
    def has_a_clock(self) -> None:
        """In hand: the answer's clock runs. Elsewhere: every clock has ended."""
        if self.case is None:
            return
        running = [clock for clock in self.case.clocks if clock.is_running]
        assert self.case.clocks
        if self.case.state in IN_HAND:
            assert [c.goal for c in running].count(Goal.ANSWER) == 1
        else:
            assert running == []
        assert all((c.ended is None) == c.is_running for c in self.case.clocks)

    @invariant()
    def is_proved(self) -> None:
        """As many proofs as entries of the history."""
        if self.case is not None:
            assert self.case.seq == self.proofs

    @invariant()
    def ends_only_where_it_ends(self) -> None:
        """Closed has a time, anything else none; a draft only where it is worked on."""
        if self.case is None:
            return
        assert (self.case.closed_at is not None) == (self.case.state in ENDED)
        if self.case.draft is not None:
            assert self.case.state in IN_HAND
        if self.case.open_pause is not None:
            assert self.case.state in IN_HAND

    @invariant()
    def can_go_on(self) -> None:
        """There is always a step to make, but for what was merged."""
        if self.case is None or self.case.merged_into:
            return
        found = possible(self.case, shipped().get(self.case.kind))
        assert any(act.value not in ("note", "link", "attach", "add") for act in found)
        assert self.case.state is not State.GUIDED


TestCases = Cases.TestCase
TestCases.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
