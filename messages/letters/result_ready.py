"""Which words tell a citizen that a result is ready? Short, with where to fetch it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from messages.letters import address
from messages.letters.office import Office

FIELDS: Final = ("ten", "ong_ba", "gioi_tinh", "ma_hs", "ten_tthc", "sdt")
REQUIRED: Final = (("ma_hs",),)


def addressee(data: Mapping[str, str]) -> str:
    """Return whom the notice greets: "bà Trần Thị Lụa", "anh/chị" for nobody known."""
    name = address.stripped(data["ten"])[1] if data.get("ten") else ""
    return f"{_form(data)} {name}".strip()


def _form(data: Mapping[str, str]) -> str:
    return data.get("ong_ba", "").lower() or "anh/chị"


def result_text(data: Mapping[str, str], office: Office) -> str:
    """Return the notice; ``data`` holds clean values of ``FIELDS``."""
    whom = _form(data)
    what = f" ({data['ten_tthc']})" if data.get("ten_tthc") else ""
    phone = data.get("sdt") or office.phone
    ask = f" Cần hỏi thêm, xin gọi {phone} ạ." if phone else ""
    return (
        f"Dạ, em xin báo {addressee(data)}: hồ sơ {data['ma_hs']}{what} đã có kết quả"
        f" ạ. Mời {whom} đến Trung tâm Phục vụ hành chính công {office.name} trong giờ"
        f" làm việc, mang theo giấy hẹn và căn cước giúp em ạ.{ask}"
    )
