"""Does every kind become a whole letter, and is bad data told in one sentence?"""

from __future__ import annotations

from pathlib import Path

import pytest

from messages.letters import kinds
from messages.letters.compose import compose
from messages.letters.errors import (
    BadDataError,
    BadKindError,
    BadTemplateError,
    LetterError,
    MissingDataError,
    UnknownLetterError,
)
from messages.letters.kinds import Output, shipped
from messages.letters.office import authority
from messages.letters.templates import on_disk, sources, wording
from tests.messages.letters.samples import DATA, DAY, OFFICE, letter, whole

EXTRA = """
chuc_tet:
  name: Thư chúc Tết gia đình chính sách
  version: 3
  tone: respect
  trigger: manual
  required: [ten, qua]
  address: person
  channels: [print]
  quiet: ["07:00", "21:00"]
  catch_up: {hours: 24, then: drop}
  outputs: [letter, card, chat]
"""


@pytest.mark.parametrize("kind", DATA)
def test_every_kind_is_written(kind: str) -> None:
    """Title, greeting, body, last words, and every output the kind names."""
    made = letter(kind)

    assert made.sheet.title.isupper()
    assert made.sheet.salutation.startswith("Kính gửi: ")
    assert len(made.sheet.body) >= 3
    assert all(made.says(o) for o in made.kind.outputs & {Output.CHAT, Output.RADIO})
    assert (made.form is not None) == (kind == "xin_loi_qua_han")


def test_the_form_says_what_the_letter_says() -> None:
    """Mẫu số 04 and the warm letter hold file, reason, new day and person alike."""
    made = letter("xin_loi_qua_han")
    assert made.form is not None

    for text in (whole(made), "\n".join(made.form.lines())):
        for said in ("H31.12-261102-0042", "mưa lớn", "12 tháng 11", "Trần Văn Đức"):
            assert said in text


@pytest.mark.parametrize(
    "name", ["ket_hon", "chuc_mung_ket_hon", "Thư chúc mừng kết hôn", "KET-HON"]
)
def test_a_kind_goes_by_its_usual_names(name: str) -> None:
    """Code, the name in the plan, and the name people say."""
    assert shipped().named(name).code == "ket_hon"


def test_an_unknown_kind_lists_the_kinds() -> None:
    """The hint names what there is."""
    with pytest.raises(UnknownLetterError) as told:
        shipped().named("thu_tinh")

    assert "chia_buon" in told.value.hint


@pytest.mark.parametrize(
    ("kind", "more", "error", "word"),
    [
        ("ket_hon", {"vo": " "}, MissingDataError, "vo"),
        ("cam_on", {"ten": None}, MissingDataError, "ten_to_chuc"),
        ("ket_hon", {"ten_chong": "Ai khác"}, BadDataError, "hai lần"),
        ("ket_hon", {"ngay": "30/02/2026"}, BadDataError, "ngày"),
        ("chuc_tho", {"tuoi": "chín mươi"}, BadDataError, "tuổi"),
        ("chuc_tho", {"ten": {"a": 1}}, BadDataError, "chữ"),
        ("tham_hoi", {"ong_ba": "ngài"}, BadDataError, "xưng hô"),
        ("chia_buon", {"cach_goi": "mất"}, BadDataError, "từ trần"),
    ],
)
def test_bad_data_is_one_sentence(
    kind: str, more: dict[str, object], error: type[LetterError], word: str
) -> None:
    """The sentence names the field; the hint says what to do."""
    with pytest.raises(error, match=word) as told:
        letter(kind, **more)

    assert told.value.hint


def test_what_is_not_used_is_told() -> None:
    """A name nobody knows is no error, but it is seen."""
    assert letter("ket_hon", mau_ao="trắng").unused == ("mau_ao",)


def test_a_wording_has_a_version() -> None:
    """The same words the same version; one changed letter another."""
    kind = shipped().named("cam_on")
    texts = sources(kind)
    other = wording(kind, texts | {Output.CHAT: texts[Output.CHAT] + "."})

    assert on_disk(kind).version == wording(kind, texts).version
    assert on_disk(kind).version != other.version


@pytest.mark.parametrize(
    "text",
    [
        "{{ bi_mat }}",
        "{% if %}",
        "{{ ten.__class__.__mro__ }}",
        "một dòng",
        "a" * 30000,
    ],
)
def test_a_bad_template_is_refused(text: str) -> None:
    """Strangers, broken syntax, ways out of the sandbox, no letter, too long."""
    kind = shipped().named("tham_hoi")

    with pytest.raises(BadTemplateError):
        compose(
            kind,
            DATA["tham_hoi"],
            OFFICE,
            DAY,
            wording(kind, sources(kind) | {Output.LETTER: text}),
        )


def test_a_commune_adds_its_own_kind(tmp_path: Path) -> None:
    """A folder with kinds, fields and templates is all it takes."""
    folder = tmp_path / "chuc_tet"
    folder.mkdir()
    (tmp_path / "kinds.yml").write_text(EXTRA)
    (tmp_path / "fields.yml").write_text("qua: {label: quà, type: text}")
    (folder / "letter.j2").write_text("THƯ\n\nKính gửi: {{ ten }}\n\n{{ qua }}\n\nHết.")
    (folder / "card.j2").write_text("Chúc\n\n{{ goi }}\n\nMừng")
    (folder / "chat.j2").write_text("Dạ, {{ qua }}")
    kind = kinds.load(tmp_path).named("chuc_tet")

    made = compose(kind, {"ten": "Lê An", "qua": "bánh chưng"}, OFFICE, DAY)

    assert made.says(Output.CHAT) == "Dạ, bánh chưng"
    assert made.version.number == 3


def test_a_kind_that_lacks_a_part_is_named(tmp_path: Path) -> None:
    """The sentence says which kind and which part."""
    (tmp_path / "kinds.yml").write_text(EXTRA.replace("tone: respect", "tone: angry"))

    with pytest.raises(BadKindError, match="chuc_tet"):
        kinds.load(tmp_path)


@pytest.mark.parametrize(
    ("position", "is_committee", "lines"),
    [
        ("", False, ("CHỦ TỊCH",)),
        ("Chủ tịch", True, ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("Phó Chủ tịch", True, ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("TL. Chủ tịch / Giám đốc", False, ("TL. CHỦ TỊCH", "GIÁM ĐỐC")),
    ],
)
def test_who_signs_for_whom(
    position: str, is_committee: bool, lines: tuple[str, ...]
) -> None:
    """Nghị định 30/2020 Điều 13."""
    assert authority(position, is_committee=is_committee) == lines
