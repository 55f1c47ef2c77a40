"""Which messages of a talk are kept from somebody? One line of the table each."""

from __future__ import annotations

import pytest

from handlers.staff.desk_list.discretion import FRESH_GAP_MS, Discretion
from handlers.staff.desk_list.marks import Mark

HIDDEN = frozenset({"khieu_nai", "to_cao"})
TABLE = [
    # what the citizen's messages were read as (b: the bot's answer, p: a person's,
    # ?: nobody read it), what is hidden, whether a case of that kind is open
    ("phan_anh b form b", "....", False),
    ("khieu_nai b form b affirm b", "xxxxxx", False),
    ("khieu_nai b ask_procedure b", "xx..", False),
    ("greeting b khieu_nai b human p ?", "..xxxxx", False),
    ("? p ?", "...", False),
    ("? b p ?", "xxxx", True),
    ("ask_procedure b ? b", "..xx", True),
    ("phan_anh b thanks b", "..xx", True),
    ("to_cao b", "xx", False),
]


@pytest.mark.parametrize(("said", "wanted", "is_open"), TABLE)
def test_a_matter_ends_where_another_plainly_begins(
    said: str, wanted: str, *, is_open: bool
) -> None:
    """What follows a hidden matter belongs to it; a plain other matter does not."""
    sides = {"b": ("bot", ""), "p": ("person", ""), "?": ("citizen", "")}
    marks = [
        Mark(number, *sides.get(word, ("citizen", word)))
        for number, word in enumerate(said.split(), start=1)
    ]
    kept = Discretion(HIDDEN, ((0, None),) if is_open else ())

    assert "".join(".x"[one] for one in kept.hides(marks)) == wanted


def test_after_a_day_of_silence_nothing_is_inherited() -> None:
    """Unread words of another week are no part of an old matter."""
    marks = [Mark(1, "citizen", "khieu_nai"), Mark(2 + FRESH_GAP_MS, "citizen")]

    assert Discretion(HIDDEN).hides(marks) == [True, False]
