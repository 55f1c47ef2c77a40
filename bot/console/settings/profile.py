"""What is in force for the unit, and which line of config.yml says so?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.config import Config, Unit
from bot.own_hours import hours

NONE = "chưa điền"


@dataclass(frozen=True, slots=True)
class Line:
    """One setting; ``key`` is its place in config.yml, ``sample`` the line to write."""

    label: str
    value: str
    key: str
    sample: str
    why: str = ""

    @property
    def is_set(self) -> bool:
        """Whether somebody filled it in."""
        return bool(self.value)


def lines(config: Config, unit_id: str, unit: Unit) -> list[Line]:
    """Return what of a unit (in force) citizens notice, with the lines of the file."""
    at = f"units.{unit_id}"
    phones = "; ".join(f"{one.label}: {one.number}" for one in unit.phones)
    city = "; ".join(one.label for one in unit.city_channels)
    return [
        Line("Tên gọi", unit.name, f"{at}.name", f"name: {unit.name}"),
        Line(
            "Tên đầy đủ",
            unit.full_name,
            f"{at}.full_name",
            "full_name: Ủy ban nhân dân xã …",
        ),
        Line(
            "Trụ sở",
            unit.place,
            f"{at}.place",
            "place: Trụ sở Ủy ban nhân dân xã, thôn …",
            "Chưa điền thì trợ lý không chỉ được đường tới.",
        ),
        Line(
            "Giờ làm việc",
            hours(unit).describe(),
            f"{at}.office_hours",
            'office_hours: {t2-t6: ["07:30-11:30", "13:30-17:00"]}',
            "Chưa điền thì trợ lý không hứa giờ trả lời.",
        ),
        Line(
            "Tiếp công dân",
            unit.reception,
            f"{at}.reception",
            "reception: Chủ tịch tiếp công dân sáng thứ … hằng tuần",
        ),
        Line(
            "Số điện thoại công bố",
            phones,
            f"{at}.phones",
            'phones: [{label: Đường dây nóng, number: "…"}]',
            "Chưa điền thì trợ lý không có số của xã để đưa người dân.",
        ),
        Line(
            "Thôn, xóm",
            ", ".join(unit.hamlets),
            f"{at}.hamlets",
            "hamlets: [thôn …, thôn …]",
        ),
        Line(
            "Kênh của thành phố",
            city,
            f"{at}.city_channels",
            'city_channels: [{label: Tổng đài 1022, phone: "1022"}]',
        ),
        Line(
            "Nghỉ thêm, làm bù",
            _days(unit.days_off, unit.working_days),
            f"{at}.days_off, {at}.working_days",
            'days_off: ["2026-12-31"]',
        ),
        Line(
            "Địa chỉ bên ngoài",
            config.server.public_url,
            "server.public_url",
            "public_url: https://tro-ly.ten-xa.example",
            "Chưa điền thì Zalo, Facebook không gọi tới được.",
        ),
        Line(
            "Thời hạn lưu dữ liệu",
            config.privacy.retention,
            "privacy.retention",
            "retention: theo quy định lưu trữ của cơ quan",
            "Chưa điền thì thông báo riêng tư nói chung chung.",
        ),
    ]


def _days(off: list[str], worked: list[str]) -> str:
    parts = []
    if off:
        parts.append(f"nghỉ {', '.join(off)}")
    if worked:
        parts.append(f"làm bù {', '.join(worked)}")
    return "; ".join(parts)
