"""Whatever officers do in whatever order, does the matter stay sane?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.citizen import memory
from handlers.model import Channel, Conversation, Media, Tag
from handlers.ports import Services, UnitProfile
from handlers.staff.desk import Act, Choice, StaffInbound, Tap
from handlers.staff.handover import cards, wishes
from handlers.staff.handover.answer import Situation, answer
from handlers.staff.handover.model import Decision, Ticket, Wish
from messages.words import ChatWords
from storage.desk import State

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WORDS = ChatWords()
NOTHING: Any = None
SERVICES = Services(
    unit=UnitProfile("u", "xã Thanh Hà"),
    clock=NOTHING,
    reader=NOTHING,
    catalogue=NOTHING,
    hours=NOTHING,
    words=WORDS,
)
TICKET = Ticket(
    "r1", "YC-R1", "gap_can_bo", Channel.FACEBOOK, State.POSTED, "xin gặp", NOW
)


class Paper:
    """A staff channel that only notes what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.closed: list[str] = []

    def open_topic(
        self,
        ref: str,
        title: str,
        summary: str,
        link: str = "",
        acts: Sequence[Act | Choice] = (),
    ) -> str:
        """Note a card."""
        del link, acts
        self.said += [title, summary]
        return ref

    def post(
        self,
        topic: str,
        text: str,
        acts: Sequence[Act | Choice] = (),
        media: Media | None = None,
    ) -> None:
        """Note a post."""
        del topic, acts, media
        self.said.append(text)

    def ask(self, topic: str, text: str, acts: Sequence[Act | Choice] = ()) -> None:
        """Note a question."""
        del topic, acts
        self.said.append(text)

    def edit(
        self, topic: str, message: str, text: str, acts: Sequence[Act | Choice] = ()
    ) -> None:
        """Note an edit."""
        del topic, message, acts
        self.said.append(text)

    def close_topic(self, topic: str) -> None:
        """Note the end."""
        self.closed.append(topic)


def said(
    channel: Channel = Channel.TELEGRAM, text: str = "", **more: Any
) -> StaffInbound:
    """Return something an officer did."""
    return StaffInbound(channel, "42", "-1:7", NOW, text, **more)


def situation(
    act: Act, text: str = "", *, ticket: Ticket = TICKET, **more: Any
) -> Situation:
    """Return a situation that may be changed in parts."""
    known: dict[str, Any] = {
        "said": said(text=text),
        "who": "mai",
        "wish": Wish(act, "r1", text),
        "ticket": ticket,
        "talk": Conversation(pending=memory.HANDOVER),
        "desk": Paper(),
        "services": SERVICES,
        "may_write": True,
        "now": NOW,
    }
    return Situation(**(known | more))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(Act),
        st.sampled_from(["", "Dạ, mời bác"]),
        st.booleans(),
        st.sampled_from([Channel.TELEGRAM, Channel.ZALO_BOT]),
    ),
    max_size=12,
)


@given(STEPS)
def test_the_bot_is_silent_exactly_while_somebody_has_the_matter(
    steps: list[tuple[Act, str, bool, Channel]],
) -> None:
    """Taken and silent go together; closed stays closed; each step leaves evidence."""
    ticket, talk = TICKET, Conversation(pending=memory.HANDOVER)
    for act, text, may_write, channel in steps:
        paper = Paper()
        told = situation(
            act,
            text,
            ticket=ticket,
            talk=talk,
            desk=paper,
            may_write=may_write,
            said=said(channel, text),
        )
        decision = answer(told)

        assert decision.events
        assert decision.told or paper.said
        if ticket.state is State.CLOSED:
            assert decision == replace(
                Decision(), told=decision.told, events=decision.events
            )
        if decision.words:
            assert may_write
            assert act in (Act.REPLY, Act.SAY)
            assert "Dạ, mời bác" in decision.words
        ticket = replace(ticket, state=decision.state or ticket.state)
        talk = decision.talk or talk
        is_silent = talk.muted_until is not None and talk.muted_until > NOW
        assert is_silent == (ticket.state is State.TAKEN)


def test_taking_says_who_and_until_when() -> None:
    """The card names the officer and the hour at which the bot wakes."""
    told = situation(Act.TAKE)
    decision = answer(told)

    assert decision.state is State.TAKEN
    assert decision.talk is not None
    assert decision.talk.muted_until == NOW + timedelta(hours=8)
    assert decision.talk.pending == ""
    assert [event.tag for event in decision.events] == [Tag.STAFF_TOOK_OVER]
    (text,) = told.desk.said  # type: ignore[attr-defined]
    assert "mai" in text
    assert "16:00 ngày 23/11" in text


def test_a_word_takes_the_matter_with_it() -> None:
    """Two events: taken, written; the citizen hears who speaks."""
    decision = answer(situation(Act.REPLY, "Mời bác ra quầy 2"))

    tags = [event.tag for event in decision.events]
    assert tags == [Tag.STAFF_TOOK_OVER, Tag.STAFF_WROTE]
    assert decision.words.startswith("Dạ, cán bộ xã Thanh Hà xin trả lời")
    assert decision.events[1].private == {"text": "Mời bác ra quầy 2"}
    assert "text" not in decision.events[1].data


def test_the_form_of_address_of_the_citizen_is_kept() -> None:
    """Who wants to be called bác is called bác."""
    talk = Conversation(honorific="bác")

    assert "trả lời bác" in answer(situation(Act.REPLY, "x", talk=talk)).words


def test_a_topic_that_nobody_knows_is_told_so() -> None:
    """A reply in a topic whose citizen was erased reaches nobody."""
    found = wishes.read(said(text="Dạ"), "", [], WORDS)

    assert isinstance(found, str)
    assert "không còn thấy việc này" in found


def test_a_press_needs_no_topic() -> None:
    """The button names its matter."""
    tap = Tap(Act.CLOSE, "r9")

    assert wishes.read(said(tap=tap), "", [], WORDS) == Wish(Act.CLOSE, "r9")


def test_a_sealed_matter_shows_no_words() -> None:
    """The card says where to read instead."""
    paper = Paper()
    cards.open_card(TICKET.with_summary(""), paper, WORDS)

    assert paper.said[0] == "YC-R1 · gặp cán bộ"
    assert "xin xem ở máy của cơ quan" in paper.said[1]
