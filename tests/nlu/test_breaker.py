"""Is a broken server left alone, and found again when it is back?"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from nlu.breaker import FAILURES, REST_SECONDS, Breaker
from tests.conftest import FakeClock


def breaker(clock: FakeClock) -> Breaker:
    """Return a breaker on the fake clock."""
    return Breaker(lambda: clock.now_ms() / 1000)


def test_a_few_failures_are_forgiven(clock: FakeClock) -> None:
    """A success between them starts the count anew."""
    guard = breaker(clock)
    for _ in range(FAILURES - 1):
        guard.failed()
    guard.succeeded()
    for _ in range(FAILURES - 1):
        guard.failed()

    assert guard.may_ask()
    assert not guard.is_open


def test_several_in_a_row_give_a_rest(clock: FakeClock) -> None:
    """Nothing is asked until the rest is over, then one question."""
    guard = breaker(clock)
    for _ in range(FAILURES):
        guard.failed()

    assert not guard.may_ask()
    clock.advance(ms=round(REST_SECONDS * 1000) - 1)
    assert not guard.may_ask()
    clock.advance(ms=1)
    assert [guard.may_ask(), guard.may_ask()] == [True, False]


def test_a_failed_try_rests_again(clock: FakeClock) -> None:
    """The server is still broken."""
    guard = breaker(clock)
    for _ in range(FAILURES):
        guard.failed()
    clock.advance(ms=round(REST_SECONDS * 1000))
    assert guard.may_ask()
    guard.failed()

    assert not guard.may_ask()


def test_a_try_that_works_ends_it(clock: FakeClock) -> None:
    """The server is back: everything is asked again."""
    guard = breaker(clock)
    for _ in range(FAILURES):
        guard.failed()
    clock.advance(ms=round(REST_SECONDS * 1000))
    assert guard.may_ask()
    guard.succeeded()

    assert [guard.may_ask(), guard.may_ask()] == [True, True]


def test_a_lost_try_costs_one_rest(clock: FakeClock) -> None:
    """A question that was cancelled does not silence the reader for ever."""
    guard = breaker(clock)
    for _ in range(FAILURES):
        guard.failed()
    for _ in range(3):
        clock.advance(ms=round(REST_SECONDS * 1000))
        assert guard.may_ask()


class Machine(RuleBasedStateMachine):
    """The breaker against a plain account of what happened."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.guard = breaker(self.clock)
        self.row = 0
        self.tries: list[int] = []
        self.broken_at = 0

    @rule(ms=st.integers(1, 20_000))
    def wait(self, ms: int) -> None:
        """Time passes."""
        self.clock.advance(ms=ms)

    @rule(works=st.sampled_from([True, False, None]))
    def ask(self, works: bool | None) -> None:
        """Ask if we may; the server works, fails, or the question is lost."""
        if not self.guard.may_ask():
            assert self.row >= FAILURES
            return
        if self.row >= FAILURES:
            self.tries.append(self.clock.now_ms())
        if works:
            self.guard.succeeded()
            self.row, self.tries = 0, []
        elif works is not None:
            self.guard.failed()
            self.row += 1

    @invariant()
    def tries_are_a_rest_apart(self) -> None:
        """A broken server is asked at most once a rest."""
        pairs = zip(self.tries, self.tries[1:], strict=False)
        assert all(later - first >= REST_SECONDS * 1000 for first, later in pairs)

    @invariant()
    def only_a_row_of_failures_opens(self) -> None:
        """Open means so many failures in a row, and nothing else."""
        assert self.guard.is_open == (self.row >= FAILURES)


TestBreaker = Machine.TestCase
