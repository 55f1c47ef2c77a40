"""What is a procedure called among the intents of a Rasa project?

A slash would make a retrieval intent and a dot breaks Rasa's reports, so a code is
spelt in letters, digits, ``_`` (for the dot) and ``-hex-`` (for the rest): two codes
never share a name.
"""

from __future__ import annotations

from nlu.model import Intent

PREFIX = "tt_"
# What Rasa's FallbackClassifier answers when the project has one.
UNSURE = "nlu_fallback"
# A procedure is its own intent in Rasa; "asks about some procedure" would compete.
CHAT = {intent.value: intent for intent in Intent if intent is not Intent.ASK_PROCEDURE}


def procedure_intent(code: str) -> str:
    """Return the intent that stands for a procedure, such as ``tt_1_004772``."""
    return PREFIX + "".join(map(_spelt, code))


def _spelt(char: str) -> str:
    if char == ".":
        return "_"
    return char if char.isascii() and char.isalnum() else f"-{ord(char):x}-"
