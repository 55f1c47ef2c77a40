"""May the words of a talk be used for anything but answering it?

Not of a citizen who declined or wants no news, and not while a petition is spoken of:
a denouncer's identity is protected by law, and so is what is told. What is written into
a form is for the commune alone.
"""

from __future__ import annotations

from handlers.citizen import petition
from handlers.model import Consent, Conversation


def is_open(talk: Conversation) -> bool:
    """Whether the citizen and the matter allow it."""
    return not (
        talk.consent is Consent.DECLINED
        or talk.opted_out
        or talk.pending == petition.PENDING
        or (talk.draft is not None and not talk.draft.is_later)
    )
