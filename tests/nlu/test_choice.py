"""A question, or one of the other things people say?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlu.choice import (
    ALL_FROM,
    BEYOND_STRAYING,
    QUESTION_FROM,
    STRAYS_FROM,
    choose,
)
from nlu.engine import Engine
from nlu.model import Decision, Intent
from nlu.normalise import fold, tokenise
from nlu.verdict import ASIDE_FROM


@pytest.mark.parametrize("change", [str, fold], ids=["accented", "folded"])
@pytest.mark.parametrize(
    "text",
    [
        "tôi muốn tố cáo ông trưởng thôn",
        "làm đơn tố cáo thì gửi ở đâu, hết bao nhiêu tiền",
        "đăng ký kết hôn mà cán bộ tham nhũng thì tố cáo ở đâu",
    ],
)
def test_a_denunciation_is_never_a_question(
    engine: Engine, text: str, change: type[str]
) -> None:
    """Whoever says "tố cáo" is guided, whatever else the message names."""
    assert engine.parse(change(text)).intent is Intent.TO_CAO


def test_filing_a_named_matter_online_tells_of_that_matter(engine: Engine) -> None:
    """The wish to file online is met by the procedure it names."""
    reading = engine.parse("đăng ký khai sinh qua mạng thì vào đâu")

    assert reading.intent in {Intent.APPLY_ONLINE, Intent.ASK_PROCEDURE}
    assert reading.decision is Decision.ANSWER
    assert reading.candidates[0].code == "1.001193"


def test_what_may_be_danger_to_life_comes_first(engine: Engine) -> None:
    """One chance in four is enough to show the numbers."""
    reading = engine._reader.read(tokenise("sau nhà bà Sáu đất đổ xuống"))
    shares = [
        (Intent.PHAN_ANH, 0.5),
        (Intent.EMERGENCY, 0.3),
        (Intent.ASK_PROCEDURE, 0.2),
    ]

    assert choose(shares, reading, ()) == (Intent.EMERGENCY, 0.3)
    assert choose([*shares[:1], *shares[2:]], reading, ())[0] is Intent.PHAN_ANH


def test_a_wish_in_doubt_is_asked_back_with_the_procedure(engine: Engine) -> None:
    """Where a wish is unsure and a procedure likely, both are offered."""
    judge = engine._judge
    reading = engine._reader.read(tokenise("đăng ký khai sinh"))

    doubtful = judge.chat(Intent.PHAN_ANH, 0.4, reading)
    sure = judge.chat(Intent.PHAN_ANH, 0.9, reading)

    assert (doubtful.intent, doubtful.decision) == (Intent.PHAN_ANH, Decision.ASK)
    assert (sure.intent, sure.decision) == (Intent.PHAN_ANH, Decision.CHAT)


def test_a_plain_courtesy_is_no_question(engine: Engine) -> None:
    """However sure the search is, thanks beyond doubt are thanks."""
    reading = engine._reader.read(tokenise("đăng ký khai sinh"))
    assert reading.confidence >= QUESTION_FROM

    plain = [(Intent.THANKS, ALL_FROM), (Intent.ASK_PROCEDURE, 0.1)]
    framing = [(Intent.THANKS, ALL_FROM - 0.1), (Intent.ASK_PROCEDURE, 0.1)]

    assert choose(plain, reading, ())[0] is Intent.THANKS
    assert choose(framing, reading, ())[0] is Intent.ASK_PROCEDURE


def test_talk_that_may_be_about_anything_is_no_procedure(engine: Engine) -> None:
    """A half-sure search does not make a question of what is likely something else."""
    shares = [(Intent.ASK_PROCEDURE, 0.6), (Intent.OUT_OF_SCOPE, STRAYS_FROM)]
    sure = engine._reader.read(tokenise("đăng ký khai sinh"))
    unsure = replace(sure, confidence=BEYOND_STRAYING - 0.1)

    assert choose(shares, sure, ())[0] is Intent.ASK_PROCEDURE
    assert choose(shares, unsure, ()) == (Intent.OUT_OF_SCOPE, STRAYS_FROM)


def test_idle_talk_is_sent_to_no_office_that_we_do_not_know(engine: Engine) -> None:
    """From the bar on a procedure of others is not named; a known office still is."""
    judge = engine._judge
    licence = engine._reader.read(tokenise("cấp giấy phép lái xe"))
    hacked = engine._reader.read(tokenise("bị hack facebook"))
    out = Intent.OUT_OF_SCOPE

    named = judge.chat(out, ASIDE_FROM - 0.1, licence)
    idle = judge.chat(out, ASIDE_FROM, licence)
    known = judge.chat(out, ASIDE_FROM, hacked)

    assert (named.intent, named.decision) == (Intent.ASK_PROCEDURE, Decision.ELSEWHERE)
    assert (idle.intent, idle.decision) == (out, Decision.UNKNOWN)
    assert idle.candidates == ()
    assert (known.intent, known.decision) == (out, Decision.ELSEWHERE)
    assert "ứng dụng" in known.office


@pytest.mark.parametrize("text", ["asdf qwer", "zzz", "!!!", "hjkl uiop vbnm"])
def test_nonsense_is_not_understood(engine: Engine, text: str) -> None:
    """Keys hit at random mean nothing, and nothing is done about them."""
    reading = engine.parse(text)

    assert reading.decision in {Decision.UNKNOWN, Decision.CHAT}
    assert reading.intent in {
        Intent.OUT_OF_SCOPE, Intent.SMALL_TALK, Intent.ASK_PROCEDURE, Intent.ABUSE,
    }  # fmt: skip
