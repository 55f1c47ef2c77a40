"""What was read ahead is what the YAML files say."""

from __future__ import annotations

from nlu import parsed, resources


def test_up_to_date() -> None:
    """The file holds today's data (else run `python -m nlu.parsed`)."""
    with resources.opened(resources.PARSED) as file:
        written = file.read().decode("utf-8")
    assert written == parsed.lines()


def test_same_as_yaml() -> None:
    """What comes from the file is what YAML makes of the phrases for facets."""
    with resources.opened("facets.yml") as file:
        assert resources.load("facets") == resources.parse(file.read())
