"""What is said of a file, and what of a photo that is called an identity paper?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.model import Attachment, Consent, Kind, Outcome
from tests.handlers.citizen.talk import KNOWN, Talk, titles, words

URL = "https://anh.example/1.jpg"


def sends(text: str = "", name: str = "", talk: Talk | None = None) -> Outcome:
    """Send a picture with a caption and a name."""
    picture = (Attachment("image", URL, name),)
    return (talk or Talk()).sends(Kind.ATTACHMENT, text=text, attachments=picture)


def test_a_picture_that_is_kept_is_said_to_be_kept() -> None:
    """Staff can look at it; the bot itself cannot, and says so."""
    outcome = sends()

    assert len(outcome.files) == 1
    assert "giữ lại để cán bộ xem" in words(outcome)
    assert "chưa tự xem được" in words(outcome)


def test_a_picture_that_is_not_kept_is_not_said_to_be() -> None:
    """Who declined the notice is promised nothing that does not happen."""
    declined = Talk(state=replace(KNOWN, consent=Consent.DECLINED))
    outcome = sends(talk=declined)

    assert outcome.files == ()
    assert "giữ lại để cán bộ" not in words(outcome)
    assert "giữ lại để cán bộ" in words(sends("làm khai sinh"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ảnh căn cước của tôi đây", ""),
        ("", "CCCD_mat_truoc.jpg"),
        ("", "chung-minh-nhan-dan 2.png"),
        ("hộ chiếu ạ", "IMG_1.jpg"),
    ],
)
def test_an_identity_paper_is_not_kept(text: str, name: str) -> None:
    """Nobody asked for it: said kindly, not stored, and erasing is offered."""
    outcome = sends(text, name)

    assert outcome.files == ()
    assert "không lưu ảnh giấy tờ" in words(outcome)
    if not text:
        assert "Xóa dữ liệu" in titles(outcome)


def test_a_question_beside_an_identity_paper_is_answered() -> None:
    """The words are served as ever; only the photo is refused."""
    outcome = sends("làm khai sinh", "can_cuoc.jpg")

    assert outcome.files == ()
    assert "không lưu ảnh giấy tờ" in words(outcome)
    assert "Đăng ký khai sinh" in words(outcome)
