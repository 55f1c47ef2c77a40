"""Can a letter leave that nobody approved, or leave twice? Every order of steps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from handlers.staff.letters.errors import (
    LetterStepError,
    NobodyError,
    NotThisStepError,
    OtherVersionError,
)
from handlers.staff.letters.model import (
    BY_THE_SENDER,
    SENDER,
    STEPS,
    LetterAct,
    LetterState,
    Life,
    approve,
    is_sendable,
    may,
    schedule,
    step,
)
from tests.conftest import START

ACTS = sorted(set(LetterAct) - {LetterAct.APPROVE, LetterAct.SCHEDULE})


class Lives(RuleBasedStateMachine):
    """People and the sender do whatever they can, and much that they cannot."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.now = START

    @rule(act=st.sampled_from(ACTS), by=st.sampled_from(["cb1", "cb2", SENDER, " "]))
    def act(self, act: LetterAct, by: str) -> None:
        """Any simple step, by anybody or nobody."""
        before = self.life
        if act is LetterAct.SEND and not is_sendable(before, self.now):
            return  # the sender asks first
        try:
            self.life = step(before, act, by, self.now)
        except LetterStepError:
            assert not may(before, act) or by != "cb1"

    @rule(read=st.integers(0, 4))
    def approve(self, read: int) -> None:
        """Approve some version, present or not."""
        try:
            self.life = approve(self.life, "ld1", self.now, read)
        except LetterStepError:
            return
        assert read == self.life.version

    @precondition(lambda self: may(self.life, LetterAct.SCHEDULE))
    @rule(hours=st.integers(-1, 2))
    def schedule(self, hours: int) -> None:
        """Send it soon."""
        due = self.now + timedelta(hours=hours)
        self.life = schedule(self.life, "cb1", self.now, due)

    @rule()
    def wait(self) -> None:
        """An hour passes."""
        self.now += timedelta(hours=1)

    @invariant()
    def what_leaves_was_approved(self) -> None:
        """The version that leaves is the version a person approved."""
        out = {LetterState.SENDING, LetterState.DELIVERED, LetterState.UNKNOWN}
        if self.life.state in out:
            approvals = {
                s.version
                for s in self.life.steps
                if s.act is LetterAct.APPROVE and s.by not in {SENDER, ""}
            }
            assert self.life.approved == self.life.version
            assert self.life.version in approvals

    @invariant()
    def it_leaves_again_only_after_a_refusal(self) -> None:
        """Delivered or unknown is the last send there is."""
        acts = [s.act for s in self.life.steps]
        sends = acts.count(LetterAct.SEND)
        assert sends <= acts.count(LetterAct.REFUSE) + 1

    @invariant()
    def people_are_named(self) -> None:
        """Only the sender's own acts are the sender's; times never run back."""
        for one in self.life.steps:
            assert one.by.strip()
            assert one.by != SENDER or one.act in BY_THE_SENDER
        times = [one.at for one in self.life.steps]
        assert times == sorted(times)


TestLives = Lives.TestCase


def test_the_usual_road() -> None:
    """Draft, checked, approved, signed, scheduled, sent, delivered, archived."""
    life = step(Life(), LetterAct.CHECK, "cb1", START)
    life = approve(life, "ld1", START, life.version)
    life = step(life, LetterAct.SIGN, "ld1", START)
    life = schedule(life, "cb1", START, START)
    for act in (LetterAct.SEND, LetterAct.DELIVER):
        life = step(life, act, SENDER, START)
    life = step(life, LetterAct.ARCHIVE, "cb1", START)

    assert life.state is LetterState.ARCHIVED
    assert len(life.steps) == 7


def test_an_edit_voids_the_approval() -> None:
    """What was approved before is not what would leave now."""
    life = approve(step(Life(), LetterAct.CHECK, "cb1", START), "ld1", START, 1)
    edited = step(life, LetterAct.EDIT, "cb1", START)

    assert (edited.state, edited.approved) == (LetterState.DRAFT, 0)
    with pytest.raises(NotThisStepError):
        schedule(edited, "cb1", START, START)
    with pytest.raises(OtherVersionError):
        approve(step(edited, LetterAct.CHECK, "cb1", START), "ld1", START, 1)


def test_a_recall_stops_what_has_not_left() -> None:
    """Before sending it comes back to the desk; afterwards it cannot."""
    life = approve(step(Life(), LetterAct.CHECK, "cb1", START), "ld1", START, 1)
    waiting = schedule(life, "cb1", START, START)
    sent = step(waiting, LetterAct.SEND, SENDER, START)

    assert not is_sendable(step(waiting, LetterAct.RECALL, "cb1", START), START)
    with pytest.raises(NotThisStepError):
        step(sent, LetterAct.RECALL, "cb1", START)


def test_no_rule_checks_or_archives() -> None:
    """The sender is no person."""
    with pytest.raises(NobodyError):
        step(Life(), LetterAct.CHECK, SENDER, START)


def test_every_state_is_reached_and_all_but_one_are_left() -> None:
    """The table has no island and one end."""
    reached = {to for table in STEPS.values() for to in table.values()}
    left = {state for table in STEPS.values() for state in table}

    assert reached == set(LetterState)
    assert set(LetterState) - left == {LetterState.ARCHIVED}
