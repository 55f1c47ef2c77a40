"""Data of one letter of each kind, made up."""

from __future__ import annotations

from datetime import date

from messages.letters import own
from messages.letters.compose import Letter, compose
from messages.letters.kinds import shipped
from messages.letters.office import Office

DAY = date(2026, 11, 5)
OFFICE = Office(
    "xã Mẫu", phone="0220 3812 000", position="Phó Chủ tịch", signer="Vũ Thị Ký"
)
DATA: dict[str, dict[str, object]] = {
    "ket_hon": {"chong": "Nguyễn Văn An", "vo": "Trần Thị Bình", "ngay": "2026-11-05"},
    "sinh_con": {
        "bo": "Lê Văn Cường",
        "me": "Phạm Thị Dung",
        "ten_con": "Lê Gia Hưng",
        "gioi_tinh": "nam",
        "ngay_sinh": "03/02/2026",
    },
    "chuc_tho": {"ten": "Vũ Thị Nhàn", "tuoi": 90, "gioi_tinh": "nữ", "thon": "Đoài"},
    "sinh_nhat": {"ten": "Đặng Văn Hòa", "ong_ba": "ông", "ngay": "2026-11-06"},
    "chia_buon": {
        "nguoi_mat": "Đỗ Văn Kính",
        "tuoi": 85,
        "gioi_tinh": "nam",
        "ngay_mat": "2026-11-02",
        "ngay_mat_am": "23 tháng Chín năm Bính Ngọ",
        "thon": "thôn Đông",
    },
    "cam_on": {
        "ten": "Hoàng Thị Mai",
        "ong_ba": "bà",
        "dong_gop_cu_the": "hiến đất mở rộng đường làng",
        "ket_qua_cu_the": "các cháu đi học an toàn hơn",
    },
    "bieu_duong": {
        "ten": "Bùi Quang Sáng",
        "ong_ba": "ông",
        "ten_sang_kien": "Ngôi nhà xanh",
        "so_quyet_dinh": "125/QĐ-UBND",
        "ngay_qd": "15/10/2026",
    },
    "xin_loi_qua_han": {
        "ten": "Ngô Thị Hạnh",
        "ong_ba": "bà",
        "ma_hs": "H31.12-261102-0042",
        "ten_tthc": "Cấp giấy phép xây dựng nhà ở riêng lẻ",
        "ngay_nhan": "2026-10-02",
        "ngay_hen_goc": "2026-10-30",
        "ly_do": "phải kiểm tra thực địa lại do mưa lớn",
        "ngay_hen_moi": "2026-11-12",
        "cong_chuc": "Trần Văn Đức",
        "sdt": "0220 3812 346",
    },
    "tham_hoi": {"ten": "Phạm Văn Thành", "ong_ba": "ông"},
}


OWN = own.Definition(
    name="Thư mời họp mặt",
    tone="neutral",
    fields=(own.OwnField("việc làm", is_needed=True),),
    letter=(
        "THƯ MỜI\n\nKính gửi: {{ kinh_gui }}\n\n{{ ubnd }} kính mời {{ goi }} tới dự"
        " {{ viec_lam }}.\n\nTrân trọng."
    ),
    card="Thư mời\n\nKính mời {{ goi }} tới dự {{ viec_lam }}.\n\nTrân trọng",
    chat="Dạ, {{ ubnd_ngan }} kính mời {{ kinh_gui }} tới dự {{ viec_lam }} ạ.",
)
"""A kind that a commune made itself."""
OWN_DATA: dict[str, object] = {"ten": "Vũ Văn Tư", "viec_lam": "buổi gặp mặt"}


def any_letter(kind: str, **more: object) -> Letter:
    """Write a letter of a kind of ours or of ``OWN``."""
    if kind != OWN.code:
        return letter(kind, **more)
    made = own.kind_of(OWN.dumped(), 1)
    return compose(made, OWN_DATA | more, OFFICE, DAY)


def letter(kind: str, **more: object) -> Letter:
    """Write a letter of a kind; a datum set to "" is left out."""
    return compose(shipped().named(kind), DATA[kind] | more, OFFICE, DAY)


def whole(made: Letter) -> str:
    """Return the letter's page as text."""
    return "\n".join(made.sheet.lines())
