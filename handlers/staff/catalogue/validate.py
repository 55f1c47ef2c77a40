"""Is a row right, and if not, what should staff read? Checked by the schema itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from handlers.staff.catalogue.model import Fields, canonical
from messages.procedure import Level, Procedure

MAX_BYTES = 64_000
"""Of one record as JSON, UTF-8."""

_FILLER: Fields = MappingProxyType(
    {
        "code": "0",
        "name": "?",
        "field": "?",
        "levels": ["xa"],
        "authority": "?",
        "source": {"name": "?", "as_of": "2026-01-01"},
    }
)
_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "còn thiếu",
        "extra_forbidden": "không có trong mẫu",
        "string_too_short": "đang để trống",
        "string_type": "phải là chữ",
        "too_short": "cần ít nhất một giá trị",
        "enum": "không thuộc các giá trị cho phép",
        "literal_error": "không thuộc các giá trị cho phép",
        "tuple_type": "phải là danh sách",
        "greater_than_equal": "không được âm",
        "less_than_equal": "lớn quá mức cho phép",
        "bool_parsing": "phải là có hoặc không",
        "bool_type": "phải là có hoặc không",
        "model_type": "phải gồm các mục con",
        "date_from_datetime_parsing": "phải là ngày dạng 2026-11-23",
        "date_type": "phải là ngày dạng 2026-11-23",
        "int_parsing": "phải là số nguyên",
        "float_parsing": "phải là số",
    }
)
_BAD_CODE = "mã thủ tục chỉ gồm chữ không dấu, số và . - _ / (tối đa 40 ký tự)"


class RowError(ValueError):
    """A row cannot be taken; the text is a Vietnamese reason."""


def checked(fields: Fields, *, keep_empty: bool) -> dict[str, Any]:
    """Return the given fields as the schema understands them, in JSON values.

    ``keep_empty`` keeps a field that says "nothing" (an edit may clear a value);
    without it defaults are left out. Raises RowError.
    """
    try:
        record = Procedure.model_validate({**_FILLER, **fields})
    except ValidationError as error:
        raise RowError(reason(error)) from error
    _check_addresses(record)
    found = record.model_dump(mode="json", include=set(fields), exclude_defaults=True)
    if keep_empty:
        found = record.model_dump(mode="json", include=set(fields)) | found
    found["code"] = record.code
    if "levels" in found:
        found["levels"] = [level.value for level in Level if level in record.levels]
    if len(canonical(found).encode()) > MAX_BYTES:
        raise RowError(f"nội dung dài quá {MAX_BYTES // 1000} KB")
    return found


def dumped(record: Procedure) -> dict[str, Any]:
    """Return a whole procedure in JSON values, defaults left out."""
    return record.model_dump(mode="json", exclude_defaults=True)


def reason(error: ValidationError) -> str:
    """Say in Vietnamese what the schema found, three faults at most."""
    faults = [_fault(item["loc"], item["type"]) for item in error.errors()]
    return "; ".join(dict.fromkeys(faults[:3]))


def _fault(place: tuple[int | str, ...], kind: str) -> str:
    if place[:1] == ("code",) or kind == "string_pattern_mismatch":
        return _BAD_CODE
    name = ".".join(str(p + 1) if isinstance(p, int) else p for p in place)
    return f"'{name}' {_REASONS.get(kind, 'chưa đúng')}"


def _check_addresses(record: Procedure) -> None:
    """Refuse links that are not web addresses: citizens tap them."""
    links = [record.source.url, record.online.url if record.online else None]
    if any(link and not link.startswith(("https://", "http://")) for link in links):
        raise RowError("đường dẫn phải bắt đầu bằng https:// hoặc http://")
