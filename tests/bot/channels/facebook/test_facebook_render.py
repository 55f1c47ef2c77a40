"""Are replies written as Messenger's Send API takes them?"""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.facebook import render as module
from bot.channels.facebook.profile import build_profile
from bot.channels.facebook.render import plan, render
from bot.channels.split import MORE, units
from handlers.model import Button, Media, Reply

USER = "5275811702471001"


def body_of(message: dict[str, object], **rest: str) -> dict[str, object]:
    return {
        "recipient": {"id": USER},
        "messaging_type": "RESPONSE",
        **rest,
        "message": message,
    }


def test_a_text_carries_our_mark() -> None:
    """The echo of what we send is known by its metadata."""
    told = render(Reply("Dạ, xin chào"), USER, reference="41")
    assert told == body_of({"text": "Dạ, xin chào", "metadata": "tt:41"})


def test_answers_are_quick_replies() -> None:
    """Buttons that answer us become chips with titles of twenty characters."""
    part = Reply("Chọn", (Button("Đăng ký khai sinh lưu động", payload="#tt:1"),))
    chip = {"content_type": "text", "title": "Đăng ký khai sinh…", "payload": "#tt:1"}
    expected: dict[str, object] = {
        "text": "Chọn",
        "quick_replies": [chip],
        "metadata": "tt:",
    }
    assert render(part, USER) == body_of(expected)


def test_links_and_numbers_are_a_template() -> None:
    """Pages and calls need a button template."""
    part = Reply(
        "Chọn",
        (
            Button("Nộp online", url="https://dichvucong.gov.vn"),
            Button("Gọi", phone="0225 3000 001"),
        ),
    )
    shown = [
        {
            "type": "web_url",
            "url": "https://dichvucong.gov.vn",
            "title": "Nộp online",
        },
        {"type": "phone_number", "title": "Gọi", "payload": "+842253000001"},
    ]
    payload = {"template_type": "button", "text": "Chọn", "buttons": shown}
    attachment = {"type": "template", "payload": payload}
    expected = body_of({"attachment": attachment, "metadata": "tt:"})
    assert render(part, USER) == expected


@pytest.mark.parametrize(
    ("media", "upload", "kind", "payload"),
    [
        (
            Media("image", url="https://vidu.vn/a.png"),
            "",
            "image",
            {"url": "https://vidu.vn/a.png", "is_reusable": True},
        ),
        (Media("file", path="a.pdf"), "77", "file", {"attachment_id": "77"}),
        (Media("document", path="a.pdf"), "77", "file", {"attachment_id": "77"}),
    ],
)
def test_files(media: Media, upload: str, kind: str, payload: object) -> None:
    """A file goes by address or by the id of its upload."""
    attachment = {"type": kind, "payload": payload}
    told = render(Reply("", media=media), USER, upload=upload)
    assert told == body_of({"attachment": attachment, "metadata": "tt:"})


def test_only_a_person_may_use_the_human_tag() -> None:
    """The seven-day window is for texts that a person wrote."""
    told = render(Reply("Dạ"), USER, human=True)
    message: dict[str, object] = {"text": "Dạ", "metadata": "tt:"}
    expected = body_of(message, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")
    assert told == expected


def test_retired_tags_cannot_be_said() -> None:
    """No argument and no line of the renderer names another tag."""
    assert "tag" not in inspect.signature(render).parameters
    written = inspect.getsource(module)
    retired = ("CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE")
    assert not [tag for tag in retired if tag in written]


def test_chips_come_last() -> None:
    """Links stay in the talk, chips vanish with the next message."""
    link = Button("Nộp online", url="https://vidu.vn")
    chip = Button("Lệ phí", payload="#phi")
    assert plan(Reply("Dạ", (chip, link))) == (
        Reply("Dạ", (link,)),
        Reply(MORE, (chip,)),
    )


def test_a_template_has_a_short_text() -> None:
    """A card of 900 characters is a text and a template of its end."""
    text = "\n\n".join(["một đoạn " * 30] * 3).strip()
    parts = plan(Reply(text, (Button("Nộp online", url="https://vidu.vn"),)))
    assert [bool(part.buttons) for part in parts] == [False, True]
    assert units(parts[1].text) <= 640


def test_four_links_are_two_templates() -> None:
    """A template holds three buttons."""
    links = tuple(Button(f"Trang {n}", url="https://vidu.vn") for n in range(4))
    assert [len(part.buttons) for part in plan(Reply("Dạ", links))] == [3, 1]


def test_short_numbers_are_written_out() -> None:
    """113 cannot be dialled from a button of Messenger, but it can be read."""
    reply = Reply("Dạ", (Button("Công an", phone="113"),))
    assert plan(reply) == (Reply("Dạ\n- Công an: 113"),)


def test_the_fourteenth_answer_is_written_out() -> None:
    """Thirteen chips, the rest as lines to type."""
    chips = tuple(Button(f"Mục {n}", payload=f"#{n}") for n in range(14))
    (part,) = plan(Reply("Dạ", chips))
    assert (part.text, len(part.buttons)) == ("Dạ\n- Mục 13", 13)


BUTTONS = st.builds(
    lambda title, kind: Button(title, **kind),
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        [
            {"payload": "#x"},
            {"url": "https://vidu.vn"},
            {"phone": "0900000001"},
            {"phone": "113"},
        ]
    ),
)


@given(st.text(max_size=5000), st.lists(BUTTONS, max_size=18))
def test_every_part_keeps_messengers_limits(text: str, buttons: list[Button]) -> None:
    """2000 characters, thirteen chips; templates of 640 and three; titles of 20."""
    parts = plan(Reply(text, tuple(buttons)))
    for part in parts:
        message = render(part, USER)["message"]
        assert isinstance(message, dict)
        assert units(message.get("text", "")) <= 2000
        chips = message.get("quick_replies", [])
        template = message.get("attachment", {"payload": {"text": "", "buttons": []}})
        shown = template["payload"]["buttons"]
        assert len(chips) <= 13
        assert len(shown) <= 3
        assert units(template["payload"]["text"]) <= 640
        assert all(len(button["title"]) <= 20 for button in [*chips, *shown])
    assert not any(part.buttons for part in parts[:-1] if _has_chips(part))


def _has_chips(part: Reply) -> bool:
    return any(button.payload is not None for button in part.buttons)


def test_the_profile() -> None:
    """Get started, greeting and menu as the messenger profile takes them."""
    menu = [
        Button("Trình đơn", payload="#menu"),
        Button("Cổng dịch vụ công quốc gia", url="https://dichvucong.gov.vn"),
        Button("Công an", phone="113"),
    ]
    told = build_profile(get_started="#menu", greeting="Xin chào " * 40, menu=menu)
    assert told["get_started"] == {"payload": "#menu"}
    assert told["persistent_menu"] == [
        {
            "locale": "default",
            "composer_input_disabled": False,
            "call_to_actions": [
                {"type": "postback", "title": "Trình đơn", "payload": "#menu"},
                {
                    "type": "web_url",
                    "url": "https://dichvucong.gov.vn",
                    "title": "Cổng dịch vụ công…",
                },
            ],
        }
    ]
    assert "persistent_menu" not in build_profile(
        get_started="#menu", greeting="Xin chào", menu=[]
    )
