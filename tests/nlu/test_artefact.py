"""Has what was learnt one form, and is every other byte refused?"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu import artefact as module
from nlu.artefact import LARGEST, Artefact, dump, load, parse
from nlu.errors import BadArtefactError, UnsignedArtefactError
from nlu.model import Intent

KEY = b"a key of a test"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
CODES = st.sampled_from(["1.001193", "1.000894", "2.000815"])
ARTEFACTS = st.builds(
    Artefact,
    unit=st.just("xa-thu"),
    model=TEXTS,
    trained_at=st.integers(0, 2**53),
    examples=st.dictionaries(
        CODES,
        st.lists(TEXTS, min_size=1, max_size=4, unique=True).map(
            lambda texts: tuple(sorted(texts))
        ),
    ),
    said=st.lists(
        st.tuples(TEXTS, st.sampled_from(Intent)), max_size=4, unique=True
    ).map(lambda pairs: tuple(sorted(pairs))),
    words=st.dictionaries(TEXTS, TEXTS, max_size=3),
    wanted=st.dictionaries(CODES, st.integers(0, 1000)),
    trust=st.integers(0, 1000),
)
SMALL = Artefact("xa-thu", "m1", 7, {"1.001193": ("cho cháu lên sổ",)})


def sign(data: bytes) -> str:
    """Return a signature."""
    return hmac.new(KEY, data, "sha256").hexdigest()


def verify(data: bytes, signature: str) -> bool:
    """Whether a signature is the test's own."""
    return hmac.compare_digest(sign(data), signature)


@given(ARTEFACTS)
def test_what_is_written_is_read_back(artefact: Artefact) -> None:
    """Bytes and artefact stand for each other, both ways."""
    data = dump(artefact)

    assert load(data, sign(data), verify, "xa-thu") == artefact
    assert dump(parse(data)) == data


@given(ARTEFACTS, st.data())
def test_a_changed_byte_is_refused(artefact: Artefact, draw: st.DataObject) -> None:
    """One other byte anywhere, and the signature does not fit any more."""
    data = dump(artefact)
    place = draw.draw(st.integers(0, len(data) - 1))
    other = draw.draw(st.integers(1, 255))
    changed = bytearray(data)
    changed[place] ^= other

    with pytest.raises(UnsignedArtefactError):
        load(bytes(changed), sign(data), verify, "xa-thu")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Even signed bytes that are no artefact raise nothing but their own error."""
    with pytest.raises(BadArtefactError):
        load(data, sign(data), verify, "xa-thu")


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"extra": 1},
        {"unit": ""},
        {"trained_at": -1},
        {"trained_at": True},
        {"trust": 1001},
        {"trust": 1.0},
        {"examples": {"1.0": "text"}},
        {"examples": {"1.0": [1]}},
        {"examples": []},
        {"said": [["dạ", "no_such_intent"]]},
        {"said": [["dạ"]]},
        {"wanted": {"1.0": "much"}},
    ],
)
def test_a_wrong_shape_is_refused(change: dict[str, object]) -> None:
    """Every field has one type and its bounds."""
    value = json.loads(dump(SMALL)) | change

    with pytest.raises(BadArtefactError):
        parse(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data + b" ",
        lambda data: data.replace(b'"trust":0', b'"trust": 0'),
        lambda data: data.replace(b"{", b'{"format":1,', 1),
        lambda data: data.replace("ổ".encode(), b"\\u1ed5"),
        lambda data: data.replace(b'{"1.001193"', b'{"0":[],"1.001193"'),
        lambda data: b"[" * 100_000 + data,
        lambda data: data + b" " * LARGEST,
    ],
)
def test_the_same_knowledge_in_another_form_is_refused(spoil: object) -> None:
    """There is one canonical form; a second one would have a second signature."""
    assert callable(spoil)
    data = spoil(dump(SMALL))

    with pytest.raises(BadArtefactError):
        load(data, sign(data), verify, "xa-thu")


def test_another_units_artefact_is_refused() -> None:
    """What one commune learnt is not put into another's place."""
    data = dump(SMALL)

    with pytest.raises(BadArtefactError, match="unit"):
        load(data, sign(data), verify, "xa-khac")


def test_knowledge_is_apart_from_who_and_when() -> None:
    """Two trainings with the same outcome know the same; one example more differs."""
    again = Artefact("xa-thu", "m2", 9, {"1.001193": ("cho cháu lên sổ",)})
    more = Artefact("xa-thu", "m2", 9, {"1.001193": ("cho cháu lên sổ", "đẻ rồi")})
    counted = Artefact("xa-thu", "m3", 9, SMALL.examples, wanted={"1": 5}, trust=1)

    assert again.knowledge == SMALL.knowledge != more.knowledge
    assert counted.knowledge != SMALL.knowledge
    assert counted.lesson_hash == SMALL.lesson_hash != more.lesson_hash


def test_the_form_is_plain_json() -> None:
    """The bytes are what they were at the first release: sorted keys, no blanks."""
    data = dump(SMALL)

    assert data.decode() == (
        '{"examples":{"1.001193":["cho cháu lên sổ"]},"format":2,"model":"m1",'
        '"said":[],"trained_at":7,"trust":0,"unit":"xa-thu","wanted":{},"words":{}}'
    )
    assert len(hashlib.sha256(data).hexdigest()) == 64


def test_nothing_is_unpickled() -> None:
    """No module of the reader or of its learning reads pickles."""
    folder = Path(module.__file__).parent
    sources = [path.read_text("utf-8") for path in folder.rglob("*.py")]

    assert not any("import pickle" in source for source in sources)
