"""Does what a button says come back as it was meant?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.citizen.payloads import LIMIT, Payload, Verb, build, parse
from handlers.errors import BadPayloadError
from nlu.model import Facet

CODES = st.text("0123456789ABCxyz.-_/", min_size=1, max_size=40)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20)
PAYLOADS = st.one_of(
    st.builds(
        Payload, st.just(Verb.SHOW), CODES, st.none() | st.sampled_from(list(Facet))
    ),
    st.builds(Payload, st.just(Verb.PICK), CODES),
    st.builds(Payload, st.sampled_from([Verb.MENU, Verb.PRIVACY]), st.just("") | WORDS),
    st.builds(Payload, st.just(Verb.ADDRESS), WORDS),
    st.builds(
        Payload,
        st.sampled_from(
            [
                Verb.STAFF,
                Verb.NONE_OF_THESE,
                Verb.WRONG,
                Verb.AGREE,
                Verb.DECLINE,
                Verb.STOP,
                Verb.RESUME,
            ]
        ),
    ),
)


@given(PAYLOADS)
def test_round_trip(payload: Payload) -> None:
    """Every payload fits a button and is read back as it was built."""
    text = build(payload)

    assert text.startswith("#")
    assert len(text) <= LIMIT
    assert payload == parse(text)


@given(st.text() | st.text().map("#".__add__) | CODES.map("#tt:".__add__))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed either means a payload that can be built, or nothing."""
    payload = parse(text)

    assert payload is None or parse(build(payload)) == payload


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#tt:1.001193", Payload(Verb.SHOW, "1.001193")),
        ("#tt:1.001193:fee", Payload(Verb.SHOW, "1.001193", Facet.FEE)),
        ("  #chon:2.000815 ", Payload(Verb.PICK, "2.000815")),
        ("#menu", Payload(Verb.MENU)),
        ("#menu:phananh", Payload(Verb.MENU, "phananh")),
        ("#xungho:bác", Payload(Verb.ADDRESS, "bác")),
        ("#canbo", Payload(Verb.STAFF)),
        ("#canbo:1", None),
        ("#tt", None),
        ("#tt:a b", None),
        ("#tt:1.001193:tien", None),
        ("#chon:1.001193:fee", None),
        ("#xungho", None),
        ("#la_gi", None),
        ("#" + "a" * LIMIT, None),
        ("canbo", None),
        ("", None),
    ],
)
def test_vocabulary(text: str, expected: Payload | None) -> None:
    """The language of the buttons is exactly the agreed one."""
    assert expected == parse(text)


def test_a_payload_that_could_not_be_read_is_not_built() -> None:
    """A code that would not come back is refused when the button is made."""
    with pytest.raises(BadPayloadError, match="#tt:hai từ"):
        build(Payload(Verb.SHOW, "hai từ"))
