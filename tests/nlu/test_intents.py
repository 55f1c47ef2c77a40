"""Intents that are no question on a procedure, above all emergencies."""

from __future__ import annotations

import pytest

from nlu.engine import Engine
from nlu.errors import BadTrainingDataError
from nlu.model import Decision, Intent
from nlu.normalise import fold
from nlu.training import examples, parse
from tests.nlu.support import rows

EMERGENCIES = [
    "cháy nhà rồi cứu với",
    "nhà hàng xóm đang cháy to lắm",
    "có người đuối nước ngoài sông",
    "tai nạn ở ngã ba, có người bị thương",
    "đánh nhau ngoài chợ có cầm dao",
    "chồng đánh vợ, gọi công an giúp",
    "bố em ngất xỉu rồi",
    "cháu bé bị bạo hành",
    "có người đòi tự tử trên cầu",
    "có trộm vào nhà tôi",
    "gọi cấp cứu giúp tôi với",
]
NO_EMERGENCIES = [
    "giấy phép phòng cháy chữa cháy cho quán karaoke",
    "bóng đèn đường bị cháy",
    "cháy bóng đèn ngõ nhà tôi",
    "xe cháy nhớt thì sửa ở đâu",
    "trợ cấp khẩn cấp",
    "hưởng chế độ tai nạn lao động cần gì",
    "nhà tôi bị cháy mất giấy khai sinh, làm lại ở đâu",
    "hỗ trợ gia đình có người bị tai nạn",
    "bị trộm mất căn cước, làm lại thế nào",
    "cứu trợ hộ nghèo",
    "chưa có giấy khai sinh",
]


@pytest.mark.parametrize("change", [str, fold], ids=["accented", "folded"])
@pytest.mark.parametrize("text", EMERGENCIES)
def test_emergencies_are_heard(engine: Engine, text: str, change: type[str]) -> None:
    """Danger to life is recognised at once."""
    reading = engine.parse(change(text))

    assert (reading.intent, reading.decision) == (Intent.EMERGENCY, Decision.CHAT)


@pytest.mark.parametrize("change", [str, fold], ids=["accented", "folded"])
@pytest.mark.parametrize("text", NO_EMERGENCIES)
def test_false_alarms_are_not(engine: Engine, text: str, change: type[str]) -> None:
    """Procedures and lamps that speak of fire are no emergency."""
    assert engine.parse(change(text)).intent is not Intent.EMERGENCY


@pytest.mark.parametrize("change", [str, fold], ids=["accented", "folded"])
def test_chat_intents(engine: Engine, change: type[str]) -> None:
    """Of our own sentences all but a few get their intent."""
    asked = rows("chat.jsonl")
    right = [engine.parse(change(row["q"])).intent == row["intent"] for row in asked]

    assert sum(right) >= 0.94 * len(asked)


@pytest.mark.parametrize(
    "text", ["hủy đăng ký kết hôn", "xóa đăng ký thường trú", "ngừng kinh doanh hộ"]
)
def test_opting_out_does_not_swallow_procedures(engine: Engine, text: str) -> None:
    """Cancelling a registration is no wish to get no messages."""
    assert Intent.ASK_PROCEDURE is engine.parse(text).intent


@pytest.mark.parametrize("text", ["stop", "ngừng nhận tin", "huy dang ky nhan tin"])
def test_opting_out(engine: Engine, text: str) -> None:
    """The plain wish to get no messages is recognised."""
    assert Intent.OPT_OUT is engine.parse(text).intent


@pytest.mark.parametrize(
    "text",
    [
        "xin chào, làm khai sinh cần gì",
        "cảm ơn em, cho hỏi kết hôn mất bao lâu",
    ],
)
def test_courtesy_does_not_hide_a_question(engine: Engine, text: str) -> None:
    """A greeting or thanks in front of a question leaves it a question."""
    assert Intent.ASK_PROCEDURE is engine.parse(text).intent


def test_every_intent_is_taught() -> None:
    """The training data know every intent, with at least fifteen sentences each."""
    taught = [intent for _, intent in examples()]

    assert set(Intent) == set(taught)
    assert all(taught.count(intent) >= 15 for intent in Intent)


@pytest.mark.parametrize(
    "document",
    [
        None,
        {"version": "2.0", "nlu": []},
        {"version": "3.1"},
        {"version": "3.1", "nlu": [{"intent": "nonsense", "examples": "- a"}]},
        {"version": "3.1", "nlu": [{"intent": "thanks"}]},
        {"version": "3.1", "nlu": ["thanks"]},
    ],
)
def test_spoilt_training_data_are_refused(document: object) -> None:
    """A training file of another shape is named as such."""
    with pytest.raises(BadTrainingDataError):
        parse(document)
