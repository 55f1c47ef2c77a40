"""How does one spreadsheet cell hold a list, a paper, a law, and back again?

A list has one item a line; a single line may be parted by ``;``. A sign ``-`` or
``•`` before an item is only decoration. Parts of a paper or a law stand between
``|``: ``Tờ khai | chính 1 | sao 2 | mẫu: TK-01 | khi: nhờ người khác nộp``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from handlers.staff.catalogue.validate import RowError

RISKY: Final = "=+-@\t\r"
"""A spreadsheet program takes a text that begins so for a formula."""
YES: Final = frozenset({"co", "x", "1", "dung", "true", "yes", "c"})
NO: Final = frozenset({"khong", "0", "sai", "false", "no", "k"})

_BULLET = re.compile(r"^[-•*–]\s*")
_COUNT = re.compile(r"^(?:bản\s+)?(chính|sao)\s*:?\s*(\d{1,2})$", re.IGNORECASE)
_LABEL = re.compile(r"^(mẫu|khi)\s*:\s*(.+)$", re.IGNORECASE)


def neutral(text: str) -> str:
    """Return the text so that no program runs it: a leading apostrophe."""
    return f"'{text}" if text[:1] and text[0] in RISKY else text


def plain(text: str) -> str:
    """Return a cell's text without the apostrophe that ``neutral`` put there."""
    bare = text.strip(" \n")
    if bare[:1] == "'" and bare[1:2] and bare[1] in RISKY:
        return bare[1:].strip()
    return bare.strip()


def items(cell: str) -> list[str]:
    """Return the items of a list."""
    text = plain(cell).replace("\r\n", "\n").replace("\r", "\n")
    is_lines = "\n" in text or _BULLET.match(text)
    parts = text.split("\n") if is_lines else text.split(";")
    found = (" ".join(_BULLET.sub("", part.strip()).split()) for part in parts)
    return [part for part in found if part]


def lines(values: Iterable[str]) -> str:
    """Return a list as a cell; ``items`` reads it back."""
    texts = [" ".join(value.split()) for value in values]
    needs_bullet = any(_BULLET.match(text) for text in texts) or (
        len(texts) == 1 and ";" in texts[0]
    )
    return "\n".join(f"- {text}" if needs_bullet else text for text in texts)


def papers(cell: str) -> list[dict[str, Any]]:
    """Return the papers of a cell; raises RowError."""
    return [_paper(_parts(item)) for item in items(cell)]


def papers_cell(values: Sequence[Mapping[str, Any]]) -> str:
    """Return papers as a cell."""
    return lines(_joined(_paper_parts(value)) for value in values)


def laws(cell: str) -> list[dict[str, str]]:
    """Return the legal bases ``number | title | date`` of a cell."""
    return [_law(_parts(item)) for item in items(cell)]


def laws_cell(values: Sequence[Mapping[str, Any]]) -> str:
    """Return legal bases as a cell."""
    return lines(_joined(_law_parts(value)) for value in values)


def yes_or_no(cell: str, fold: Callable[[str], str]) -> bool:
    """Return what ``Có`` / ``Không`` says; raises RowError."""
    word = fold(plain(cell))
    if word in YES or word in NO:
        return word in YES
    raise RowError("cần ghi Có hoặc Không")


def _parts(item: str) -> list[str]:
    parts = [part.strip() for part in item.split("|")]
    if not parts[0]:
        raise RowError("có một dòng thiếu tên ở trước dấu |")
    return parts


def _joined(parts: Iterable[str]) -> str:
    return " | ".join(part.replace("|", "/") for part in parts)


def _paper(parts: list[str]) -> dict[str, Any]:
    paper: dict[str, Any] = {"name": parts[0]}
    for part in filter(None, parts[1:]):
        if count := _COUNT.match(part):
            key = "original" if count[1].lower() == "chính" else "copies"
            paper[key] = int(count[2])
        elif label := _LABEL.match(part):
            paper["form" if label[1].lower() == "mẫu" else "when"] = label[2].strip()
        else:
            raise RowError(f"không hiểu phần '{part[:40]}' của giấy tờ")
    return paper


def _paper_parts(paper: Mapping[str, Any]) -> Iterable[str]:
    yield paper["name"]
    if paper.get("original", 1) != 1:
        yield f"chính {paper['original']}"
    if paper.get("copies"):
        yield f"sao {paper['copies']}"
    if paper.get("form"):
        yield f"mẫu: {paper['form']}"
    if paper.get("when"):
        yield f"khi: {paper['when']}"


def _law(parts: list[str]) -> dict[str, str]:
    keys = ("number", "title", "date")
    if len(parts) > len(keys):
        raise RowError("căn cứ pháp lý chỉ gồm: số | tên | ngày")
    return {key: part for key, part in zip(keys, parts, strict=False) if part}


def _law_parts(law: Mapping[str, Any]) -> list[str]:
    parts = [law["number"], law.get("title") or "", law.get("date") or ""]
    while not parts[-1]:
        parts.pop()
    return parts
