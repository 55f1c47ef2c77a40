"""Do files of a form that was left go, and only those?"""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage import dropped_files, files, people
from storage.database import Database
from storage.tables import case_link, received_file, vault_item

UNIT, MINE, OTHER = "u1", "p1", "p2"


def put(connection: Connection) -> None:
    """Write three files of mine, one of them in a case, and one of somebody else."""
    for number, person in enumerate((MINE, MINE, MINE, OTHER)):
        item = {
            "unit_id": UNIT,
            "item_id": f"i{number}",
            "person_id": person,
            "kind": "citizen:file:received",
            "sealed": b"x",
            "created_at": 1,
        }
        people.add_items(connection, [item])
        row = {
            "unit_id": UNIT,
            "file_id": f"f{number}",
            "person_id": person,
            "item_id": f"i{number}",
            "event_id": f"e{number}",
            "position": 0,
            "channel": "zalo",
            "kind": "image",
            "state": "wanted",
            "attempts": 0,
            "available_at": 1,
            "created_at": 1,
            "updated_at": 1,
        }
        files.want(connection, [row])
    link = {
        "unit_id": UNIT,
        "case_id": "c1",
        "kind": "file",
        "ref": "f2",
        "at": 1,
    }
    connection.execute(case_link.insert(), link)


async def test_rows_and_sealed_facts_go(database: Database) -> None:
    """What a case holds stays, and so does what is somebody else's; again: nothing."""
    await database.write(put)
    wanted = ["f0", "f1", "f2", "f3", "f9"]

    def drop(connection: Connection) -> list[str]:
        rows = dropped_files.drop(connection, UNIT, MINE, wanted)
        return [row["file_id"] for row in rows]

    assert await database.write(drop) == ["f0", "f1"]
    assert await database.write(drop) == []

    def left(connection: Connection) -> tuple[set[str], set[str]]:
        rows = connection.execute(select(received_file.c.file_id)).scalars()
        items = connection.execute(select(vault_item.c.item_id)).scalars()
        return set(rows), set(items)

    assert await database.read(left) == ({"f2", "f3"}, {"i2", "i3"})
