"""What can be wrong on the side of the clock; each docstring is the message."""

from __future__ import annotations


class SchedulerError(Exception):
    """Lịch làm việc có chỗ chưa dùng được."""

    def __init__(self, detail: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)


class BadDayError(SchedulerError):
    """Tên ngày trong giờ làm việc chưa đúng; xin viết t2 … t7, cn hoặc t2-t6."""


class BadSpanError(SchedulerError):
    """Khoảng giờ làm việc chưa đúng; xin viết như 07:30-11:30, không chồng lên nhau."""


class BadDateError(SchedulerError):
    """Ngày nghỉ hoặc ngày làm bù chưa đúng; xin viết như 2026-11-24 hoặc 24/11/2026."""
