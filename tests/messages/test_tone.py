"""Do all sentences keep "4 xin, 4 luôn, 5 không"?"""

from __future__ import annotations

import re

import pytest

from messages.samples import edge_cases
from messages.words import ChatWords

WORDS = ChatWords()
CURT = (
    "không biết",
    "không rõ",
    "tự tìm",
    "tự túc",
    "chờ đi",
    "phải chờ đợi",
    "bắt buộc",
    "yêu cầu anh",
    "yêu cầu ông",
    "đề nghị công dân",
    "công dân phải",
    "nghiêm cấm",
    "không được phép",
    "không hợp lệ",
    "sai rồi",
    "đừng",
    "ngươi",
    "mày",
    "hệ thống lỗi",
    "không thuộc thẩm quyền",
    "kính chuyển",
    "quý công dân",
    "huyện",
    "thị trấn",
)
"""Curt or bureaucratic; the last two levels are gone since 01/07/2025."""
PARTS = {
    "buttons",
    "procedure.card",
    "procedure.paper",
    "procedure.paper_short",
    "procedure.documents",
    "procedure.fee",
    "procedure.time",
    "procedure.place",
    "procedure.online",
    "procedure.steps",
    "procedure.form",
    "procedure.conditions",
    "procedure.legal",
    "procedure.missing",
    "procedure.link",
    "guidance.contact",
    "cases.common.status_line",
}
"""Labels, and parts of a reply whose other parts are polite."""
SENTENCES = [
    key for key in WORDS.names() if key not in PARTS and not key.startswith("buttons.")
]


def usual(key: str) -> str:
    """Return the sentence with ordinary values, flags set."""
    cases = list(edge_cases(WORDS.variables(key)))
    return WORDS.say(key, **cases[3])


def test_no_curt_word() -> None:
    """No sentence orders, blames or hides behind an office."""
    curt = re.compile(rf"\b({'|'.join(CURT)})\b")
    found = {key: curt.findall(usual(key).lower()) for key in WORDS.names()}

    assert {key: words for key, words in found.items() if words} == {}


def test_every_sentence_is_polite() -> None:
    """Each sentence says "dạ", "ạ" or "xin" (please, sorry, thanks, may I)."""
    polite = re.compile(r"\b(dạ|ạ|xin)\b")

    assert [key for key in SENTENCES if not polite.search(usual(key).lower())] == []


@pytest.mark.parametrize("key", ["procedure.unknown", "procedure.wrong", "media.audio"])
def test_what_we_cannot_do_is_an_apology(key: str) -> None:
    """A limit of ours is never the citizen's fault."""
    assert "xin lỗi" in usual(key)


def test_every_reply_of_the_shipped_sentences_calls_itself_em() -> None:
    """The bot never speaks as "tôi" or "chúng tôi"."""
    assert [key for key in WORDS.names() if "chúng tôi" in usual(key)] == []
