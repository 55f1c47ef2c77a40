"""How long do a thousand different letters take as PDF and as card, and does it grow?

    .venv/bin/python -m benchmarks.letters [LETTERS]

Kinds in turn, each letter with a name of its own, so that nothing is made twice. Times
are of the processor, all threads added up: what one core would take, however busy the
machine is. Memory is the process's resident size after a tenth, a half, and at the end;
the Word files are made after the others, as many of them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import mean, quantiles
from typing import TypeVar

import psutil

from messages.documents import letter as papers
from messages.documents.letter_word import letter_docx
from messages.letters.compose import Letter, compose
from messages.letters.kinds import LetterKind, shipped
from messages.letters.lint.matrix import sample
from messages.letters.office import Office

OFFICE = Office("xã Mẫu", phone="0220 3812 000", signer="Vũ Thị Ký")
T = TypeVar("T")
FIRST = date(2026, 1, 1)
MEBIBYTE = 2**20


def written(kind: LetterKind, number: int) -> Letter:
    """Return a letter that no other number has."""
    data = {name: sample(field) for name, field in kind.fields.items()}
    names = [n for n, f in kind.fields.items() if f.type == "name"]
    data |= {name: f"Nguyễn Văn Số {number} {name}" for name in names}
    return compose(kind, data, OFFICE, FIRST + timedelta(days=number % 365))


def clocked(times: list[float], make: Callable[..., T], *about: object) -> T:
    """Make something and note the milliseconds."""
    start = time.process_time()
    made = make(*about)
    times.append((time.process_time() - start) * 1000)
    return made


def timed(letters: int) -> tuple[dict[str, list[float]], list[float]]:
    """Return milliseconds a step, and MiB of memory on the way."""
    took: dict[str, list[float]] = {"words": [], "pdf": [], "png": [], "docx": []}
    kinds, memory = list(shipped()), []
    process = psutil.Process()
    for number in range(letters):
        one = clocked(took["words"], written, kinds[number % len(kinds)], number)
        clocked(took["pdf"], papers.letter_pdf, one)
        clocked(took["png"], papers.card_png, one)
        if number + 1 in {letters // 10, letters // 2, letters}:
            memory.append(process.memory_info().rss / MEBIBYTE)
    for number in range(letters):
        clocked(took["docx"], letter_docx, written(kinds[number % len(kinds)], number))
        if number + 1 in {letters // 10, letters}:
            memory.append(process.memory_info().rss / MEBIBYTE)
    return took, memory


def main() -> None:
    """Print one line a step, and the memory."""
    letters = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    took, memory = timed(letters)
    for name, values in took.items():
        tail = quantiles(values, n=100)[98]
        print(f"{name:6} mean {mean(values):6.1f} ms   p99 {tail:6.1f} ms")
    both = mean(took["words"]) + mean(took["pdf"]) + mean(took["png"])
    print(f"words + PDF + PNG: {both:.1f} ms a letter, {letters} letters")
    shown = ", ".join(f"{size:.0f}" for size in memory[:3])
    print(f"memory: {shown} MiB after a tenth, a half, all")
    word = ", ".join(f"{size:.0f}" for size in memory[3:])
    print(f"memory: {word} MiB after a tenth and all of as many Word files")


if __name__ == "__main__":
    main()
