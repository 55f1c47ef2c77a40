"""Who are the made-up people who work for the commune?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.model import StaffPlatform


@dataclass(frozen=True, slots=True)
class Officer:
    """One made-up member of staff; ``is_known`` False is a stranger in the group."""

    key: str
    name: str
    title: str
    colour: int
    telegram_id: str
    zalo_bot_id: str
    is_known: bool = True
    role: str = "officer"

    def user_id(self, platform: StaffPlatform) -> str:
        """Return the person's id on that platform."""
        is_telegram = platform is StaffPlatform.TELEGRAM
        return self.telegram_id if is_telegram else self.zalo_bot_id


OFFICERS: tuple[Officer, ...] = (
    Officer(
        "mai",
        "Nguyễn Thị Mai",
        "công chức một cửa",
        150,
        "5550000001",
        "6ede9afa66b88fe6d601",
    ),
    Officer(
        "tuan",
        "Trần Anh Tuấn",
        "công chức địa chính",
        210,
        "5550000002",
        "6ede9afa66b88fe6d602",
    ),
    Officer(
        "hoa",
        "Phạm Thị Hòa",
        "phó chủ tịch, duyệt câu trả lời",
        330,
        "5550000003",
        "6ede9afa66b88fe6d603",
        role="leader",
    ),
    Officer(
        "khach",
        "Lê Văn Khách",
        "người lạ được thêm nhầm vào nhóm",
        20,
        "5550000009",
        "6ede9afa66b88fe6d609",
        is_known=False,
    ),
)


def find(key: str) -> Officer | None:
    """Return the person with that key."""
    return next((one for one in OFFICERS if one.key == key), None)


def by_id(platform: StaffPlatform, user_id: str) -> Officer | None:
    """Return the person with that id on that platform."""
    return next((one for one in OFFICERS if one.user_id(platform) == user_id), None)
