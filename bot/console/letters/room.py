"""In which room does somebody at the console work on letters?"""

from __future__ import annotations

from typing import Final

from bot.cli.letters_office import office_of
from bot.console.visit import Visit
from handlers.staff.letters import own_kinds
from handlers.staff.letters.model import LetterState
from handlers.staff.letters.room import LetterRoom, OwnApproval
from messages.letters.kinds import LetterKind, Tone, shipped

HOME: Final = "/console/letters"
STATES: Final = {
    LetterState.DRAFT: ("Nháp", "quiet"),
    LetterState.CHECKED: ("Chờ duyệt", "warn"),
    LetterState.APPROVED: ("Đã duyệt", "good"),
    LetterState.SIGNED: ("Đã ký, chờ gửi", "good"),
    LetterState.SCHEDULED: ("Chờ tới giờ gửi", "good"),
    LetterState.SENDING: ("Đang gửi", "warn"),
    LetterState.DELIVERED: ("Đã tới nơi", "good"),
    LetterState.UNKNOWN: ("Chưa rõ đã tới chưa", "warn"),
    LetterState.REFUSED: ("Chưa gửi được", "bad"),
    LetterState.ARCHIVED: ("Đã lưu trữ", "quiet"),
}
WAITS: Final = {
    "no_chat": "Người nhận chưa nhắn với xã; xin in và trao tận tay.",
    "zalo_window_7d": "Đã quá 7 ngày từ tin nhắn Zalo gần nhất; gửi khi người dân nhắn"
    " lại, hoặc in và trao tận tay.",
    "facebook_window_24h": "Đã quá 24 giờ từ tin nhắn Facebook gần nhất; gửi khi người"
    " dân nhắn lại, hoặc in và trao tận tay.",
    "quiet_hours": "Đang ngoài giờ gửi; thư sẽ đi vào giờ phù hợp.",
    "weekly_cap": "Tuần này xã đã chủ động nhắn người này đủ số lần; thư đợi thêm.",
    "opted_out": "Người nhận xin không nhận tin chủ động; xin in và trao tận tay.",
    "too_late": "Đã qua lúc nên gửi qua tin nhắn; xin in và trao tận tay, hoặc thu hồi"
    " để viết lại.",
    "withdrawn": "Người nhận đã rút đồng ý nhận thư chúc mừng; xin thu hồi thư.",
    "mourned": "Vừa có tin buồn về người có tên trong thư hoặc gia đình; xin thu hồi.",
    "erased": "Người nhận đã được xóa thông tin theo yêu cầu.",
    "faulty": "Chưa tạo được thư từ dữ liệu này; xin thu hồi, sửa rồi trình lại.",
    "celebrations_stopped": "Đơn vị đang dừng mọi lời chúc mừng.",
}
ACTS: Final = {
    "edit": "sửa thư",
    "check": "kiểm tra, trình duyệt",
    "approve": "duyệt",
    "sign": "ký, vào sổ",
    "schedule": "cho gửi",
    "recall": "thu hồi về nháp",
    "send": "bắt đầu gửi",
    "deliver": "đã tới nơi",
    "lose": "chưa rõ kết quả gửi",
    "refuse": "không gửi được",
    "archive": "lưu trữ",
}
ROADS: Final = {"zalo": "Zalo", "facebook": "Facebook", "print": "Bản in trao tay"}
TONES: Final = {
    Tone.JOY: "Chúc mừng",
    Tone.RESPECT: "Trân trọng",
    Tone.CARE: "Ân cần",
    Tone.MOURNING: "Tang lễ",
    Tone.REGRET: "Xin lỗi",
}


async def room_of(at: Visit) -> LetterRoom:
    """Return the room of whoever asks, with the unit's own kinds."""
    room = LetterRoom(
        desk=at.desk,
        vault=at.house.units[at.unit_id].vault,
        kinds=shipped(),
        office=office_of(at.house.config.units[at.unit_id]),
        own_approval=OwnApproval(at.house.config.letters.own_approval),
    )
    return await own_kinds.equipped(room)


def kind_names(room: LetterRoom) -> list[tuple[str, str]]:
    """Return (code, name) of the kinds."""
    return [(kind.code, kind.name) for kind in room.kinds]


def url_of(letter_id: str) -> str:
    """Return where a letter is shown."""
    return f"{HOME}/one/{letter_id}"


def needed(kind: LetterKind) -> set[str]:
    """Return the fields of a kind that must be filled on their own."""
    return {group[0] for group in kind.required if len(group) == 1}
