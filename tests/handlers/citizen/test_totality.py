"""Is there anything that a citizen or platform could send to break the road?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from handlers.citizen.payloads import Verb
from handlers.citizen.router import respond
from handlers.model import (
    Attachment,
    Channel,
    Consent,
    Conversation,
    Inbound,
    Kind,
    Outcome,
    Place,
    Tag,
)
from messages.words import TITLE_LIMIT
from nlu.model import Facet
from tests.handlers.citizen.talk import ALL, MONDAY_8, SENTENCES, services

SERVICES = services()
CODES = st.sampled_from([one.code for one in ALL]) | st.text(max_size=45)
SOON = st.timedeltas(min_value=-timedelta(days=9), max_value=timedelta(days=9))
TIMES = SOON.map(lambda delta: MONDAY_8 + delta)
PAYLOADS = st.one_of(
    st.text(max_size=120),
    st.builds(
        lambda verb, rest: f"#{verb}{rest}",
        st.sampled_from(list(Verb)),
        st.just("") | CODES.map(":".__add__),
    ),
    st.builds(
        lambda code, facet: f"#tt:{code}:{facet}", CODES, st.sampled_from(list(Facet))
    ),
)
TEXTS = st.text(max_size=200) | st.sampled_from(list(SENTENCES)) | PAYLOADS
INBOUNDS = st.builds(
    Inbound,
    st.sampled_from(list(Channel)),
    st.sampled_from(list(Kind)),
    TIMES,
    text=TEXTS,
    payload=st.none() | PAYLOADS,
    attachments=st.lists(
        st.builds(Attachment, st.sampled_from(["image", "audio", "?"])), max_size=2
    ).map(tuple),
    place=st.none() | st.builds(Place, st.text(max_size=5), st.text(max_size=5)),
)
TALKS = st.builds(
    Conversation,
    code=st.none() | CODES,
    candidates=st.lists(CODES, max_size=5).map(tuple),
    facets=st.lists(st.text(max_size=8) | st.sampled_from(list(Facet))).map(tuple),
    topic_at=st.none() | TIMES,
    honorific=st.sampled_from(["", "bác", "em", "???"]),
    honorific_asked=st.booleans(),
    consent=st.sampled_from(list(Consent)),
    pending=st.sampled_from(["", "handover", "phan_anh", "don_thu", "?"]),
    last_text=st.text(max_size=50),
    opted_out=st.booleans(),
    muted_until=st.none() | TIMES,
    misses=st.integers(0, 5),
    pending_at=st.none() | TIMES,
)
NAMES = {one.name for one in ALL}


def check(outcome: Outcome) -> None:
    """What holds for every outcome whatever came in."""
    assert outcome.conversation is not None
    assert outcome.events[0].tag is Tag.MESSAGE_RECEIVED
    for reply in outcome.replies:
        assert reply.text.strip()
        for button in reply.buttons:
            is_choice = any(name in button.title for name in NAMES)
            assert button.title.strip()
            assert is_choice or len(button.title) <= TITLE_LIMIT
            assert sum(x is not None for x in (button.payload, button.phone)) == 1
    for event in outcome.events:
        assert all(isinstance(value, str | int) for value in event.data.values())


@given(INBOUNDS, TALKS)
@example(
    Inbound(Channel.ZALO, Kind.REFERRAL, MONDAY_8), Conversation(consent=Consent.SHOWN)
)
def test_every_message_in_every_state_is_handled(
    inbound: Inbound, talk: Conversation
) -> None:
    """Nothing raises, replies are never empty, buttons can be shown."""
    outcome = respond(inbound, talk, SERVICES)

    check(outcome)
    assert len(outcome.events) > 1
    if outcome.conversation and outcome.conversation.consent is Consent.DECLINED:
        assert all(not event.private for event in outcome.events)


@given(st.lists(st.tuples(INBOUNDS, st.integers(0, 90)), max_size=12))
def test_every_talk_can_go_on(steps: list[tuple[Inbound, int]]) -> None:
    """From any state that a talk reaches, the next message is handled."""
    talk = Conversation()
    at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    for inbound, minutes in steps:
        at += timedelta(minutes=minutes)
        again = Inbound(
            inbound.channel, inbound.kind, at, inbound.text, inbound.payload
        )
        outcome = respond(again, talk, SERVICES)
        check(outcome)
        assert outcome.conversation is not None
        talk = outcome.conversation


@given(INBOUNDS, TALKS)
def test_the_same_message_has_the_same_outcome(
    inbound: Inbound, talk: Conversation
) -> None:
    """A handler is a pure function: run again after a conflict it decides alike."""
    assert respond(inbound, talk, SERVICES) == respond(inbound, talk, SERVICES)
