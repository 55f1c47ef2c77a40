"""Which templates did the emulated Zalo approve? (PLATFORMS 1.9)"""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Template:
    """A template; ``params`` are name and longest value, all needed."""

    template_id: str
    name: str
    params: tuple[tuple[str, int], ...]
    status: str = "ENABLE"
    quality: str = "HIGH"
    tag: str = "TRANSACTION"
    by_uid: bool = True


SHIPPED = (
    Template(
        "410001",
        "Kết quả hồ sơ đã có",
        (("ho_ten", 30), ("ma_hs", 30), ("noi_nhan", 200)),
    ),
    Template(
        "410002",
        "Xin lỗi vì trả kết quả muộn",
        (("ho_ten", 30), ("ma_hs", 30), ("ngay_hen", 20)),
        by_uid=False,
    ),
    Template(
        "410003",
        "Cảm ơn công dân",
        (("ho_ten", 30),),
        status="PENDING_REVIEW",
        quality="UNDEFINED",
        tag="CUSTOMER_CARE",
    ),
)


@dataclass(slots=True)
class Zbs:
    """The templates of the OA and what is left of the day."""

    daily: int = 500
    used: int = 0
    templates: dict[str, Template] = field(
        default_factory=lambda: {one.template_id: one for one in SHIPPED}
    )

    def change(self, template_id: str, status: str) -> tuple[str, str]:
        """Put a template into another state; return the states before and after."""
        found = self.templates[template_id]
        self.templates[template_id] = replace(found, status=status)
        return found.status, status
