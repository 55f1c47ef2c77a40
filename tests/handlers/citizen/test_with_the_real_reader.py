"""Do reader, catalogue, words and handlers fit together on the shipped seed?"""

from __future__ import annotations

import pytest

from handlers.model import Tag
from handlers.ports import Services
from messages.seed import procedures
from nlu.engine import Engine
from nlu.model import Decision, Entry
from tests.handlers.citizen.talk import (
    HOURS,
    UNIT,
    WORDS,
    Clock,
    Shelf,
    Talk,
    data,
    tags,
    words,
)


@pytest.fixture(scope="module")
def seeded() -> Services:
    """The shipped procedures with the real engine."""
    found = procedures()
    entries = [
        Entry(
            one.code,
            one.name,
            one.aliases,
            one.examples,
            one.field,
            one.is_commune,
            float(one.core),
        )
        for one in found
    ]
    engine = Engine.build(entries)
    return Services(UNIT, Clock(), engine, Shelf(found), HOURS, WORDS)


def test_a_talk_about_a_birth(seeded: Services) -> None:
    """Question, fee, time, thanks: one talk without marks, as people type."""
    talk = Talk(seeded)

    assert "Đăng ký khai sinh" in words(talk.says("lam giay khai sinh cho con"))
    assert "Lệ phí" in words(talk.says("con le phi thi sao"))
    assert "Thời hạn" in words(talk.says("thế bao lâu thì xong"))
    assert "cảm ơn bác" in words(talk.says("cam on em"))


@pytest.mark.parametrize(
    ("text", "part", "tag"),
    [
        ("nhà hàng xóm đang cháy to quá", "114", Tag.GUIDED),
        ("tôi muốn tố cáo cán bộ nhận tiền", "không nhắn tên", Tag.GUIDED),
        ("cho tôi gặp người thật", "cán bộ", Tag.HANDOVER_OPENED),
        ("xóa dữ liệu của tôi", "dữ liệu cá nhân", Tag.PRIVACY_REQUESTED),
        ("đèn đường ngõ 3 hỏng cả tuần", "phản ánh hiện trường", Tag.FORM_BEGUN),
        ("đừng gửi tin nhắn cho tôi nữa", "không gửi thông báo", Tag.OPTED_OUT),
    ],
)
def test_what_must_never_be_missed(
    seeded: Services, text: str, part: str, tag: Tag
) -> None:
    """Danger, denunciation, a person, rights, reports and opt-outs are understood."""
    outcome = Talk(seeded).says(text)

    assert part in words(outcome)
    assert tag in tags(outcome)


@pytest.mark.parametrize("procedure", procedures(), ids=lambda one: one.code)
def test_every_procedure_can_be_opened(seeded: Services, procedure: object) -> None:
    """Each card can be sent, and each of its buttons leads to an answer."""
    code = str(getattr(procedure, "code", ""))
    talk = Talk(seeded)
    outcome = talk.taps(f"#tt:{code}")

    assert data(outcome, Tag.PROCEDURE_SHOWN)["code"] == code
    for button in outcome.replies[0].buttons:
        assert talk.taps(button.payload or "").replies


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("làm khai sinh", "1.001193"),
        ("lam giay khai sinh cho con", "1.001193"),
        ("mo quan ca phe", "1.001612"),
    ],
)
def test_few_words_are_enough(seeded: Services, text: str, code: str) -> None:
    """What people ask for most is answered even when they say very little."""
    found = seeded.reader.parse(text)

    assert found.decision is Decision.ANSWER
    assert found.candidates[0].code == code


def test_two_matters_get_two_answers(seeded: Services) -> None:
    """Each matter of one message is answered in turn, after a sentence saying so."""
    talk = Talk(seeded)

    outcome = talk.says("làm căn cước và đăng ký tạm trú cho em trai")

    assert len(outcome.replies) == 2
    assert "2 việc" in outcome.replies[0].text
    told = " ".join(reply.text for reply in outcome.replies)
    assert "thẻ căn cước" in told
    assert "Đăng ký tạm trú" in told
