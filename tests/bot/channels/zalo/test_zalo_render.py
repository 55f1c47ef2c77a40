"""Are replies written as Zalo's Open API takes them?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.split import units
from bot.channels.zalo.parse import BUTTON_MARK
from bot.channels.zalo.render import plan, render
from handlers.model import Button, Media, Reply

USER = "8309393969855402777"


def body_of(message: object) -> dict[str, object]:
    return {"recipient": {"user_id": USER}, "message": message}


def test_a_text() -> None:
    """A text is a text and nothing else."""
    assert render(Reply("Dạ, xin chào"), USER) == body_of({"text": "Dạ, xin chào"})


def test_buttons_of_every_kind() -> None:
    """A payload is hidden, an address opens, a number is called."""
    part = Reply(
        "Mời chọn",
        (
            Button("Lệ phí", payload="#tt:1.001193:fee"),
            Button("Cổng dịch vụ công", url="https://dichvucong.gov.vn"),
            Button("Gọi ủy ban", phone="0225 3000 001"),
            Button("Công an", phone="113"),
        ),
    )
    shown = [
        {"title": "Lệ phí", "type": "oa.query.hide", "payload": "#tt:1.001193:fee"},
        {
            "title": "Cổng dịch vụ công",
            "type": "oa.open.url",
            "payload": {"url": "https://dichvucong.gov.vn"},
        },
        {
            "title": "Gọi ủy ban",
            "type": "oa.open.phone",
            "payload": {"phone_code": "842253000001"},
        },
        {
            "title": "Công an",
            "type": "oa.open.phone",
            "payload": {"phone_code": "113"},
        },
    ]
    attachment = {"type": "template", "payload": {"buttons": shown}}
    expected = body_of({"text": "Mời chọn", "attachment": attachment})
    assert render(part, USER) == expected


@pytest.mark.parametrize(
    ("media", "upload", "attachment"),
    [
        (
            Media("image", url="https://vidu.vn/a.png"),
            "",
            {
                "type": "template",
                "payload": {
                    "template_type": "media",
                    "elements": [
                        {"media_type": "image", "url": "https://vidu.vn/a.png"}
                    ],
                },
            },
        ),
        (
            Media("image", path="a.png"),
            "id-1",
            {
                "type": "template",
                "payload": {
                    "template_type": "media",
                    "elements": [{"media_type": "image", "attachment_id": "id-1"}],
                },
            },
        ),
        (
            Media("file", path="a.pdf"),
            "tok-1",
            {"type": "file", "payload": {"token": "tok-1"}},
        ),
    ],
)
def test_files(media: Media, upload: str, attachment: object) -> None:
    """A picture goes by address or id, a document by token."""
    told = render(Reply("", media=media), USER, upload=upload)
    assert told == body_of({"attachment": attachment})


def test_a_picture_keeps_its_words() -> None:
    """One message costs less than two."""
    reply = Reply("Dạ, đây ạ", media=Media("image", path="a.png"))
    assert plan(reply) == (reply,)


def test_a_picture_with_buttons_is_two_messages() -> None:
    """A message carries either a picture or buttons."""
    buttons = (Button("Có", payload="#co"),)
    parts = plan(Reply("Dạ", buttons, Media("image", path="a.png")))
    assert parts == (
        Reply("", media=Media("image", path="a.png")),
        Reply("Dạ", buttons),
    )


def test_a_document_goes_before_its_words() -> None:
    """A document's message has no text."""
    media = Media("file", path="a.pdf")
    assert plan(Reply("Dạ", media=media)) == (Reply("", media=media), Reply("Dạ"))


def test_what_cannot_be_carried_is_linked() -> None:
    """A document that only has an address becomes a line of text."""
    media = Media("file", url="https://vidu.vn/a.pdf", name="Mẫu 01")
    assert plan(Reply("Dạ", media=media)) == (
        Reply("Dạ\nMẫu 01\nhttps://vidu.vn/a.pdf"),
    )


def test_six_buttons_are_two_messages() -> None:
    """Zalo shows five at once; the sixth follows."""
    buttons = tuple(Button(f"Nút {n}", payload=f"#{n}") for n in range(6))
    assert [len(part.buttons) for part in plan(Reply("Dạ", buttons))] == [5, 1]


def test_a_payload_comes_back_as_a_tap() -> None:
    """What we hide in a button starts with the mark by which taps are known."""
    told = str(render(Reply("Dạ", (Button("Có", payload="#co"),)), USER))
    assert f"'payload': '{BUTTON_MARK}co'" in told


@given(st.text(max_size=6000), st.lists(st.text(min_size=1), max_size=12))
def test_every_part_keeps_zalos_limits(text: str, titles: list[str]) -> None:
    """2000 characters, five buttons, titles of a hundred."""
    buttons = tuple(Button(title, payload="#x") for title in titles)
    for part in plan(Reply(text, buttons)):
        assert units(part.text) <= 2000
        assert len(part.buttons) <= 5
        message = render(part, USER)["message"]
        assert isinstance(message, dict)
        shown = message.get("attachment", {"payload": {"buttons": []}})
        for button in shown["payload"]["buttons"]:
            assert len(button["title"]) <= 100
