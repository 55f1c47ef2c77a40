"""Do the documents point at things that exist?"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from bot.__main__ import PLACES

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
COMMAND = re.compile(r"\bthanthien ([a-z]+)(?![\w.])")
TARGET = re.compile(r"\bmake ([a-z]+)\b")
OUTSIDE = ("http://", "https://")
FOREIGN = re.compile(r"/work/|/root/|/home/|/tmp/|pypi\.org|file://|--index-url")
SETUP = [ROOT / "Makefile", *sorted(ROOT.glob(".ci/*")), *ROOT.glob("*.lock")]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, made as Git hosts make them."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {anchor(heading) for heading in headings}


def anchor(heading: str) -> str:
    """Lower case, blanks to hyphens, letters and digits kept with their accents."""
    kept = [
        c
        for c in unicodedata.normalize("NFC", heading.lower())
        if c.isalnum() or c in " -_"
    ]
    return "".join(kept).strip().replace(" ", "-")


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere inside the repository."""
    found = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(OUTSIDE):
            continue
        name, _, fragment = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (fragment and fragment not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file and a heading that exist."""
    assert broken(page) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist(page: Path) -> None:
    """Every `thanthien …` and `make …` in a page can be typed."""
    text = page.read_text(encoding="utf-8")
    code = " ".join(re.findall(r"`[^`]+`|```.*?```", text, re.DOTALL))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))

    assert set(COMMAND.findall(code)) - set(PLACES) == set()
    assert set(TARGET.findall(code)) - targets == set()


def test_every_page_is_reached_from_the_readme() -> None:
    """Following links from README.md one comes to every page of docs/."""
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        waiting += [
            (page.parent / link.partition("#")[0]).resolve()
            for link in links
            if not link.startswith(("#", *OUTSIDE))
        ]

    assert set(PAGES) - seen == set()


@pytest.mark.parametrize("path", SETUP, ids=lambda path: path.name)
def test_setup_names_no_machine_and_no_registry(path: Path) -> None:
    """Locks and set-up scripts hold no path of a machine and no registry's address."""
    assert FOREIGN.findall(path.read_text(encoding="utf-8")) == []
