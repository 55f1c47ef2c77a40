"""Does the project teach Rasa what we know, in a form that it accepts?"""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.abbreviations import Abbreviations
from nlu.model import Entry, Intent
from nlu.normalise import fold
from nlu.rasa.errors import NothingToTeachError
from nlu.rasa.export import CONFIG, DATA, DOMAIN, Project, project
from nlu.rasa.names import CHAT, procedure_intent
from nlu.rasa.text import written_out
from tests.nlu.support import entries

MARRIAGE = Entry(
    "9.000894", "Đăng ký kết hôn", aliases=("đk kết hôn", "dk ket hon", "Cưới vợ!")
)
HOSTILE = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
NAME = re.compile(r"tt_[A-Za-z0-9_-]+|[a-z_]+")


def sentences(made: Project) -> dict[str, list[str]]:
    """Return the sentences of the training data, by intent, as YAML reads them."""
    document: dict[str, Any] = yaml.safe_load(made.files[DATA])
    assert document["version"] == "3.1"
    found = {}
    for block in document["nlu"]:
        lines = block["examples"].splitlines()
        assert all(line.startswith("- ") for line in lines)
        found[block["intent"]] = [line.removeprefix("- ") for line in lines]
    return found


def test_each_sentence_has_a_folded_copy_and_is_said_once() -> None:
    """Short forms are written out, punctuation goes, twins of a sentence too."""
    taught = sentences(project([MARRIAGE]))

    assert taught["tt_9_000894"] == [
        "đăng ký kết hôn",
        "dang ky ket hon",
        "cưới vợ",
        "cuoi vo",
    ]


def test_folded_copies_can_be_left_out() -> None:
    """For comparing: what was typed with accents stays with them alone."""
    taught = sentences(project([MARRIAGE], folded_copies=False))

    assert taught["tt_9_000894"] == ["đăng ký kết hôn", "dang ky ket hon", "cưới vợ"]


def test_every_chat_intent_is_taught_and_no_other() -> None:
    """A procedure is an intent of its own, so "asks a procedure" is none."""
    taught = sentences(project(entries()))

    assert Intent.ASK_PROCEDURE.value not in taught
    assert set(CHAT) == {name for name in taught if not name.startswith("tt_")}


def test_domain_lists_what_is_taught() -> None:
    """Every intent once, in both files, and the numbers are true."""
    made = project(entries())
    taught = sentences(made)
    domain = yaml.safe_load(made.files[DOMAIN])

    assert domain["intents"] == list(taught)
    assert (made.intents, made.sentences) == (
        len(taught),
        sum(map(len, taught.values())),
    )
    assert made.procedures == sum(name.startswith("tt_") for name in taught)


def test_config_downloads_nothing() -> None:
    """The pipeline is Rasa's own parts, trained from nothing."""
    config = yaml.safe_load(project([MARRIAGE], epochs=7).files[CONFIG])
    parts = [part["name"] for part in config["pipeline"]]

    assert config["recipe"] == "default.v1"
    assert parts[0] == "WhitespaceTokenizer"
    assert parts[-1] == "DIETClassifier"
    assert set(parts[1:-1]) == {"CountVectorsFeaturizer"}
    assert config["pipeline"][-1]["epochs"] == 7


def test_procedures_without_words_are_left_to_search() -> None:
    """A bare name of the national catalogue teaches nothing that search cannot do."""
    bare = Entry("9.000001", "Cấp phép nuôi trồng thủy sản trên biển xa")

    assert "tt_9_000001" not in sentences(project([MARRIAGE, bare]))


def test_twins_are_one_intent() -> None:
    """Two authorities of one procedure cannot be told apart by words."""
    twin = Entry("2.000894", "Đăng ký kết hôn (cấp tỉnh)", commune=False)
    taught = sentences(project([twin, MARRIAGE]))

    assert "tt_2_000894" not in taught
    assert "đăng ký kết hôn cấp tỉnh" in taught["tt_9_000894"]


@pytest.mark.parametrize("listed", [[], [Entry("9.1", "Một tên thủ tục")]])
def test_nothing_to_teach_is_said(listed: list[Entry]) -> None:
    """A project of small talk alone would be useless."""
    with pytest.raises(NothingToTeachError):
        project(listed)


def test_a_communes_own_short_forms_are_written_out() -> None:
    """They come from the config of the unit."""
    entry = Entry("1.1", "Mở quán", aliases=("lập xyz",))
    taught = sentences(project([entry], {"xyz": "hộ kinh doanh"}))

    assert "lập hộ kinh doanh" in taught["tt_1_1"]


@given(
    st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), min_size=1, max_size=4),
)
def test_hostile_catalogues_make_sound_files(rows: list[tuple[str, str, str]]) -> None:
    """No name or alias of an import breaks the YAML or marks up a sentence."""
    listed = [
        Entry(f"{number}.{code}", name, aliases=(alias, "một cách gọi"))
        for number, (code, name, alias) in enumerate(rows)
    ]
    taught = sentences(project(listed, chat_most=5))

    assert all(NAME.fullmatch(name) for name in taught)
    for lines in taught.values():
        assert lines
        assert all(word.isalnum() for line in lines for word in line.split(" "))


def test_a_small_project_has_fewer_texts_of_each_chat_intent() -> None:
    """From all over each list, the same ones always; procedures lose none."""
    whole, small = project([MARRIAGE]), project([MARRIAGE], chat_most=5)
    before, after = sentences(whole), sentences(small)

    assert before.keys() == after.keys()
    assert before["tt_9_000894"] == after["tt_9_000894"]
    assert all(len(after[name]) <= 10 for name in CHAT)
    assert all(set(after[name]) <= set(before[name]) for name in CHAT)
    assert small.files == project([MARRIAGE], chat_most=5).files


def test_folded_copy_is_what_the_client_sends() -> None:
    """A message without accents meets the folded copy word for word."""
    taught = sentences(project([MARRIAGE]))["tt_9_000894"]
    sent = written_out("DK ket hon???", Abbreviations())

    assert sent in taught


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Đk kết hôn ở đâu ạ?", "đăng ký kết hôn ở đâu ạ"),
        ("dk ket hon", "dang ky ket hon"),
        ("gọi em 0912345678 nhé", "gọi em nhé"),
        ("số giấy 031088001234 bị mất", "số giấy bị mất"),
        ("năm 2026 làm sao", "năm 2026 làm sao"),
        ("👍👍", ""),
    ],
)
def test_what_is_sent(typed: str, sent: str) -> None:
    """Short forms written out, numbers of people left out."""
    assert written_out(typed, Abbreviations()) == sent


@given(st.text())
def test_anything_typed_becomes_words(typed: str) -> None:
    """Whatever is typed, words and single blanks go out; folding them stays stable."""
    sent = written_out(typed, Abbreviations())

    assert sent == " ".join(sent.split())
    assert fold(fold(sent)) == fold(sent)


@given(st.lists(HOSTILE, unique=True, min_size=2, max_size=6))
def test_no_two_codes_share_a_name(codes: list[str]) -> None:
    """Names are spelt so that every code keeps its own."""
    names = {procedure_intent(code) for code in codes}

    assert len(names) == len(codes)
    assert all(name.isascii() and "/" not in name for name in names)
