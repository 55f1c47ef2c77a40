"""Where and since when, if the citizen told it all in one message?

Found by plain signs; the citizen sees what was understood before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handlers.citizen.intake.contact import phone_of
from nlu.masking import Private, find
from nlu.normalise import fold
from nlu.shadow import shadow

LONGEST_PLACE = 9
"""Words of a place that is told within a longer sentence."""
_MARKERS = """
ở tại trước sau gần cạnh đoạn đầu cuối thôn xóm ngõ ngách ngã khu cổng cầu
chợ kênh dốc
"""
_BARE_MARKERS = """
tai truoc gan canh doan cuoi thon xom ngo ngach nga cong cho kenh
"""
"""Typed without accents; "o", "sau", "dau", "khu", "cau" mean too much else."""
_ENDS = """
hỏng bị đã đang không rất từ hôm sáng trưa chiều tối đêm mấy vẫn có làm
gây chảy đổ vỡ sụt lún mất tràn bốc kêu để mà thì nên vì nhưng rồi này nay
qua cả suốt lúc khoảng ngày tuần tháng xin nhờ đề mong gồm nhiều ngập bẩn
hôi biển chưa lâu vừa
"""
_PLACE_WORDS = """
do cho de ma may nay da van tu co bien vua ca sang vo qua
"""
"""Typed without accents; those left out may as well belong to the place."""
_MARKED = frozenset(_MARKERS.split())
_BARELY_MARKED = frozenset(_BARE_MARKERS.split())
_ENDING = frozenset(_ENDS.split())
_BARELY_ENDING = frozenset(map(fold, _ENDING)) - frozenset(_PLACE_WORDS.split())
_COUNT = r"(?:\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|may|vai|ca)"
_WHEN = re.compile(
    r"\b(?:"
    rf"(?:tu |hon |khoang |gan )?{_COUNT} (?:hom|ngay|tuan|thang|nam|dem)"
    r"(?: nay| truoc| roi| lien)?"
    r"|(?:tu )?(?:sang|trua|chieu|toi|dem) (?:hom )?(?:nay|qua|kia)"
    r"|(?:tu )?hom (?:nay|qua|kia|truoc)"
    r"|(?:tu )?(?:tuan|thang) (?:nay|truoc)"
    r"|(?:tu )?(?:ngay )?\d{1,2}[/\-.]\d{1,2}(?:[/\-.]\d{2,4})?"
    r"|(?:luc|khoang) \d{1,2} ?(?:gio|h|g)(?: ?\d{1,2})?(?: (?:sang|chieu|toi|dem))?"
    r"|vua xong|moi day|ngay nao cung|dem nao cung"
    r")\b"
)
_MINE = re.compile(r"(?:sdt|so dt|dt|dien thoai|lien he|goi cho|so cua)\D{0,20}$")
_CLAUSE = re.compile(r"[,.;:!?\n]")


def when(text: str) -> str:
    """Return the words that tell the time, "" for none."""
    plain = shadow(text)
    found = _WHEN.search(plain.text.lower())
    if found is None:
        return ""
    start, end = plain.place(*found.span())
    return text[start:end].strip()


def where(text: str, hamlets: Sequence[str] = ()) -> str:
    """Return the words that tell the place, "" for none."""
    untimed = text.replace(when(text), ",") if when(text) else text
    found = max(_places(untimed), key=len, default="")
    return found or next((name for name in hamlets if hamlet_in(text, [name])), "")


def hamlet_in(text: str, hamlets: Sequence[str]) -> str:
    """Return the first hamlet of a list that a text names, typed in any way."""
    said = _words(text)
    return next((name for name in hamlets if _stands(_words(name), said)), "")


def phone(text: str) -> str:
    """Return a phone that the citizen gives as their own, "" for none."""
    for span in find(text):
        before = fold(text[max(0, span.start - 40) : span.start].lower())
        if span.kind is Private.PHONE and _MINE.search(before):
            return phone_of(text[span.start : span.end])
    return ""


def slug(name: str) -> str:
    """Return a hamlet's name as it is compared: "thon dong"."""
    return " ".join(_words(name))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text.lower()))


def _stands(name: list[str], said: list[str]) -> bool:
    size = len(name)
    places = range(len(said) - size + 1)
    return size > 0 and any(said[at : at + size] == name for at in places)


def _places(text: str) -> Iterator[str]:
    for clause in _CLAUSE.split(text):
        words = clause.split()
        starts = (at for at in range(len(words)) if _is_start(words, at))
        first = next(starts, None)
        if first is None:
            continue
        kept = list(_until_end(words[first:]))
        if len(kept) > 1:
            yield " ".join(kept)


def _is_start(words: list[str], at: int) -> bool:
    """Whether a place begins here; a neighbour ("hàng xóm") is none."""
    is_neighbour = at > 0 and fold(words[at - 1].lower()) == "hang"
    return _is_marker(words[at]) and not is_neighbour


def _is_marker(word: str) -> bool:
    plain = word.lower()
    return plain in (_BARELY_MARKED if plain.isascii() else _MARKED)


def _until_end(words: list[str]) -> Iterator[str]:
    for at, word in enumerate(words[:LONGEST_PLACE]):
        if at and _is_end(word):
            return
        yield word


def _is_end(word: str) -> bool:
    plain = word.lower()
    if plain in _ENDING:
        return True
    return plain.isascii() and plain in _BARELY_ENDING
