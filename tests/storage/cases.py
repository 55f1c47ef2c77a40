"""Rows of cases as the use cases write them, with invented people."""

from __future__ import annotations

from typing import Any

from storage.cases import NO_DUE, CaseRows

UNIT = "thanh-ha"


def head(number: int, **changes: Any) -> dict[str, Any]:
    """Return the head of a case; changes win."""
    basic: dict[str, Any] = {
        "unit_id": UNIT,
        "case_id": f"{number:032x}",
        "code": f"PA-261125-{number:04d}",
        "kind": "phan_anh",
        "state": "received",
        "person_id": "p-lua",
        "channel": "zalo",
        "source": "message",
        "owner": "on_duty",
        "received_at": 1000 + number,
        "due_at": 10_000 + number,
        "due_goal": "answer",
        "version": 1,
        "seq": 1,
        "item_id": None,
        "contact_mac": None,
        "merged_into": None,
        "is_waiting": False,
        "facts": b"{}",
        "updated_at": 1000,
        "closed_at": None,
    }
    return basic | changes


def clock(number: int, **changes: Any) -> dict[str, Any]:
    """Return a running clock of a case."""
    basic: dict[str, Any] = {
        "unit_id": UNIT,
        "case_id": f"{number:032x}",
        "number": 0,
        "goal": "answer",
        "rule": "phan_anh_tra_loi",
        "is_law": False,
        "started_at": 1000,
        "due_date": "2026-12-02",
        "due_at": 10_000 + number,
        "stopped_at": None,
        "ended": None,
    }
    return basic | changes


def line(number: int, seq: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a line of a case's history."""
    basic: dict[str, Any] = {
        "unit_id": UNIT,
        "case_id": f"{number:032x}",
        "seq": seq,
        "action": "open",
        "actor": "citizen",
        "at": 1000,
        "entry_id": None,
        "item_id": "i" * 32,
        "template": None,
        "template_version": None,
        "is_internal": False,
        "data": b"{}",
    }
    return basic | changes


def message(number: int, name: int, **changes: Any) -> dict[str, Any]:
    """Return a message that waits for the citizen's next contact."""
    basic: dict[str, Any] = {
        "unit_id": UNIT,
        "message_id": f"{name:032x}",
        "case_id": f"{number:032x}",
        "seq": 1,
        "person_id": "p-lua",
        "channel": "zalo",
        "item_id": "i" * 32,
        "human": True,
        "state": "waiting",
        "created_at": 1000,
        "updated_at": 1000,
    }
    return basic | changes


def whole(number: int, seen_version: int = 0, **changes: Any) -> CaseRows:
    """Return a case with a clock and the first line of its history."""
    return CaseRows(
        record=head(number, **changes),
        seen_version=seen_version,
        clocks=[clock(number)],
        history=[line(number)] if seen_version == 0 else [],
    )


__all__ = ["NO_DUE", "UNIT", "clock", "head", "line", "message", "whole"]
