"""What stands in a written complaint?

Luật Khiếu nại 02/2011/QH13 Điều 8 names the contents. PDF, Word and plain text are made
of the same blocks, so they say the same (see files). What was not told is a dotted line
to be written on.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime

TITLE = "ĐƠN KHIẾU NẠI"
DOTS = "…" * 30
_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_PLEDGE = (
    "Tôi cam đoan nội dung đơn là đúng sự thật và chịu trách nhiệm trước pháp luật về"
    " nội dung khiếu nại của mình."
)
_NOTE = "(Ký tên hoặc điểm chỉ, ghi rõ họ tên)"
_KEPT = frozenset("°^`¨")
_BLANK = re.compile(r"[^\S\n]+")
_OFF_PAPER = frozenset({"So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn"})
"""Pictures, marks of direction, halves of characters: a paper has none of them."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What goes into the paper; "" is left to be written by hand.

    ``addressee`` is the authority; ``written_on`` reads "25/11/2026".
    """

    addressee: str = ""
    place: str = ""
    written_on: str = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    accused: str = ""
    accused_address: str = ""
    what: str = ""
    reason: str = ""
    demand: str = ""
    papers: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the paper; ``lines`` are dotted where ``text`` is missing."""

    style: str
    text: str = ""
    label: str = ""
    lines: int = 1
    note: str = ""


def blocks(told: Complaint) -> tuple[Block, ...]:
    """Return the paper from top to bottom."""
    say = {name: _clean(value) for name, value in asdict(told).items()}
    papers = "\n".join(f"- {one.lstrip('-–+ ')}" for one in say["papers"].splitlines())
    return (
        Block("nation", _NATION),
        Block("motto", _MOTTO),
        Block("place", f"{say['place'] or '…' * 8}, {dated(say['written_on'])}"),
        Block("title", TITLE),
        Block("to", say["addressee"], "Kính gửi"),
        Block("field", say["name"], "Họ và tên người khiếu nại"),
        Block("field", say["address"], "Địa chỉ"),
        Block("field", "", "Số căn cước hoặc hộ chiếu"),
        Block("field", say["phone"], "Điện thoại liên hệ"),
        Block("field", say["accused"], "Cơ quan, tổ chức, cá nhân bị khiếu nại"),
        Block("field", say["accused_address"], "Địa chỉ nơi bị khiếu nại"),
        Block("part", say["what"], "Nội dung khiếu nại", 6),
        Block("part", say["reason"], "Lý do khiếu nại", 4),
        Block("part", say["demand"], "Yêu cầu giải quyết", 3),
        Block("part", papers, "Tài liệu, chứng cứ gửi kèm", 2),
        Block("pledge", _PLEDGE),
        Block("signature", say["name"], "NGƯỜI KHIẾU NẠI", note=_NOTE),
    )


def dated(day: str) -> str:
    """Return a day as papers write it; "" and what is no day stay to be filled in.

    Nghị định 30/2020/NĐ-CP, Phụ lục I: days below 10 and months 1, 2 have a zero.
    """
    try:
        at = datetime.strptime(day, "%d/%m/%Y")  # noqa: DTZ007  a day has no zone
    except ValueError:
        return "ngày …… tháng …… năm ………"
    month = f"{at.month:02}" if at.month <= 2 else str(at.month)  # noqa: PLR2004  as the decree says
    return f"ngày {at.day:02} tháng {month} năm {at.year}"


def text(told: Complaint) -> str:
    """Return the paper as plain text, to copy by hand."""
    return "\n".join(_plain(one) for one in blocks(told)).strip()


def _clean(value: str) -> str:
    """Return a value in NFC without empty lines, and what cannot stand on paper."""
    letters = "".join(map(_printed, unicodedata.normalize("NFC", value)))
    lines = (line.strip() for line in _BLANK.sub(" ", letters).split("\n"))
    return "\n".join(line for line in lines if line)


def _printed(char: str) -> str:
    if char == "\n" or char in _KEPT:
        return char
    return " " if unicodedata.category(char) in _OFF_PAPER else char


def _plain(one: Block) -> str:
    if one.style == "signature":
        return f"\n{one.label}\n{one.note}\n\n{one.text or DOTS}"
    if one.style == "part":
        return f"{one.label}:\n{one.text or DOTS}"
    if one.label:
        return f"{one.label}: {one.text or DOTS}"
    return f"\n{one.text}\n" if one.style == "title" else one.text
