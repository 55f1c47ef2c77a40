"""A question, or one of the other things people say?"""

from __future__ import annotations

import pytest

from nlu.choice import choose
from nlu.engine import Engine
from nlu.model import Decision, Intent
from nlu.normalise import fold, tokenise


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


@pytest.mark.parametrize("text", ["asdf qwer", "zzz", "!!!", "hjkl uiop vbnm"])
def test_nonsense_is_not_understood(engine: Engine, text: str) -> None:
    """Keys hit at random mean nothing, and nothing is done about them."""
    reading = engine.parse(text)

    assert reading.decision in {Decision.UNKNOWN, Decision.CHAT}
    assert reading.intent in {
        Intent.OUT_OF_SCOPE, Intent.SMALL_TALK, Intent.ASK_PROCEDURE, Intent.ABUSE,
    }  # fmt: skip
