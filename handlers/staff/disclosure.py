"""What of a citizen's words may leave for a staff channel?

Its servers may stand abroad, so by default only a code, a kind and a masked summary
go. Denunciations, complaints and health never go, whatever is configured.
"""

from __future__ import annotations

from enum import StrEnum

from nlu import learning
from nlu.masking import mask
from nlu.normalise import fold

SUMMARY = 200
"""Characters of a masked summary."""
FULL_TEXT = 3000
"""Characters of a whole text; the platforms take 4096 and 2000 a message."""
SEALED_KINDS = frozenset(
    {"to_cao", "khieu_nai", "don_thu", "phuc_vu_tai_nha"}
    | {"du_lieu_xem_sua", "du_lieu_rut", "du_lieu_xoa"}
)
"""Denunciation and complaint (Luật Tố cáo 25/2018 Điều 9, Luật Khiếu nại 02/2011),
service at home, which is asked for because of illness, and rights over personal data,
which are for the head and the leader."""


class Content(StrEnum):
    """How much a commune lets out to a staff channel."""

    MASKED = "masked"
    FULL = "full"


def words_for_staff(kind: str, text: str, content: Content) -> str:
    """Return what staff may read of a text there; "" when nothing may leave."""
    plain = " ".join(text.split())
    if not plain or is_sealed(kind, plain):
        return ""
    if content is Content.FULL:
        return _shortened(text.strip(), FULL_TEXT)
    return _shortened(mask(plain), SUMMARY)


def draft_for_staff(kind: str, text: str, content: Content) -> str:
    """Return a draft answer as a leader may read it there, whole but masked; "": no."""
    if not text.strip() or is_sealed(kind, text):
        return ""
    shown = text.strip() if content is Content.FULL else mask(text.strip())
    # Nobody approves words of which the end was cut off.
    return shown if len(shown) <= FULL_TEXT else ""


def may_show_files(kind: str, text: str, content: Content) -> bool:
    """Whether pictures may leave: only where the whole text may."""
    return content is Content.FULL and not is_sealed(kind, text)


def is_sealed(kind: str, text: str) -> bool:
    """Whether a matter is one that stays inside, by its kind or by its words."""
    if kind in SEALED_KINDS:
        return True
    return learning.is_sensitive(text) or learning.is_sensitive(fold(text.lower()))


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
