"""How do messages for staff look on Telegram and on the Zalo Bot platform?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import render as telegram
from bot.channels.zalo_bot import render as zalo_bot
from handlers.model import Button, Reply
from handlers.staff.desk import Act, Tap, payload

ACTS = tuple(
    Button(title, payload=payload(Tap(act, "r" * 32)))
    for act, title in zip(Act, ("Nhận", "Trả lời", "Chuyển", "Đóng"), strict=False)
)


def test_our_longest_payload_fits_telegram() -> None:
    """Every act with the longest reference is within 64 bytes."""
    longest = [payload(Tap(act, "r" * 40)) for act in Act]

    assert max(len(text.encode()) for text in longest) <= telegram.PAYLOAD_BYTES


def test_a_payload_that_is_too_long_is_left_out() -> None:
    """Telegram would refuse the whole message."""
    assert telegram.keyboard((Button("a", payload="x" * 65),)) is None


def test_a_link_is_a_button() -> None:
    """An address opens in the browser."""
    found = telegram.keyboard((Button("Xem", url="https://a.example"),))

    assert found is not None
    assert found.to_dict() == {
        "inline_keyboard": [[{"text": "Xem", "url": "https://a.example"}]]
    }


def test_buttons_hang_under_the_last_part() -> None:
    """A text of 9000 characters is three messages; the buttons are under the last."""
    parts = telegram.plan(Reply("từ " * 3000, ACTS))

    assert len(parts) == 3
    assert [bool(part.buttons) for part in parts] == [False, False, True]


def test_choices_are_numbers_where_there_are_no_buttons() -> None:
    """The number belongs to the act, so it means the same in every message."""
    (part,) = zalo_bot.plan(Reply("Dạ", (ACTS[0], ACTS[3])))

    assert part.text == "Dạ\n- Trả lời 1 để nhận\n- Trả lời 4 để đóng"
    assert part.buttons == ()


def test_a_reply_by_number_needs_words() -> None:
    """2 alone says nothing to the citizen; links are written out."""
    link = Button("Xem", url="https://a.example")
    (part,) = zalo_bot.plan(Reply("Dạ", (ACTS[1], link)))

    assert "Nhắn 2 kèm lời để trả lời bà con" in part.text
    assert part.text.endswith("Xem: https://a.example")


@given(st.text(max_size=9000))
def test_every_part_is_within_the_limits(text: str) -> None:
    """Both platforms take every part."""
    reply = Reply(text, ACTS)

    assert all(len(p.text) <= 4096 for p in telegram.plan(reply))
    assert all(len(p.text) <= 2000 for p in zalo_bot.plan(reply))


@given(st.text(max_size=300))
def test_a_topic_always_has_a_name(title: str) -> None:
    """1 to 128 characters, whatever the title."""
    assert 1 <= len(telegram.topic_name(title)) <= 128
