"""Is what asks the evidence log about one thing answered without reading all of it?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from handlers.staff.evidence.shown import look
from storage import reports
from storage.evidence.entry import about
from storage.sqlite import sqlite_engine
from storage.tables import metadata

ID = "01a213d5389f31a1f89f0e29de1502c4"
ASKED: dict[str, Callable[[Connection], object]] = {
    "entries": lambda c: about(c, "thanh-ha", [ID, ID[::-1]]),
    "leaves": lambda c: reports.about(c, "thanh-ha", "citizen:case:opened", [ID]),
    "page": lambda c: look(c, "thanh-ha", ID),
}


@pytest.mark.parametrize("what", ASKED)
def test_the_log_is_sought_by_subject(tmp_path: Path, what: str) -> None:
    """On a fresh file, without statistics, the plan names the index of subjects."""
    engine = sqlite_engine(tmp_path / "log.db")
    said: list[tuple[str, Any]] = []

    def note(_c: Any, _d: Any, text: str, values: Any, _x: Any, _m: Any) -> None:
        said.append((text, values))

    with engine.connect() as connection:
        metadata.create_all(connection)
        event.listen(engine, "before_cursor_execute", note)
        ASKED[what](connection)
        text, values = said[0]
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        plan = "; ".join(row.detail for row in rows)
    engine.dispose()

    assert "ix_evidence_entry_subject (unit_id=? AND subject=?)" in plan, plan
