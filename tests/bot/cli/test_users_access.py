"""Do ``thanthien users invite`` and ``reset`` print a way in, once?"""

from __future__ import annotations

import json

import pytest

from tests.bot.cli.conftest import Office


@pytest.fixture
def ready(office: Office) -> Office:
    """An installation with one officer."""
    office.prepare()
    code, _, err = office.run("users", "add", "canbo01", "--name", "Người một")
    assert (code, err) == (0, "")
    return office


def test_an_invitation_is_printed(ready: Office) -> None:
    """One address of the console, with the unit in it; another one each time."""
    found = set()
    for _ in range(2):
        code, out, _ = ready.run("users", "invite", "canbo01", "--json")
        assert code == 0
        found.add(json.loads(out)["link"])

    assert len(found) == 2
    assert all("/console/link/" in url for url in found)


def test_a_reset_says_what_to_do_with_it(ready: Office) -> None:
    """The words come with the address; a stranger is refused in one sentence."""
    code, out, _ = ready.run("users", "reset", "canbo01", "--factor")
    assert code == 0
    first, second = out.strip().splitlines()
    assert "dùng một lần, trong 72 giờ" in first
    assert second.startswith("http")
    code, _, err = ready.run("users", "invite", "khong-co")

    assert code == 1
    assert "Không có cán bộ" in err
