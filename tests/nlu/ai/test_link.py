"""Is a broken server left alone, and a busy one not flooded?"""

from __future__ import annotations

import asyncio

from nlu.ai.envelope import Reply
from nlu.ai.link import MOST_AT_ONCE, REST_SECONDS, AiLink
from nlu.ai.prompt import Prompt
from nlu.ai.use import Result
from nlu.breaker import FAILURES
from tests.conftest import FakeClock
from tests.nlu.ai.fake import MODEL, Scripted

PROMPT = Prompt("lời dặn", "câu hỏi", 10)
REPLY = Reply("{}", 5)


class Hanging:
    """A client that waits until it is let go."""

    model = MODEL

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.are_all = asyncio.Event()
        self.waiting = 0

    async def ask(self, prompt: Prompt) -> Reply | Result:
        """Wait."""
        del prompt
        self.waiting += 1
        if self.waiting == MOST_AT_ONCE:
            self.are_all.set()
        await self.go.wait()
        return REPLY


def link(client: Scripted | Hanging, clock: FakeClock) -> AiLink:
    """Return a link on the fake clock."""
    return AiLink(client, lambda: clock.now_ms() / 1000)


async def test_after_several_failures_it_rests(clock: FakeClock) -> None:
    """Nothing is asked until the rest is over, then one question."""
    found = link(Scripted(*[Result.TIMEOUT] * FAILURES, REPLY), clock)
    for _ in range(FAILURES):
        assert found.refusal() is None
        await found.ask(PROMPT)

    assert (found.refusal(), found.is_resting) == (Result.RESTING, True)
    clock.advance(ms=round(REST_SECONDS * 1000))
    assert found.refusal() is None
    assert await found.ask(PROMPT) == REPLY
    assert (found.refusal(), found.is_resting) == (None, False)


async def test_a_reply_ends_a_row_of_failures(clock: FakeClock) -> None:
    """Single failures never add up."""
    row: list[Reply | Result] = [*[Result.DEAD] * (FAILURES - 1), REPLY]
    lines = row * 3
    found = link(Scripted(*lines), clock)
    for _ in lines:
        assert found.refusal() is None
        await found.ask(PROMPT)


async def test_only_a_few_are_asked_at_once(clock: FakeClock) -> None:
    """The next one does without, and one that was cancelled makes room."""
    client = Hanging()
    found = link(client, clock)
    tasks = [asyncio.create_task(found.ask(PROMPT)) for _ in range(MOST_AT_ONCE)]
    await asyncio.wait_for(client.are_all.wait(), 5)

    assert found.refusal() is Result.BUSY
    tasks[0].cancel()
    await asyncio.wait(tasks[:1])
    assert found.refusal() is None
    client.go.set()
    assert await asyncio.gather(*tasks[1:]) == [REPLY] * (MOST_AT_ONCE - 1)
    assert found.refusal() is None
