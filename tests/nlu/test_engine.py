"""The engine answers, asks back, sends on, or admits that it does not know."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.decoys import DECOY
from nlu.engine import Engine
from nlu.errors import DuplicateCodeError, EmptyIndexError
from nlu.model import Decision, Entry, Facet, Intent, Memory
from nlu.normalise import fold
from tests.nlu.support import best, colloquial, entries, facets

BIRTH, MARRIAGE, DEATH = "1.001193", "1.000894", "1.000656"
TALK = Memory(
    code=BIRTH, candidates=(BIRTH, MARRIAGE, DEATH), facets=(Facet.DOCUMENTS,)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("làm khai sinh cho con", BIRTH),
        ("lam khai sinh cho con", BIRTH),
        ("giaays khai sinh cho con", BIRTH),
        ("đk kết hôn cần gì ạ", MARRIAGE),
        ("dk ket hon o dau", MARRIAGE),
        ("bố em qua đời rồi, khai tử cho bố", DEATH),
        ("em muốn sao y cccd", "2.000815"),
        ("tach khau", "1.010038"),
        ("mở quán cà phê", "1.001612"),
        ("xyz thì đăng ký ở đâu", "1.001612"),
        ("thủ tục 1.004222 mất bao lâu", "1.004222"),
    ],
)
def test_clear_questions_are_answered(engine: Engine, text: str, code: str) -> None:
    """A clear question gets the procedure that is meant."""
    reading = engine.parse(text)

    assert (Intent.ASK_PROCEDURE, code) == (reading.intent, best(reading))
    assert Decision.ANSWER is reading.decision


@pytest.mark.parametrize(
    "text", ["làm hộ chiếu", "ho chieu het han", "ly hôn", "thi bằng lái xe máy"]
)
def test_matters_of_others_are_sent_on(engine: Engine, text: str) -> None:
    """What the commune does not do is not answered as if it did."""
    assert Decision.ELSEWHERE is engine.parse(text).decision


def test_matters_without_a_code_are_not_shown(engine: Engine) -> None:
    """A matter we only know to be of others offers no procedure of ours."""
    assert engine.parse("ly hôn thuận tình").candidates == ()


def test_a_look_for_fitting(engine: Engine) -> None:
    """The best of a ranking has a probability; bare questions have no ranking."""
    seen = engine.look("đăng ký khai tử")
    assert seen is not None
    reading, ranking = seen

    assert {reading.best} == engine.groups_of([DEATH])
    assert engine.code_of(reading.best) == DEATH
    assert engine.is_commune(reading.best)
    assert ranking.probabilities.sum() == pytest.approx(1)
    assert engine.look("lệ phí bao nhiêu") is None


def test_elsewhere_is_no_veto(engine: Engine) -> None:
    """A lost passport is reported to the commune, though passports are not its own."""
    reading = engine.parse("tôi bị mất hộ chiếu thì trình báo ở đâu")

    assert best(reading) == "1.010386"
    assert reading.decision in {Decision.ANSWER, Decision.ASK}


@pytest.mark.parametrize("text", ["giá vàng hôm nay", "asdf qwer", "🙂", "   ", "???"])
def test_nonsense_is_admitted(engine: Engine, text: str) -> None:
    """What is no matter of ours is not guessed at."""
    assert Decision.UNKNOWN is engine.parse(text).decision


@pytest.mark.parametrize("text", ["lệ phí bao nhiêu", "o dau", "cần giấy tờ gì"])
def test_a_bare_question_names_no_procedure(engine: Engine, text: str) -> None:
    """Without memory nobody knows whose fee is asked for."""
    reading = engine.parse(text)

    assert reading.candidates == ()
    assert Decision.UNKNOWN is reading.decision
    assert reading.facets


def test_a_bare_question_offers_what_was_offered(engine: Engine) -> None:
    """While the choice is open, a bare question offers it again."""
    reading = engine.parse("lệ phí bao nhiêu", Memory(candidates=(BIRTH, MARRIAGE)))

    assert Decision.ASK is reading.decision
    assert [candidate.code for candidate in reading.candidates] == [BIRTH, MARRIAGE]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("còn lệ phí thì sao?", {Facet.FEE}),
        ("con le phi thi sao", {Facet.FEE}),
        ("thế bao lâu", {Facet.TIME}),
        ("ở đâu", {Facet.PLACE}),
        ("cần giấy tờ gì", {Facet.DOCUMENTS}),
        ("thủ tục này có làm online được không", {Facet.ONLINE}),
    ],
)
def test_follow_ups(engine: Engine, text: str, asked: set[Facet]) -> None:
    """A bare question after a procedure is about that procedure."""
    reading = engine.parse(text, TALK)

    assert (best(reading), reading.is_follow_up) == (BIRTH, True)
    assert asked == facets(reading)
    assert Decision.ANSWER is reading.decision


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", BIRTH),
        ("số 2", MARRIAGE),
        ("chọn 3 nhé", DEATH),
        ("cái thứ hai", MARRIAGE),
        ("cai dau tien", BIRTH),
        ("cái cuối", DEATH),
    ],
)
def test_picking_an_offer(engine: Engine, text: str, code: str) -> None:
    """An offered procedure can be picked by its number, the facets stay asked."""
    reading = engine.parse(text, TALK)

    assert (code, True) == (best(reading), reading.is_follow_up)
    assert reading.facets == (Facet.DOCUMENTS,)


def test_a_number_beyond_the_offers_picks_nothing(engine: Engine) -> None:
    """The ninth of three offers is no choice."""
    assert not engine.parse("số 9", TALK).is_follow_up


def test_a_new_question_changes_the_matter(engine: Engine) -> None:
    """A full question about something else is not about the memory."""
    reading = engine.parse("đăng ký khai tử cần gì", TALK)

    assert (best(reading), reading.is_follow_up) == (DEATH, False)


def test_what_about_another_matter_keeps_the_facet(engine: Engine) -> None:
    """The words "còn khai tử thì sao" ask the same of another procedure."""
    reading = engine.parse("còn khai tử thì sao", TALK)

    assert (best(reading), reading.facets) == (DEATH, (Facet.DOCUMENTS,))


@pytest.mark.parametrize("text", ["cảm ơn em", "chao em", "ok cảm ơn"])
def test_courtesy_stays_courtesy(engine: Engine, text: str) -> None:
    """Thanks and greetings are no follow-up."""
    assert Decision.CHAT is engine.parse(text, TALK).decision


def test_twins_appear_once(engine: Engine) -> None:
    """Merged twins are one candidate under the commune's code, and all are known."""
    reading = engine.parse("mất căn cước làm lại")
    codes = [candidate.code for candidate in reading.candidates]

    assert codes[0] == "1.014064"
    assert "2.001194" not in codes
    assert engine.twins("2.001194") == ("1.014064", "2.001194")
    assert engine.twins("0.000000") == ()


def test_accents_are_reported(engine: Engine) -> None:
    """The reading says whether diacritics were typed."""
    assert engine.parse("làm khai sinh").has_accents
    assert not engine.parse("lam khai sinh").has_accents


def test_our_questions_are_understood(engine: Engine) -> None:
    """On our colloquial questions the right procedure comes first, as before."""
    asked = colloquial()
    assert len(asked) > 60

    for change, floor in ((str, 0.85), (fold, 0.82)):
        first = [best(engine.parse(change(q.text))) in q.gold for q in asked]
        assert sum(first) / len(asked) >= floor


def test_a_huge_message_is_read_quickly(engine: Engine) -> None:
    """Ten thousand characters are cut, read, and cost little time."""
    text = "làm khai sinh cho con " + "rất dài dòng và không đâu vào đâu " * 300

    readings = [engine.parse(text) for _ in range(5)]

    assert min(reading.ms for reading in readings) < 20
    assert BIRTH in [candidate.code for candidate in readings[0].candidates]


def test_many_threads_may_read(engine: Engine) -> None:
    """Readings do not disturb one another."""
    asked = [question.text for question in colloquial()]
    alone = [best(engine.parse(text)) for text in asked]

    with ThreadPoolExecutor(4) as pool:
        together = [best(reading) for reading in pool.map(engine.parse, asked)]

    assert alone == together


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, TALK]))
def test_any_text_has_a_reading(text: str, memory: Memory | None) -> None:
    """Whatever is typed, the reading is complete and its numbers are in range."""
    reading = _ENGINE.parse(text, memory)

    assert text == reading.text
    assert 0 <= reading.confidence <= 1
    assert len(reading.candidates) <= 5
    assert all(0 <= candidate.score <= 1 for candidate in reading.candidates)
    scores = [candidate.score for candidate in reading.candidates]
    assert scores == sorted(scores, reverse=True)
    assert not any(c.code.startswith(DECOY) for c in reading.candidates)
    if reading.decision is Decision.ANSWER:
        assert reading.candidates


def test_an_empty_catalogue_is_refused() -> None:
    """Without procedures there is nothing to search."""
    with pytest.raises(EmptyIndexError):
        Engine.build([])


def test_a_code_given_twice_is_refused() -> None:
    """Two entries with one code are named as a mistake."""
    entry = Entry("1.1", "Đăng ký khai sinh")

    with pytest.raises(DuplicateCodeError, match=r"1\.1"):
        Engine.build([entry, entry])


def test_one_entry_is_enough() -> None:
    """An index of one procedure works."""
    reading = Engine.build([Entry("1.1", "Đăng ký khai sinh")]).parse("khai sinh")

    assert best(reading) == "1.1"


_ENGINE = Engine.build(entries())
