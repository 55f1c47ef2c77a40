"""Which parts of a text are about one person, and how does it read without them?

Finds numbers of papers, phones and accounts, addresses of mail and houses, dates,
plates, links, and likely names, typed with or without accents. It would rather hide
too much than too little; it cannot know every name, so a person still looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from nlu import masking_names, masking_shapes
from nlu.masking_shapes import TAKEN
from nlu.shadow import shadow


class Private(StrEnum):
    """Kinds of personal data in a text.

    ``ACCOUNT`` is any long number that is neither a paper's nor a phone's; ``DATE``
    any full date, for nobody can tell a birthday from another day.
    """

    ID_NUMBER = "id_number"
    PHONE = "phone"
    ACCOUNT = "account"
    EMAIL = "email"
    DATE = "date"
    PLATE = "plate"
    LINK = "link"
    NAME = "name"
    ADDRESS = "address"


SHOWN = {
    Private.ID_NUMBER: "[số giấy tờ]",
    Private.PHONE: "[số điện thoại]",
    Private.ACCOUNT: "[dãy số]",
    Private.EMAIL: "[email]",
    Private.DATE: "[ngày tháng]",
    Private.PLATE: "[biển số]",
    Private.LINK: "[liên kết]",
    Private.NAME: "[họ tên]",
    Private.ADDRESS: "[địa chỉ]",
}
"""What stands in a text where something was hidden."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of a text, as Python counts them."""

    start: int
    end: int
    kind: Private


def find(text: str) -> tuple[Span, ...]:
    """Return the personal data of a text, in order, none inside another."""
    plain = shadow(text)
    rest = _blotted(plain.text, _shown(plain.text))
    found: list[tuple[int, int, Private]] = []
    for start, end, name in masking_shapes.find(rest):
        rest = _blotted(rest, [(start, end)])
        if name:
            found.append((start, end, Private(name)))
    while named := list(masking_names.find(text, plain, rest)):
        # What stands alone once its neighbours are hidden may be a name as well.
        rest = _blotted(rest, named)
        found.extend((start, end, Private.NAME) for start, end in named)
    return tuple(Span(*plain.place(a, b), kind) for a, b, kind in sorted(found))


def mask(text: str) -> str:
    """Return the text with a word in brackets for each piece of personal data."""
    spans = find(text)
    starts = (0, *(span.end for span in spans))
    ends = (*(span.start for span in spans), len(text))
    kept = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    hidden = (*(SHOWN[span.kind] for span in spans), "")
    return "".join(a + b for a, b in zip(kept, hidden, strict=True))


def has_masked(text: str) -> bool:
    """Whether something in the text was hidden before."""
    return any(word in text for word in SHOWN.values())


def without_masked(text: str) -> str:
    """Return the text without the words in brackets."""
    for word in SHOWN.values():
        text = text.replace(word, " ")
    return text


def _shown(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where the words in brackets stand: they are not looked into again."""
    for word in SHOWN.values():
        sign = shadow(word).text
        start = plain.find(sign)
        while start >= 0:
            yield start, start + len(sign)
            start = plain.find(sign, start + len(sign))


def _blotted(plain: str, places: Iterable[tuple[int, int]]) -> str:
    """Return the text with the letters of these places made unreadable."""
    for start, end in places:
        plain = plain[:start] + TAKEN * (end - start) + plain[end:]
    return plain
