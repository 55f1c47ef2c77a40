"""May the words of a talk be used for anything but answering it?

Not of a citizen who declined or wants no news, and not while a petition is spoken of:
a denouncer's identity is protected by law, and so is what is told. What is written into
a form is for the commune alone.
"""

from __future__ import annotations

from handlers.citizen import petition
from handlers.model import Consent, Conversation


def is_open(talk: Conversation) -> bool:
    """Whether the words may leave this process: citizen, matter and form allow it."""
    forms = (talk.draft, talk.complaint)
    return may_learn(talk) and all(one is None or one.is_later for one in forms)


def may_learn(talk: Conversation) -> bool:
    """Whether the citizen and the matter allow anything but an answer.

    What is written into a form is no lesson (see handlers.citizen.lessons), so a form
    that is open does not stand in the way of what is asked beside it.
    """
    return not (
        talk.consent is Consent.DECLINED
        or talk.opted_out
        or talk.pending == petition.PENDING
    )
