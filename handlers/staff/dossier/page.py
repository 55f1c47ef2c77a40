"""What stands on the pages of a dossier? Plain data for PDF, Word and the index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from handlers.cases.moments import LOCAL, from_ms
from handlers.staff.dossier.build import FILE_IT, Built, Unit
from handlers.staff.dossier.draw import number
from handlers.staff.dossier.finding import (
    MODE_NAMES,
    STATE_NAMES,
    Evidence,
    Found,
    Section,
    State,
)
from messages.criteria.model import Criterion, Level, Mode
from messages.letters.office import Office

BRIEF: Final = 110
NOTHING: Final = ": chưa có."
"""Stands beside what was found already; the list of what to do says it again."""
WIDEST: Final = 13
"""Months that fit beside each other."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def page(built: Built, unit: Unit) -> dict[str, Any]:
    """Return what the layouts read."""
    criteria, point = unit.criteria, built.point
    period = f"Từ {built.ask.first:%d/%m/%Y} đến {built.ask.last:%d/%m/%Y}"
    at = f"{from_ms(point.at).astimezone(LOCAL):%H:%M:%S ngày %d/%m/%Y}"
    source = criteria.source
    document = ", ".join(filter(None, (source.get("document"), source.get("agency"))))
    return {
        "agency": Office(unit.name, unit.full_name).heading,
        "title": f"Hồ sơ minh chứng {criteria.name}",
        "short": f"Hồ sơ minh chứng · {unit.name} · {period}",
        "name": criteria.name,
        "period": period,
        "document": document or criteria.name,
        "point": {
            "at": at,
            "size": number(point.size),
            "root": point.root,
            "fingerprint": point.fingerprint,
        },
        "entries": number(built.entries),
        "totals": _totals(built),
        "summary": _summary(built),
        "notes": _notes(built),
        "sections": [_section(one) for one in built.sections],
        "todo": [_todo(one) for one in _items(built) if one.state is not State.FULL],
        "quarters": quarters_of(built),
        "checking": CHECKING,
    }


_CHECKING: Final = """
1. Giải nén cả gói. Tệp index.xlsx liệt kê mọi minh chứng, bấm vào là mở.
2. Máy có Python 3.9 trở lên, không cần mạng: chạy python verify_dossier.py trong thư
mục vừa giải nén. Chương trình đọc từng byte, dựng lại cây băm của nhật ký và kiểm chữ
ký.
3. Thêm --key với dấu vân tay khóa ở trang bìa, hoặc ở trang in mã QR mà xã đã công
bố: khi đó cả việc ký lại bằng khóa khác cũng bị phát hiện.
4. Giấy tờ nộp bằng tay được băm vào nhật ký ngay lúc nộp: tệp trong gói khác tệp đã nộp
thì chương trình báo sai.
"""
CHECKING: Final = tuple(
    part.replace("\n", " ").strip()
    for part in re.split(r"\n(?=\d\. )", _CHECKING)
    if part.strip()
)


def quarters_of(built: Built) -> list[dict[str, Any]]:
    """Return the list of Điều 13, quarter by quarter."""
    return [
        {"name": period.title, "rows": [[_clean(c) for c in one.row()] for one in mine]}
        for period, mine in built.quarters
    ]


def _items(built: Built) -> list[Section]:
    return [one for one in built.sections if one.criterion.is_scored]


def _totals(built: Built) -> list[dict[str, str]]:
    items = _items(built)
    told = [
        {
            "code": state.value,
            "label": STATE_NAMES[state],
            "count": str(sum(one.state is state for one in items)),
        }
        for state in State
    ]
    files = sum(len(one.evidence) for one in items)
    return [*told, {"code": "", "label": "Tệp minh chứng", "count": number(files)}]


def _summary(built: Built) -> list[dict[str, Any]]:
    groups: list[tuple[Criterion, list[Section]]] = []
    for one in built.sections:
        if one.criterion.level is Level.CRITERION:
            groups.append((one.criterion, []))
        elif one.criterion.is_scored and groups:
            groups[-1][1].append(one)
    rows = [{"title": row.title, "counts": _counts(mine)} for row, mine in groups]
    return [*rows, {"title": "Cộng", "counts": _counts(_items(built))}]


def _counts(sections: Sequence[Section]) -> list[str]:
    states = [sum(one.state is state for one in sections) for state in State]
    filed = sum(one.criterion.mode is Mode.FILED for one in sections)
    return [str(n) for n in (len(sections), *states, filed)]


def _notes(built: Built) -> list[str]:
    told = [
        (
            "Số liệu đếm từ nhật ký minh chứng đến đúng mốc trên; lập lại cùng mốc,"
            " cùng kỳ sẽ ra đúng gói này."
        ),
        "Cột điểm để trống: bản tiêu chí công khai không ghi điểm từng dòng.",
    ]
    if built.days.last < built.ask.last:
        told.append(f"Kỳ chưa hết: mới tính đến ngày {built.days.last:%d/%m/%Y}.")
    if built.erased:
        told.append(
            f"{number(built.erased)} người có trong kỳ đã được xóa dữ liệu theo yêu cầu"
            " sau mốc này; lượt của họ vẫn được đếm, nội dung không còn."
        )
    if built.destroyed:
        told.append(
            f"{number(built.destroyed)} giấy tờ đã nộp sau đó bị hủy vì nộp nhầm."
        )
    return told


def _section(one: Section) -> dict[str, Any]:
    row = one.criterion
    return {
        "level": row.level.value,
        "number": row.number,
        "title": row.title,
        "brief": row.title
        if len(row.title) <= BRIEF
        else row.title[: BRIEF - 1].rstrip() + "…",
        "product": row.product or "phụ lục không ghi",
        "when": row.when,
        "lead": ", ".join(row.lead),
        "score": "" if row.score is None else f"{row.score:g}".replace(".", ","),
        "state": one.state.value,
        "state_label": STATE_NAMES[one.state],
        "mode_label": MODE_NAMES[row.mode],
        "count": str(len(one.evidence)),
        "found": [_found(part) for part in one.found],
        "evidence": [_evidence(file) for file in one.evidence],
        "lacks": [_clean(text) for text in one.lacks if not text.endswith(NOTHING)],
        "todo": [_clean(text) for text in one.todo if not text.startswith(FILE_IT)],
    }


def _found(one: Found) -> dict[str, Any]:
    is_wide = bool(one.table) and len(one.table[0]) > WIDEST
    return {
        "title": _clean(one.title),
        "told": _clean(one.told),
        "mark": "full" if one.count and one.is_enough else _mark(one),
        "table": [] if is_wide else [list(row) for row in one.table],
    }


def _mark(one: Found) -> str:
    """Nothing there and nothing wanted is neither good nor bad."""
    return "idle" if one.is_enough else "weak" if one.count else "missing"


def _evidence(one: Evidence) -> dict[str, str]:
    day = f"{one.file.day:%d/%m/%Y}" if one.file.day else "từ nhật ký"
    return {
        "number": one.number,
        "title": _clean(one.file.title),
        "note": _clean(one.file.note),
        "about": _clean(", số ".join(filter(None, (day, one.file.number)))),
        "path": one.path,
    }


def _todo(one: Section) -> dict[str, Any]:
    lacks = one.lacks or ("Chưa có minh chứng nào.",)
    return {
        "number": one.criterion.number,
        "state": one.state.value,
        "lacks": [_clean(text) for text in lacks],
        "todo": [_clean(x) for x in one.todo if not x.startswith(FILE_IT)],
    }


def _clean(text: str) -> str:
    """Words that people typed stay on one line, without signs that no paper holds."""
    return _CONTROL.sub(" ", text)


INDEX_HEAD: Final = (
    *("Số", "Dòng", "Nội dung dòng", "Tình trạng", "Minh chứng", "Ngày, số ký hiệu"),
    *("Tệp", "Mã trong nhật ký"),
)


def index(built: Built) -> list[tuple[str, Sequence[str], list[tuple[str, ...]]]]:
    """Return the sheets of the index: every piece of evidence, and every row."""
    pieces: list[tuple[str, ...]] = [
        (
            file.number,
            one.criterion.number,
            one.criterion.title,
            STATE_NAMES[one.state],
            _clean(file.file.title),
            _evidence(file)["about"],
            file.path,
            file.file.log,
        )
        for one in _items(built)
        for file in one.evidence
    ]
    rows = [_row(one) for one in _items(built)]
    head = ("Dòng", "Nội dung", "Cách lấy", "Tình trạng", "Số minh chứng")
    more = ("Còn thiếu, còn yếu", "Cách bổ sung", "Điểm chuẩn", "Điểm tự chấm")
    return [("Minh chứng", INDEX_HEAD, pieces), ("Tiêu chí", (*head, *more), rows)]


def _row(one: Section) -> tuple[str, ...]:
    told = _section(one)
    return (
        told["number"],
        told["title"],
        told["mode_label"],
        told["state_label"],
        told["count"],
        " ".join(map(_clean, one.lacks)),
        " ".join(map(_clean, one.todo)),
        told["score"],
        "",
    )
