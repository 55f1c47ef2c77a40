"""In which words and shapes does ``thanthien roster`` speak?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from handlers.staff.roster.imports import Report
from handlers.staff.roster.model import PART_NAMES, Leave, Shift, Slot, Swap, SwapState
from handlers.staff.roster.view import View
from handlers.staff.roster.words import slot_name
from scheduler.roster.duty import Duty, Gap, How
from scheduler.roster.warnings import Problem, Warned

PROBLEMS: Mapping[Problem, str] = MappingProxyType(
    {
        Problem.GAP: "không có ai trực",
        Problem.STANDBY_ONLY: "chưa phân ca, chỉ có người trực thay cuối",
        Problem.GONE: "có ca nhưng đã thôi việc",
        Problem.ON_LEAVE: "có ca nhưng đang nghỉ",
        Problem.UNREACHABLE: "chưa có điện thoại, Telegram hay Zalo Bot để báo việc",
        Problem.NO_DEPUTY: "chưa có người trực thay",
    }
)
SWAP_STATES: Mapping[SwapState, str] = MappingProxyType(
    {
        SwapState.ASKED: "đang hỏi",
        SwapState.ACCEPTED: "đã nhận",
        SwapState.REFUSED: "đã từ chối",
        SwapState.WITHDRAWN: "đã rút",
    }
)
AS_WHAT: Mapping[How, str] = MappingProxyType(
    {
        How.HOLDER: "trực chính",
        How.DEPUTY: "trực thay",
        How.STANDBY: "người trực thay cuối",
    }
)


def slot_json(slot: Slot) -> dict[str, str]:
    """Return a duty as JSON values."""
    return {
        "day": slot.day.isoformat(),
        "part": slot.part.value,
        "channel": slot.channel,
        "field": slot.field,
    }


def shift_json(shift: Shift, view: View) -> dict[str, Any]:
    """Return a shift as JSON values."""
    return {
        "id": shift.shift_id,
        **slot_json(shift.slot),
        "holder": shift.holder,
        "holder_name": view.name(shift.holder),
        "deputy": shift.deputy,
        "deputy_name": view.name(shift.deputy) if shift.deputy else None,
        "phone": shift.phone,
    }


def shift_line(shift: Shift, view: View) -> str:
    """Return a shift in one line."""
    deputy = f" (thay: {view.name(shift.deputy)})" if shift.deputy else ""
    phone = f", số {shift.phone}" if shift.phone else ""
    who = f"{view.name(shift.holder)}{deputy}{phone}"
    return f"{shift.shift_id}  {slot_name(shift.slot)}: {who}"


def leave_json(leave: Leave) -> dict[str, Any]:
    """Return a leave as JSON values."""
    return {
        "id": leave.leave_id,
        "staff": leave.staff_id,
        "first": leave.first.isoformat(),
        "last": leave.last.isoformat(),
        "part": leave.part.value if leave.part else None,
    }


def leave_line(leave: Leave) -> str:
    """Return a leave in one line."""
    part = f", buổi {PART_NAMES[leave.part].lower()}" if leave.part else ""
    days = f"{leave.first:%d/%m/%Y} đến {leave.last:%d/%m/%Y}"
    return f"{leave.leave_id}  {leave.staff_id}: {days}{part}"


def swap_json(swap: Swap, shift: Shift | None) -> dict[str, Any]:
    """Return a request as JSON values; the shift is None when it was taken out."""
    return {
        "id": swap.swap_id,
        "shift": swap.shift_id,
        "back": swap.back_id,
        "asker": swap.asker,
        "asked": swap.asked,
        "state": swap.state.value,
        "slot": slot_json(shift.slot) if shift else None,
    }


def swap_line(swap: Swap, shift: Shift | None) -> str:
    """Return a request in one line."""
    what = slot_name(shift.slot) if shift else "ca đã bỏ"
    back = " (đổi lấy một ca khác)" if swap.back_id else ""
    state = SWAP_STATES[swap.state]
    return f"{swap.swap_id}  {swap.asker} → {swap.asked}: {what}{back}, {state}"


def warning_json(one: Warned) -> dict[str, Any]:
    """Return a warning as JSON values."""
    return {"problem": one.problem.value, **slot_json(one.slot), "staff": one.staff_id}


def warning_line(one: Warned, view: View) -> str:
    """Return a warning in one line."""
    who = f"{view.name(one.staff_id)} " if one.staff_id else ""
    return f"{slot_name(one.slot)}: {who}{PROBLEMS[one.problem]}"


def duty_json(channel: str, found: Duty | Gap, view: View) -> dict[str, Any]:
    """Return who answers on a channel as JSON values."""
    shown: dict[str, Any] = {"channel": channel, "until": found.until.isoformat()}
    if isinstance(found, Gap):
        return shown | {"staff": None, "gap": found.why.value}
    name = view.name(found.staff_id)
    return shown | {"staff": found.staff_id, "name": name, "as": found.how.value}


def duty_words(found: Duty | Gap, view: View) -> str:
    """Return who answers on a channel in words."""
    until = f"đến {found.until:%H:%M ngày %d/%m}"
    if isinstance(found, Gap):
        return f"không có ai ({until})"
    return f"{view.name(found.staff_id)}, {AS_WHAT[found.how]} ({until})"


def report_json(report: Report, *, dry_run: bool) -> dict[str, Any]:
    """Return what an import does as JSON values."""
    return {
        "dry_run": dry_run,
        **report.counts(),
        "slots": {
            "added": [slot_json(slot) for slot in report.added],
            "changed": [slot_json(slot) for slot in report.changed],
            "removed": [slot_json(slot) for slot in report.removed],
        },
        "refusals": [{"row": r.number, "reason": r.reason} for r in report.refused],
    }
