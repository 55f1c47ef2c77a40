"""What of the talk so far still counts, and what does an answer leave behind?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.model import Conversation
from nlu.model import Facet, Memory

TOPIC_LIFE = timedelta(minutes=30)
"""After half an hour "còn lệ phí?" may well be about something else."""
WAITING_LIFE = timedelta(days=3)
"""Staff may answer by phone, unseen by us; then asking again opens anew."""
HANDOVER = "handover"
TEXT_LIMIT = 1000
"""Characters of the last question that are kept, for staff and for learning."""


def recall(talk: Conversation, at: datetime) -> tuple[Conversation, str]:
    """Forget what is too old; return the talk and the procedure just forgotten."""
    fresh = _without_old_pending(talk, at)
    if talk.topic_at is None or at - talk.topic_at <= TOPIC_LIFE:
        return fresh, ""
    empty = replace(fresh, code=None, candidates=(), facets=(), topic_at=None)
    return empty, talk.code or ""


def memory(talk: Conversation) -> Memory:
    """Return what the reader may use; candidates only while they are on show."""
    return Memory(talk.code, shown(talk), facets(talk))


def shown(talk: Conversation) -> tuple[str, ...]:
    """Return the candidates that the citizen sees numbered, in that order.

    After an answer ``candidates`` holds the runners-up, which nobody has seen.
    """
    return talk.candidates if talk.code is None else ()


def facets(talk: Conversation) -> tuple[Facet, ...]:
    """Return the facets last asked for."""
    return tuple(Facet(name) for name in talk.facets if name in set(Facet))


def waited(talk: Conversation) -> tuple[Facet, ...]:
    """Return the facets asked for while the procedure is not known yet."""
    return facets(talk) if talk.code is None else ()


def about(
    talk: Conversation,
    at: datetime,
    *,
    code: str | None,
    candidates: Sequence[str] = (),
    asked: Sequence[Facet] = (),
) -> Conversation:
    """Return the talk with a new topic; a topic understood ends a row of misses."""
    return replace(
        talk,
        code=code,
        candidates=tuple(candidates),
        facets=tuple(facet.value for facet in asked),
        topic_at=at,
        misses=0,
    )


def wait_for(talk: Conversation, pending: str, at: datetime) -> Conversation:
    """Return the talk waiting for something else than before."""
    return replace(talk, pending=pending, pending_at=at)


def is_waiting(talk: Conversation) -> bool:
    """Whether the citizen waits for a person."""
    return talk.pending == HANDOVER


def settled(talk: Conversation) -> Conversation:
    """Return the talk without a pending question."""
    return replace(talk, pending="", pending_at=None)


def _without_old_pending(talk: Conversation, at: datetime) -> Conversation:
    life = WAITING_LIFE if is_waiting(talk) else TOPIC_LIFE
    if talk.pending and talk.pending_at is not None and at - talk.pending_at > life:
        return settled(talk)
    return talk
