"""How is SQLite made to seek for pairs in a list, instead of reading the whole table?

``(a, b) IN (VALUES (?, ?), (?, ?))``, as SQLAlchemy writes it, is answered with a scan
as soon as the list holds two pairs; for a SELECT of the same list SQLite uses the key
of the table (sqlite.org/rowvalue.html, 2.3; measured with EXPLAIN QUERY PLAN).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Engine, event

_ROW: Final = r"\(\?(?:, \?)*\)"
_PAIRS: Final = re.compile(rf"IN \(VALUES ({_ROW})((?:, {_ROW})+)\)")


def seek_pairs(engine: Engine) -> None:
    """Have every statement of an engine rewritten."""
    event.listen(engine, "before_cursor_execute", _rewritten, retval=True)


@lru_cache(maxsize=500)
def seeking(statement: str) -> str:
    """Return a statement that says the same and seeks."""
    return _PAIRS.sub(_selected, statement)


def _selected(found: re.Match[str]) -> str:
    columns = ", ".join(f"column{n + 1}" for n in range(found[1].count("?")))
    rows = f"VALUES {found[1]}{found[2]}"
    return f"IN (SELECT {columns} FROM ({rows}))"  # noqa: S608  question marks only


def _rewritten(
    connection: Any,  # noqa: ARG001  the events' signature
    cursor: Any,  # noqa: ARG001
    statement: str,
    parameters: Any,
    context: Any,  # noqa: ARG001
    executemany: bool,  # noqa: ARG001
) -> tuple[str, Any]:
    return (seeking(statement) if "IN (VALUES" in statement else statement), parameters
