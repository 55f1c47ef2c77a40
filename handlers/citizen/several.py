"""Several matters in one message: how are they answered, in turn?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.citizen import procedure
from handlers.citizen.turn import Step, Turn
from nlu.model import Understanding


def also(turn: Turn, first: Step, others: Sequence[Understanding]) -> Step:
    """Return the step with the further matters answered after the first.

    The last matter answered is what the talk is about then; when the first needs a
    choice, its buttons stay the last thing on the screen.
    """
    told = [step for step in (procedure.answer(turn, one) for one in others) if step]
    if not told:
        return first
    is_open = first.talk.code is None
    steps = [*told, first] if is_open else [first, *told]
    joined = Step(
        talk=steps[-1].talk,
        replies=tuple(reply for step in steps for reply in step.replies),
        events=tuple(event for step in steps for event in step.events),
        is_calm=all(step.is_calm for step in steps),
    )
    return _announced(turn, joined, len(steps))


def _announced(turn: Turn, step: Step, count: int) -> Step:
    """Say in the first message that each matter gets its answer."""
    opening, *rest = step.replies
    lead = turn.say("procedure.several", count=count)
    opening = replace(opening, text=f"{lead}\n\n{opening.text}")
    return replace(step, replies=(opening, *rest))
