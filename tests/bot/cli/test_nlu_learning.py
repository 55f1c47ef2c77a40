"""Does ``thanthien nlu`` teach the reader, and take back, in the words of staff?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot import installation
from bot.cli.nlu_learning_models import tell
from bot.config import load_config
from handlers.lessons import lesson_rows
from handlers.model import Lesson, LessonSource
from handlers.staff.catalogue import imports
from handlers.staff.catalogue.model import Batch, Layer
from handlers.staff.catalogue.seeding import seed_batch
from handlers.staff.learning.training import Lost, Trained
from nlu.exam import Comparison, Figures, Tally
from nlu.gate import Refusal
from nlu.paper import Kind
from storage import learning, people
from storage.keys import is_signed
from storage.vault import Vault
from tests.bot.cli.conftest import Office

UNIT = "thanh-ha"
BIRTH = "1.001193"
CODES = frozenset({BIRTH, "1.000894", "2.000815", "1.000656", "1.004873", "1.001022"})
STRANGE = "cục cưng bé bỏng hồng hào"
Make = Callable[[str], Lesson]


async def _say(path: Path, words: tuple[str, ...], lesson_of: Make) -> None:
    async with installation.open_installation(load_config(path)) as opened:
        keys, ids, now = opened.ring.unit(UNIT), opened.ids, opened.clock.now_ms()
        vault = Vault(UNIT, keys).create(ids.new())
        shared = {"unit_id": UNIT, "person_id": vault.person_id}

        def work(connection: Connection) -> None:
            people.add_person(
                connection,
                shared | {"wrapped_key": vault.wrapped_key, "created_at": now},
                shared
                | {"channel": "zalo", "id_mac": vault.person_id, "sealed_id": b"x"},
            )
            for text in words:
                item, candidate = lesson_rows(lesson_of(text), vault, ids, now)
                people.add_items(connection, [item])
                learning.add_candidates(connection, [candidate])

        await opened.database.write(work)


def picked(text: str) -> Lesson:
    """Return what a tap teaches."""
    return Lesson(text, BIRTH, LessonSource.PICKED)


def gap(text: str) -> Lesson:
    """Return what nobody could answer."""
    return Lesson(text, "", LessonSource.UNANSWERED, is_right=False)


def say(office: Office, *words: str, unanswered: bool = False) -> None:
    """Let a citizen leave candidates."""
    asyncio.run(_say(office.path, words, gap if unanswered else picked))


def told(office: Office, *words: str) -> Any:
    """Run a command that must succeed, and return its JSON."""
    code, out, err = office.run("nlu", *words, "--json")
    assert (code, err) == (0, ""), out
    return json.loads(out)


async def _fill(path: Path) -> None:
    rows = tuple(row for row in seed_batch().rows if row.code in CODES)
    async with installation.open_installation(load_config(path)) as opened:
        now, database = opened.clock.now_ms(), opened.database
        today = opened.clock.now().date()
        batch = Batch("test", rows)
        plan = await imports.stage(database, UNIT, Layer.BASE, batch, today=today)
        await imports.apply(database, plan, opened.ids, now)


@pytest.fixture
def seeded(office: Office) -> Office:
    """A commune with a few procedures of our seed."""
    office.prepare()
    asyncio.run(_fill(office.path))
    return office


def test_from_a_citizens_words_to_a_better_reader(seeded: Office) -> None:
    """Listed, approved, trained, in force; then one command takes it back."""
    say(seeded, "bà [họ tên] xin tờ vuông vắn màu hồng", "không cần câu này")
    waiting = told(seeded, "candidates")
    by_text = {one["text"]: one for one in waiting}
    chosen = by_text["bà [họ tên] xin tờ vuông vắn màu hồng"]
    assert (chosen["label"], chosen["name"]) == (BIRTH, "Đăng ký khai sinh")
    approved = told(seeded, "approve", chosen["lesson_id"], "--text", STRANGE)
    assert approved["example"]
    other = by_text["không cần câu này"]["lesson_id"]
    assert told(seeded, "reject", other) == {"withdrawn": False}
    assert told(seeded, "candidates") == []

    trained = told(seeded, "train", "--by", "canbo01")
    assert trained["live"] is True
    assert trained["refusals"] == []
    assert trained["new_right"] > trained["old_right"]
    assert trained["new"]["first"] >= trained["old"]["first"]
    (version,) = told(seeded, "models")
    assert (version["model_id"], version["status"]) == (trained["model"], "live")

    again = told(seeded, "train")
    assert (again["model"], again["refusals"]) == (None, ["nothing_new"])
    assert told(seeded, "rollback") == {"live": None}
    code, out, err = seeded.run("nlu", "train")
    assert code == 1
    assert "đã bị lùi lại" in err
    assert "Gợi ý:" in err
    assert "1 câu mẫu" in out


def test_a_held_model_is_put_in_force_by_hand(seeded: Office) -> None:
    """With --hold the model waits for ``nlu live``; a withdrawn example goes again."""
    say(seeded, STRANGE)
    (waiting,) = told(seeded, "candidates")
    example = told(seeded, "approve", waiting["lesson_id"], "--text", STRANGE)
    held = told(seeded, "train", "--hold")
    assert (held["live"], held["refusals"]) == (False, [])
    assert told(seeded, "live", held["model"]) == {"live": held["model"]}
    code, out, _ = seeded.run("nlu", "models")
    assert out.startswith(f"* {held['model']}")
    assert "đang dùng" in out

    code, out, _ = seeded.run("nlu", "reject", example["example"])
    assert "Đã rút câu mẫu" in out
    code, out, _ = seeded.run("nlu", "train")
    assert code == 0
    assert "đã được đưa vào dùng" in out
    code, out, _ = seeded.run("nlu", "rollback")
    assert "dữ liệu gốc" in out


def test_people_read_sentences(seeded: Office) -> None:
    """Without --json every command says in Vietnamese what there is."""
    say(seeded, STRANGE)
    code, out, _ = seeded.run("nlu", "candidates")
    assert code == 0
    assert f"→ {BIRTH} Đăng ký khai sinh (người dân chọn, 1 người" in out
    lesson_id = out.split()[0]
    code, out, _ = seeded.run("nlu", "approve", lesson_id, "--text", STRANGE)
    assert "Đã duyệt câu mẫu" in out
    code, out, _ = seeded.run("nlu", "candidates")
    assert out == "0 câu chờ duyệt.\n"


def test_the_commune_teaches_of_its_own_accord(seeded: Office) -> None:
    """A sentence and a local word, listed, learnt, read by ``parse``, withdrawn."""
    sentence = told(seeded, "teach", STRANGE, "--code", BIRTH, "--by", "canbo01")
    word = told(seeded, "word", "gkhx", "đăng ký kết hôn")
    code, out, err = seeded.run("nlu", "word", "gkhx", "giấy khai sinh")
    assert (code, out) == (1, "")
    assert "đã được duyệt trước đó" in err
    listed = told(seeded, "examples")
    assert [one["example_id"] for one in listed] == [
        sentence["example"],
        word["example"],
    ]
    assert (listed[0]["label"], listed[0]["by"]) == (BIRTH, "canbo01")
    assert (listed[1]["text"], listed[1]["means"]) == ("gkhx", "đăng ký kết hôn")
    assert parsed(seeded, "hỏi gkhx")["decision"] != "answer"

    trained = told(seeded, "train")
    assert (trained["live"], trained["new_right"]) == (True, trained["fresh"])
    assert parsed(seeded, STRANGE)["candidates"][0]["code"] == BIRTH
    assert parsed(seeded, "hỏi gkhx")["candidates"][0]["code"] == "1.000894"
    code, out, _ = seeded.run("nlu", "examples")
    assert "gkhx = đăng ký kết hôn" in out
    assert "(cán bộ dạy, canbo01, " in out

    told(seeded, "reject", word["example"])
    assert told(seeded, "train")["withdrawn"] == 1
    assert parsed(seeded, "hỏi gkhx")["decision"] != "answer"
    told(seeded, "rollback")
    assert parsed(seeded, STRANGE)["decision"] != "answer"


def parsed(office: Office, text: str) -> Any:
    """Return how ``nlu parse`` reads a text."""
    return told(office, "parse", text)


def test_gaps_are_listed_for_people(seeded: Office) -> None:
    """What nobody could answer stands apart, similar questions together."""
    say(seeded, "không cần câu này")
    say(seeded, "xin cấp gkhx", "xin cap gkhx a", "thuê loa đài", unanswered=True)
    code, out, _ = seeded.run("nlu", "gaps")

    assert code == 0
    assert "cũng hỏi: xin cấp gkhx" in out
    assert "    2 lượt, 1 người, từ " in out
    assert out.splitlines()[-1] == "2 câu hỏi chưa hiểu."
    assert len(told(seeded, "candidates")) == 1
    by_text = {one["text"]: one for one in told(seeded, "gaps")}
    chosen = by_text["thuê loa đài"]["lesson_id"]
    told(seeded, "approve", chosen, "--text", "mượn loa đài thôn", "--code", BIRTH)
    (left,) = told(seeded, "gaps")
    assert left["times"] == 2


def test_an_outsider_can_check_a_signature(seeded: Office) -> None:
    """Hash, signature and public key are enough; no word of the model is shown."""
    told(seeded, "word", "gkhx", "đăng ký kết hôn")
    told(seeded, "train")
    (shown,) = told(seeded, "models")
    signed = (shown["public_key"], "nlu-model", shown["sha256"], shown["signature"])

    assert is_signed(*signed)
    assert not is_signed(shown["public_key"], "nlu-model", "0" * 64, shown["signature"])
    assert "gkhx" not in json.dumps(shown)


def test_a_refused_model_names_what_it_lost(capsys: pytest.CaptureFixture[str]) -> None:
    """Staff see the question that was lost and the sentence that may be at fault."""
    better, worse = Figures(0.9, 0.8, None), Figures(0.8, 0.8, None, ((7, BIRTH),))
    changes = (Tally(Kind.PROCEDURE, lost=5, won=0),)
    found = Comparison(better, worse, better, changes, fresh=3, new_right=3)
    lost = Lost("dang ky ket hon", BIRTH, ("lên sổ cho con",))
    sure = ("lên sổ cho con", "1.000894")
    tell(Trained("m1", False, (Refusal.WORSE_FIRST,), found, 1, (lost,), (sure,)))

    assert capsys.readouterr().out.splitlines() == [
        (
            "1 câu mẫu. Bộ câu hỏi kiểm tra: đúng ngay 80,0% (bản đang dùng 90,0%), "
            "thêm 0 câu đúng, mất 5 câu. "
            "Câu mới duyệt: đúng 3/3 lượt (bản đang dùng 0)."
        ),
        f"  Câu kiểm tra bị hiểu sai: “dang ky ket hon” → {BIRTH}",
        "    có thể do câu mẫu: “lên sổ cho con”",
        "  Xin xem lại: “lên sổ cho con” trước giờ được hiểu chắc là 1.000894.",
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("approve", "x", "--text", "ông Nguyễn Văn An lên sổ"), "dữ liệu cá nhân"),
        (("approve", "x", "--text", "lên sổ cho con"), "không còn trong danh sách"),
        (
            ("approve", "x", "--text", "a b", "--code", "1", "--intent", "thanks"),
            "một trong --code và --intent",
        ),
        (("teach", "lên sổ cho ông Nguyễn Văn An", "--code", BIRTH), "dữ liệu cá nhân"),
        (("teach", "lên sổ cho con"), "Chưa rõ câu này hỏi thủ tục nào"),
        (("teach", "lên sổ cho con", "--code", "9.9"), "Không có thủ tục"),
        (("teach", "a b", "--code", "1", "--intent", "thanks"), "một trong --code"),
        (("word", "hai tiếng", "nghĩa"), "chỉ gồm một tiếng"),
        (("word", "gks", ""), "nghĩa cần ít nhất một tiếng"),
        (("reject", "x"), "không còn trong danh sách"),
        (("live", "x"), "Không có mô hình này"),
        (("rollback",), "không có gì để lùi"),
        (("candidates", "--by", "Nguyễn Văn A"), "Mã cán bộ"),
        (("models", "--unit", "xa-khac"), "Không có đơn vị"),
    ],
)
def test_errors_are_one_sentence_and_a_hint(
    seeded: Office, words: tuple[str, ...], sentence: str
) -> None:
    """What goes wrong is said in Vietnamese, with what to do, and exit 1."""
    code, _, err = seeded.run("nlu", *words)

    assert code == 1
    assert sentence in err
    assert len(err.splitlines()) == 2
    assert "Gợi ý:" in err
