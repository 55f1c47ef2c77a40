"""What does a leader read of a letter on a staff channel, and what may they type?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from handlers.staff.disclosure import Content, draft_for_staff
from handlers.staff.letters.keeping import Kept
from messages.letters.compose import Letter
from messages.letters.kinds import Output
from nlu.normalise import fold

REF: Final = "thu-"
"""Begins the name of a letter in a button; cases have none of it."""
_TYPED: Final = re.compile(r"(duyet|tra lai|tralai)[\s:.,-]*(\d{6})")


class Typed(StrEnum):
    """What a leader can type to the bot."""

    APPROVE = "approve"
    RETURN = "return"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Line:
    """One typed order; ``code`` is "" when new codes are asked for."""

    typed: Typed
    code: str = ""


def typed(text: str) -> Line | None:
    """Return what a message orders about letters, None for anything else."""
    plain = " ".join(fold(text.lower()).split())
    if plain == "thu":
        return Line(Typed.AGAIN)
    found = _TYPED.fullmatch(plain)
    if found is None:
        return None
    act = Typed.APPROVE if found[1] == "duyet" else Typed.RETURN
    return Line(act, found[2])


def shown(one: Kept, letter: Letter, content: Content) -> str:
    """Return the words that may leave, "" when it is read in the console alone."""
    parts = [*letter.sheet.lines(), letter.says(Output.CHAT)]
    text = "\n\n".join(part for part in parts if part)
    return draft_for_staff(one.kind.code, text, content)


def card(one: Kept, words: str, content: Content) -> str:
    """Return the card of a letter that waits for approval."""
    head = (
        f"Dạ, {one.kind.name.lower()} (bản {one.life.version}) đang chờ anh/chị duyệt."
    )
    if not words:
        return f"{head}\nThư này xin đọc và duyệt trên bàn làm việc ạ."
    hidden = "Tên riêng, số điện thoại đã được che; bản đủ ở phần Xem PDF."
    note = "" if content is Content.FULL else f"\n{hidden}"
    return f"{head}{note}\n\n{words}\n\nDuyệt rồi, thư được ký trên bàn làm việc ạ."


def with_code(text: str, code: str) -> str:
    """Return a card for a place without buttons."""
    return (
        f"{text}\n\nĐể duyệt đúng bản này, xin nhắn: DUYỆT {code}"
        f"\nĐể trả lại người soạn, xin nhắn: TRẢ LẠI {code}"
        "\nMã dùng một lần, trong 12 giờ, chỉ từ tài khoản của anh/chị."
    )


APPROVED: Final = "Dạ, đã ghi nhận duyệt. Mời anh/chị ký thư trên bàn làm việc ạ."
RETURNED: Final = "Dạ, đã trả thư về cho người soạn."
NONE_WAITING: Final = "Dạ, hiện không có thư nào chờ anh/chị duyệt ạ."
PRESS: Final = "Dạ, xin anh/chị bấm nút dưới thư, hoặc mở bàn làm việc ạ."
