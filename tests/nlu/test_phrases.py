"""Our words for procedures of the national catalogue make them easier to find."""

from __future__ import annotations

from nlu import resources
from nlu.model import Entry
from nlu.normalise import fold
from nlu.phrases import FOLDER, spoken, unlisted, with_phrases


def test_the_files_hold_what_they_should() -> None:
    """Every entry has a code and phrases of text; no code has two entries."""
    codes = []
    for title in resources.names(FOLDER):
        for item in resources.load(f"{FOLDER}/{title}"):
            codes.append(item["code"])
            assert isinstance(item["code"], str)
            assert all(isinstance(text, str) and text for text in item["said"])
            assert len({fold(text) for text in item["said"]}) == len(item["said"])

    assert len(codes) == len(set(codes)) == len(spoken())


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
