"""How do files go that a citizen sent for a form and then did not send?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, select

from storage import sealed_traces
from storage.tables import case_link, received_file


def drop(
    connection: Connection, unit_id: str, person_id: str, file_ids: Sequence[str]
) -> list[dict[str, Any]]:
    """Delete rows and sealed facts of a person's files; return those rows.

    A file of a case stays. Without a row the bytes are swept within the hour (see
    bot.fetch_sweep), and a fetch that is on its way stores nothing.
    """
    used = select(case_link.c.ref).where(
        case_link.c.unit_id == unit_id,
        case_link.c.kind == "file",
        case_link.c.ref.in_(list(file_ids)),
    )
    gone = connection.execute(
        delete(received_file)
        .where(
            received_file.c.unit_id == unit_id,
            received_file.c.person_id == person_id,
            received_file.c.file_id.in_(list(file_ids)),
            received_file.c.file_id.not_in(used),
        )
        .returning(received_file)
    ).mappings()
    rows = [dict(row) for row in gone]
    sealed_traces.drop_items(connection, unit_id, [row["item_id"] for row in rows])
    return sorted(rows, key=lambda row: str(row["file_id"]))
