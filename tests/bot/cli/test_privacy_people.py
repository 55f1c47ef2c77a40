"""Can staff see the requests about data with their times, and hand a person theirs?"""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # it has no stubs
import pytest

from tests.bot.cli.backup_room import everything, lived_in
from tests.bot.cli.conftest import Office
from tests.storage.people import LUA, SON
from tests.storage.rows import CHANNEL

DAY = round(timedelta(days=1).total_seconds() * 1000)
BY = ("--by", "canbo01")


def hire(office: Office) -> None:
    """Let canbo01 be head of the office."""
    who = ("canbo01", "--name", "Lê Thị Chánh", "--role", "head")
    done(office, "users", "add", *who)


def done(office: Office, *words: str) -> Any:
    """Run a command that must succeed; return its JSON."""
    code, out, err = office.run(*words, "--json")
    assert code == 0, err
    return json.loads(out)


def asked(office: Office, kind: str, phone: str) -> str:
    """Record a request made at the counter; return its code."""
    words = ("--text", "xin xem dữ liệu của tôi", "--source", "visit")
    found = done(office, "cases", "open", "--kind", kind, *words, "--phone", phone)
    return str(found["code"])


@pytest.mark.parametrize(
    ("kind", "days"),
    [("du_lieu_xem_sua", 10), ("du_lieu_rut", 15), ("du_lieu_xoa", 20)],
)
def test_a_request_has_the_times_of_the_law(
    office: Office, kind: str, days: int
) -> None:
    """Two working days to say so; ten, fifteen or twenty days to do it."""
    office.prepare()
    hire(office)
    code = asked(office, kind, "0912345678")
    (one,) = done(office, "privacy", "requests", *BY)

    assert (one["code"], one["kind"], one["late"]) == (code, kind, False)
    answer = (one["answer_by"] - one["received_at"]) / DAY
    # The day it comes does not count, and a last day that is off rolls on.
    assert days <= answer < days + 12
    assert 2 <= (one["acknowledge_by"] - one["received_at"]) / DAY < 12
    tags = [row[3] for row in everything(office.path)["evidence_entry"]]
    assert tags.count("staff:privacy:listed") == 1


def test_the_most_urgent_is_first_and_the_list_reads_well(office: Office) -> None:
    """An erasure waits behind a correction that came after it."""
    office.prepare()
    hire(office)
    last = asked(office, "du_lieu_xoa", "0912345678")
    first = asked(office, "du_lieu_xem_sua", "0987654321")
    for code in (first, last):
        done(office, "cases", "take", code, *BY)
    status, out, err = office.run("privacy", "requests", *BY)

    assert status == 0, err
    assert out.index(first) < out.index(last)
    assert "xóa" in out
    assert "thực hiện trước" in out
    assert "2 yêu cầu." in out


def exported(office: Office, out: Path) -> zipfile.ZipFile:
    """Export Lụa's data."""
    user = ("--channel", CHANNEL, "--user", LUA.platform_id)
    said = done(office, "privacy", "export", *user, "--out", str(out), *BY)
    assert (said["words"], said["files"]) == (1, 1)
    assert out.stat().st_mode & 0o077 == 0
    return zipfile.ZipFile(out)


def test_a_person_gets_all_of_theirs_and_nothing_of_others(
    office: Office, database_url: str
) -> None:
    """Words, account and file, as JSON and as pages; the look is in the log."""
    lived_in(office, database_url, 200_000)
    hire(office)
    out = office.folder / "lua.zip"
    with exported(office, out) as box:
        data = json.loads(box.read("du-lieu.json"))
        pages = pypdfium2.PdfDocument(box.read("du-lieu.pdf"))
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
        (photo,) = [name for name in box.namelist() if name.startswith("tep/")]
        assert len(box.read(photo)) == 200_000

    assert data["accounts"][0]["id"] == {"id": LUA.platform_id}
    assert data["words"][0]["value"]["texts"]["text"] == LUA.words
    assert LUA.words in text
    assert LUA.name in text
    assert not [mark for mark in SON.markers if mark in json.dumps(data) + text]
    rows = everything(office.path)["evidence_entry"]
    (leaf,) = [bytes(row[5]) for row in rows if row[3] == "staff:person:exported"]
    assert b'"by":"canbo01"' in leaf


def test_an_erased_person_has_no_data_to_export(
    office: Office, sqlite_url: str
) -> None:
    """The sentence says so, and no file is left; a name that is taken is refused."""
    lived_in(office, sqlite_url)
    hire(office)
    user = ("--channel", CHANNEL, "--user", LUA.platform_id)
    out = office.folder / "lua.zip"
    exported(office, out).close()
    code, _, err = office.run("privacy", "export", *user, "--out", str(out), *BY)
    assert (code, "Đã có tệp" in err) == (1, True)

    done(office, "people", "erase", *user, "--yes")
    later = str(office.folder / "later.zip")
    code, _, err = office.run("privacy", "export", *user, "--out", later, *BY)
    assert (code, "Không tìm thấy" in err) == (1, True)
    assert not list(office.folder.glob("*later*"))


def test_the_papers_come_with_what_we_know(office: Office) -> None:
    """Counts, rules and channels in the register; 72 hours in the checklist."""
    office.prepare()
    asked(office, "du_lieu_xoa", "0912345678")
    paper, check = office.folder / "hs.md", office.folder / "lo.md"
    code, _, err = office.run("privacy", "register", "--out", str(paper))
    assert code == 0, err
    at = ("--found", "2026-11-25 08:30")
    code, _, err = office.run("privacy", "breach", *at, "--out", str(check))
    assert code == 0, err

    text = paper.read_text(encoding="utf-8")
    assert "xã Thanh Hà" in text
    assert "zalo, facebook" in text
    assert "1 người" in text
    assert "1 đang chờ, 0 quá hạn" in text
    assert "| 730 |" in text
    assert "hạn thông báo: 08:30 ngày 28/11/2026" in check.read_text(encoding="utf-8")
    code, _, err = office.run("privacy", "register", "--out", str(paper))
    assert (code, "Không tạo được" in err) == (1, True)
