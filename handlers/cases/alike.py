"""Which words do two reports share? Folded, without those that say nothing."""

from __future__ import annotations

import re

from nlu.normalise import fold

EMPTY = frozenset(
    fold(
        "và là có ở tại bị đã đang rất quá từ hôm nay qua này kia trước sau thôn xóm "
        "ngõ đường của cho với không được nhà em tôi anh chị bác cô chú ạ dạ xin xã "
        "người dân ra vào lên xuống mấy ba hai một ngày gần chỗ"
    ).split()
)


def shared(mine: str, theirs: str) -> list[str]:
    """Return one's own words, as typed, that stand in another text too."""
    known = set(words(fold(theirs.lower()))) - EMPTY
    own = {fold(word): word for word in words(mine.lower())}
    return [word for plain, word in own.items() if plain in known]


def words(text: str) -> list[str]:
    """Return the words of a text that have two letters or more."""
    return [w for w in re.findall(r"[^\W\d_]+", text) if len(w) > 1]
