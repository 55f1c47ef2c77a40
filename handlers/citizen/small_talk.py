"""How do we answer kindness, impatience and chat?"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.citizen import buttons
from handlers.citizen.turn import Step, Turn
from nlu.model import Intent

_KEYS: Mapping[Intent, str] = {
    Intent.THANKS: "small_talk.thanks",
    Intent.APOLOGY: "small_talk.apology",
    Intent.PRAISE: "small_talk.praise",
    Intent.ABUSE: "small_talk.abuse",
    Intent.AFFIRM: "small_talk.affirm",
    Intent.DENY: "small_talk.deny",
}
_TENSE = frozenset({Intent.ABUSE})


def handle(turn: Turn, intent: Intent) -> Step:
    """Answer in one kind sentence; an angry citizen is offered a person first."""
    key = _KEYS.get(intent, "small_talk.chat")
    helps = (buttons.item(turn, "thutuc"), buttons.menu(turn))
    is_tense = intent in _TENSE
    shown = (buttons.staff(turn), *helps) if is_tense else (*helps, buttons.staff(turn))
    return Step(turn.talk, (turn.reply(key, *shown),), is_calm=not is_tense)
