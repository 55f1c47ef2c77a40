"""Does ``thanthien nlu`` teach the reader, and take back, in the words of staff?"""

from __future__ import annotations

import asyncio
import json
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
from nlu.gate import Refusal
from nlu.train import Comparison, Figures
from storage import learning, people
from storage.vault import Vault
from tests.bot.cli.conftest import Office

UNIT = "thanh-ha"
BIRTH = "1.001193"
CODES = frozenset({BIRTH, "1.000894", "2.000815", "1.000656", "1.004873"})
STRANGE = "xin tờ vuông vắn màu hồng phấn"


async def _say(path: Path, words: tuple[str, ...]) -> None:
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
                lesson = Lesson(text, BIRTH, LessonSource.PICKED)
                item, candidate = lesson_rows(lesson, vault, ids, now)
                people.add_items(connection, [item])
                learning.add_candidates(connection, [candidate])

        await opened.database.write(work)


def say(office: Office, *words: str) -> None:
    """Let a citizen leave candidates."""
    asyncio.run(_say(office.path, words))


def told(office: Office, *words: str) -> Any:
    """Run a command that must succeed, and return its JSON."""
    code, out, err = office.run("nlu", *words, "--json")
    assert (code, err) == (0, "")
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


def test_a_refused_model_names_what_it_lost(capsys: pytest.CaptureFixture[str]) -> None:
    """Staff see the question that was lost and the sentence that may be at fault."""
    better, worse = Figures(0.9, 0.8, None), Figures(0.8, 0.8, None, ((7, BIRTH),))
    found = Comparison(better, worse, 3, 0, 3, withdrawn=0, is_same=False)
    lost = Lost("dang ky ket hon", BIRTH, ("lên sổ cho con",))
    tell(Trained("m1", False, (Refusal.WORSE_FIRST,), found, 1, (lost,)))

    assert capsys.readouterr().out.splitlines() == [
        (
            "1 câu mẫu. Bộ câu hỏi kiểm tra: đúng ngay 80,0% (bản đang dùng 90,0%). "
            "Câu mới duyệt: đúng 3/3 lượt (bản đang dùng 0)."
        ),
        f"  Câu kiểm tra bị hiểu sai: “dang ky ket hon” → {BIRTH}",
        "    có thể do câu mẫu: “lên sổ cho con”",
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
