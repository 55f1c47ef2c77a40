"""The numbers that tell intents apart: shipped whole, in step, never executed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu import resources
from nlu.errors import BadTrainingDataError
from nlu.intent_weights import ROWS, WORD_ROWS, shipped, signed
from nlu.model import Intent
from nlu.signs import Signs
from nlu.training import digest, examples


def test_the_shipped_numbers_know_the_sentences_of_today() -> None:
    """Whoever edits the sentences trains again: benchmarks/intents_fit.py."""
    assert shipped().digest == digest(examples())


def test_every_intent_has_a_column() -> None:
    """One column an intent, one row a sign."""
    weights = shipped()

    assert set(weights.labels) == set(Intent)
    assert weights.table.shape == (ROWS, len(weights.labels))


TEXTS = st.lists(st.text(max_size=12), max_size=30).map(tuple)


@given(TEXTS, TEXTS, TEXTS)
def test_any_signs_find_rows(
    words: tuple[str, ...], letters: tuple[str, ...], situation: tuple[str, ...]
) -> None:
    """Whatever the signs are, their rows exist and their values are finite."""
    rows, values = signed(shipped().idf, Signs(words, letters, situation))

    assert all(0 <= row < ROWS for row in rows)
    assert len(rows) == len(values)
    assert np.isfinite(values).all()


def test_repeating_a_word_does_not_outweigh_all_others() -> None:
    """The signs of words have one length together, however many they are."""
    idf = shipped().idf
    few = signed(idf, Signs(("a b",), (), ()))
    many = signed(idf, Signs(("a b", "c d") * 40, (), ()))

    assert np.linalg.norm(few[1]) == pytest.approx(np.linalg.norm(many[1]))
    assert all(row < WORD_ROWS for row in many[0])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 spoilt", b"\x80\x04K\x01."])
def test_a_spoilt_file_is_named(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is no plain array, a pickle above all, is refused by its name."""
    spoilt = tmp_path / "intents.npz"
    spoilt.write_bytes(content)
    monkeypatch.setattr(resources, "opened", lambda _name: spoilt.open("rb"))

    with pytest.raises(BadTrainingDataError, match=r"intents\.npz"):
        shipped.__wrapped__()
