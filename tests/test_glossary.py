"""Is every word of the domain explained, and is every explained word in use?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.cases.kind import shipped
from handlers.citizen.payloads import Verb
from handlers.model import Tag
from storage.tables import metadata

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("bot", "handlers", "messages", "nlu", "scheduler", "storage")
GLOSSARY = ROOT / "docs" / "GLOSSARY.md"
TERM = re.compile(r"^\| `([a-z_]+)` \|", re.MULTILINE)

INITIAL = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|b|c|d|g|h|k|l|m|n|p|q|r|s|t|v|x|"
OPEN = (
    "oai|oay|uay|uoi|uou|uya|ieu|yeu|ai|ao|au|ay|eo|eu|ia|iu|oa|oe|oi|ua|ue|ui|uo|uu|"
    "uy|a|e|i|o|u|y"
)
CLOSED = "uye|ie|oa|oe|oo|ua|ue|uo|uy|ye|a|e|i|o|u|y"
SYLLABLE = re.compile(
    rf"(?:{INITIAL})(?:(?:{OPEN})|(?:{CLOSED})(?:ch|nh|ng|c|m|n|p|t))"
)


def looks_vietnamese(name: str) -> bool:
    """Whether every part of a name could be a Vietnamese syllable without accents."""
    parts = [part for part in name.split("_") if part]
    return bool(parts) and all(SYLLABLE.fullmatch(part) for part in parts)


def terms() -> list[str]:
    """Return the words of the glossary, in its order."""
    return TERM.findall(GLOSSARY.read_text(encoding="utf-8"))


def sources() -> Iterator[Path]:
    """Yield our code and data files; phrases are filed under the words people use."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.suffix in {".py", ".yml"} and path.parent.name != "phrases":
                yield path


def names_in_use() -> dict[str, str]:
    """Return names of files, folders, tables, kinds, enum values; and where each is."""
    found = dict.fromkeys(metadata.tables, "table")
    found |= dict.fromkeys(shipped().by_code, "a kind of case")
    for path in sources():
        where = str(path.relative_to(ROOT))
        found[re.sub(r"_?\d+$", "", path.stem)] = where
        found[path.parent.name] = where
        if path.suffix == ".py":
            found |= dict.fromkeys(enum_values(path), where)
    return found


def enum_values(path: Path) -> Iterator[str]:
    """Yield the parts of the values of each StrEnum in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and "StrEnum" in map(ast.unparse, node.bases):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(
                    line.value, ast.Constant
                ):
                    yield from str(line.value.value).split(":")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("phan_anh", True),
        ("khieu_nai", True),
        ("nuoi_con_nuoi", True),
        ("xa", True),
        ("dispatcher", False),
        ("inbox_event", False),
        ("day_keys", False),
    ],
)
def test_shape_of_a_vietnamese_name(name: str, *, expected: bool) -> None:
    """The shape test tells Vietnamese syllables from English words."""
    assert looks_vietnamese(name) is expected


def test_every_vietnamese_name_is_explained() -> None:
    """A file, folder, table or enum value that looks Vietnamese is in the glossary."""
    known = set(terms())
    missing = {
        name: where
        for name, where in names_in_use().items()
        if looks_vietnamese(name) and name not in known
    }

    assert missing == {}


def test_every_table_is_explained() -> None:
    """Each table has its line."""
    assert set(metadata.tables) - set(terms()) == set()


def test_every_tag_and_button_is_explained() -> None:
    """Who speaks in a tag, what about, and each button word have their lines."""
    parts = {part for tag in Tag for part in tag.value.split(":")[:2]}

    assert (parts | {verb.value for verb in Verb}) - set(terms()) == set()


def test_every_term_is_in_use_and_told_once() -> None:
    """A word that left the code leaves the glossary; none stands there twice."""
    listed = terms()
    names = names_in_use()
    words = {
        word
        for path in sources()
        if path.suffix == ".py"
        for word in re.findall(r"[a-z_]+", path.read_text(encoding="utf-8").lower())
    }

    assert [term for term in listed if term not in words and term not in names] == []
    assert len(listed) == len(set(listed))
