"""How is one reply cut into messages that a platform takes?

Rule for the text: cut at the last paragraph that fits, else at a line, a
sentence, a word, and only a word too long for a message inside itself (never
inside a letter with its marks). Rule for the buttons: they go under the last
part; those that do not fit follow in further messages of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers.model import Button, Reply

MORE = "Dạ, xin mời xem thêm các lựa chọn sau ạ:"

# A part shorter than this share of the limit is not worth a nicer place to cut.
_WORTHWHILE = 3
_PLACES = (
    re.compile(r"\n[^\S\n]*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<![0-9]\.)(?<=[.!?…;:])\s+"),
)
_GAP = re.compile(r"\s+")
_JOINER = "\u200d"
_SKIN = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)


def units(text: str) -> int:
    """Return the length as a platform counts it: an emoji counts as two.

    Nobody documents whether code points or UTF-16 units are counted, so the
    larger of both is.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_boundary(text: str, at: int) -> bool:
    """Whether cutting before ``at`` leaves letters, marks and emoji whole."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return False
    if ord(after) in _SKIN or ord(after) in _TAGS or before + after == "\r\n":
        return False
    return not (ord(after) in _FLAGS and _flags_before(text, at) % 2)


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and ord(text[at - 1 - count]) in _FLAGS:
        count += 1
    return count


def shorten(text: str, limit: int) -> str:
    """Return a label within the limit, cut at a word and ended by "…"."""
    label = " ".join(unicodedata.normalize("NFC", text).split())
    if units(label) <= limit:
        return label
    end = _fitting(label, 0, limit - 1)
    words = label.rfind(" ", 0, end + 1)
    cut = words if words * 2 > end else _whole_letter(label, 0, end)
    return label[:cut].rstrip() + "…"


def pieces(text: str, limit: int) -> list[str]:
    """Cut a text (made NFC and trimmed) into parts of at most ``limit`` units."""
    clean = unicodedata.normalize("NFC", text).strip()
    return [clean[start:end] for start, end in _spans(clean, limit)]


def _spans(text: str, limit: int) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = _fitting(text, start, limit)
        stop = end if end == len(text) else _cut(text, start, end)
        yield start, _without_blanks(text, stop)
        start = _after_blanks(text, stop)


def _without_blanks(text: str, at: int) -> int:
    while text[at - 1].isspace():
        at -= 1
    return at


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _fitting(text: str, start: int, limit: int) -> int:
    """Return the furthest end such that text[start:end] is within the limit."""
    end = min(len(text), start + limit)
    while (excess := units(text[start:end]) - limit) > 0:
        end -= (excess + 1) // 2
    return end


def _cut(text: str, start: int, end: int) -> int:
    """Return where this part stops at best, at most at ``end``."""
    earliest = start + (end - start) // _WORTHWHILE
    for place in _PLACES:
        found = _last(place, text, earliest, end)
        if found is not None:
            return found
    between_words = _last(_GAP, text, start, end)
    return _whole_letter(text, start, end) if between_words is None else between_words


def _last(place: re.Pattern[str], text: str, earliest: int, end: int) -> int | None:
    """Return the start of the last such gap in (earliest, end]."""
    starts = (
        match.start()
        for match in place.finditer(text, earliest, end + 1)
        if match.start() > earliest
        and is_boundary(text, match.start())
        and is_boundary(text, _after_blanks(text, match.end()))
    )
    return max(starts, default=None)


def _whole_letter(text: str, start: int, end: int) -> int:
    """Step back to a boundary; a letter longer than a message is cut after all."""
    for at in range(end, start, -1):
        if is_boundary(text, at):
            return at
    return end


def split(
    reply: Reply,
    *,
    text_limit: int,
    button_text_limit: int | None,
    max_buttons: int,
) -> tuple[Reply, ...]:
    """Cut a reply so that each part is one message of a platform.

    Limits are in ``units``. ``button_text_limit`` is that of a message which
    has buttons, None when it is the same. A picture or file goes first, alone.
    An empty reply gives no part.
    """
    groups = _groups(reply.buttons, max_buttons)
    limit = button_text_limit if groups and button_text_limit else text_limit
    texts = _with_short_end(reply.text, text_limit, limit)
    if groups and not texts:
        texts = [MORE]
    parts = [Reply(text) for text in texts]
    if groups:
        parts[-1] = replace(parts[-1], buttons=groups[0])
        parts += [Reply(MORE, buttons) for buttons in groups[1:]]
    return tuple(_media_of(reply) + parts)


def _media_of(reply: Reply) -> list[Reply]:
    return [] if reply.media is None else [Reply("", media=reply.media)]


def _groups(buttons: Sequence[Button], size: int) -> list[tuple[Button, ...]]:
    return [tuple(buttons[at : at + size]) for at in range(0, len(buttons), size)]


def _with_short_end(text: str, limit: int, last_limit: int) -> list[str]:
    """Cut by ``limit``, and the end once more if it must be shorter."""
    parts = pieces(text, limit)
    if not parts or units(parts[-1]) <= last_limit:
        return parts
    ends = list(_spans(parts[-1], last_limit))
    first_end, last_start = ends[-2][1], ends[-1][0]
    return [*parts[:-1], parts[-1][:first_end], parts[-1][last_start:]]
