"""Do the rooms keep their doors, their sizes and their promises?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from bot.sweeper import MAXIMUM_AGE
from handlers.model import Tag
from storage.file_states import FILE_ENDS, FileState
from storage.outbox import FINAL, State

ROOT = Path(__file__).parents[1]
LONGEST = 400
MAY_IMPORT = {
    "bot": {"scheduler", "handlers", "nlu", "messages", "storage"},
    "scheduler": {"handlers", "messages", "storage"},
    "handlers": {"nlu", "messages", "storage"},
    "nlu": set(),
    "messages": set(),
    "storage": set(),
}
"""DESIGN.md, "The rooms"; every room may import itself."""


@cache
def modules() -> tuple[Path, ...]:
    """Return every module of every room."""
    return tuple(
        path
        for room in sorted(MAY_IMPORT)
        for path in sorted((ROOT / room).rglob("*.py"))
    )


def named(path: Path) -> str:
    """Return a module's path for the report."""
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Yield the full names that a module imports, at any depth and in any way."""
    here = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = here[: -node.level] if node.level else ()
            yield ".".join([*parent, node.module or ""])
        elif isinstance(node, ast.Call):
            yield from _dynamic(node)


def _dynamic(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in ("import_module", "__import__") and call.args:
        first = call.args[0]
        # A name that is computed cannot be checked, so it may not be one of ours.
        yield str(first.value) if isinstance(first, ast.Constant) else "computed"


def test_every_room_is_there() -> None:
    """All six rooms hold modules, so the checks below look at something."""
    rooms = {path.relative_to(ROOT).parts[0] for path in modules()}

    assert rooms == MAY_IMPORT.keys()


def forbidden(path: Path) -> set[str]:
    """Return the rooms that a module imports and may not."""
    room = path.relative_to(ROOT).parts[0]
    first = {name.split(".")[0] for name in imported(path)}
    return first & {*MAY_IMPORT, "tests"} - MAY_IMPORT[room] - {room}


def test_imports_point_one_way() -> None:
    """A room imports only the rooms that DESIGN.md allows it."""
    found = {named(path): forbidden(path) for path in modules()}

    assert {name: rooms for name, rooms in found.items() if rooms} == {}


def test_every_module_says_what_it_answers() -> None:
    """Each module begins with a docstring."""
    said = {named(path): ast.get_docstring(tree(path)) for path in modules()}

    assert [name for name, text in said.items() if not (text or "").strip()] == []


def test_no_module_is_too_long() -> None:
    """A module has fewer than 400 lines; migrations are lists of columns."""
    lines = {
        named(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules()
        if "migrations" not in path.parts
    }

    assert {name: long for name, long in lines.items() if long >= LONGEST} == {}


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_with_errors_names_them_in_one_file(room: str) -> None:
    """Whoever defines errors has an errors.py in its package or in its room."""
    for path in modules():
        if path.relative_to(ROOT).parts[0] == room and _defines_errors(path):
            own = path.parent / "errors.py"
            assert own.exists() or (ROOT / room / "errors.py").exists(), named(path)


def _defines_errors(path: Path) -> bool:
    bases = (
        getattr(base, "id", getattr(base, "attr", ""))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
    )
    return any(base.endswith(("Error", "Exception")) for base in bases)


def test_storage_keeps_its_errors_in_one_file() -> None:
    """In storage no error class lives outside errors.py."""
    definers = {
        named(path)
        for path in modules()
        if path.is_relative_to(ROOT / "storage") and _defines_errors(path)
    }

    assert definers == {"storage/errors.py"}


def test_an_errors_docstring_is_its_message() -> None:
    """Every error class has a docstring to say."""
    silent = [
        f"{named(path)}: {node.name}"
        for path in modules()
        if path.name == "errors.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and not ast.get_docstring(node)
    ]

    assert silent == []


def test_a_tag_is_source_subject_action() -> None:
    """Every event of the evidence log is named by three words."""
    word = "[a-z][a-z_]*"
    shape = re.compile(f"(citizen|bot|platform|staff|system):{word}:{word}")

    assert [tag.value for tag in Tag if not shape.fullmatch(tag.value)] == []


def test_no_two_tags_say_the_same() -> None:
    """Tags differ in their text, not only in their name."""
    assert len({tag.value for tag in Tag}) == len(Tag.__members__)


def test_every_state_that_is_no_end_has_a_maximum_age() -> None:
    """RELIABILITY.md rule 11: the sweeper's table names each of them."""
    waiting = {f"outbox.{state.value}" for state in State if state not in FINAL}

    waiting |= {f"file.{state.value}" for state in FileState if state not in FILE_ENDS}

    assert waiting | {"inbox.received", "lane.leased"} == MAXIMUM_AGE.keys()
    assert all(age.total_seconds() > 0 for age in MAXIMUM_AGE.values())


def test_migrations_follow_each_other_by_name() -> None:
    """Files of migrations begin with rising numbers of four digits."""
    folder = ROOT / "storage" / "migrations" / "versions"
    numbers = [int(path.name[:4]) for path in sorted(folder.glob("*.py"))]

    assert numbers
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
