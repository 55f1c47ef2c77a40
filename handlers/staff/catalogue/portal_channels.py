"""What does the portal's run-together table of channels say?

One cell follows the other without a sign between: channel, time, fee, remark,
for instance ``Trực tuyến3 Ngày làm việc25,000 Việt Nam Đồng(/giao dịch)``. What
cannot be told apart for certain is left out or marked unsure, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from handlers.staff.catalogue.portal_text import clean, said

HEADER: Final = "Hình thức nộpThời gianPhí, lệ phíMô tả"
ONLINE: Final = "Trực tuyến"
MIN_DONG: Final = 1000
"""Smaller amounts (``20 VNĐ``) are typing mistakes of the portal, in thousands."""
NOTE_LENGTH: Final = 80

_UNITS: Final = {
    "ngày làm việc": ("working_day", "ngày làm việc", 1),
    "ngày": ("day", "ngày", 1),
    "giờ": ("hour", "giờ", 1),
    "tháng": (None, "tháng", None),
}
_CHANNEL = rf"(?P<channel>{ONLINE}|Trực tiếp|Dịch vụ bưu chính)"
_TIME = (
    r"(?P<time>Không có thông tin|(?P<number>\d{1,3}(?:[.,]\d)?)\s*"
    r"(?P<unit>Ngày làm việc|Ngày|Giờ|Tháng)?)"
)
_FEE = (
    r"(?P<fee>Miễn phí|Không có thông tin|"
    r"(?P<amount>\d[\d,.]*)\s*(?P<money>Việt Nam Đồng|VNĐ|USD))"
)
_ROW = re.compile(_CHANNEL + _TIME + _FEE)
_FIRST = re.compile(_CHANNEL)
_COUNCIL = re.compile(r"hội đồng nhân dân|hđnd", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Channel:
    """One line of the table.

    ``number`` counts ``unit`` (as the portal writes it, lower case; empty when it
    gives none). ``amount`` is in ``money``; None when no fee is stated, 0 for the
    portal's "Miễn phí". ``is_blurred``: time and fee could not be told apart.
    """

    name: str
    number: float | None = None
    unit: str = ""
    amount: int | None = None
    money: str = "đồng"
    note: str = ""
    is_blurred: bool = False


def channels(text: str) -> tuple[Channel, ...]:
    """Return the lines of the table, as far as they can be read."""
    body = clean(text).removeprefix(HEADER).lstrip()
    rows = list(_ROW.finditer(body))
    first = _FIRST.match(body)
    if first and (not rows or rows[0].start() > 0):
        return (Channel(first["channel"]), *_channels(body, rows))
    return _channels(body, rows)


def _channels(body: str, rows: list[re.Match[str]]) -> tuple[Channel, ...]:
    ends = [*(row.start() for row in rows), len(body)][1:]
    return tuple(
        _channel(row, body[row.end() : end])
        for row, end in zip(rows, ends, strict=False)
    )


def _channel(row: re.Match[str], rest: str) -> Channel:
    number, unit = row["number"], (row["unit"] or "").lower()
    if number and not unit and row["amount"]:
        return Channel(row["channel"], is_blurred=True)
    return Channel(
        name=row["channel"],
        number=float(number.replace(",", ".")) if number else None,
        unit=unit,
        amount=_amount(row),
        money="USD" if row["money"] == "USD" else "đồng",
        note=_note(rest),
    )


def _amount(row: re.Match[str]) -> int | None:
    if row["amount"]:
        return int(re.sub(r"\D", "", row["amount"]))
    return 0 if row["fee"] == "Miễn phí" else None


def _note(rest: str) -> str:
    """Return what stands in the brackets right after the fee."""
    if not rest.startswith("("):
        return ""
    depth = 0
    for place, letter in enumerate(rest):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return said(rest[1:place])
    return said(rest[1:])


def online(lines: tuple[Channel, ...]) -> dict[str, Any] | None:
    """Return that the dossier can be filed online; None when the table is silent."""
    if any(line.name == ONLINE for line in lines):
        return {"available": True}
    return None


def duration(lines: tuple[Channel, ...]) -> dict[str, Any] | None:
    """Return the time limit; a number without a unit is said but not sure."""
    timed = [line for line in lines if line.number]
    if not timed:
        return None
    texts = _per_channel(timed, _time_text)
    is_sure = all(line.unit for line in timed)
    found: dict[str, Any] = {"text": texts, "sure": is_sure}
    values = {(line.number, line.unit) for line in timed}
    if len(values) == 1 and is_sure:
        unit, _, factor = _UNITS[timed[0].unit]
        if unit and factor:
            found |= {"days": timed[0].number, "unit": unit}
    return found


def _time_text(line: Channel) -> str:
    number = f"{line.number:g}".replace(".", ",")
    if not line.unit:
        return f"{number} (Cổng không ghi đơn vị)"
    return f"{number} {_UNITS[line.unit][1]}"


def fee(lines: tuple[Channel, ...]) -> dict[str, Any] | None:
    """Return the fee in our words; the portal's zero is a default, so not sure."""
    stated = [line for line in lines if line.amount is not None]
    if not stated:
        return None
    is_council = any(_COUNCIL.search(line.note) for line in stated)
    if all(line.amount == 0 for line in stated):
        return {"text": _free_text(is_council), "sure": False}
    if any(_is_too_small(line) for line in stated):
        return {"text": "Cổng ghi số tiền chưa rõ; xin hỏi lại tại quầy", "sure": False}
    text = _per_channel(stated, _fee_text)
    if is_council:
        text += "; mức cụ thể do Hội đồng nhân dân quyết định"
    is_whole = all(line.amount and len(line.note) <= NOTE_LENGTH for line in stated)
    return {"text": text, "sure": is_whole and not is_council}


def _free_text(is_council: bool) -> str:
    if is_council:
        return "Mức thu do Hội đồng nhân dân quyết định; xin hỏi lại tại quầy"
    return "Cổng Dịch vụ công hiển thị miễn phí; xin hỏi lại tại quầy"


def _fee_text(line: Channel) -> str:
    amount = f"{line.amount:,}".replace(",", ".")
    money = f"{amount} {line.money}" if line.amount else "Cổng hiển thị miễn phí"
    note = line.note.rstrip(" .;")
    if not note:
        return money
    if len(note) > NOTE_LENGTH:
        return f"{money} (có mức khác theo trường hợp)"
    if amount in note:
        return note
    return f"{money}{note}" if note.startswith("/") else f"{money} ({note})"


def _is_too_small(line: Channel) -> bool:
    """Whether the amount must be a typing mistake."""
    return line.money != "USD" and 0 < (line.amount or 0) < MIN_DONG


def _per_channel(lines: list[Channel], say: Callable[[Channel], str]) -> str:
    """Say a value once when all channels agree, otherwise channel by channel."""
    said_by: dict[str, list[str]] = {}
    for line in lines:
        names = said_by.setdefault(say(line), [])
        if line.name.lower() not in names:
            names.append(line.name.lower())
    if len(said_by) == 1:
        return next(iter(said_by))
    parts = [f"{', '.join(names)}: {text}" for text, names in said_by.items()]
    whole = "; ".join(parts)
    return whole[0].upper() + whole[1:]
