"""Which places does the console have, in which order?

A place shows once a section fills it, for those who may open it. The order and the
names are here, so that all pages are one house.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from handlers.staff.permissions import Action


@dataclass(frozen=True, slots=True)
class Sign:
    """How a place is shown; ``icon`` names a symbol of pages/_icons.html."""

    label: str
    icon: str
    told: str


class Place(Enum):
    """The places, in the order of the menu."""

    TODAY = Sign("Hôm nay", "today", "Việc của hôm nay, nhìn một lượt là biết.")
    DESK = Sign("Trực ban", "desk", "Tin nhắn và phản ánh của người dân đang chờ.")
    CATALOGUE = Sign("Danh mục", "book", "Thủ tục, câu chữ, ngày nghỉ, điều còn thiếu.")
    LETTERS = Sign("Thư & lời chúc", "letter", "Thư chúc mừng, chia buồn, cảm ơn.")
    EVIDENCE = Sign("Minh chứng", "proof", "Sổ ghi không sửa được, ai cũng kiểm được.")
    SURVEYS = Sign("Khảo sát", "survey", "Người dân đánh giá việc phục vụ.")
    REPORTS = Sign("Báo cáo", "chart", "Số liệu theo ngày, lĩnh vực, người xử lý.")
    PEOPLE = Sign("Người dùng & trực", "people", "Cán bộ, vai trò, bảng trực.")
    SETTINGS = Sign("Cài đặt", "gear", "Thông tin đơn vị, kênh Zalo, Facebook.")


@dataclass(frozen=True, slots=True)
class Item:
    """One place that is filled: where it is, and who may open it."""

    place: Place
    path: str
    action: Action


@dataclass(frozen=True, slots=True)
class Link:
    """One line of somebody's menu."""

    sign: Sign
    url: str
    is_here: bool


def menu(
    items: Sequence[Item], allowed: frozenset[Action], here: Place | None
) -> list[Link]:
    """Return what somebody sees, in the order of the places.

    Of several items of one place the first that they may open is shown.
    """
    order = list(Place)
    mine = [item for item in items if item.action in allowed]
    mine.sort(key=lambda item: order.index(item.place))
    first = {item.place: item for item in reversed(mine)}
    mine = [item for item in mine if first[item.place] is item]
    return [
        Link(item.place.value, f"/console{item.path}", item.place is here)
        for item in mine
    ]
