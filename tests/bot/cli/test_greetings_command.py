"""Does the command tell what a year will say, without any configuration?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from scheduler.calendar.year import occasions


def test_simulate_tells_a_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve months hold each day of the calendar, with hours, words and no fault."""
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(
        cli,
        ["greetings", "simulate", "--months", "12", "--from", "2027-01-01", "--json"],
    )
    told = json.loads(found.output)

    off = {"phat_dan", "vu_lan"}
    assert {one["code"] for one in told} == {o.code for o in occasions(2027)} - off
    assert all(one["problems"] == [] for one in told)
    tet = next(one for one in told if one["code"] == "tet_nguyen_dan")
    assert (tet["day"], tet["lunar"], tet["at"]) == ("2027-02-06", "1/1/2027", "07:30")
    assert "Đinh Mùi" in tet["texts"]["chat"]


def test_lint_and_words_for_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list for people ends with its number; the lint finds nothing."""
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(cli, ["greetings", "simulate", "--months", "3"])
    checked = CliRunner().invoke(cli, ["greetings", "lint"])

    assert "lời chúc trong 3 tháng" in shown.output
    assert checked.output == "Mọi lời chúc đều ổn.\n"
