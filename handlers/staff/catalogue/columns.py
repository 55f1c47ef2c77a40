"""Which column of a spreadsheet is which field? One table for both directions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from handlers.staff.catalogue import cells
from handlers.staff.catalogue.errors import HeaderError
from handlers.staff.catalogue.validate import RowError

LEVEL_NAMES: Mapping[str, str] = MappingProxyType(
    {"bo": "Cấp bộ", "tinh": "Cấp tỉnh", "xa": "Cấp xã", "khac": "Cơ quan khác"}
)
UNIT_NAMES: Mapping[str, str] = MappingProxyType(
    {"working_day": "ngày làm việc", "day": "ngày", "hour": "giờ"}
)
TRUST_NAMES: Mapping[str, str] = MappingProxyType(
    {"high": "cao", "medium": "vừa", "low": "thấp"}
)
_SHORTENED = re.compile(r"^\d\.\d{1,5}$")


def fold(text: str) -> str:
    """Return lower-case letters and digits without marks: ``Lệ phí`` → ``lephi``."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", parts)


def code_text(value: object) -> str:
    """Return a code as text; one that became a number gets its zeros back.

    Programs take ``1.115620`` for a number and keep 1.11562; the portal's codes
    always have six digits after the point.
    """
    text = str(value).strip()
    return f"{text:0<8}" if _SHORTENED.match(text) else text


def _code(cell: str) -> str:
    return code_text(cells.plain(cell))


def _text(cell: str) -> str:
    return cells.plain(cell)


def _number(cell: str) -> float:
    try:
        return float(cells.plain(cell).replace(",", "."))
    except ValueError as error:
        raise RowError("phải là số") from error


def _choice(names: Mapping[str, str]) -> Callable[[str], str]:
    known = {fold(word): key for key, name in names.items() for word in (key, name)}

    def read(cell: str) -> str:
        if (key := known.get(fold(cell))) is None:
            raise RowError(f"chỉ nhận: {', '.join(names.values())}")
        return key

    return read


def _level(word: str) -> str:
    short = fold(word).removeprefix("cap").replace("coquankhac", "khac")
    if short not in LEVEL_NAMES:
        raise RowError(f"chỉ nhận: {', '.join(LEVEL_NAMES.values())}")
    return short


def _levels(cell: str) -> list[str]:
    found = [_level(word) for word in re.split(r"[,;\n]", cells.plain(cell)) if word]
    return list(dict.fromkeys(found))


def _yes(cell: str) -> bool:
    return cells.yes_or_no(cell, fold)


def _say_yes(value: bool) -> str:
    return "Có" if value else "Không"


def _say_number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _say_levels(values: Sequence[str]) -> str:
    return ", ".join(LEVEL_NAMES[value] for value in LEVEL_NAMES if value in values)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, the field (``part`` inside it), and both translations."""

    title: str
    field: str
    part: str = ""
    read: Callable[[str], Any] = _text
    say: Callable[[Any], str] = str
    other_titles: tuple[str, ...] = ()


def _list(title: str, field: str, *other: str) -> Column:
    return Column(title, field, "", cells.items, cells.lines, other)


COLUMNS: Final[tuple[Column, ...]] = (
    Column("Mã", "code", "", _code, str, ("Mã thủ tục", "Mã TTHC", "Mã số")),
    Column("Tên", "name", other_titles=("Tên thủ tục", "Tên TTHC", "Tên thường gọi")),
    Column("Tên chính thức", "official_name", other_titles=("Tên đầy đủ",)),
    _list("Tên gọi khác", "aliases", "Tên khác", "Bí danh"),
    _list("Câu hỏi mẫu", "examples", "Ví dụ", "Câu hỏi"),
    Column("Lĩnh vực", "field"),
    Column(
        "Cấp", "levels", "", _levels, _say_levels, ("Cấp thực hiện", "Cấp giải quyết")
    ),
    Column("Cơ quan giải quyết", "authority", other_titles=("Cơ quan thực hiện",)),
    Column("Nơi nộp", "desk", other_titles=("Nơi tiếp nhận", "Bộ phận tiếp nhận")),
    Column("Địa điểm", "place", other_titles=("Địa chỉ", "Nơi làm thủ tục")),
    Column("Tóm tắt", "summary", other_titles=("Giới thiệu",)),
    Column(
        "Giấy tờ",
        "papers",
        "",
        cells.papers,
        cells.papers_cell,
        ("Thành phần hồ sơ", "Hồ sơ", "Giấy tờ cần nộp"),
    ),
    Column("Điều kiện", "conditions", other_titles=("Yêu cầu, điều kiện",)),
    _list("Các bước", "steps", "Trình tự", "Trình tự thực hiện"),
    Column("Lệ phí", "fee", "text", other_titles=("Phí, lệ phí", "Phí", "Mức thu")),
    Column("Miễn, giảm", "fee", "exempt", other_titles=("Miễn giảm", "Đối tượng miễn")),
    Column("Lệ phí đã chắc", "fee", "sure", _yes, _say_yes),
    Column(
        "Thời hạn", "time", "text", other_titles=("Thời gian", "Thời hạn giải quyết")
    ),
    Column("Số ngày", "time", "days", _number, _say_number),
    Column(
        "Đơn vị tính",
        "time",
        "unit",
        _choice(UNIT_NAMES),
        lambda value: UNIT_NAMES[value],
    ),
    Column("Thời hạn đã chắc", "time", "sure", _yes, _say_yes),
    Column("Nộp trực tuyến", "online", "available", _yes, _say_yes, ("Trực tuyến",)),
    Column("Cách nộp trực tuyến", "online", "text"),
    Column("Đường dẫn nộp", "online", "url", other_titles=("Link nộp",)),
    _list("Kết quả", "result", "Kết quả giải quyết"),
    Column("Căn cứ pháp lý", "legal", "", cells.laws, cells.laws_cell, ("Căn cứ",)),
    Column(
        "Số quyết định công bố",
        "announcement",
        "number",
        other_titles=("Số quyết định",),
    ),
    Column(
        "Ngày quyết định công bố",
        "announcement",
        "date",
        other_titles=("Ngày quyết định",),
    ),
    Column("Nguồn", "source", "name"),
    Column("Ngày nguồn", "source", "as_of", other_titles=("Cập nhật đến ngày",)),
    Column("Đường dẫn nguồn", "source", "url"),
    Column(
        "Độ tin cậy",
        "confidence",
        "",
        _choice(TRUST_NAMES),
        lambda value: TRUST_NAMES[value],
    ),
    _list("Điểm chưa chắc", "doubts"),
    _list("Mã tương đương", "twins"),
    Column("Hay hỏi", "core", "", _yes, _say_yes, ("Thủ tục trọng điểm",)),
)
BY_TITLE: Mapping[str, Column] = MappingProxyType(
    {
        fold(title): column
        for column in COLUMNS
        for title in (column.title, *column.other_titles)
    }
)


def header(
    titles: Sequence[str],
) -> tuple[dict[int, Column], tuple[str, ...]] | None:
    """Return position -> column and the titles nobody knows.

    None when this row is no header: a header has a column "Mã". Raises
    HeaderError when two columns mean the same field.
    """
    found = {
        place: BY_TITLE[fold(title)]
        for place, title in enumerate(titles)
        if fold(title) in BY_TITLE
    }
    if not any(column.field == "code" for column in found.values()):
        return None
    if len({column.title for column in found.values()}) < len(found):
        raise HeaderError("Có hai cột cùng một ý nghĩa trong dòng tiêu đề.")
    unknown = [t.strip() for i, t in enumerate(titles) if t.strip() and i not in found]
    return found, tuple(unknown)


def read_row(columns: Mapping[int, Column], row: Sequence[str]) -> dict[str, Any]:
    """Return the fields of one row; an empty cell says nothing. Raises RowError."""
    fields: dict[str, Any] = {}
    for place, column in columns.items():
        cell = row[place] if place < len(row) else ""
        if not cells.plain(cell):
            continue
        try:
            value = column.read(cell)
        except RowError as error:
            raise RowError(f"cột '{column.title}': {error}") from error
        if column.part:
            fields.setdefault(column.field, {})[column.part] = value
        elif value not in ("", []):
            fields[column.field] = value
    return fields


def write_row(fields: Mapping[str, Any]) -> list[str]:
    """Return the cells of one procedure in the order of COLUMNS."""
    return [_cell(column, fields.get(column.field)) for column in COLUMNS]


def _cell(column: Column, value: Any) -> str:
    if column.part:
        value = (value or {}).get(column.part)
    if value is None or value in ("", [], ()):
        return ""
    return column.say(value)
