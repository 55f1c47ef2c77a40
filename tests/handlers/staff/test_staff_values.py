"""Do the values of the staff port hold what they promise?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff import choices
from handlers.staff.choices import Choice
from handlers.staff.desk import Act, Tap, parse_payload, payload
from handlers.staff.disclosure import (
    SEALED_KINDS,
    SUMMARY,
    Content,
    may_show_files,
    words_for_staff,
)

TEXT = "tôi là Nguyễn Thị Lành, số 0912345678, đèn đường thôn Đông hỏng"


IDS = st.text(st.characters(exclude_characters=":"), min_size=1, max_size=40)


@given(st.sampled_from(Act), IDS, st.text())
def test_a_payload_comes_back(act: Act, ref: str, detail: str) -> None:
    """What a button carries is read again as it was."""
    assert parse_payload(payload(Tap(act, ref, detail))) == Tap(act, ref, detail)


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Foreign payloads are None, never an exception."""
    found = parse_payload(text)

    assert found is None or payload(found) == text


def test_by_default_only_a_masked_summary_leaves() -> None:
    """Name and phone are hidden; the matter stays readable."""
    shown = words_for_staff("phan_anh", TEXT, Content.MASKED)

    assert "0912345678" not in shown
    assert "Lành" not in shown
    assert "đèn đường" in shown


def test_full_text_only_when_configured() -> None:
    """The commune decided so and answers for it."""
    assert words_for_staff("phan_anh", TEXT, Content.FULL) == TEXT


@pytest.mark.parametrize("content", Content)
@pytest.mark.parametrize("kind", sorted(SEALED_KINDS))
def test_sealed_kinds_never_leave(kind: str, content: Content) -> None:
    """Denunciation, complaint and service for the sick, whatever is configured."""
    assert words_for_staff(kind, "đèn đường hỏng", content) == ""
    assert not may_show_files(kind, "đèn đường hỏng", content)


@pytest.mark.parametrize("content", Content)
@pytest.mark.parametrize(
    "text",
    [
        "tôi muốn tố cáo ông trưởng thôn",
        "toi muon to cao ong truong thon",
        "mẹ tôi bị ung thư nằm liệt giường",
    ],
)
def test_sealed_words_never_leave(text: str, content: Content) -> None:
    """The same by the words themselves, under any kind."""
    assert words_for_staff("gap_can_bo", text, content) == ""


def test_pictures_leave_only_with_the_full_text() -> None:
    """A picture cannot be masked."""
    assert may_show_files("phan_anh", TEXT, Content.FULL)
    assert not may_show_files("phan_anh", TEXT, Content.MASKED)


def test_a_summary_is_short() -> None:
    """A story becomes a few lines."""
    assert len(words_for_staff("phan_anh", "đường hỏng " * 90, Content.MASKED)) == (
        SUMMARY
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Choice(Act.TAKE, "", "")),
        ("1.", Choice(Act.TAKE, "", "")),
        (" 2 Dạ, mời bác", Choice(Act.REPLY, "", "Dạ, mời bác")),
        ("2 YC-3F9A2 Dạ, mời bác", Choice(Act.REPLY, "YC-3F9A2", "Dạ, mời bác")),
        ("4 yc-3f9a2", Choice(Act.CLOSE, "YC-3F9A2", "")),
        ("2: Dạ\nmời bác", Choice(Act.REPLY, "", "Dạ\nmời bác")),
        ("3 PA-261125-0042", Choice(Act.FORWARD, "PA-261125-0042", "")),
        ("5", Choice(Act.APPROVE, "", "")),
        ("8", None),
        ("12", None),
        ("1 000 đồng", None),
        ("chào em", None),
        ("", None),
    ],
)
def test_a_choice_by_number(text: str, expected: Choice | None) -> None:
    """A number, perhaps a code, perhaps words; all else is no choice."""
    assert choices.read(text) == expected


@given(st.text())
def test_any_text_is_a_choice_or_none(text: str) -> None:
    """Nothing an officer writes breaks the reader."""
    found = choices.read(text)

    assert found is None or found.act in Act


def test_a_code_finds_its_matter() -> None:
    """Code or whole reference; no code means all, a foreign one none."""
    ref = "0" * 27 + "3f9a2"
    known = [(choices.short_code(ref), ref), ("PA-261125-0042", "r2")]

    assert choices.matching("YC-3F9A2", known) == (ref,)
    assert choices.matching("PA-261125-0042", known) == ("r2",)
    assert choices.matching(ref.upper(), known) == (ref,)
    assert choices.matching("", known) == (ref, "r2")
    assert choices.matching("YC-00000", known) == ()
