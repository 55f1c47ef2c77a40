"""Does `thanthien calendar` answer in shapes others read, and fail in a sentence?"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import main
from handlers.staff.hours.acts import LAYER
from handlers.staff.hours.model import Means, OwnDay, OwnHours
from storage import wording
from storage.open import open_database
from tests.bot.cli.conftest import Office

HOURS = {"t2-t6": ["07:30-11:30", "13:30-17:00"], "t7": ["07:30-11:30"]}


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command in a folder without a configuration."""

    def run(*words: str) -> int:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["thanthien", "calendar", *words])
        try:
            main()
        except SystemExit as error:
            return int(error.code or 0)
        return 0

    return run


def answer(office: Office, *words: str) -> Any:
    """Run a command that succeeds; return its JSON."""
    code, out, err = office.run("calendar", *words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def sentence(office: Office, *words: str) -> str:
    """Run a command that fails; return what it says, checked for its form."""
    code, out, err = office.run("calendar", *words)
    lines = err.splitlines()
    assert (code, out, len(lines)) == (1, "", 2)
    assert lines[0].startswith("Dạ, xin lỗi: ")
    assert "ngoài dự kiến" not in err
    assert lines[1].startswith("Gợi ý: ")
    return str(err)


def test_a_deadline_as_others_read_it(office: Office) -> None:
    """The day, the steps, the law and the notes, each under its name."""
    found = answer(office, "deadline", "tttt_qua_mang_phuc_tap", "2026-02-12")

    assert found["deadline"] == "2026-03-12"
    assert [(step["step"], step["date"]) for step in found["steps"]] == [
        ("acknowledge", "2026-02-24"),
        ("answer", "2026-03-12"),
    ]
    assert found["basis"].startswith("Luật Tiếp cận thông tin")
    assert found["promise"] is False


def test_the_units_hours_count_for_promises(office: Office) -> None:
    """On Friday 16:40 an hour of work ends on a staffed Saturday at 8:10."""
    words = ("deadline", "phan_anh_tra_loi", "2026-11-20T16:40")
    without = answer(office, *words)
    office.document["units"]["thanh-ha"]["office_hours"] = HOURS
    office.write()
    with_hours = answer(office, *words)

    assert without["steps"][0]["at"] is None
    assert with_hours["steps"][0]["at"] == "2026-11-21T08:10+07:00"
    assert without["deadline"] == with_hours["deadline"] == "2026-11-30"


def test_the_units_days_off_count(office: Office) -> None:
    """A swap that the commune confirmed in its configuration moves the day."""
    words = ("deadline", "phan_anh_chuyen", "2026-11-19")
    before = answer(office, *words)
    unit = office.document["units"]["thanh-ha"]
    unit["days_off"], unit["working_days"] = ["23/11/2026"], ["2026-11-28"]
    office.write()
    after = answer(office, *words)

    assert (before["deadline"], after["deadline"]) == ("2026-11-27", "2026-11-28")
    assert before["notes"]
    assert after["notes"] == []
    _, out, _ = office.run("calendar", "year", "2026")
    assert "thứ Hai 23/11/2026  nghỉ  Ngày nghỉ theo thông báo của xã" in out
    assert "thứ Bảy 28/11/2026  làm việc" in out


def test_what_the_console_says_counts(office: Office) -> None:
    """A day off set in the console is shown and moves the day, as in the service."""
    office.prepare()
    words = ("deadline", "phan_anh_chuyen", "2026-11-27")
    before = answer(office, *words)
    own = OwnHours(days={date(2026, 11, 30): OwnDay(Means.OFF, "bão")})
    body = json.dumps(own.entries())
    new = wording.Version("v1", 1, "{}", body)

    async def say() -> None:
        opened = open_database(f"sqlite:///{office.folder / 'data' / 'a.db'}")
        await opened.write(lambda c: wording.put(c, "thanh-ha", LAYER, new, ""))
        await opened.close()

    asyncio.run(say())
    after = answer(office, *words)

    assert before["deadline"] < after["deadline"]
    _, out, _ = office.run("calendar", "year", "2026")
    assert "thứ Hai 30/11/2026  nghỉ  Ngày nghỉ theo thông báo của xã" in out


def test_extensions_and_pauses(office: Office) -> None:
    """What was granted lengthens the term; while suspended there is no day."""
    words = ("deadline", "khieu_nai_giai_quyet", "2026-07-13")

    longer = answer(office, *words, "--extend", "phuc_tap")
    paused = answer(office, *words, "--pause", "2026-07-20/2026-07-27")
    opened = answer(office, *words, "--pause", "2026-07-20//tam_dinh_chi")
    assert longer["deadline"] == "2026-08-27"
    assert paused["deadline"] == "2026-08-19"
    assert opened["deadline"] is None
    _, out, _ = office.run("calendar", *words, "--pause", "2026-07-20")
    assert "hồ sơ đang tạm dừng" in out


def test_a_year_as_others_read_it(office: Office) -> None:
    """Each occasion with its day, code, name and whether it is off."""
    found = answer(office, "year", "2026")

    assert len(found) == 37
    assert {"date", "code", "name", "day_off"} == found[0].keys()
    assert {
        "date": "2026-02-17",
        "code": "tet_nguyen_dan",
        "name": "Mùng 1 Tết Nguyên đán",
        "day_off": True,
    } in found


def test_people_read_lines(office: Office) -> None:
    """Without --json there are lines with weekdays, and what is not sure is said."""
    _, year, _ = office.run("calendar", "year", "2026")
    _, due, _ = office.run("calendar", "deadline", "su_co_dlcn", "2026-11-21T23:30")

    assert "thứ Ba 24/11/2026  van_hoa_viet_nam  Ngày Văn hóa Việt Nam (nghỉ)" in year
    assert "thứ Hai 27/04/2026  nghỉ  Nghỉ bù Giỗ Tổ Hùng Vương" in year
    assert "Lưu ý: Chưa xác nhận việc nghỉ ngày 23/11/2026" in year
    assert "23:30 thứ Ba 24/11/2026" in due


def test_a_file_of_the_commune(office: Office) -> None:
    """Its notices, own days and promises are laid over the shipped ones."""
    promise = {
        "code": "phan_anh_tra_loi",
        "kind": "phan_anh_hien_truong",
        "name": "Trả lời phản ánh hiện trường",
        "start": "ngày tiếp nhận",
        "amount": 3,
        "unit": "working_days",
        "step": "answer",
        "promise": True,
        "basis": "quy chế của xã",
    }
    facts = {
        "swaps": [{"rest": "2026-11-23", "worked": "2026-11-28", "confirmed": True}],
        "occasions": [{"code": "hoi_lang", "name": "Hội làng", "lunar": "12/02"}],
        "deadlines": [promise],
    }
    path = office.folder / "lich.yml"
    path.write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
    own = ("--file", str(path))

    due = answer(office, "deadline", "phan_anh_tra_loi", "2026-11-20", *own)
    year = answer(office, "year", "2026", *own)
    assert due["deadline"] == "2026-11-27"
    assert [one["date"] for one in year if one["code"] == "hoi_lang"] == ["2026-03-30"]


@pytest.mark.parametrize(
    "text", ["lich: []", "occasions: 5", "- a", "a: [", "deadlines: [{code: a}]"]
)
def test_a_file_that_cannot_be_read(office: Office, text: str) -> None:
    """A misspelt key or a wrong shape is an error that names it."""
    path = office.folder / "lich.yml"
    path.write_text(text, encoding="utf-8")
    own = ("--file", str(path))

    if "occasions" in text:
        sentence(office, "year", "2026", *own)
    else:
        sentence(office, "deadline", "dlcn_rut", "2026-11-25", *own)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("year", "99"), "99"),
        (("year", "2200"), "2200"),
        (("year", "nay"), "nay"),
        (("deadline", "han_nao_do", "2026-11-25"), "khieu_nai_thu_ly"),
        (("deadline", "dlcn_rut", "hôm nay"), "hôm nay"),
        (("deadline", "dlcn_rut", "2025-01-01"), "dlcn_rut"),
        (("deadline", "dlcn_rut", "2026-01-01", "--extend", "x"), "x"),
        (("deadline", "dlcn_rut", "2026-01-01", "--pause", "2026-01-02/"), "dlcn_rut"),
        (("deadline", "dlcn_rut", "2026-01-01", "--pause", "mai"), "mai"),
        (("deadline", "dlcn_rut", "2199-12-30"), "2199-12-30"),
        (("deadline", "dlcn_rut", "9999-12-31"), "9999-12-31"),
        (("deadline", "su_co_dlcn", "9999-12-31"), "9999-12-31"),
        (("deadline", "tiep_dan_chu_tich", "9999-12-31"), "9999-12-31"),
        (("deadline", "su_co_dlcn", "9999-12-31T23:59"), "9999-12-31"),
        (("deadline", "phan_anh_tra_loi", "0001-01-01"), "0001-01-01"),
        (("year", "2026", "--unit", "xa-khac"), "xa-khac"),
    ],
)
def test_what_cannot_be_answered(
    office: Office, words: tuple[str, ...], named: str
) -> None:
    """Wrong years, codes, days, extensions and pauses: one sentence and a hint."""
    assert named in sentence(office, *words)


def test_without_a_configuration(bare: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The country's calendar needs no set-up; a file that was named must be there."""
    assert bare("deadline", "phan_anh_chuyen", "2026-02-13", "--json") == 0
    assert json.loads(capsys.readouterr().out)["deadline"] == "2026-02-27"
    assert bare("year", "2030", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)) == 37
    assert bare("year", "2030", "--config", "khac.yml") == 1


def test_a_configuration_that_lacks_its_secrets(
    bare: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Passed over aloud when nobody named it, an error when somebody did."""
    (tmp_path / "config.yml").write_text("server: ${KHONG_CO}", encoding="utf-8")

    assert bare("deadline", "phan_anh_chuyen", "2026-02-13", "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["deadline"] == "2026-02-27"
    assert json.loads(out)["notes"][0].startswith("Chưa dùng config.yml")
    assert err == ""
    assert bare("year", "2026") == 0
    assert "Lưu ý: Chưa dùng config.yml" in capsys.readouterr().out
    assert bare("year", "2026", "--config", "config.yml") == 1
    assert "KHONG_CO" in capsys.readouterr().err
