"""The model chose among the procedures on our list: what does a citizen get to see?

Only what our own search found, in another order, and always as a question. What our
engine thinks likeliest stays on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlu.ai.envelope import only_value
from nlu.ai.lookup import Choice
from nlu.ai.prompt import ORDER
from nlu.ai.use import Result
from nlu.model import Candidate, Decision, Intent, Understanding

MOST_CHOSEN = 3
"""As many as the citizen sees as buttons."""
MOST_SHOWN = 5


def chosen(content: str, count: int) -> tuple[int, ...] | Result:
    """Return the places (from 0) that a reply names; () when nothing fits.

    A reply that names anything outside 1..count is refused whole.
    """
    told = only_value(content, ORDER)
    if isinstance(told, Result):
        return told
    is_list = isinstance(told, list) and all(type(one) is int for one in told)
    if not is_list or len(set(told)) != len(told) or len(told) > count:
        return Result.WRONG_SHAPE
    if not all(1 <= one <= count for one in told):
        return Result.INVENTED
    return tuple(one - 1 for one in told[:MOST_CHOSEN])


def reranked(
    own: Understanding, places: Sequence[int], choices: Sequence[Choice]
) -> Understanding:
    """Return the reading with the chosen procedures first; never an answer.

    Without any, our own reading stands.
    """
    if not places:
        return own
    picked = [choices[place].candidate for place in places]
    if own.decision is Decision.ASK:
        picked = _with_ours(own.candidates, picked)
    return replace(
        own,
        intent=Intent.ASK_PROCEDURE,
        decision=Decision.ASK,
        candidates=tuple(picked),
    )


def _with_ours(
    ours: Sequence[Candidate], picked: Sequence[Candidate]
) -> list[Candidate]:
    """Return the picked ones, our best at the third place at the latest, the rest."""
    known = {one.code: one for one in (*picked, *ours)}
    order = [one.code for one in picked]
    first = [one.code for one in ours[:1]]
    if first and first[0] not in order:
        order = [*order[: MOST_CHOSEN - 1], *first]
    shown = dict.fromkeys((*order, *known))
    return [known[code] for code in shown][:MOST_SHOWN]
