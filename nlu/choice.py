"""Is it a question about a procedure, or one of the other things people say?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.cues import Cue
from nlu.model import Intent

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
# Words that also occur in questions about procedures decide only while the best
# procedure is less likely than this. What is not listed decides always.
PROCEDURE_UNDER = {
    Intent.OUT_OF_SCOPE: 0.75,
    Intent.HOME_SERVICE: 0.80,
    Intent.APPLY_ONLINE: 0.60,
    Intent.PHAN_ANH: 0.60,
    Intent.SURVEY: 0.70,
    Intent.HOTLINE: 0.90,
    Intent.OFFICE_HOURS: 0.80,
    Intent.SCHEDULE: 0.80,
    Intent.KIEN_NGHI: 0.85,
    Intent.HUMAN: 0.90,
    Intent.PRIVACY: 0.95,
}
CUE_CONFIDENCE = 0.95
COURTESY_UNDER = 0.45
MODEL_SURE_EMERGENCY = 0.45
# How sure the classifier must be to outweigh a procedure of at most this confidence.
MODEL_SURE = ((0.18, 0.12), (0.40, 0.26), (0.65, 0.48))


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an intent.

    ``procedure`` is the confidence (0..1) in the best procedure, ``content`` the
    places of words that name a matter, ``asked`` those of words that ask for a facet.
    """

    cues: Sequence[Cue]
    shares: Sequence[tuple[Intent, float]]
    procedure: float
    content: frozenset[int]
    asked: frozenset[int]


def choose(signals: Signals) -> tuple[Intent, float]:
    """Return the intent and how sure we are of it, 0..1."""
    for cue in signals.cues:
        if _decides(cue, signals):
            return cue.intent, CUE_CONFIDENCE
    intent, share = signals.shares[0]
    if _model_decides(intent, share, signals):
        return intent, share
    return Intent.ASK_PROCEDURE, signals.procedure


def _decides(cue: Cue, signals: Signals) -> bool:
    """Whether the phrase outweighs the procedure found."""
    left = len(signals.content - cue.places)
    asks = bool(signals.asked - cue.places)
    if cue.intent in COURTESY:
        return not asks and (left == 0 or signals.procedure < COURTESY_UNDER)
    if cue.intent is Intent.PHAN_ANH and not asks:
        return True
    return left == 0 or signals.procedure < PROCEDURE_UNDER.get(cue.intent, 2.0)


def _model_decides(intent: Intent, share: float, signals: Signals) -> bool:
    """Whether the classifier alone outweighs the procedure found."""
    if intent is Intent.ASK_PROCEDURE:
        return False
    if signals.asked and (intent in COURTESY or not signals.content):
        return False
    if intent is Intent.EMERGENCY and share < MODEL_SURE_EMERGENCY:
        return False
    needed = next((n for most, n in MODEL_SURE if signals.procedure < most), 2.0)
    return share >= needed
