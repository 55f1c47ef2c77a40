"""Is the seed catalogue whole, and does its fingerprint tell when it changed?"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from messages import seed

RECORD = """
- code: '1.000001'
  name: Việc thử
  field: Thử
  levels: [xa]
  authority: UBND xã
  source: {name: Thử, as_of: 2026-07-01}
"""


def test_every_record_of_the_seed_is_valid_and_has_words_for_citizens() -> None:
    """Each procedure of the seed can be found by at least one other name."""
    found = seed.procedures()

    assert len(found) >= 200
    assert [p.code for p in found if not (p.aliases or p.examples)] == []


def test_core_procedures_have_papers_or_a_doubt() -> None:
    """What people ask most has its papers, or says to staff that they are missing."""
    core = [p for p in seed.procedures() if p.core]

    assert core
    assert [p.code for p in core if not (p.papers or p.doubts)] == []


def test_replacing_codes_exist_and_replaced_ones_do_not() -> None:
    """A national code leads to a local record of the seed and has none itself."""
    codes = {p.code for p in seed.procedures()}
    pairs = seed.replaced()

    assert set(pairs.values()) <= codes
    assert set(pairs) & codes == set()


def test_only_land_codes_of_the_city_replace_national_ones() -> None:
    """The reviewed list covers the city's own land codes and nothing else."""
    fields = {p.code: p.field for p in seed.procedures()}

    assert {fields[local] for local in seed.replaced().values()} == {"Đất đai"}
    assert all(local.startswith("1.115") for local in seed.replaced().values())


def test_a_code_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Two records with one code stop the loading and are named."""
    (tmp_path / "a.yml").write_text(RECORD + RECORD, encoding="utf-8")

    with pytest.raises(ValueError, match=r"1\.000001"):
        seed.procedures(tmp_path)


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    """A misspelt key stops the loading instead of being lost."""
    (tmp_path / "a.yml").write_text(RECORD + "  alias: [x]\n", encoding="utf-8")

    with pytest.raises(ValidationError, match="alias"):
        seed.procedures(tmp_path)


def test_fingerprint_follows_the_files(tmp_path: Path) -> None:
    """The fingerprint stays while files stay, and changes with text or name."""
    file = tmp_path / "a.yml"
    file.write_text(RECORD, encoding="utf-8")
    first = seed.fingerprint(tmp_path)
    again = seed.fingerprint(tmp_path)
    file.write_text(RECORD.replace("Việc thử", "Việc khác"), encoding="utf-8")
    edited = seed.fingerprint(tmp_path)
    file.rename(tmp_path / "b.yml")

    assert first == again
    assert len({first, edited, seed.fingerprint(tmp_path)}) == 3
