"""Is a procedure told shortly, completely where asked, and only as it is recorded?"""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import card, facts
from messages.procedure import (
    Announcement,
    Confidence,
    Duration,
    Fee,
    Legal,
    Level,
    Online,
    Paper,
    Procedure,
    Source,
)
from messages.seed import procedures
from messages.words import ChatWords

WORDS = ChatWords()
SEED = procedures()
NUMBERS = re.compile(r"\d+")


def say(key: str, **values: object) -> str:
    """Speak to a citizen who was met before."""
    common = {"xh": "bác", "Xh": "Bác", "xa": "UBND xã Mẫu", "place": ""}
    return WORDS.say(key, **(values | common))


def record(**changes: object) -> Procedure:
    """Return a small procedure."""
    basic: dict[str, object] = {
        "code": "1.000001",
        "name": "Việc mẫu",
        "field": "Mẫu",
        "levels": [Level.XA],
        "authority": "UBND xã",
        "confidence": Confidence.HIGH,
        "source": Source(name="Sổ tay (bản thử)", as_of=date(2026, 7, 1)),
    }
    return Procedure.model_validate(basic | changes)


def test_cards_of_the_seed_fit_a_phone() -> None:
    """No card of the seed is longer than promised, and each names code and day."""
    told = {one.code: card.card(one, say).text for one in SEED}
    days = {one.code: f"{one.source.as_of:%d/%m/%Y}" for one in SEED}

    assert [code for code, text in told.items() if len(text) > card.CARD_LIMIT] == []
    assert [code for code, text in told.items() if code not in text] == []
    assert [code for code, text in told.items() if days[code] not in text] == []


def invented(procedure: Procedure) -> set[str]:
    """Return the figures of card and facets that are not in the record."""
    known = f"{procedure.model_dump_json()} {procedure.source.as_of:%d/%m/%Y}"
    told = card.card(procedure, say).text
    told += card.answer(procedure, facts.FACETS, say).text
    return set(NUMBERS.findall(told)) - set(NUMBERS.findall(known))


def test_no_figure_of_the_seed_is_invented() -> None:
    """Card and every facet hold only figures of the record."""
    found = {one.code: invented(one) for one in SEED}

    assert {code: figures for code, figures in found.items() if figures} == {}


TEXT = st.text("abc xyzạ0.;", min_size=1, max_size=400).filter(str.strip)
RECORDS = st.builds(
    record,
    name=TEXT,
    summary=st.none() | TEXT,
    papers=st.lists(
        st.builds(Paper, name=TEXT, when=st.none() | TEXT, copies=st.integers(0, 3)),
        max_size=20,
    ),
    fee=st.none() | st.builds(Fee, text=TEXT, sure=st.booleans()),
    time=st.none() | st.builds(Duration, text=TEXT, sure=st.booleans()),
    place=st.none() | TEXT,
    online=st.none() | st.builds(Online, available=st.booleans(), text=TEXT),
)


@given(RECORDS)
def test_a_card_never_tells_half_a_fact_as_whole(procedure: Procedure) -> None:
    """Every facet that a card counts as told stands in it word for word."""
    told = card.card(procedure, say)
    one_line = " ".join(told.text.split())

    for facet in told.facets:
        if facet != "documents":
            whole = facts.fact(procedure, facet, say).text
            assert " ".join(whole.split()) in one_line
    if "documents" in told.facets:
        assert all(
            " ".join(facts.plain(paper.name).split()) in one_line
            for paper in procedure.papers
        )


@given(RECORDS, st.lists(st.sampled_from(facts.FACETS), min_size=1, unique=True))
def test_any_facet_of_any_record_can_be_told(
    procedure: Procedure, asked: list[str]
) -> None:
    """What is not recorded is said to be unconfirmed, never left out."""
    told = card.answer(procedure, asked, say)

    missing = [name for name in asked if not facts.is_known(procedure, name)]
    assert told.text.count("chưa có thông tin được xác nhận") == len(missing)
    assert told.is_sure is False or not missing


def test_the_papers_always_needed_come_first() -> None:
    """Papers for special cases follow, marked as such, with a way to the whole list."""
    procedure = record(
        papers=[
            Paper(name="Giấy ủy quyền", when="nhờ người khác"),
            Paper(name="Tờ khai"),
        ]
    )
    told = card.card(procedure, say)

    assert "- Tờ khai\n- Giấy ủy quyền (tùy trường hợp)" in told.text
    assert "bấm “Giấy tờ”" in told.text
    assert "documents" not in told.facets


def test_counts_and_forms_are_told_when_asked() -> None:
    """The list names form, case and how many originals and copies."""
    procedure = record(
        papers=[
            Paper(name="Đơn", form="Mẫu 1", original=2, copies=3, when="nộp thay."),
            Paper(name="Bản vẽ", original=0, copies=1),
            Paper(name="Căn cước"),
        ]
    )
    text = card.answer(procedure, ["documents"], say).text

    assert "- Đơn (Mẫu 1), 2 bản chính và 3 bản sao – nộp thay\n" in text
    assert "- Bản vẽ, 1 bản sao\n- Căn cước\n" in text


def test_legal_basis_and_decision() -> None:
    """Law, title, date and the announcing decision are named."""
    procedure = record(
        legal=[Legal(number="60/2014/QH13", title="Luật Hộ tịch", date="20/11/2014")],
        announcement=Announcement(number="163/QĐ-BTP", date="01/02/2026"),
    )
    text = card.answer(procedure, ["legal"], say).text

    assert "- 60/2014/QH13 – Luật Hộ tịch – 20/11/2014" in text
    assert "Quyết định công bố: 163/QĐ-BTP, ngày 01/02/2026" in text


def test_steps_forms_and_conditions() -> None:
    """The remaining facets are told as lists and plain words."""
    procedure = record(
        steps=["Nộp hồ sơ.", "Nhận kết quả."],
        papers=[Paper(name="Tờ khai", form="Mẫu TK-1")],
        conditions="Đủ 18 tuổi.",
    )
    text = card.answer(procedure, ["steps", "form", "conditions"], say).text

    assert "- Nộp hồ sơ\n- Nhận kết quả" in text
    assert "- Tờ khai: Mẫu TK-1" in text
    assert "Điều kiện, lưu ý: Đủ 18 tuổi" in text


@pytest.mark.parametrize(
    ("online", "parts"),
    [
        (Online(available=True), ["có nhận trực tuyến"]),
        (Online(available=False), ["chưa nhận trực tuyến"]),
        (
            Online(available=True, url="https://x.example"),
            ["có nhận trực tuyến. Địa chỉ: https://x.example"],
        ),
        (Online(available=True, url="javascript:alert(1)"), ["có nhận trực tuyến"]),
    ],
)
def test_filing_online(online: Online, parts: list[str]) -> None:
    """Whether it can be filed online, with an address that is an address."""
    text = card.answer(record(online=online), ["online"], say).text

    for part in parts:
        assert part in text
    assert "javascript" not in text


def test_a_long_place_is_cut_only_when_the_card_is_full() -> None:
    """A card with room tells the whole place; a full one ends it openly."""
    place = f"Trung tâm phục vụ; nộp ở xã khác cũng được{' nhé' * 90}"
    roomy = card.card(record(place=place), say)
    papers = [Paper(name=f"Giấy {'x' * 90}")] * 12
    full = card.card(record(place=place, papers=papers), say)

    assert place in roomy.text
    assert "place" in roomy.facets
    assert "Trung tâm phục vụ…" in full.text
    assert "place" not in full.facets


def test_low_confidence_is_said() -> None:
    """A record that nobody confirmed is never told as certain."""
    told = card.card(record(confidence=Confidence.LOW), say)

    assert not told.is_sure
    assert "chưa xác nhận" in told.text


def test_source_names_as_citizens_know_them() -> None:
    """Notes about the copy of a source are for staff."""
    portal = "Cổng Dịch vụ công quốc gia, bản thu thập (06/2026)"

    assert facts.source_name(portal) == "Cổng DVC quốc gia"
    assert facts.source_name("Sổ tay (bản thử)") == "Sổ tay"


@given(st.text(max_size=200), st.integers(2, 100))
def test_shortened_texts_fit(text: str, limit: int) -> None:
    """A shortened text is within its limit, and a short one is left alone."""
    short = card.shorten(text, limit)
    clean = " ".join(text.split())

    assert len(short) <= limit
    assert short == clean or short.endswith("…")


def test_words_are_not_cut_in_the_middle() -> None:
    """The cut is between words where one is near."""
    assert card.shorten("Đăng ký khai sinh lưu động", 20) == "Đăng ký khai sinh…"
    assert card.shorten("Đ" * 30, 20) == "Đ" * 19 + "…"
