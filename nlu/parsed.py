"""What do the YAML files of the data say? Written ahead as JSON, which is read faster.

    .venv/bin/python -m nlu.parsed    # writes nlu/data/parsed.jsonl

A YAML file that was changed since is read itself, only slower; a test asks for the
file to be written again.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from zlib import crc32

from nlu import resources

DATA = Path(resources.__file__).parent / "data"
# Sentences to be learned from, which no engine reads.
LEFT_OUT = frozenset({"intents", "nlu"})


def lines() -> str:
    """Return one line of JSON a file: its name, checksum and content."""
    return "".join(map(_line, _names()))


def _names() -> list[str]:
    """Return the names of the files that an engine reads, without ending."""
    found = (path.relative_to(DATA).with_suffix("") for path in DATA.rglob("*.yml"))
    return sorted(name.as_posix() for name in found if name.parts[0] not in LEFT_OUT)


def _line(name: str) -> str:
    written = (DATA / f"{name}.yml").read_bytes()
    row = {"name": name, "crc32": crc32(written), "data": resources.parse(written)}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def main() -> int:
    """Write the file."""
    (DATA / resources.PARSED).write_text(lines(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
