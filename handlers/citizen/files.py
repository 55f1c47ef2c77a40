"""Which files of a message are fetched and kept, and what is said of one refused?"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.citizen import honorifics, petition
from handlers.citizen.turn import Step
from handlers.model import Attachment, Consent, Conversation, Inbound, Kind, Reply
from handlers.ports import Words

KEPT = frozenset({"image", "audio", "video", "file"})
"""A link is not fetched: it leads anywhere."""
SENT = frozenset({Kind.ATTACHMENT, Kind.TEXT, Kind.BUTTON})
"""What a citizen writes; an echo shows a file of ours."""
MOST = 20
"""Files of one message that are looked at; Messenger sends at most 30 pictures."""
TOLD: Mapping[str, str] = {
    "too_big": "files.too_big",
    "type": "files.type",
    "empty": "files.type",
    "virus": "files.virus",
}
"""What the citizen can do something about; the rest is told to staff."""


def to_keep(inbound: Inbound, step: Step) -> tuple[Attachment, ...]:
    """Return what is to be fetched: nothing where no word may be kept either.

    After guidance on khiếu nại or tố cáo that is so while it is spoken of: a photo that
    follows belongs to it.
    """
    is_petition = step.is_sealed or step.talk.pending == petition.PENDING
    is_declined = step.talk.consent is Consent.DECLINED
    if step.refuses_files or inbound.kind not in SENT:
        return ()
    if is_petition or is_declined:
        return ()
    found = [one for one in inbound.attachments if one.kind in KEPT and one.url]
    return tuple(found[:MOST])


def refusal(
    reason: str, talk: Conversation, words: Words, limit_mb: int
) -> Reply | None:
    """Return the one polite sentence; None when there is nothing to tell."""
    key = TOLD.get(reason)
    if key is None:
        return None
    xh = honorifics.spoken(talk.honorific)
    said = words.say(key, xh=xh, Xh=xh[:1].upper() + xh[1:], limit=limit_mb)
    return Reply(said)
