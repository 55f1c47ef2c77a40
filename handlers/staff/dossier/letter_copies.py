"""What did letters that arrived say? A few of them, with everything personal masked.

Which are shown follows from the log alone; who was erased since has no copy here any
more, and nobody takes the place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from handlers.cases.moments import LOCAL, from_ms, local_day
from handlers.staff.dossier.finding import Attachment
from handlers.staff.dossier.log import Line
from handlers.staff.letters.errors import NoSuchLetterError
from handlers.staff.letters.keeping import Kept, load, written
from handlers.staff.letters.room import LetterRoom
from messages.documents.dossier import letter_copy_pdf
from messages.letters.compose import Letter, Sheet
from messages.letters.errors import LetterError
from nlu.masking import SHOWN, Private, mask

OFFICE: Final = frozenset({"nguoi_ky", "chuc_vu", "so", "ngay_ky"})
"""What a letter says of those who wrote it."""
_OF_TYPE: Final = {
    "name": SHOWN[Private.NAME],
    "date": SHOWN[Private.DATE],
    "phone": SHOWN[Private.PHONE],
}
_OF_FIELD: Final = {
    "dia_chi": SHOWN[Private.ADDRESS],
    "thon": SHOWN[Private.ADDRESS],
    "ma_hs": "[mã hồ sơ]",
}
NOTE: Final = "bản đã che dữ liệu cá nhân"


@dataclass(frozen=True, slots=True)
class Copy:
    """A masked letter; None when it was erased, or its wording is another one now."""

    letter: Letter | None
    is_gone: bool = False


Open = Callable[[Line], Copy]
"""(entry that says it arrived) -> its copy."""


def opener(connection: Connection, room: LetterRoom) -> Open:
    """Return what opens letters in a connection."""

    def open_(line: Line) -> Copy:
        try:
            one = load(connection, room, line.subject)
            if one.vault is None:
                return Copy(None, is_gone=True)
            letter = written(room, one)
        except NoSuchLetterError:
            return Copy(None, is_gone=True)
        except LetterError:
            return Copy(None)
        is_same = str(letter.version)[: len(one.row["words"])] == one.row["words"]
        return Copy(_masked(one, letter) if is_same else None)

    return open_


def chosen(lines: Sequence[Line], most: int) -> list[Line]:
    """Return at most so many, spread over the months, the newest of each first."""
    months: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda one: (one.at, one.entry_id), reverse=True):
        day = local_day(from_ms(line.at))
        months[day.year, day.month].append(line)
    rounds = max((len(mine) for mine in months.values()), default=0)
    ordered = [
        mine[at] for at in range(rounds) for mine in months.values() if at < len(mine)
    ]
    return sorted(ordered[:most], key=lambda one: (one.at, one.entry_id))


def shown(
    lines: Sequence[Line], most: int, open_: Open, names: Mapping[str, str]
) -> tuple[tuple[Attachment, ...], str]:
    """Return copies of letters that arrived, and what is said of those left out."""
    picked = chosen(lines, most)
    copies = [(line, open_(line)) for line in picked]
    files = tuple(
        _attachment(line, copy.letter, names)
        for line, copy in copies
        if copy.letter is not None
    )
    gone = sum(copy.is_gone for _, copy in copies)
    other = len(copies) - len(files) - gone
    left = len(lines) - len(picked)
    words = f"kèm {len(files)} thư đã che dữ liệu cá nhân"
    words += f", {left} thư khác chỉ ghi trong danh sách" if left else ""
    words += f"; {gone} thư đã xóa theo yêu cầu của người dân" if gone else ""
    words += f"; {other} thư không dựng lại được lời đã gửi" if other else ""
    return files, words


def _attachment(line: Line, letter: Letter, names: Mapping[str, str]) -> Attachment:
    day, at = local_day(from_ms(line.at)), from_ms(line.at // 1000 * 1000)
    told = f"Bản đã che dữ liệu cá nhân. Thư tới tay {at.astimezone(LOCAL):%d/%m/%Y}. "
    told += f"Mã trong nhật ký: {line.entry_id}"
    code = str(line.data["kind"])
    return Attachment(
        names.get(code, letter.kind.name),
        ".pdf",
        lambda: letter_copy_pdf(letter, told, at),
        day=day,
        note=NOTE,
    )


def _masked(one: Kept, letter: Letter) -> Letter:
    words = _words(one, letter)

    def hidden(text: str) -> str:
        for pattern, word in words:
            text = pattern.sub(word, text)
        return mask(text)

    sheet = letter.sheet
    kept = Sheet(
        sheet.title,
        hidden(sheet.salutation),
        tuple(hidden(part) for part in sheet.body),
        sheet.close,
    )
    return replace(letter, sheet=kept)


def _words(one: Kept, letter: Letter) -> list[tuple[re.Pattern[str], str]]:
    """What is known of these people, the longest first: it may hold the others."""
    found: list[tuple[str, str]] = []
    for name, value in letter.data.items():
        field = one.kind.fields.get(name)
        word = _OF_FIELD.get(name) or (_OF_TYPE.get(field.type, "") if field else "")
        if value.strip() and word and name not in OFFICE:
            found += [(form, word) for form in {value, value.upper(), value.title()}]
    found.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    return [(re.compile(rf"(?<!\w){re.escape(a)}(?!\w)"), b) for a, b in found]
