"""Who are the made-up people who write to the commune?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.model import Platform


@dataclass(frozen=True, slots=True)
class Citizen:
    """One made-up person; ``colour`` is the hue of the avatar, in degrees.

    Ids are decimal texts above 2^53, one for each platform, as in real life.
    """

    key: str
    name: str
    age: int
    about: str
    colour: int
    zalo_id: str
    facebook_id: str

    def user_id(self, channel: Platform) -> str:
        """Return the person's id on that platform."""
        return self.zalo_id if channel is Platform.ZALO else self.facebook_id


CITIZENS: tuple[Citizen, ...] = (
    Citizen(
        "lanh",
        "Nguyễn Thị Lành",
        67,
        "bà nội, nhờ cháu cài Zalo",
        340,
        "6814205937712045181",
        "24813057719364021",
    ),
    Citizen(
        "muoi",
        "Trần Văn Mười",
        58,
        "nông dân, hay gửi ghi âm",
        28,
        "6814205937712045182",
        "24813057719364022",
    ),
    Citizen(
        "huong",
        "Lê Thị Thu Hương",
        29,
        "vừa sinh con đầu lòng",
        312,
        "6814205937712045183",
        "24813057719364023",
    ),
    Citizen(
        "khoa",
        "Phạm Đăng Khoa",
        24,
        "mới tốt nghiệp, gõ không dấu",
        205,
        "6814205937712045184",
        "24813057719364024",
    ),
    Citizen(
        "ypao",
        "Y Pao Niê",
        41,
        "trưởng buôn, lo việc cho bà con",
        160,
        "6814205937712045185",
        "24813057719364025",
    ),
    Citizen(
        "dung",
        "Vũ Minh Dũng",
        36,
        "mở quán ăn, cần giấy phép",
        12,
        "6814205937712045186",
        "24813057719364026",
    ),
    Citizen(
        "xuan",
        "Đỗ Thị Xuân",
        72,
        "cựu thanh niên xung phong",
        268,
        "6814205937712045187",
        "24813057719364027",
    ),
    Citizen(
        "phuc",
        "Hoàng Gia Phúc",
        19,
        "sinh viên xa nhà",
        228,
        "6814205937712045188",
        "24813057719364028",
    ),
)


def find(channel: Platform, user_id: str) -> Citizen | None:
    """Return the person with that id on that platform."""
    return next((c for c in CITIZENS if c.user_id(channel) == user_id), None)
