"""How is a bad configuration told to an officer? One Vietnamese sentence a key."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails

SENTENCES = {
    "missing": "thiếu giá trị",
    "extra_forbidden": "khóa này không có trong cấu hình (xin xem lại chính tả)",
    "int_parsing": "phải là một số nguyên",
    "int_type": "phải là một số nguyên",
    "bool_parsing": "phải là true hoặc false",
    "string_type": "phải là một chuỗi",
    "string_too_short": "thiếu giá trị",
    "string_pattern_mismatch": "giá trị không đúng dạng",
    "literal_error": "giá trị không nằm trong danh sách cho phép",
    "greater_than_equal": "số quá nhỏ",
    "less_than_equal": "số quá lớn",
    "dict_type": "phải là một nhóm khóa: giá trị",
    "model_type": "phải là một nhóm khóa: giá trị",
    "list_type": "phải là một danh sách",
    "too_short": "cần ít nhất một mục",
}
SHOWN = 5


def describe(error: ValidationError) -> str:
    """Name each bad key with the reason, at most five; never a value."""
    details = error.errors(include_input=False, include_url=False)
    parts = [_one(detail) for detail in details[:SHOWN]]
    more = f"; và {len(details) - SHOWN} lỗi khác" if len(details) > SHOWN else ""
    return f"Cấu hình chưa đúng: {'; '.join(parts)}{more}."


def _one(detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "value_error":
        return f"{key}: {detail['ctx']['error']}"
    if detail["type"] == "literal_error":
        return f"{key}: chỉ nhận {detail['ctx']['expected'].replace(' or ', ' hoặc ')}"
    return f"{key}: {SENTENCES.get(detail['type'], 'giá trị không hợp lệ')}"
