"""Does the message go on about what was said before?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.model import Memory
from nlu.normalise import Token
from nlu.pattern import Phrases

_ORDINALS = {
    "một": 0, "nhất": 0, "đầu": 0, "hai": 1, "nhì": 1, "ba": 2, "tư": 3, "bốn": 3,
    "năm": 4, "cuối": -1, "chót": -1, "cuối cùng": -1, "đầu tiên": 0,
}  # fmt: skip
_PICK_WORDS = "cái|số|thứ|việc|mục|phương|thủ|ý|dòng|nút|câu"
_LEAD = f"^ dạ? em|tôi|mình|chọn|lấy|là? chọn|lấy|là? {_PICK_WORDS}? tục|án|thứ|số?"
_NUMBER = re.compile(
    r"^\W*(?:(?:số|so|chọn|chon|cái|cai|thứ|thu|ý|y|mục|muc)\s+)*"
    r"([1-9])\W*(?:nhé|nhe|ạ|a|em|nha)?\W*$"
)

_POINTING = (
    "thủ tục này|đó|ấy|trên|kia|nay",
    "việc này|đó|ấy|trên|kia",
    "cái này|đó|ấy|trên|kia|đấy",
    "giấy này|đó|ấy|kia",
    "hồ sơ này|đó|ấy",
    "trường hợp này|đó",
    "loại này|đó",
    "làm nó",
)
_GOING_ON = (
    "^ còn",
    "^ thế còn?",
    "^ vậy còn?",
    "^ vậy thì|là|có|hết|phí|lệ|bao|mất|cần|nộp|làm",
    "^ rồi",
    "^ dạ thế|vậy|còn|rồi",
    "thì sao",
)
_CORRECTING = (
    "^ à? dạ? không|ko|hông|hổng|chẳng phải? ý|là? em|tôi|mình|anh|chị là|muốn|nói|hỏi",
    "ý em|tôi|mình|anh|chị|bác|cô|chú là|muốn|nói|hỏi",
    "ý là",
    "^ à? dạ? không|ko|hông phải",
    "^ à? dạ? nhầm",
    "^ à? dạ? sai rồi",
    "em|tôi|mình hỏi là",
)


class FollowUps:
    """Recognises messages that lean on the memory."""

    def __init__(self) -> None:
        self._pointing: Phrases[None] = Phrases((text, None) for text in _POINTING)
        self._going_on: Phrases[None] = Phrases((text, None) for text in _GOING_ON)
        self._correcting: Phrases[None] = Phrases((text, None) for text in _CORRECTING)
        self._picks: Phrases[int] = Phrases(
            (f"{_LEAD} {word} tiên|cùng? ạ|nhé|nha|em? $", place)
            for word, place in _ORDINALS.items()
            if " " not in word
        )

    def points_back(self, tokens: Sequence[Token]) -> bool:
        """Whether the message points at the matter spoken of ("thủ tục này")."""
        return self._pointing.any(tokens)

    def goes_on(self, tokens: Sequence[Token]) -> frozenset[int]:
        """Return the places of words that start the next question ("còn …")."""
        return self._going_on.everywhere(tokens)

    def corrects(self, tokens: Sequence[Token]) -> frozenset[int]:
        """Return the places of the words that correct us ("không, ý em là …")."""
        return self._correcting.everywhere(tokens)

    def picked(self, text: str, tokens: Sequence[Token], memory: Memory) -> str | None:
        """Return the code of the offered procedure that was picked by its number."""
        place = self._place(text, tokens)
        offered = memory.candidates
        if place is None or not -len(offered) <= place < len(offered):
            return None
        return offered[place]

    def _place(self, text: str, tokens: Sequence[Token]) -> int | None:
        """Return the number picked, counted from zero, -1 for the last."""
        number = _NUMBER.match(text.strip().lower())
        if number:
            return int(number.group(1)) - 1
        hits = self._picks.hits(tokens)
        return hits[0].payload if hits else None
