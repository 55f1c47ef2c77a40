"""What do the portal's run-together lists hold: papers, laws, results, steps?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from handlers.staff.catalogue.portal_text import bare, clean, cut, said

PAPERS_HEADER: Final = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
MAX_PAPERS: Final = 14
MAX_PAPER: Final = 180
MIN_NAME: Final = 3
MIN_FORM: Final = 6
"""Characters: ``Mẫu 01`` is the shortest name of a form file."""
MAX_FORM: Final = 120
MAX_COPIES: Final = 20
MAX_LAWS: Final = 12
MAX_RESULTS: Final = 4
MAX_STEPS: Final = 6
MAX_STEP: Final = 180

_COUNT = re.compile(
    r"(?P<run>\d+) bản (?P<kind>chính|sao)(?:,\s*(?P<copies>\d+) bản sao)?(?! )"
)
_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|rtf|odt|rar|zip)$", re.IGNORECASE)
_CLOSERS = frozenset(".;:)”\"'")
_ORGANS = (
    "BNNPTNT|BLĐTBXH|BVHTTDL|VKSNDTC|TANDTC|BNNMT|BTNMT|BGDĐT|BGTVT|BKHCN|BKHĐT|"
    "BTTTT|BDTTG|NHNN|VPCP|TTCP|BTC|BTP|BCA|BXD|BNV|BYT|BCT|BQP|BNG"
)
_LAW = re.compile(
    r"\d{1,3}(?:\.\d{1,2})?/(?:19|20)\d\d/"
    rf"(?:UBTVQH\d\d|QH\d\d|NĐ-CP|NQ-CP|QĐ-TTg|QĐ-UBND|NQ-HĐND|TTLT(?:-(?:{_ORGANS}))+"
    rf"|(?:TT|QĐ)-(?:{_ORGANS}))"
)
_RESULT_CODE = re.compile(r"Mã:\s*KQ[\w.\-]*?\d{6}")
_STEP = re.compile(r"(?=\bBước\s*\d{1,2}\b)")


def papers(text: str) -> tuple[list[dict[str, Any]], int]:
    """Return the papers and how many more the portal lists."""
    found = [
        paper
        for case, section in _sections(clean(text))
        for paper in _papers(case, section)
    ]
    return found[:MAX_PAPERS], max(0, len(found) - MAX_PAPERS)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield (case, table): each table stands behind the name of its case."""
    parts = text.split(PAPERS_HEADER)
    case = parts[0]
    for part in parts[1:]:
        counts = [m for m in _COUNT.finditer(part) if _is_cell(part, m)]
        end = counts[-1].end() if counts else len(part)
        yield case, part[:end]
        case = part[end:]


def _papers(case: str, section: str) -> Iterator[dict[str, Any]]:
    when = cut(bare(case), 140)
    if when.lower().startswith("lưu ý"):
        return
    start = 0
    for count in _COUNT.finditer(section):
        if not _is_cell(section, count):
            continue
        name = section[start : count.end("run") - 1]
        start = count.end()
        plain, form = _split_form(clean(name))
        if bare(plain):
            paper = {"name": cut(bare(plain), MAX_PAPER), **_counts(count)}
            labels = {"form": cut(form, MAX_FORM), "when": when}
            yield paper | {key: text for key, text in labels.items() if text}


def _is_cell(text: str, count: re.Match[str]) -> bool:
    """Whether a count is the last cell of a line and not part of a sentence.

    Cells are glued to what stands around; in a sentence there is a blank or a
    bracket, as in ``nộp 02 bản chính tờ khai`` or ``(01 bản chính)``.
    """
    before = text[count.start() - 1] if count.start() else ""
    return (before not in "( " and before != "") or len(count["run"]) > 2  # noqa: PLR2004  a year or a number is glued to the count


def _counts(count: re.Match[str]) -> dict[str, int]:
    """Return originals and copies, those that differ from one and none."""
    number = int(count["run"][-1])
    is_original = count["kind"] == "chính"
    original = number if is_original else 0
    copies = int(count["copies"] or 0) if is_original else number
    found = {"original": original} if original != 1 else {}
    return found | ({"copies": min(copies, MAX_COPIES)} if copies else {})


def _split_form(name: str) -> tuple[str, str]:
    """Part the name of a paper from the name of the form file glued behind it."""
    if not _FILE.search(name):
        return name, ""
    for place in range(len(name) - 1, MIN_NAME - 1, -1):
        if not _is_seam(name, place):
            continue
        form = _FILE.sub("", name[place:])
        if len(form) >= MIN_FORM and form.count("(") == form.count(")"):
            return name[:place], form
    return _FILE.sub("", name), ""


def _is_seam(name: str, place: int) -> bool:
    """Whether a new text begins here without a blank before it."""
    before, here, after = name[place - 1], name[place], name[place + 1 : place + 2]
    if not here.isupper():
        return False
    if before.islower() or before.isdigit() or before in _CLOSERS:
        return True
    return before.isupper() and name[place - 2].isupper() and after.islower()


def laws(text: str) -> list[dict[str, str]]:
    """Return the numbers of the legal documents, each once.

    A number whose beginning is glued to other digits is left out: nobody could
    tell ``16/2026`` from ``316/2026``.
    """
    found: list[str] = []
    end = 0
    plain = clean(text)
    for match in _LAW.finditer(plain):
        glued = match.start() > 0 and plain[match.start() - 1].isdigit()
        if not glued or match.start() == end:
            found.append(match.group())
        end = match.end()
    return [{"number": number} for number in dict.fromkeys(found)][:MAX_LAWS]


def results(text: str) -> list[str]:
    """Return what the citizen gets."""
    head = clean(text).split("Từ khóa")[0]
    names = [cut(bare(part), 160) for part in _RESULT_CODE.split(head)]
    return [name for name in dict.fromkeys(names) if said(name)][:MAX_RESULTS]


def steps(text: str) -> list[str]:
    """Return the numbered steps, cut short; empty when there are none."""
    parts = [cut(bare(part), MAX_STEP) for part in _STEP.split(clean(text))]
    return [part for part in parts if part.startswith("Bước")][:MAX_STEPS]
