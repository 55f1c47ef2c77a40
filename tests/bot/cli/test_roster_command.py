"""Does ``thanthien roster`` keep shifts, leave and swaps, and warn in time?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.staff.roster.model import LOCAL
from tests.bot.cli.conftest import Office
from tests.bot.cli.test_users import hire, refused, told


@pytest.fixture
def team(office: Office) -> Office:
    """A commune with hours and three people; one has no way to be reached."""
    unit = office.document["units"]["thanh-ha"]
    unit["office_hours"] = {"t2-cn": ["07:30-11:30", "13:30-17:00"]}
    unit["full_name"] = "Ủy ban nhân dân xã Thanh Hà"
    office.prepare()
    hire(office, "an", "--role", "head", "--phone", "0911111111")
    hire(office, "binh", "--phone", "0922222222")
    hire(office, "cuc")
    return office


def day(ahead: int) -> date:
    """Return a day from today on in the commune; commands run on the real clock."""
    return datetime.now(LOCAL).date() + timedelta(days=ahead)


def put(office: Office, ahead: int, part: str, holder: str, *more: str) -> Any:
    """Set a shift."""
    when = ("--day", day(ahead).isoformat(), "--part", part, "--holder", holder)
    return told(office, "roster", "set", *when, *more)


def shown(office: Office) -> list[dict[str, Any]]:
    """Return the shifts of the week."""
    found: list[dict[str, Any]] = told(office, "roster", "show")["shifts"]
    return found


def test_set_show_and_clear(team: Office) -> None:
    """A shift for two days is set, seen by name, and taken out again."""
    more = ("--until", day(2).isoformat(), "--channel", "Zalo", "--deputy", "binh")
    assert put(team, 1, "sáng", "an", *more, "--phone", "0220 111") == {"changed": 2}
    first, second = shown(team)

    assert first | {"id": ""} == {
        "id": "",
        "day": day(1).isoformat(),
        "part": "sang",
        "channel": "zalo",
        "field": "any",
        "holder": "an",
        "holder_name": "Người an",
        "deputy": "binh",
        "deputy_name": "Người binh",
        "phone": "0220 111",
    }
    code, out, _ = team.run("roster", "show")
    assert code == 0
    assert "Sáng · Zalo: Người an (thay: Người binh), số 0220 111" in out
    assert "Người trực thay cuối: chưa đặt." in out
    clear = ("--day", day(1).isoformat(), "--part", "sang", "--channel", "zalo")
    assert told(team, "roster", "set", *clear, "--clear") == {"changed": 1}
    assert shown(team) == [second]


def test_who_is_on_duty_now(team: Office) -> None:
    """With a shift in every part of yesterday's night to today somebody is named."""
    empty = told(team, "roster", "show")["now"]
    assert {one["channel"] for one in empty} == {"zalo", "facebook", "hotline"}
    assert {one["gap"] for one in empty} == {"no_shift"}
    told(team, "roster", "set", "--standby", "binh,an")
    code, out, _ = team.run("roster", "show")

    assert code == 0
    assert "Người trực thay cuối: Người binh → Người an." in out
    assert "Đang trực Đường dây nóng: Người binh, người trực thay cuối" in out


def test_warnings(team: Office) -> None:
    """Gaps, leave, who cannot be reached and missing deputies are told ahead."""
    gaps = told(team, "roster", "warnings", "--days", "2", "--always")
    assert {one["problem"] for one in gaps} == {"gap"}
    for part in ("sang", "chieu", "toi", "ngoai_gio"):
        put(team, 0, part, "an", "--until", day(2).isoformat(), "--deputy", "binh")
    assert told(team, "roster", "warnings", "--days", "2", "--always") == []
    put(team, 1, "sang", "cuc")
    told(team, "roster", "leave", "add", "cuc", day(1).isoformat())
    found = told(team, "roster", "warnings", "--days", "2")

    problems = {one["problem"] for one in found if one["day"] == day(1).isoformat()}
    assert problems >= {"on_leave", "unreachable", "no_deputy"}
    code, out, _ = team.run("roster", "warnings", "--days", "2")
    assert code == 0
    assert "Người cuc có ca nhưng đang nghỉ" in out
    assert f"{len(found)} điều cần xem trong 2 ngày tới." in out


def test_leave(team: Office) -> None:
    """Leave names the shifts it leaves; it is listed and taken back."""
    put(team, 1, "sang", "an")
    (shift,) = shown(team)
    days = (day(1).isoformat(), day(3).strftime("%d/%m/%Y"))
    code, out, _ = team.run("roster", "leave", "add", "an", *days)
    assert code == 0
    assert "có ca:" in out
    (found,) = told(team, "roster", "leave", "list")
    assert (found["staff"], found["part"]) == ("an", None)
    assert team.run("roster", "leave", "list")[1].endswith("1 lịch nghỉ.\n")
    assert told(team, "roster", "leave", "cancel", found["id"]) == found
    half = told(team, "roster", "leave", "add", "an", *days, "--part", "sáng")
    assert (half["part"], half["shifts"]) == ("sang", [shift["id"]])


def test_swaps(team: Office) -> None:
    """Asked, accepted, and the shift is somebody else's; a refusal leaves it."""
    put(team, 1, "sang", "binh")
    put(team, 1, "chieu", "binh")
    first, second = (one["id"] for one in shown(team))
    swap = told(team, "roster", "swap", "ask", first, "cuc", "--by", "binh")["swap"]
    other = told(team, "roster", "swap", "ask", second, "cuc", "--by", "binh")["swap"]
    assert "đang hỏi" in team.run("roster", "swap", "list")[1]
    done = told(team, "roster", "swap", "accept", swap, "--by", "cuc")
    assert done["state"] == "accepted"
    code, out, _ = team.run("roster", "swap", "refuse", other, "--by", "cuc")

    assert (code, out) == (0, "Yêu cầu đổi ca: đã từ chối.\n")
    assert {one["id"]: one["holder"] for one in shown(team)} == {
        first: "cuc",
        second: "binh",
    }
    states = {one["id"]: one["state"] for one in told(team, "roster", "swap", "list")}
    assert states == {swap: "accepted", other: "refused"}


def test_import_and_export(team: Office, tmp_path: Path) -> None:
    """A file is previewed, imported, exported and comes in again unchanged."""
    path = tmp_path / "truc.csv"
    lines = ["Ngày;Buổi;Kênh;Người trực;Người trực thay"]
    lines += [f"{day(n):%d/%m/%Y};Sáng;Zalo;Người an;binh" for n in range(1, 4)]
    lines += [f"{day(1):%d/%m/%Y};Trưa;Zalo;an;"]
    path.write_text("\n".join(lines), encoding="utf-8")
    preview = told(team, "roster", "import", str(path), "--dry-run")
    assert (preview["added"], preview["refused"], preview["dry_run"]) == (3, 1, True)
    assert shown(team) == []
    code, out, _ = team.run("roster", "import", str(path))
    assert code == 0
    assert "Thêm 3, đổi 0, không đổi 0, bỏ 0, từ chối 1." in out
    assert "Dòng 5: Buổi 'Trưa' chưa đúng" in out
    again = tmp_path / "ra.xlsx"
    assert told(team, "roster", "export", str(again)) == {"shifts": 3}
    report = told(team, "roster", "import", str(again), "--replace")
    assert (report["unchanged"], report["removed"]) == (3, 0)


def test_the_sheet(team: Office, tmp_path: Path) -> None:
    """The page is written with the name of the commune, and its hash is told."""
    put(team, 1, "sang", "an")
    path = tmp_path / "truc.html"
    done = told(team, "roster", "sheet", str(path))
    page = path.read_text(encoding="utf-8")

    assert done["shifts"] == 1
    assert "ỦY BAN NHÂN DÂN XÃ THANH HÀ" in page
    assert "Người an" in page


def test_what_goes_wrong_is_one_sentence(team: Office, tmp_path: Path) -> None:
    """Missing parts, bad days, no right, a file of another kind: a sentence each."""
    past = ("--day", "2020-01-01", "--part", "sang", "--holder", "an")
    assert "đã qua" in refused(team, "roster", "set", *past)
    assert "--part" in refused(team, "roster", "set", "--day", "2026-12-01")
    odd = ("--day", "mai", "--part", "sang", "--holder", "an")
    assert "Ngày 'mai'" in refused(team, "roster", "set", *odd)
    when = ("--day", day(1).isoformat(), "--part", "sang", "--holder", "an")
    assert "Chánh văn phòng" in refused(team, "roster", "set", *when, "--by", "binh")
    assert "Kênh" in refused(team, "roster", "set", *when, "--channel", "fax")
    back = ("--until", day(0).isoformat())
    assert "Khoảng ngày" in refused(team, "roster", "set", *when, *back)
    sheet = str(tmp_path / "a.docx")
    assert ".html" in refused(team, "roster", "sheet", sheet)
    assert "Không đọc được" in refused(team, "roster", "import", sheet)
    assert "lịch nghỉ" in refused(team, "roster", "leave", "cancel", "x")
    assert "đổi ca" in refused(team, "roster", "swap", "accept", "x")
