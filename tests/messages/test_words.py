"""Can a commune change its sentences without ever silencing the bot?"""

from __future__ import annotations

from pathlib import Path

import pytest

from messages.errors import (
    BadSentenceError,
    SameSentenceError,
    UnknownSentenceError,
)
from messages.words import FOLDER, TITLE_LIMIT, ChatWords, tidy

COMMON = {"xh": "bác", "Xh": "Bác", "xa": "UBND xã Mẫu", "place": ""}
WORDS = ChatWords()


def test_every_shipped_sentence_passes_the_lint() -> None:
    """Empty, usual, hostile and long values leave every sentence whole."""
    assert WORDS.lint() == ()


def test_sentences_are_named_by_file_and_key() -> None:
    """The thanks of small_talk.yml is small_talk.thanks."""
    assert "em cảm ơn bác" in WORDS.say("small_talk.thanks", **COMMON)


def test_titles_are_short_enough_for_facebook() -> None:
    """Every label of a button can be shown whole on both platforms."""
    labels = [WORDS.say(key) for key in WORDS.names() if key.startswith("buttons.")]

    assert labels
    assert all(0 < len(label) <= TITLE_LIMIT for label in labels)
    assert WORDS.title("staff") == "Gặp cán bộ"


def test_a_commune_changes_a_sentence() -> None:
    """An override is used in place of ours, the rest stays."""
    words = ChatWords({"small_talk.thanks": "Dạ, xã {{ xa }} cảm ơn {{ xh }} ạ."})

    assert words.say("small_talk.thanks", **COMMON) == (
        "Dạ, xã UBND xã Mẫu cảm ơn bác ạ."
    )
    assert words.title("staff") == WORDS.title("staff")


@pytest.mark.parametrize(
    "source",
    [
        "Dạ {{ xh",
        "Dạ {{ so_tien }} ạ",
        "Dạ {{ 1 / 0 }} ạ",
        "Dạ {{ xh.__class__.__mro__ }} ạ",
        "Dạ {{ xh | khong_co }} ạ",
        "{% if false %}Dạ ạ{% endif %}",
    ],
)
def test_a_broken_sentence_stops_the_start(source: str) -> None:
    """What cannot be rendered is refused at once, naming its key."""
    with pytest.raises(BadSentenceError, match=r"small_talk\.thanks"):
        ChatWords({"small_talk.thanks": source})


def test_a_label_that_is_too_long_is_refused() -> None:
    """A button's label beyond the platform's limit would be cut."""
    with pytest.raises(BadSentenceError, match=r"buttons\.staff"):
        ChatWords({"buttons.staff": "Gặp cán bộ một cửa của xã"})


def test_an_override_of_nothing_is_refused() -> None:
    """A misspelt key is named instead of ignored."""
    with pytest.raises(UnknownSentenceError, match=r"greeting\.helo"):
        ChatWords({"greeting.helo": "Dạ"})


def test_a_sentence_that_does_not_exist_is_an_error() -> None:
    """Asking for an unknown sentence never returns an empty text."""
    with pytest.raises(UnknownSentenceError):
        WORDS.say("greeting.nothing")


def test_values_are_not_templates() -> None:
    """What a citizen writes is never run, and never escaped as if it were HTML."""
    said = WORDS.say("procedure.card", name="{{ 7 * 7 }} <b> & co", **COMMON)

    assert "{{ 7 * 7 }} <b> & co" in said


def test_two_sentences_of_one_name_are_refused(tmp_path: Path) -> None:
    """YAML would silently keep the second; we do not."""
    (tmp_path / "a.yml").write_text("x: một\nx: hai\n", encoding="utf-8")

    with pytest.raises(SameSentenceError, match=r"a\.x"):
        ChatWords(folder=tmp_path)


def test_an_empty_file_holds_no_sentence(tmp_path: Path) -> None:
    """A file with only a comment is allowed."""
    (tmp_path / "a.yml").write_text("# chưa có\n", encoding="utf-8")

    assert ChatWords(folder=tmp_path).names() == ()


def test_the_common_values_are_not_listed_as_special() -> None:
    """Form of address and unit name may be used in every sentence."""
    assert WORDS.variables("procedure.card") == {"name"}


def test_tidy() -> None:
    """Blanks at line ends and doubled empty lines go."""
    assert tidy("  a  b \n\n\n c\n") == "a b\n\nc"


def test_every_file_has_a_heading() -> None:
    """Each file of sentences begins by telling staff what it is about."""
    for path in FOLDER.glob("*.yml"):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name


def test_every_wording_has_a_version() -> None:
    """It moves with the wording; a sentence that does not exist has none."""
    own = ChatWords({"small_talk.thanks": "Dạ, em cảm ơn {{ xh }} ạ."})

    assert own.version("small_talk.thanks") != WORDS.version("small_talk.thanks")
    assert own.version("greeting.menu") == WORDS.version("greeting.menu")
    with pytest.raises(UnknownSentenceError):
        WORDS.version("khong.co")


def test_sentences_about_cases_are_named_by_kind_and_step() -> None:
    """messages/cases/phan_anh.yml holds cases.phan_anh.*; a test folder has none."""
    assert WORDS.knows("cases.phan_anh.answered")
    assert not WORDS.knows("cases.phan_anh.khong_co")


def test_a_folder_of_its_own_has_no_cases(tmp_path: Path) -> None:
    """Only the shipped folder comes with the shipped sentences about cases."""
    (tmp_path / "a.yml").write_text("b: Dạ ạ.", encoding="utf-8")

    assert ChatWords(folder=tmp_path).names() == ("a.b",)
