"""What does one record of the national public-service portal tell us?

The portal (dichvucong.gov.vn) gives each procedure as one JSON object of texts.
For procedures of other levels only what is needed to send a citizen there is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from handlers.staff.catalogue import portal_channels, portal_lists
from handlers.staff.catalogue.model import Batch, Rejection, Row, canonical
from handlers.staff.catalogue.portal_text import clean, cut, decision, said
from handlers.staff.catalogue.validate import RowError, checked

DEFAULT_AS_OF: Final = date(2026, 7, 1)
"""The month of the public crawl that is at hand (DOMAIN.md 5.1)."""
SOURCE_NAME: Final = "Cổng Dịch vụ công quốc gia"
MAX_NAME: Final = 400
MAX_RECORD: Final = 6_000
"""Bytes of JSON one record may take in the database."""

LEVELS: Mapping[str, str] = MappingProxyType(
    {"Cấp xã": "xa", "Cấp tỉnh": "tinh", "Cấp bộ": "bo", "Cơ quan khác": "khac"}
)
_LOCAL = re.compile(r"QĐ-UBND$|QĐ-CT$")


def batch(source: str, lines: Iterable[tuple[int, bytes]], as_of: date) -> Batch:
    """Return what numbered lines say."""
    rows: list[Row] = []
    rejections: list[Rejection] = []
    seen: dict[str, int] = {}
    for number, line in lines:
        code = ""
        try:
            record = _parsed(line)
            code = str(record.get("ma_thu_tuc") or "")[:40]
            rows.append(Row(number, fields(record, as_of)))
            _refuse_twice(seen, rows, number)
        except RowError as error:
            rejections.append(Rejection(number, code, str(error)))
    return Batch(source, tuple(rows), tuple(rejections), is_portal=True)


def fields(record: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """Return one record as fields of a Procedure. Raises RowError."""
    texts = {key: value for key, value in record.items() if isinstance(value, str)}
    found = _head(texts, as_of)
    if "xa" in found["levels"]:
        found |= _body(texts)
    return _fitted(checked(found, keep_empty=False))


def _head(texts: Mapping[str, str], as_of: date) -> dict[str, Any]:
    code, name = clean(texts.get("ma_thu_tuc", "")), said(texts.get("ten_thu_tuc", ""))
    if not code:
        raise RowError("thiếu mã thủ tục")
    if not name:
        raise RowError("thiếu tên thủ tục")
    found_levels = levels(texts.get("cap_thuc_hien", ""))
    whole = name.rstrip(" .")
    longer = {"official_name": cut(whole, 1200)} if len(whole) > MAX_NAME else {}
    return longer | {
        "code": code,
        "name": cut(whole, MAX_NAME),
        "field": cut(said(texts.get("linh_vuc", "")) or "Khác", 120),
        "levels": found_levels,
        "authority": _authority(texts, found_levels),
        "source": _source(texts, as_of),
    }


def levels(text: str) -> list[str]:
    """Return the levels of ``Cấp bộ, Cấp xã``; raises RowError for another word."""
    names = [clean(part) for part in text.split(",") if clean(part)]
    if not names:
        raise RowError("thiếu cấp thực hiện")
    unknown = [name for name in names if name not in LEVELS]
    if unknown:
        raise RowError(f"cấp thực hiện lạ: {cut(', '.join(unknown), 80)}")
    return [level for name, level in LEVELS.items() if name in names]


def _authority(texts: Mapping[str, str], found_levels: list[str]) -> str:
    for key in ("co_quan_thuc_hien", "co_quan_co_tham_quyen"):
        if text := said(texts.get(key, "")):
            return cut(text, 200)
    names = {level: name for name, level in LEVELS.items()}
    words = ", ".join(names[level].lower() for level in found_levels)
    return f"Cơ quan {words}".replace("Cơ quan cơ quan", "Cơ quan")


def _source(texts: Mapping[str, str], as_of: date) -> dict[str, Any]:
    address = clean(texts.get("detail_url", ""))
    source: dict[str, Any] = {"name": SOURCE_NAME, "as_of": as_of.isoformat()}
    if address.startswith("https://") and len(address) <= 300:  # noqa: PLR2004  longer is no page of the portal
        source["url"] = address
    return source


def _body(texts: Mapping[str, str]) -> dict[str, Any]:
    lines = portal_channels.channels(texts.get("cach_thuc_thuc_hien", ""))
    papers, more = portal_lists.papers(texts.get("thanh_phan_ho_so", ""))
    number = decision(texts.get("so_quyet_dinh", ""))
    found: dict[str, Any] = {
        "summary": _summary(texts),
        "papers": papers,
        "steps": portal_lists.steps(texts.get("trinh_tu_thuc_hien", "")),
        "conditions": cut(said(texts.get("yeu_cau_dieu_kien", "")), 300),
        "time": portal_channels.duration(lines),
        "fee": portal_channels.fee(lines),
        "online": portal_channels.online(lines),
        "result": portal_lists.results(texts.get("ket_qua_xu_ly", "")),
        "legal": portal_lists.laws(texts.get("can_cu_phap_ly", "")),
        "announcement": {"number": number[:60]} if number else None,
        "doubts": _doubts(texts, lines, more),
    }
    return {key: value for key, value in found.items() if value}


def _summary(texts: Mapping[str, str]) -> str:
    people = said(texts.get("doi_tuong_thuc_hien", ""))
    return cut(f"Đối tượng thực hiện: {people}.", 240) if people else ""


def _doubts(
    texts: Mapping[str, str],
    lines: tuple[portal_channels.Channel, ...],
    more_papers: int,
) -> list[str]:
    doubts = []
    if not said(texts.get("co_quan_thuc_hien", "")):
        doubts.append("Cổng không ghi cơ quan thực hiện.")
    if any(line.is_blurred for line in lines):
        doubts.append("Thời hạn và phí trên Cổng viết dính nhau, chưa đọc chắc.")
    if more_papers:
        doubts.append(f"Cổng còn {more_papers} dòng giấy tờ nữa chưa ghi ở đây.")
    if _LOCAL.search(texts.get("so_quyet_dinh", "").strip()):
        doubts.append("Do một tỉnh, thành phố công bố; có thể không áp dụng ở đây.")
    return doubts


def _fitted(found: dict[str, Any]) -> dict[str, Any]:
    """Drop the least needed until the record is compact; say what was dropped."""
    for key in ("steps", "conditions"):
        if len(canonical(found).encode()) > MAX_RECORD:
            found.pop(key, None)
    while len(canonical(found).encode()) > MAX_RECORD and found.get("papers"):
        found["papers"].pop()
        found["doubts"] = [
            *(d for d in found.get("doubts", []) if "dòng giấy tờ" not in d),
            "Cổng còn nhiều dòng giấy tờ nữa chưa ghi ở đây.",
        ]
    return found


def _parsed(line: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError("không phải một dòng JSON đúng") from error
    if not isinstance(value, dict):
        raise RowError("không phải một đối tượng JSON")
    return value


def _refuse_twice(seen: dict[str, int], rows: list[Row], number: int) -> None:
    """Keep the first of two records with one code."""
    code = rows[-1].code
    if code in seen:
        rows.pop()
        raise RowError(f"trùng mã với dòng {seen[code]}")
    seen[code] = number
