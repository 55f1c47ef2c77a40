"""How does a person get what is held of them? As JSON, and as pages to read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from handlers.cases.kind import shipped
from handlers.cases.moments import LOCAL
from handlers.staff.privacy.purposes import purposes
from messages.documents.typeset import pdf

KINDS = {
    "citizen:message:received": "Tin anh/chị đã nhắn",
    "staff:message:written": "Tin cán bộ đã nhắn",
    "case": "Nội dung hồ sơ",
    "file": "Thông tin về tệp",
    "staff:correction": "Điều đã sửa theo yêu cầu",
}
CHANNELS = {
    "zalo": "Zalo",
    "facebook": "Messenger",
    "telegram": "Telegram",
    "zalo_bot": "Zalo Bot",
    "desk": "Điện thoại",
}
NOT_WORDS = frozenset(
    {"salt", "salts", "sha256", "payload", "key", "template", "version", "id", "url"}
)
"""Marks for machines; du-lieu.json has them, people need not read them."""
PARTS = (
    ("accounts", "Tài khoản đã liên hệ"),
    ("words", "Lời nhắn và nội dung đã lưu"),
    ("cases", "Hồ sơ"),
    ("files", "Tệp đã gửi"),
    ("ratings", "Đánh giá"),
    ("consents", "Đồng ý theo mục đích"),
)
UNREADABLE = "(không đọc được)"
LAW = "Luật 91/2025/QH15 và Nghị định 356/2025/NĐ-CP Điều 5"
INTRO = (
    f"Dạ, đây là dữ liệu cá nhân của anh/chị mà cơ quan đang giữ, theo {LAW}.",
    "Tệp du-lieu.json đi kèm có đầy đủ từng mục; thư mục tep có ảnh, tài liệu đã gửi.",
    "Anh/chị thấy chỗ nào chưa đúng, xin cho biết để sửa ạ.",
    "Muốn xóa hay rút đồng ý, xin anh/chị nhắn “quyền dữ liệu” ạ.",
)


def as_json(data: Mapping[str, Any]) -> bytes:
    """Return everything, readable by people and machines."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def as_pdf(data: Mapping[str, Any], office: str, made: datetime) -> bytes:
    """Return pages to read; ``made`` is aware. Raises DocumentError.

    Signs that our fonts do not have (some emoji) show as boxes; the JSON has them.
    """
    parts = [
        {"name": name, "rows": [list(_row(part, one)) for one in data[part]]}
        for part, name in PARTS
        if data[part]
    ]
    known = f"Lập lúc {made.astimezone(LOCAL):%H:%M ngày %d/%m/%Y}."
    shown = {"office": office, "title": "Dữ liệu cá nhân đang được giữ"}
    filled = shown | {"intro": [*INTRO, known], "parts": parts}
    # Whole seconds: the date of a PDF has nothing finer.
    return pdf("person", filled, made=made.replace(microsecond=0), standard=None)


def _row(part: str, one: Mapping[str, Any]) -> tuple[str, str]:
    at = (
        f"{datetime.fromisoformat(one['at']).astimezone(LOCAL):%H:%M %d/%m/%Y}"
        if "at" in one
        else ""
    )
    if part == "accounts":
        channel = CHANNELS.get(one["channel"], str(one["channel"]))
        return channel, str((one["id"] or {}).get("id", UNREADABLE))
    if part == "words":
        kind = KINDS.get(one["kind"], "Nội dung đã lưu")
        return f"{at} · {kind}", texts(one["value"]) or "(không có chữ)"
    return at, " · ".join(_SHOWN[part](one))


def _case(one: Mapping[str, Any]) -> tuple[str, ...]:
    kind = shipped().by_code.get(one["kind"])
    end = "đã kết thúc" if one["closed"] else "đang làm"
    return str(one["code"]), kind.name if kind else str(one["kind"]), end


def _file(one: Mapping[str, Any]) -> tuple[str, ...]:
    kept = "đang giữ" if one["state"] == "stored" else "không giữ"
    return str(one["media_type"] or "tệp"), kept


def _rating(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"{one['score']} trên 5",)


def _consent(one: Mapping[str, Any]) -> tuple[str, ...]:
    purpose = purposes().get(one["purpose"])
    said = "đồng ý" if one["is_given"] else "không đồng ý, đã rút"
    guardian = ("người giám hộ nói",) if one["by_guardian"] else ()
    return purpose.name if purpose else str(one["purpose"]), said, *guardian


_SHOWN: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, ...]]] = {
    "cases": _case,
    "files": _file,
    "ratings": _rating,
    "consents": _consent,
}


def texts(value: Any) -> str:
    """Return all words in a kept value, each once."""
    return " · ".join(dict.fromkeys(part for part in _leaves(value) if part.strip()))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if name not in NOT_WORDS:
                yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
