"""A commune's autumn, made by hand: cases, ratings, look-ups; all invented."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.cases.moments import LOCAL, to_ms
from handlers.model import Tag
from storage import cases, evidence, survey
from storage.cases import NO_DUE, CaseRows
from storage.ids import Ids
from tests.storage.cases import clock, head

UNIT = "thanh-ha"


def ms(text: str) -> int:
    """Return local "2026-11-16 08:00" as UTC ms."""
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=LOCAL))


def _case(
    number: int, received: str, due: str, *ended: tuple[str, str, str], **head_of: Any
) -> CaseRows:
    """Return a case; ``ended`` are (goal, stopped, how)."""
    at, due_at = ms(received), ms(due) if due else NO_DUE
    clocks = [
        clock(number, goal=goal, started_at=at, due_at=due_at, stopped_at=ms(stopped))
        | {"number": place, "ended": how}
        for place, (goal, stopped, how) in enumerate(ended)
    ]
    changes = {"code": code(number), "received_at": at, "due_at": due_at} | head_of
    told = head(number, **changes)
    return CaseRows(record=told, seen_version=0, clocks=clocks)


def code(number: int) -> str:
    """Return the code of a case."""
    return f"PA-261116-{number:04d}"


def autumn() -> list[CaseRows]:
    """Return the cases."""
    done = {"state": "closed", "closed_at": ms("2026-11-21 08:00")}
    draft = json.dumps({"draft": [3, "an", "waiting"]}).encode()
    return [
        _case(
            1,
            "2026-11-16 08:00",
            "2026-11-30 00:00",
            ("acknowledge", "2026-11-16 08:30", "in_time"),
            ("answer", "2026-11-17 09:00", "in_time"),
            owner="an",
            **done,
        ),
        _case(
            2,
            "2026-11-17 08:00",
            "2026-11-19 00:00",
            ("classify", "2026-11-17 09:00", "void"),
            ("answer", "2026-11-20 08:00", "overdue"),
            owner="binh",
            channel="facebook",
            **done,
        ),
        _case(3, "2026-11-18 08:00", "2026-12-18 00:00", kind="kien_nghi", facts=draft),
        _case(4, "2026-10-05 08:00", "2026-10-12 00:00", owner="an"),
        _case(5, "2026-11-18 08:00", "2026-11-19 00:00", kind="to_cao", code="x"),
        _case(6, "2026-11-23 07:00", "2026-11-23 17:00", channel="desk"),
    ]


def fill(connection: Connection, ids: Ids, unit_id: str = UNIT) -> None:
    """Write everything into a database."""
    for one in autumn():
        for row in (one.record, *one.clocks):
            row["unit_id"] = unit_id
        cases.write(connection, one)
    for about, kind, score, at in (
        (f"case:{1:032x}", survey.CASE, 5, "2026-11-20 09:00"),
        ("counter:a", survey.COUNTER, 2, "2026-11-20 10:00"),
        ("talk:p:2026-10-06", survey.TALK, 4, "2026-10-06 10:00"),
    ):
        row = rating(about, kind, score, ms(at)) | {"unit_id": unit_id}
        survey.put(connection, row)
    shown = [("1.001193", "2026-11-19 08:00"), ("1.001193", "2026-11-19 09:00")]
    entries = [
        evidence.Entry(
            unit_id,
            ids.new(),
            ms(at),
            Tag.PROCEDURE_SHOWN.value,
            "s",
            data={"code": name},
        )
        for name, at in [*shown, ("1.001193", "2026-08-01 08:00")]
    ]
    evidence.append(connection, [one.row() for one in entries])


def rating(about: str, kind: str, score: int, at: int) -> dict[str, Any]:
    """Return a row of the survey."""
    return {
        "unit_id": UNIT,
        "about": about,
        "kind": kind,
        "channel": "counter" if kind == survey.COUNTER else "zalo",
        "case_id": about.partition(":")[2] if kind == survey.CASE else None,
        "person_id": None,
        "counter": "quay-1" if kind == survey.COUNTER else None,
        "item_id": None,
        "score": score,
        "at": at,
    }
