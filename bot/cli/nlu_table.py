"""How is a report on understanding shown to a person, and to a program?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from nlu.measure.report import Report

TITLES = {"typed": "như gõ", "folded": "không dấu", "typos": "gõ lỗi"}
MOST_CONFUSIONS = 12

Figure = Callable[[Report], float | None]

SHARES: Mapping[str, Figure] = {
    "đúng ngay câu đầu (acc@1)": lambda r: r.procedures.first,
    "đúng trong ba câu (acc@3)": lambda r: r.procedures.third,
    "trả lời thẳng": lambda r: r.procedures.answered,
    "  trong đó đúng": lambda r: r.procedures.precision,
    "hỏi lại": lambda r: r.procedures.offered,
    "chỉ sang nơi khác": lambda r: r.procedures.sent_on,
    "nhận là chưa rõ": lambda r: r.procedures.refused,
    "hiểu là chuyện khác": lambda r: r.procedures.chatted,
    "xong trong một lần chạm": lambda r: r.procedures.one_tap,
    "sai lệch độ tin (ECE)": lambda r: r.procedures.calibration_error,
    "nhận ra việc nơi khác": lambda r: r.outside.caught,
    "  gọi đúng tên việc": lambda r: r.outside.named,
    "nhận ra chuyện phiếm": lambda r: r.outside.chatter_caught,
    "gạt nhầm việc của xã": lambda r: r.outside.false_alarms,
    "ý định (macro-F1)": lambda r: r.macro_f1,
    "nhiều việc một tin": lambda r: r.several[1],
    "lượt trong hội thoại": lambda r: r.talks[1],
}


def as_mapping(report: Report) -> dict[str, Any]:
    """Return the report as JSON shows it."""
    shown = asdict(report)
    shown["confusions"] = [
        {"right": right.value, "said": said.value, "times": times}
        for right, said, times in report.confusions
    ]
    for name in ("several", "talks"):
        count, right = getattr(report, name)
        shown[name] = {"count": count, "right": right}
    shown["outside"]["curve"] = [
        {"threshold": least, "caught": caught, "lost": lost}
        for least, caught, lost in report.outside.curve
    ]
    return shown


def lines(reports: Mapping[str, Report]) -> Iterator[str]:
    """Yield the lines of a table, one column for each way of typing."""
    yield from _counts(next(iter(reports.values())))
    yield _row("", [TITLES[name] for name in reports])
    for title, figure in SHARES.items():
        yield _row(title, [_percent(figure(report)) for report in reports.values()])
    for title, time in (
        ("thời gian đọc, trung vị (ms)", "p50_ms"),
        ("thời gian đọc, p99 (ms)", "p99_ms"),
    ):
        yield _row(title, [_ms(getattr(report, time)) for report in reports.values()])
    yield from _details(next(iter(reports.values())))


def _counts(report: Report) -> Iterator[str]:
    yield (
        f"{report.procedures.questions} câu hỏi thủ tục, {report.outside.matters} việc "
        f"của nơi khác, {report.outside.chatter} câu chuyện phiếm, "
        f"{report.several[0]} tin nhiều việc, {report.talks[0]} lượt hội thoại"
    )


def _details(report: Report) -> Iterator[str]:
    """Yield what only the way as typed is worth: facets, mistakes, calibration."""
    if report.facets:
        yield "phần được hỏi (F1): " + ", ".join(
            f"{facet.value} {100 * one.f1:.0f}" for facet, one in report.facets.items()
        )
    if report.confusions:
        yield "ý định hay nhầm (đúng → hiểu là, số lần):"
    for right, said, times in report.confusions[:MOST_CONFUSIONS]:
        yield f"  {right.value} → {said.value}: {times}"
    if report.procedures.calibration:
        yield "độ tin → thực đúng (số câu):"
    for one in report.procedures.calibration:
        yield f"  {one.confidence:.2f} → {one.right:.2f} ({one.readings})"
    if report.outside.curve:
        yield "ngưỡng tin → nhận ra việc ngoài, gạt nhầm việc của xã:"
    for least, caught, lost in report.outside.curve[::2]:
        yield f"  {least:.2f} → {100 * caught:.0f} %, {100 * lost:.1f} %"


def _row(title: str, cells: list[str]) -> str:
    return f"{title:30}" + "".join(f"{cell:>11}" for cell in cells)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
