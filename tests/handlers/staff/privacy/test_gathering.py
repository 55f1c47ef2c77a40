"""Is every table that names a person gathered for them, or left out for a reason?"""

from __future__ import annotations

import ast
from pathlib import Path

from handlers.staff.privacy import gathering
from storage.tables import metadata


def gathered() -> set[str]:
    """Return the tables that the module takes from storage."""
    tree = ast.parse(Path(gathering.__file__).read_text(encoding="utf-8"))
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "storage.tables"
        for alias in node.names
    }


def test_no_table_about_a_person_is_forgotten() -> None:
    """A new table with a person_id asks its writer what its person is told of it."""
    about = {t.name for t in metadata.tables.values() if "person_id" in t.c}

    assert about - gathered() == gathering.LEFT_OUT.keys()


def test_what_is_left_out_is_still_there() -> None:
    """A reason outlives no table."""
    assert gathering.LEFT_OUT.keys() <= metadata.tables.keys()
    assert all(gathering.LEFT_OUT.values())
