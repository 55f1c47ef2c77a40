"""Which requests about people's data are open, and when must each be answered?

They are cases of the kinds du_lieu_*: their clocks are the law's (NĐ 356/2025/NĐ-CP
Điều 5), so whoever watches cases watches them too. This is the list in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from storage.tables import case_clock, case_record

KINDS: Mapping[str, str] = {
    "du_lieu_xem_sua": "xem, sửa",
    "du_lieu_rut": "rút đồng ý",
    "du_lieu_xoa": "xóa",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request; times are UTC ms, ``acknowledge_by`` None once that is done.

    ``person_id`` is None when the person was erased since.
    """

    code: str
    kind: str
    state: str
    channel: str
    person_id: str | None
    received_at: int
    acknowledge_by: int | None
    answer_by: int | None
    closed_at: int | None

    def is_late(self, now: int) -> bool:
        """Whether a time of the law has passed without what it is for."""
        return any(by is not None and by < now for by in self._running)

    @property
    def _running(self) -> tuple[int | None, int | None]:
        return self.acknowledge_by, self.answer_by


def requests(
    connection: Connection, unit_id: str, *, with_closed: bool = False
) -> list[Request]:
    """Return the requests of a unit, the most urgent first."""
    query = select(case_record).where(
        case_record.c.unit_id == unit_id, case_record.c.kind.in_(list(KINDS))
    )
    if not with_closed:
        query = query.where(case_record.c.closed_at.is_(None))
    rows = [dict(row) for row in connection.execute(query).mappings()]
    clocks = _running(connection, unit_id, [row["case_id"] for row in rows])
    found = [_request(row, clocks.get(row["case_id"], {})) for row in rows]
    return sorted(found, key=_urgency)


def request_by(connection: Connection, unit_id: str, code: str) -> Request | None:
    """Return one request, open or closed, by the code of its case; None without one."""
    found = requests(connection, unit_id, with_closed=True)
    return next((one for one in found if one.code == code), None)


def _running(
    connection: Connection, unit_id: str, cases: list[str]
) -> dict[str, dict[str, int]]:
    query = select(case_clock).where(
        case_clock.c.unit_id == unit_id,
        case_clock.c.case_id.in_(cases),
        case_clock.c.stopped_at.is_(None),
    )
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.case_id, {})[row.goal] = row.due_at
    return found


def _request(row: Mapping[str, Any], clocks: Mapping[str, int]) -> Request:
    same = ("code", "kind", "state", "channel", "person_id", "received_at", "closed_at")
    return Request(
        **{name: row[name] for name in same},
        acknowledge_by=clocks.get("acknowledge"),
        answer_by=clocks.get("answer"),
    )


def _urgency(one: Request) -> tuple[bool, float, str]:
    by = (one.acknowledge_by, one.answer_by)
    soonest = min((at for at in by if at is not None), default=float("inf"))
    return one.closed_at is not None, soonest, one.code
