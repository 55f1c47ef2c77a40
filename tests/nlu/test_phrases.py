"""Our words for procedures of the national catalogue make them easier to find."""

from __future__ import annotations

from nlu import resources
from nlu.model import Entry
from nlu.normalise import fold
from nlu.phrases import FOLDER, spoken, unlisted, with_phrases


def test_the_files_hold_what_they_should() -> None:
    """Every entry has a code and phrases of text; no file has a code twice."""
    for title in resources.names(FOLDER):
        items = resources.load(f"{FOLDER}/{title}")
        assert len({item["code"] for item in items}) == len(items)
        for item in items:
            assert item["code"] in spoken()
            assert isinstance(item["code"], str)
            assert all(isinstance(text, str) and text for text in item["said"])
            assert len({fold(text) for text in item["said"]}) == len(item["said"])


def test_phrases_become_aliases() -> None:
    """A known code gets our words after its own aliases; others stay as they are."""
    code, known = next((c, s) for c, s in spoken().items() if s.name)
    entry, other = Entry(code, "Tên chính thức", ("một",)), Entry("x", "Khác")

    extended, same = with_phrases([entry, other])

    assert extended.aliases == ("một", known.name, *known.said)
    assert same is other


def test_without_a_catalogue_they_stand_for_themselves() -> None:
    """What no entry lists is searched under our own short name."""
    code, known = next((c, s) for c, s in spoken().items() if s.name)

    found = {entry.code: entry for entry in unlisted([])}

    assert found[code].name == known.name
    assert found[code].commune is known.commune
    assert code not in {entry.code for entry in unlisted([Entry(code, "a")])}
