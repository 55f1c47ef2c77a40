"""Which words may be kept, which make an example, and how does it come into use?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu import learning
from nlu.artefact import MEANS, Artefact
from nlu.errors import UnfitExampleError, UnfitWordError
from nlu.learning import local_word
from nlu.masking import find
from nlu.model import Entry, Intent
from nlu.normalise import tokenise

BIRTH = Entry("1.001193", "Đăng ký khai sinh", examples=("khai sinh",), prior=1.0)
MARRIAGE = Entry("1.000894", "Đăng ký kết hôn")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  làm giấy\nkhai sinh ", "làm giấy khai sinh"),
        ("bà Lụa 0912345678 xin sao y", "bà [họ tên] [số điện thoại] xin sao y"),
    ],
)
def test_a_candidate_is_masked(text: str, kept: str) -> None:
    """What is kept says nothing of one person."""
    assert learning.candidate(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#chon:1.001193",
        "2",
        "khai",
        "0912345678",
        "làm khai sinh " * 40,
        "tôi tố cáo ông chủ tịch xã",
        "toi muon khieu nai quyet dinh",
        "cán bộ đòi phong bì",
        "mẹ em bị ung thư xin trợ cấp",
        "con toi bi khuyet tat xin giay",
        "vợ em đang mang thai làm giấy gì",
        "bố tôi ốm nằm một chỗ",
    ],
)
def test_what_is_never_a_candidate(text: str) -> None:
    """Taps, single words, stories, petitions and health are not kept at all."""
    assert learning.candidate(text) is None


@pytest.mark.parametrize("text", ["mo tiem tap hoa", "giấy tờ con liệt sĩ", "mở quán"])
def test_everyday_words_are_not_mistaken_for_health(text: str) -> None:
    """Words that only look like those of health may be learnt from."""
    assert learning.candidate(text) == text


@given(st.text(max_size=300))
def test_no_candidate_has_anything_left_to_mask(text: str) -> None:
    """Whatever comes in, what is kept is masked."""
    kept = learning.candidate(text)

    assert kept is None or find(kept) == ()


@pytest.mark.parametrize(
    ("text", "corrects"),
    [
        ("không, ý em là đăng ký kết hôn", True),
        ("khong phai, y toi la ket hon", True),
        ("nhầm rồi, sao y cơ", True),
        ("ko phải cái đó", True),
        ("không có hộ khẩu thì làm sao", False),
        ("làm khai sinh", False),
    ],
)
def test_corrections_are_known_by_their_words(text: str, *, corrects: bool) -> None:
    """Words like "không, ý em là …" do; other sentences with "không" do not."""
    assert learning.corrects(text) is corrects


def test_an_example_has_one_form() -> None:
    """Blanks are settled, words stay."""
    assert learning.example("  cho cháu\tlên sổ ") == "cho cháu lên sổ"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ông [họ tên] xin giấy", "ngoặc vuông"),
        ("ông Nguyễn Văn An xin giấy", r"\[họ tên\]"),
        ("gọi 0912345678 làm khai sinh", r"\[số điện thoại\]"),
        ("tố cáo cán bộ xã", "đơn thư hoặc sức khỏe"),
        ("khai", "từ 2"),
        ("làm khai sinh " * 20, "160"),
        ("làm khai \ud800 sinh", "ký tự"),
    ],
)
def test_an_unfit_example_is_refused_with_its_reason(text: str, reason: str) -> None:
    """Staff learn what is wrong with their words."""
    with pytest.raises(UnfitExampleError, match=reason):
        learning.example(text)


def test_staff_may_speak_of_an_illness() -> None:
    """Whole procedures are about one; a citizen's words about theirs are not kept."""
    said = "trợ cấp cho người khuyết tật"
    assert learning.example(said, own=True) == said
    for text in ("tố cáo cán bộ xã", "ông Nguyễn Văn An bị ung thư"):
        with pytest.raises(UnfitExampleError):
            learning.example(text, own=True)
    with pytest.raises(UnfitExampleError):
        learning.example(said)


def test_what_was_learnt_extends_the_entries() -> None:
    """Examples are added once, the prior moves, unknown codes change nothing."""
    artefact = Artefact(
        "xa",
        "m1",
        1,
        examples={"1.001193": ("lên sổ", "khai sinh"), "9.9": ("gì đó",)},
        wanted={"1.000894": 1000},
        trust=500,
    )
    birth, marriage = learning.taught([BIRTH, MARRIAGE], artefact)

    assert birth.examples == ("khai sinh", "lên sổ")
    assert birth.prior == pytest.approx(0.5)
    assert marriage.examples == ()
    assert marriage.prior == pytest.approx(0.5)


def test_nothing_learnt_changes_nothing() -> None:
    """Without a model, or with an empty one, entries are what they were."""
    assert learning.taught([BIRTH, MARRIAGE], None) == [BIRTH, MARRIAGE]
    assert learning.taught([BIRTH, MARRIAGE], Artefact("xa", "m", 1)) == [
        BIRTH,
        MARRIAGE,
    ]
    assert learning.said(None) == ()
    assert learning.said(Artefact("xa", "m", 1, said=(("dạ", Intent.AFFIRM),))) == (
        ("dạ", Intent.AFFIRM),
    )


@pytest.mark.parametrize(
    ("short", "full", "expected"),
    [
        ("gksinh", "giấy  khai sinh", ("gksinh", "giấy khai sinh")),
        (" HÔNG! ", "không", ("hông!", "không")),
        ("hoá", "hóa đơn", ("hóa", "hóa đơn")),
    ],
)
def test_a_local_word_has_one_form(
    short: str, full: str, expected: tuple[str, str]
) -> None:
    """Lower case, one way of placing tones, blanks in order."""
    assert local_word(short, full) == expected


@given(st.text(max_size=25), st.text(max_size=70))
def test_any_word_is_taken_or_refused(short: str, full: str) -> None:
    """Whatever is typed: one word and a meaning, which stay as they are, or a no."""
    try:
        word, meaning = local_word(short, full)
    except UnfitWordError:
        return
    assert local_word(word, meaning) == (word, meaning)
    assert len(tokenise(word)) == 1
    assert MEANS not in word + meaning
