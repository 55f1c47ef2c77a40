"""Is it a question about a procedure, or one of the other things people say?"""

from __future__ import annotations

from collections.abc import Sequence

from nlu.cues import Cue
from nlu.model import Intent
from nlu.reader import Reading

# Said along with a question, these only frame it.
COURTESY = frozenset(
    {
        Intent.THANKS,
        Intent.GREETING,
        Intent.APOLOGY,
        Intent.PRAISE,
        Intent.SMALL_TALK,
        Intent.AFFIRM,
        Intent.DENY,
        Intent.HELP,
        Intent.ABUSE,
    }
)
# How sure a phrase makes us that means nothing else. A denunciation is never taken for
# a question: what is written in one must not be kept (Luật Tố cáo 2018, Điều 8).
CERTAIN = 0.99
# From this confidence on, a procedure named beside a courtesy is what is meant.
QUESTION_FROM = 0.7
# A courtesy as likely as this is all that was said, whatever the search makes of it.
ALL_FROM = 0.8
# From this share on, talk about anything else is what it is, unless the search is as
# sure as this of a procedure: of words it does not know it is sometimes half sure.
STRAYS_FROM = 0.3
BEYOND_STRAYING = 0.9
# How sure one must be of what is no question when only "where?" or "how much?" is said.
SURE_OF_BARE = 0.5
# From this share on danger to life comes first, however likelier something else is:
# numbers to call that nobody needed cost a glance, numbers withheld may cost a life.
URGENT_FROM = 0.25
# What a wrong guess would do something about, and how sure one must be to do it.
CAREFUL = {
    Intent.EMERGENCY: URGENT_FROM,
    Intent.TO_CAO: 0.30,
    Intent.OPT_OUT: 0.35,
    Intent.PRIVACY: 0.35,
}

Shares = Sequence[tuple[Intent, float]]


def choose(
    shares: Shares, reading: Reading, cues: Sequence[Cue]
) -> tuple[Intent, float]:
    """Return the intent and how sure we are of it, 0..1.

    ``shares`` are of all intents, likeliest first.
    """
    if any(cue.intent is Intent.TO_CAO and cue.certain for cue in cues):
        return Intent.TO_CAO, CERTAIN
    urgent = next((p for i, p in shares if i is Intent.EMERGENCY), 0.0)
    if urgent >= URGENT_FROM:
        return Intent.EMERGENCY, urgent
    question = (Intent.ASK_PROCEDURE, reading.confidence)
    for intent, share in shares:
        if intent is Intent.ASK_PROCEDURE:
            return _strayed(shares, reading) or question
        if share >= CAREFUL.get(intent, 0.0):
            return (
                question if _frames(intent, share, reading, cues) else (intent, share)
            )
    return question


def _strayed(shares: Shares, reading: Reading) -> tuple[Intent, float] | None:
    """Return that the message is about anything else, when it may well be."""
    aside = next((p for i, p in shares if i is Intent.OUT_OF_SCOPE), 0.0)
    if aside < STRAYS_FROM or reading.confidence >= BEYOND_STRAYING:
        return None
    return Intent.OUT_OF_SCOPE, aside


def _frames(
    intent: Intent, share: float, reading: Reading, cues: Sequence[Cue]
) -> bool:
    """Whether the intent is only the frame of a question."""
    if intent in COURTESY and reading.confidence >= QUESTION_FROM and share < ALL_FROM:
        return True
    is_bare_question = reading.bare and bool(reading.asked) and not cues
    return is_bare_question and share < SURE_OF_BARE
