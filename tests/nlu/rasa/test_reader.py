"""Does a citizen get a reading whatever Rasa says, and a better one when it helps?"""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.breaker import FAILURES, REST_SECONDS
from nlu.engine import Engine
from nlu.model import Candidate, Decision, Facet, Intent, Memory, Understanding
from nlu.rasa.answer import Answer, Ranked
from nlu.rasa.client import RasaClient
from nlu.rasa.fusion import MOST_SHOWN, OURS_ALONE, fused, is_settled
from nlu.rasa.known import Known
from nlu.rasa.link import Client, RasaLink
from nlu.rasa.names import UNSURE, procedure_intent
from nlu.rasa.reader import RasaReader
from nlu.rasa.tally import Result
from tests.conftest import FakeClock
from tests.nlu.rasa.fake import FakeRasa, Scripted, said
from tests.nlu.support import entries

BIRTH, MARRIAGE, DEATH = "1.001193", "1.000894", "1.000656"
PASSPORT = "1.001456"
ASKED = "bố em đi xa"
DOCUMENT = "đăng ký khai sinh"
FALLS_BACK = [
    Result.TIMEOUT,
    Result.DEAD,
    Result.STATUS,
    Result.TOO_BIG,
    Result.NOT_JSON,
    Result.WRONG_SHAPE,
]


def ranked(*pairs: tuple[str, float]) -> Answer:
    """Return an answer with these intents; a code stands for its procedure."""
    return Answer(
        tuple(
            Ranked(procedure_intent(name) if "." in name else name, share)
            for name, share in pairs
        )
    )


def reader(engine: Engine, client: Client, clock: FakeClock) -> RasaReader:
    """Return a reader over the small catalogue."""
    link = RasaLink(client, lambda: clock.now_ms() / 1000)
    return RasaReader(engine, entries(), link)


def counted(found: RasaReader) -> dict[str, int]:
    """Return the results that came at all."""
    return {name: times for name, times in found.link.snapshot().items() if times}


def same(one: Understanding, other: Understanding) -> bool:
    """Whether two readings say the same, however long they took."""
    return replace(one, ms=0.0) == replace(other, ms=0.0)


def own(
    decision: Decision,
    *codes: str,
    intent: Intent = Intent.ASK_PROCEDURE,
    confidence: float = 0.5,
) -> Understanding:
    """Return a reading as our engine may have made it."""
    candidates = tuple(Candidate(code, 0.4) for code in codes)
    facets = (Facet.FEE,)
    return Understanding(
        "x", intent, facets, decision, candidates, confidence, True, False, 1.0
    )


class Guess:
    """An engine that never knows more than a guess, whatever the talk was about."""

    def __init__(self, decision: Decision, *codes: str, intent: Intent) -> None:
        self._found = own(decision, *codes, intent=intent, confidence=0.3)

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the guess."""
        del memory
        return replace(self._found, text=text)


GUESS = Guess(Decision.ASK, DEATH, intent=Intent.ASK_PROCEDURE)


@pytest.fixture(scope="module")
def known(engine: Engine) -> Known:
    return Known(engine, entries())


@pytest.mark.parametrize("failure", FALLS_BACK)
async def test_every_failure_falls_back_and_is_counted(
    engine: Engine, clock: FakeClock, failure: Result
) -> None:
    """The embedded reading comes, and the reason is counted."""
    found = reader(engine, Scripted(failure), clock)

    reading = await found.read(DOCUMENT)

    assert same(engine.parse(DOCUMENT), reading)
    assert counted(found) == {failure.value: 1}


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (ranked(("cho_vay_nang_lai", 0.99)), Result.UNKNOWN_INTENT),
        (ranked(("9.999999", 0.99)), Result.UNKNOWN_INTENT),
        (ranked(("ask_procedure", 0.99)), Result.UNKNOWN_INTENT),
        (ranked(("../../etc/passwd\x00", 0.99)), Result.UNKNOWN_INTENT),
        (ranked(("tt_" + "1" * 100_000, 0.99)), Result.UNKNOWN_INTENT),
        (ranked((UNSURE, 0.99), (BIRTH, 0.9)), Result.UNSURE),
        (ranked((BIRTH, 0.01)), Result.UNSURE),
        (ranked(("thanks", 0.1)), Result.UNSURE),
        (Answer(()), Result.UNSURE),
    ],
)
async def test_a_word_of_no_use_falls_back(
    engine: Engine, clock: FakeClock, answer: Answer, result: Result
) -> None:
    """Unknown and hostile names, and answers that are no better than a guess."""
    found = reader(engine, Scripted(answer), clock)

    reading = (await found.ahead(GUESS, ASKED)).reading

    assert same(GUESS.parse(ASKED), reading)
    assert counted(found) == {result.value: 1}


@pytest.mark.parametrize(
    ("text", "memory"),
    [
        ("cháy nhà rồi cứu với", None),
        ("tôi muốn tố cáo cán bộ nhận hối lộ", None),
        ("dừng nhận tin", None),
        ("xóa dữ liệu cá nhân của tôi", None),
        (f"thủ tục {MARRIAGE}", None),
        ("2", Memory(code=BIRTH, candidates=(BIRTH, MARRIAGE))),
        ("còn lệ phí thì sao", Memory(code=BIRTH)),
        ("lệ phí bao nhiêu", None),
        ("làm hộ chiếu", None),
        ("👍", None),
        ("", None),
    ],
)
async def test_what_rasa_cannot_know_is_never_asked(
    engine: Engine, clock: FakeClock, text: str, memory: Memory | None
) -> None:
    """Emergencies, rights, codes, numbers, follow-ups, matters of others, nothing."""
    client = Scripted(ranked(("small_talk", 1.0)))
    found = reader(engine, client, clock)

    reading = await found.read(text, memory)

    assert same(engine.parse(text, memory), reading)
    assert client.asked == []
    assert counted(found) == {"settled": 1}


@pytest.mark.parametrize(
    "intent", [Intent.ASK_PROCEDURE, Intent.OUT_OF_SCOPE, Intent.PRAISE]
)
async def test_rasa_helps_where_we_know_nothing(
    engine: Engine, clock: FakeClock, intent: Intent
) -> None:
    """A procedure that Rasa is sure of is offered, with our facets."""
    client = Scripted(ranked((MARRIAGE, 0.99), (BIRTH, 0.01)))
    found = reader(engine, client, clock)
    nothing = Guess(Decision.UNKNOWN, intent=intent)

    reading = (await found.ahead(nothing, ASKED)).reading

    assert (reading.intent, reading.decision) == (
        Intent.ASK_PROCEDURE,
        Decision.ASK,
    )
    assert reading.candidates[0] == Candidate(MARRIAGE, 0.99)
    assert reading.facets == (Facet.FEE,)
    assert counted(found) == {"answered": 1}


async def test_a_broken_server_is_left_alone_for_a_while(
    engine: Engine, clock: FakeClock
) -> None:
    """After some failures nothing is asked; then one question finds it well again."""
    lines = [Result.TIMEOUT] * FAILURES
    client = Scripted(*lines, ranked(("thanks", 0.99)))
    found = reader(engine, client, clock)

    for _ in range(FAILURES + 2):
        assert same(engine.parse(DOCUMENT), await found.read(DOCUMENT))
    assert len(client.asked) == FAILURES
    assert counted(found) == {"timeout": FAILURES, "resting": 2}

    clock.advance(ms=round(REST_SECONDS * 1000))
    await found.read(DOCUMENT)
    await found.read(DOCUMENT)
    assert len(client.asked) == FAILURES + 2


async def test_an_unknown_intent_does_not_break_the_server(
    engine: Engine, clock: FakeClock
) -> None:
    """A model of another catalogue is asked on: it answers in time."""
    client = Scripted(ranked(("la", 0.99)))
    found = reader(engine, client, clock)
    for _ in range(2 * FAILURES):
        await found.read(DOCUMENT)

    assert len(client.asked) == 2 * FAILURES


async def test_short_forms_go_out_written_out(engine: Engine, clock: FakeClock) -> None:
    """The server gets words, in the form it was taught."""
    client = Scripted(ranked((MARRIAGE, 0.9)))
    await reader(engine, client, clock).read("Đk kết hôn 0912345678 ạ?")

    assert client.asked == ["đăng ký kết hôn ạ"]


async def test_over_a_real_connection(
    engine: Engine,
    clock: FakeClock,
    rasa: FakeRasa,
    session: aiohttp.ClientSession,
    url: str,
) -> None:
    """Client, link and reader together: an answer, a slow server, a bad answer."""
    found = reader(engine, RasaClient(session, url, timeout_seconds=0.1), clock)
    rasa.answering = rasa.json(said((procedure_intent(MARRIAGE), 0.99)))
    ahead = await found.ahead(GUESS, ASKED)
    assert [one.code for one in ahead.reading.candidates] == [DEATH, MARRIAGE]
    for answering in (rasa.never, rasa.raw(b"<html>")):
        rasa.answering = answering
        ahead = await found.ahead(GUESS, ASKED)
        assert same(GUESS.parse(ASKED), ahead.reading)

    assert counted(found) == {"answered": 1, "timeout": 1, "not_json": 1}


async def test_reading_ahead_serves_a_pure_handler(
    engine: Engine, clock: FakeClock
) -> None:
    """The handler's own call returns what was read, and asks nobody again."""
    client = Scripted(ranked((MARRIAGE, 0.99)))
    ahead = await reader(engine, client, clock).ahead(GUESS, ASKED)

    assert ahead.parse(ASKED) is ahead.reading
    assert ahead.parse(ASKED, Memory()) is ahead.reading
    assert same(GUESS.parse(DEATH), ahead.parse(DEATH))
    assert len(client.asked) == 1


async def test_reading_ahead_minds_the_memory(engine: Engine, clock: FakeClock) -> None:
    """A conversation that was not known ahead counts, and Rasa's word still does."""
    client = Scripted(ranked((MARRIAGE, 0.99)))
    ahead = await reader(engine, client, clock).ahead(engine, "còn lệ phí thì sao")
    talk = Memory(code=BIRTH)

    assert same(engine.parse(ahead.text, talk), ahead.parse(ahead.text, talk))
    shown = Memory(candidates=(BIRTH, DEATH))
    ahead = await reader(engine, client, clock).ahead(GUESS, ASKED)
    assert [c.code for c in ahead.parse(ASKED, shown).candidates] == [DEATH, MARRIAGE]
    assert client.asked == [ASKED]


async def test_reading_ahead_without_an_answer(
    engine: Engine, clock: FakeClock
) -> None:
    """A dead server: whatever the memory, our engine reads."""
    ahead = await reader(engine, Scripted(Result.DEAD), clock).ahead(engine, DOCUMENT)
    talk = Memory(code=MARRIAGE)

    assert same(engine.parse(DOCUMENT, talk), ahead.parse(DOCUMENT, talk))


def test_a_direct_answer_of_ours_stands(known: Known) -> None:
    """Talk and weak opinions change nothing about it."""
    sure = own(Decision.ANSWER, BIRTH, confidence=0.9)

    for word in (("thanks", 1.0), ("out_of_scope", 1.0), (MARRIAGE, 0.7), (BIRTH, 0.1)):
        assert fused(sure, ranked(word), known) == (sure, Result.ANSWERED)


def test_a_strong_other_opinion_makes_us_ask(known: Known) -> None:
    """Ours stays first: it is right more often; Rasa's is the second choice."""
    sure = own(Decision.ANSWER, BIRTH, DEATH, confidence=0.9)
    reading, result = fused(sure, ranked((MARRIAGE, 0.9)), known)

    assert result is Result.ANSWERED
    assert (reading.decision, reading.facets) == (Decision.ASK, sure.facets)
    assert [c.code for c in reading.candidates] == [BIRTH, MARRIAGE, DEATH]


def test_an_other_opinion_is_one_more_choice(known: Known) -> None:
    """Where we ask anyway, Rasa's best comes second, and nobody twice."""
    unsure = own(Decision.ASK, BIRTH, DEATH)
    answer = ranked((MARRIAGE, 0.75), (DEATH, 0.2), (BIRTH, 0.1))
    reading, _ = fused(unsure, answer, known)

    assert reading.decision is Decision.ASK
    assert [c.code for c in reading.candidates] == [BIRTH, MARRIAGE, DEATH]
    assert fused(unsure, ranked((MARRIAGE, 0.5)), known) == (unsure, Result.UNSURE)


def test_agreement_is_an_answer(known: Known) -> None:
    """Both think of the same procedure first, and Rasa is sure enough."""
    unsure = own(Decision.ASK, BIRTH, DEATH)
    reading, _ = fused(unsure, ranked((BIRTH, 0.8), (MARRIAGE, 0.1)), known)

    assert (reading.decision, reading.confidence) == (Decision.ANSWER, 0.8)
    assert [c.code for c in reading.candidates] == [BIRTH, DEATH, MARRIAGE]
    assert fused(unsure, ranked((BIRTH, 0.5)), known) == (unsure, Result.UNSURE)


def test_agreement_on_a_matter_of_others_sends_on(known: Known) -> None:
    """What the commune does not do is not answered; ours are not offered with it."""
    answer = ranked((PASSPORT, 0.99), (BIRTH, 0.01))
    reading, _ = fused(own(Decision.ASK, PASSPORT, BIRTH), answer, known)

    assert reading.decision is Decision.ELSEWHERE
    assert [c.code for c in reading.candidates] == [PASSPORT]


def test_talk_is_taken_from_the_surer(known: Known) -> None:
    """Thanks or greeting: whoever is surer says it."""
    talk = own(Decision.CHAT, intent=Intent.GREETING, confidence=0.9)

    assert fused(talk, ranked(("thanks", 0.85)), known)[0] is talk
    reading, _ = fused(talk, ranked(("thanks", 0.95)), known)
    assert (reading.intent, reading.decision) == (Intent.THANKS, Decision.CHAT)
    assert (reading.facets, reading.candidates) == ((), ())
    assert fused(talk, ranked((BIRTH, 0.99)), known)[0] is talk


def test_nobody_is_sent_away_while_we_have_a_guess(known: Known) -> None:
    """Being "out of scope" counts only where our engine found nothing either."""
    guess, nothing = own(Decision.ASK, BIRTH), own(Decision.UNKNOWN)

    assert fused(guess, ranked(("out_of_scope", 1.0)), known)[0] is guess
    reading, _ = fused(nothing, ranked(("out_of_scope", 1.0)), known)
    assert (reading.intent, reading.decision) == (
        Intent.OUT_OF_SCOPE,
        Decision.UNKNOWN,
    )


def test_talk_of_which_we_know_what_it_is_stays_talk(known: Known) -> None:
    """Only a guess of ours becomes a question, and only for a sure word of Rasa's."""
    lost = own(Decision.UNKNOWN, intent=Intent.OUT_OF_SCOPE, confidence=0.3)
    place = own(Decision.CHAT, intent=Intent.HOTLINE, confidence=0.6)
    online = own(Decision.ANSWER, DEATH, intent=Intent.APPLY_ONLINE, confidence=0.3)

    assert fused(lost, ranked((BIRTH, 0.6)), known) == (lost, Result.UNSURE)
    assert fused(lost, ranked((BIRTH, 0.8)), known)[0].decision is Decision.ASK
    assert fused(place, ranked((BIRTH, 1.0)), known) == (place, Result.ANSWERED)
    assert fused(online, ranked((BIRTH, 1.0)), known) == (online, Result.ANSWERED)


def test_several_matters_are_ours() -> None:
    """Rasa names one intent a message; a message with two matters stays ours."""
    two = replace(own(Decision.ASK, BIRTH), others=(own(Decision.ASK, DEATH),))

    assert is_settled(two)
    assert not is_settled(own(Decision.ASK, BIRTH))


NAMES = st.sampled_from(
    [BIRTH, MARRIAGE, DEATH, PASSPORT, "9.9", "thanks", "emergency", UNSURE, "la"]
)
ANSWERS = st.lists(
    st.tuples(NAMES, st.floats(0, 1)), max_size=8, unique_by=lambda p: p[0]
)
OWNS = st.builds(
    lambda decision, codes, intent, confidence: own(
        decision, *codes, intent=intent, confidence=confidence
    ),
    st.sampled_from(Decision),
    st.lists(st.sampled_from([BIRTH, MARRIAGE, DEATH]), max_size=5, unique=True),
    st.sampled_from([intent for intent in Intent if intent not in OURS_ALONE]),
    st.floats(0, 1),
)


@given(OWNS, ANSWERS)
def test_whatever_is_said_the_reading_is_sound(
    known: Known, mine: Understanding, pairs: list[tuple[str, float]]
) -> None:
    """A fused reading keeps the promises of a reading; Rasa alone answers nothing."""
    reading, result = fused(mine, ranked(*pairs), known)
    codes = [candidate.code for candidate in reading.candidates]

    assert reading.text == mine.text
    assert len(codes) == len(set(codes)) <= MOST_SHOWN
    assert 0 <= reading.confidence <= 1
    if reading is mine:
        return
    assert result is Result.ANSWERED
    if reading.decision is Decision.ANSWER:
        assert codes[0] == mine.candidates[0].code
        assert known.is_commune(codes[0])
    if reading.decision is Decision.ELSEWHERE:
        assert codes
        assert not any(map(known.is_commune, codes))
    if reading.decision is Decision.ASK:
        assert codes
