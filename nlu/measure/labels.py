"""Which labelled questions ask for the place by asking for somebody?

    .venv/bin/python -m nlu.measure.labels    # adds what the rule asks for

Who takes a matter, or decides it, tells where to go. So a question after whom to ask,
to report to or to hand papers to, or which office or level it is, asks for the place,
whatever else it asks. The rule is applied to all files alike, by this script and
without looking at single questions; it knows nothing of the phrases that the reader
goes by (docs/adr/0019).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from nlu.model import Facet
from nlu.normalise import fold, words

QUESTIONS = Path(__file__).resolve().parents[1] / "questions"
_TURN_TO = "xin|gap|tim|hoi|nop|gui|bao|trinh|lien he|lien lac|nho|khai|dua|noi"
_THINGS = "don|ho so|giay|giay to|tien|y kien"
_DECIDE = (
    "giai quyet|quyet dinh|cap|duyet|phe duyet|xac nhan|nhan ho so|tiep nhan|thu ly"
    "|cho phep|phu trach|chiu trach nhiem|quan ly|xu ly"
)
_OFFICE = (
    "co quan|bo phan|don vi|can bo|phong ban|cap|uy ban|van phong|trung tam|quay|ben"
)
_ANYBODY = r"(?! (?:cung|do|khac|het|ca|dau|bi|chiu|tra)\b)"
_WHO = re.compile(
    rf"\b(?:{_TURN_TO})(?: phep| truc tiep)?"
    rf"(?:(?: (?:{_THINGS}))? (?:cho|voi|toi|len))? ai\b{_ANYBODY}"
    rf"|\bai (?:la nguoi |co quyen |co tham quyen |se )?(?:{_DECIDE})\b"
    rf"|\b(?:{_OFFICE}) nao\b{_ANYBODY}"
)


def asks_whom(text: str) -> bool:
    """Whether the question asks who takes a matter or decides it."""
    return _WHO.search(fold(" ".join(words(text)))) is not None


def lacking(line: str) -> bool:
    """Whether a line of a file has labels, and lacks the place it should have."""
    row = json.loads(line)
    facets = row.get("facets")
    return facets is not None and Facet.PLACE not in facets and asks_whom(row["q"])


def labelled(line: str) -> str:
    """Return the line with the place among its facets."""
    row = json.loads(line)
    row["facets"] = [*row["facets"], Facet.PLACE.value]
    return json.dumps(row, ensure_ascii=False)


def main() -> int:
    """Add the place where the rule asks for it; print only how often."""
    for path in sorted(QUESTIONS.rglob("*.jsonl")):
        lines = path.read_text("utf-8").splitlines()
        added = [line for line in lines if line.strip() and lacking(line)]
        if added:
            fixed = [labelled(line) if line in added else line for line in lines]
            path.write_text("\n".join(fixed) + "\n", "utf-8")
        sys.stdout.write(f"{path.parent.name}/{path.name}: {len(added)} changed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
