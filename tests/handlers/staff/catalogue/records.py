"""Made-up records in the portal's shape and in ours."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

AS_OF = date(2026, 7, 1)
TODAY = date(2026, 11, 23)
UNIT = "xa-thu"
NOW_MS = 1_795_395_600_000

CHANNELS = "Hình thức nộpThời gianPhí, lệ phíMô tả"
PAPERS = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"


def portal(code: str = "1.000001", **changes: str) -> dict[str, str]:
    """A record as the portal writes it; ``changes`` replace texts."""
    return {
        "ma_thu_tuc": code,
        "detail_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/abc",
        "ten_thu_tuc": "Thủ tục thử nghiệm cái cân",
        "so_quyet_dinh": "12/QĐ-BTP",
        "cap_thuc_hien": "Cấp bộ, Cấp xã",
        "linh_vuc": "Đo lường",
        "doi_tuong_thuc_hien": "Công dân Việt Nam",
        "co_quan_co_tham_quyen": "",
        "co_quan_thuc_hien": "Không có thông tin",
        "trinh_tu_thuc_hien": "Bước 1: Nộp.\nBước 2: Chờ.\nBước 3: Nhận.",
        "cach_thuc_thuc_hien": f"{CHANNELS}Trực tuyến3 Ngày làm việcMiễn phí",
        "thanh_phan_ho_so": f"--{PAPERS}Đơn đề nghị;Mẫu 01.docx1 bản chính",
        "can_cu_phap_ly": "Tên văn bản pháp lýMã văn bảnLuật Cân12/2020/QH14",
        "yeu_cau_dieu_kien": "Không có thông tin",
        "ket_qua_xu_ly": "Giấy cânMã: KQ.G15.000034Từ khóaKhông có thông tin",
    } | changes


def lines(*records: Any) -> str:
    """Records as JSON lines; a text stands as it is."""
    return "".join(
        f"{r if isinstance(r, str) else json.dumps(r, ensure_ascii=False)}\n"
        for r in records
    )


def portal_file(folder: Path, *records: Any, name: str = "cong.jsonl") -> Path:
    """Write portal records to a file."""
    path = folder / name
    path.write_text(lines(*records), encoding="utf-8")
    return path


def ours(code: str = "1.000001", **changes: Any) -> dict[str, Any]:
    """A whole record in our own form."""
    return {
        "code": code,
        "name": "Thử cân",
        "field": "Đo lường",
        "levels": ["xa"],
        "authority": "UBND xã",
        "source": {"name": "Nguồn gốc", "as_of": "2026-06-01"},
    } | changes
