"""Is what belongs to one person found, and nothing else?"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.masking import SHOWN, Private, find, has_masked, mask, without_masked
from nlu.normalise import fold

DIGITS = st.text("0123456789", min_size=8, max_size=8)
GAPS = st.sampled_from(["", " ", ".", "-"])
AROUND = st.sampled_from(["", "dạ ", "so cua em la ", "gọi em ", "(", "sđt:", "\n"])
AFTER = st.sampled_from(["", " ạ", ".", ", cảm ơn", ")", "\nnhé"])
NAMES = ("Nguyễn Văn Tèo", "Trần Thị Bích Lụa", "Lê Minh Khôi", "Phạm Gia Bảo")
WORDS = ("làm", "khai sinh", "cho", "con", "mất bao lâu", "ở xã", "giấy tờ gì", "và")


def kinds(text: str) -> list[Private]:
    """Return the kinds found, in order."""
    return [span.kind for span in find(text)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("cccd 031090001234 của em", "cccd [số giấy tờ] của em"),
        ("cmnd 031234567", "cmnd [số giấy tờ]"),
        ("hộ chiếu C1234567 hết hạn", "hộ chiếu [số giấy tờ] hết hạn"),
        ("gọi 0912 345 678 nhé", "gọi [số điện thoại] nhé"),
        ("gọi 0912.345.678.", "gọi [số điện thoại]."),
        ("gọi (0220) 3812 345", "gọi [số điện thoại]"),
        ("gọi +84 912-345-678", "gọi [số điện thoại]"),
        ("gọi 84912345678", "gọi [số điện thoại]"),
        ("sđt O912345678", "sđt [số điện thoại]"),
        ("số ０９１２３４５６７８", "số [số điện thoại]"),
        ("không chín một hai ba bốn năm sáu bảy tám", "[số điện thoại]"),
        ("khong chin 12 345 sau bay tam hai", "[số điện thoại]"),
        ("0912345678 đồng ý", "[số điện thoại] đồng ý"),
        ("stk 1903 4567 8901 2 vcb", "stk [dãy số] vcb"),
        ("số tài khoản của em là 123456", "số tài khoản của em là [dãy số]"),
        ("gửi tí.bé_9@gmail.com", "gửi [email]"),
        ("mail ti(at)yahoo.com.vn", "mail [email]"),
        ("em sinh ngày 12/03/1990", "em sinh ngày [ngày tháng]"),
        ("con sinh 5-6-24", "con sinh [ngày tháng]"),
        ("ngày 2 tháng 9 năm 2020 cháu ra đời", "[ngày tháng] cháu ra đời"),
        ("cháu sinh năm 2019", "cháu [ngày tháng]"),
        ("e sn 90", "e [ngày tháng]"),
        ("xe 15B1-234.56 mất giấy", "xe [biển số] mất giấy"),
        ("biển 30K12345", "biển [biển số]"),
        ("biển 16H 1234 cũ", "biển [biển số] cũ"),
        ("https://zalo.me/g/abc?x=1 xem", "[liên kết] xem"),
        ("vào facebook.com/toi.day", "vào [liên kết]"),
        ("số nhà 12 ngõ 34/5", "[địa chỉ] [địa chỉ]"),
    ],
)
def test_numbers_and_addresses(text: str, masked: str) -> None:
    """Each written form is found whole, and nothing around it."""
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ông Nguyễn Văn An xin giấy", "ông [họ tên] xin giấy"),
        ("ong nguyen van an xin giay", "ong [họ tên] xin giay"),
        ("bà Lụa ở thôn 3", "bà [họ tên] ở thôn 3"),
        ("cháu tên là bảo ngọc thì làm gì", "cháu tên là [họ tên] thì làm gì"),
        ("em tên lan muốn hỏi", "em tên [họ tên] muốn hỏi"),
        ("tên tôi là Lan ạ", "tên tôi là [họ tên] ạ"),
        ("họ tên: Trần Thị B", "họ tên: [họ tên]"),
        ("con tên Khôi mới sinh", "con tên [họ tên] mới sinh"),
        ("CON ÔNG NGUYỄN VĂN AN", "CON ÔNG [họ tên]"),
        ("Lê Minh Khôi", "[họ tên]"),
        ("cho em hỏi Trần Minh Khôi làm căn cước", "cho em hỏi [họ tên] làm căn cước"),
        ("Nguyễn Thị Hoa và Lê Văn Tám cưới nhau", "[họ tên] và [họ tên] cưới nhau"),
    ],
)
def test_likely_names(text: str, masked: str) -> None:
    """A name after a title, after "tên", or led by a surname is found."""
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "làm khai sinh cho con",
        "đổi tên cho con trong giấy khai sinh",
        "sai tên mẹ trong giấy khai sinh",
        "tên công ty ghi thế nào",
        "anh em trong nhà chia đất",
        "do van ban sai phai lam lai",
        "le phi lam ho khau",
        "thủ tục 1.001193 lệ phí 8.000 đồng",
        "thủ tục 1.004772.000.00.00.H24",
        "nộp 1.500.000.000 đồng hay 500 nghìn",
        "năm học 2025-2026",
        "ngày 2 tháng 9 có làm việc không",
        "gọi tổng đài 19001234 hay 1800 6422",
        "lấy chồng Đài Loan",
        "Mẹ Việt Nam anh hùng",
        "ở TP Hồ Chí Minh",
        "Đăng Ký Kết Hôn",
        "Mai Táng Phí",
        "từ Hà Nội về xã",
        "nghị định 168/2025/NĐ-CP",
        "thửa đất 120,5 m2",
        "",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    """Procedures, money, places and years are told as they were."""
    assert mask(text) == text


@given(AROUND, DIGITS, st.lists(GAPS, min_size=9, max_size=9), AFTER)
def test_a_phone_is_found_however_it_is_spaced(
    before: str, digits: str, gaps: list[str], after: str
) -> None:
    """No digit of a planted phone number is left, with any single gaps."""
    number = "".join(a + b for a, b in zip("09" + digits, [*gaps, ""], strict=True))
    masked = mask(f"{before}{number}{after}")

    assert not any(char.isdigit() for char in masked)


@given(AROUND, st.text("0123456789", min_size=9, max_size=19), AFTER)
def test_a_long_number_is_found_whatever_it_is(
    before: str, digits: str, after: str
) -> None:
    """No long row of digits is left, be it of a paper, a phone or an account."""
    assert not any(char.isdigit() for char in mask(f"{before}{digits}{after}"))


@given(
    st.lists(st.sampled_from(WORDS), max_size=4),
    st.sampled_from(["ông", "bà", "anh", "chị", "cháu tên", "tên em là", "vợ em tên"]),
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(WORDS[:3]), max_size=3),
    st.sampled_from([str, fold, lambda name: unicodedata.normalize("NFD", name)]),
)
def test_a_planted_name_is_found(
    before: list[str], title: str, name: str, after: list[str], typed: object
) -> None:
    """With accents, without, or with loose marks: the name after a title goes."""
    assert callable(typed)
    text = typed(" ".join([*before, title, name, *after]))
    masked = fold(unicodedata.normalize("NFC", mask(text)))

    assert fold(name.rsplit(maxsplit=1)[-1]) not in masked.split()
    assert fold(name.split(maxsplit=1)[0]) not in masked.split()


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Whatever comes, the places lie inside the text, in order, none in another."""
    spans = find(text)

    places = [place for span in spans for place in (span.start, span.end)]
    assert places == sorted(places)
    assert all(span.start < span.end <= len(text) for span in spans)


PIECES = st.sampled_from(
    [
        *WORDS,
        *NAMES,
        *SHOWN.values(),
        "ông",
        "tên",
        "là",
        "0912 345 678",
        "031090001234",
        "12/3/2020",
        "a@b.vn",
        "15A-123.45",
        "19001234",
        "1.001193",
        "8.000 đồng",
        "2025-2026",
        ":",
        "-",
        "không chín một",
        "7",
        "0",
        "sn",
    ]
)


@given(st.lists(PIECES, max_size=12), st.sampled_from([" ", "", "\n", ", "]))
def test_what_was_masked_is_masked_for_good(pieces: list[str], glue: str) -> None:
    """A masked text has nothing more to hide, and masking it again changes nothing."""
    masked = mask(glue.join(pieces))

    assert find(masked) == ()
    assert mask(masked) == masked


def test_spans_name_their_kinds() -> None:
    """Other parts can offer masking: each place says what it is."""
    text = "bà Lụa 0912345678 cccd 031090001234"

    assert kinds(text) == [Private.NAME, Private.PHONE, Private.ID_NUMBER]
    assert [text[span.start : span.end] for span in find(text)] == [
        "Lụa",
        "0912345678",
        "031090001234",
    ]


def test_a_masked_text_says_so() -> None:
    """What was hidden can be told from what was said."""
    masked = mask("bà Lụa xin giấy")

    assert has_masked(masked)
    assert without_masked(masked).split() == ["bà", "xin", "giấy"]
    assert not has_masked("bà ngoại xin giấy")


def test_a_long_message_is_read_at_once() -> None:
    """Time grows with the length only: no pattern runs away on hostile text."""
    for piece in (
        "0 ",
        "a@",
        "1.",
        "www.",
        "ngày 1 ",
        "Nguyễn ",
        "tên là ",
        "((((",
        "-",
    ):
        find(piece * (4000 // len(piece)))
