"""A citizen who has a complaint written: what is answered to each question."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.model import Outcome
from tests.handlers.citizen.talk import Talk

ANSWERS: Mapping[str, str] = {
    "name": "Đoàn Thị Bưởi",
    "address": "thôn Bãi, xã Mẫu",
    "phone": "0912 345 678",
    "accused": "Phòng Kinh tế xã, ông Phạm Văn Mận",
    "accused_address": "trụ sở xã",
    "what": "Quyết định số 12 ngày 03/10/2026 trả hồ sơ của tôi.",
    "reason": "Hồ sơ đã đủ mà vẫn bị trả, tôi mất hạn cấp giấy.",
    "demand": "Xin nhận lại hồ sơ.",
    "papers": "Quyết định số 12\nGiấy hẹn",
    "written_on": "hôm nay",
}


def begun(talk: Talk | None = None) -> Talk:
    """Return a talk in which the first question is open."""
    talk = talk or Talk()
    talk.says("tôi khiếu nại")
    talk.taps("#don:begin")
    return talk


def asked(talk: Talk) -> str:
    """Return what is asked for now, "" when no paper is open."""
    draft = talk.state.complaint
    return draft.ask.value if draft else ""


def upto(ask: str, talk: Talk | None = None) -> Talk:
    """Return a talk that answered everything before a question."""
    talk = talk or begun()
    while asked(talk) != ask:
        talk.says(ANSWERS[asked(talk)])
    return talk


def made(talk: Talk | None = None) -> Outcome:
    """Answer everything and have the paper made."""
    return upto("preview", talk).taps("#don:send")
