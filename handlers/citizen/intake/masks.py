"""Which data of other people stand in a form, and how does it read without them?"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.citizen.intake.contact import phone_of
from handlers.citizen.intake.draft import Ask, Draft
from nlu.masking import SHOWN, Private, Span, find

OFFERED = frozenset(
    {Private.ID_NUMBER, Private.PHONE, Private.ACCOUNT, Private.PLATE, Private.EMAIL}
)
"""Names, days and places are often what a report is about, so they stay."""
LOOKED_INTO = (Ask.WHAT, Ask.WHERE, Ask.PURPOSE)


def found(draft: Draft) -> tuple[Private, ...]:
    """Return the kinds of data found, each once; one's own phone is none."""
    own = draft.told(Ask.PHONE)
    texts = (draft.told(ask) for ask in LOOKED_INTO)
    kinds = (span.kind for text in texts for span in _spans(text, own))
    return tuple(dict.fromkeys(kinds))


def names(kinds: Sequence[Private]) -> list[str]:
    """Return how people call these kinds."""
    return [SHOWN[kind].strip("[]") for kind in kinds]


def hidden(draft: Draft) -> Draft:
    """Return the draft with a word in brackets for each piece."""
    own = draft.told(Ask.PHONE)
    told = {
        ask.value: masked(draft.told(ask), own)
        for ask in LOOKED_INTO
        if draft.told(ask)
    }
    return draft.with_answers(**told)


def masked(text: str, own: str = "") -> str:
    """Return a text with the pieces of ``OFFERED`` hidden."""
    for span in reversed(_spans(text, own)):
        text = text[: span.start] + SHOWN[span.kind] + text[span.end :]
    return text


def _spans(text: str, own: str) -> list[Span]:
    return [
        span
        for span in find(text)
        if span.kind in OFFERED
        and not (own and phone_of(text[span.start : span.end]) == own)
    ]
