"""Can staff work with cases at the command line, and is a mistake explained?"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from click import Group

from bot.cli.cases import cases as group
from handlers.cases.kind import shipped
from tests.bot.cli.conftest import Office

OPEN = (
    "cases",
    "open",
    "--kind",
    "phan_anh",
    "--text",
    "cống tắc trước cổng chợ",
    "--source",
    "visit",
    "--phone",
    "0912 345 678",
)


@pytest.fixture
def desk(office: Office) -> Office:
    """A commune whose database is there."""
    office.prepare()
    return office


def done(office: Office, *words: str) -> Any:
    """Run a command that must succeed; return its JSON."""
    code, out, err = office.run(*words, "--json")
    assert code == 0, err
    return json.loads(out)


def refused(office: Office, *words: str) -> str:
    """Run a command that must fail; return what it says."""
    code, out, err = office.run(*words)
    assert code == 1
    assert out == ""
    assert "Traceback" not in err
    assert "Gợi ý: " in err
    return err


def opened(office: Office) -> str:
    """Record a case; return its code."""
    return str(done(office, *OPEN)["code"])


def test_a_case_from_the_counter_to_its_end(desk: Office) -> None:
    """Opened for somebody who came; every step by its own command, to the end."""
    code = opened(desk)
    assert done(desk, "cases", "take", code, "--by", "canbo01")["owner"] == "canbo01"
    done(desk, "cases", "note", code, "--text", "gọi đội thoát nước")
    done(desk, "cases", "classify", code, "--kind", "kien_nghi", "--text", "nhầm")
    changed = done(desk, "cases", "classify", code, "--kind", "phan_anh")
    assert {clock["rule"] for clock in changed["clocks"] if not clock["ended"]} == {
        "phan_anh_tra_loi"
    }
    done(desk, "cases", "accept", code)
    done(desk, "cases", "begin", code)
    answer = done(desk, "cases", "answer", code, "--text", "Đã thông cống.")
    assert [one["how"] for one in answer["told"]] == ["by_hand"]
    assert "Đã thông cống." in answer["told"][0]["text"]
    assert done(desk, "cases", "close", code)["state"] == "closed"
    assert done(desk, "cases", "reopen", code, "--text", "lại tắc")["state"] == (
        "reopened"
    )
    sent = done(
        desk, "cases", "transfer", code, "--agency", "Sở Xây dựng", "--receipt", "7/SXD"
    )
    assert (sent["state"], sent["receipt"]) == ("transferred", "7/SXD")
    shown = done(desk, "cases", "show", code)
    day = datetime.fromisoformat(shown["received_at"]).date()
    assert shown["basis"] == shipped().get(shown["kind"]).basis_on(day)
    assert shown["texts"]["phone"] == "0912345678"
    assert [line["act"] for line in shown["history"]][:3] == ["open", "take", "note"]


def test_an_answer_with_approval(desk: Office) -> None:
    """Draft, refusal, draft, approval held back, sending."""
    code = opened(desk)
    done(desk, "cases", "classify", code, "--kind", "kien_nghi")
    done(desk, "cases", "accept", code)
    draft = done(desk, "cases", "answer", code, "--text", "Sẽ làm.")
    assert draft["draft"] == "waiting"
    no = done(desk, "cases", "approve", code, "--reject", "--text", "ghi rõ ngày")
    assert no["draft"] == "rejected"
    assert "lãnh đạo" in refused(desk, "cases", "answer", code, "--send")
    done(desk, "cases", "answer", code, "--text", "Sẽ làm ngày 1/12.")
    assert done(desk, "cases", "approve", code, "--no-send")["draft"] == "approved"
    assert done(desk, "cases", "answer", code, "--send")["state"] == "answered"


def test_merging_linking_and_time(desk: Office) -> None:
    """Two about the same; more time, a pause and its end, as the rule allows."""
    first, second, third = (opened(desk) for _ in range(3))
    assert len({first, second, third}) == 3
    done(desk, "cases", "link", first, "--other", third)
    assert done(desk, "cases", "merge", second, "--into", first)["state"] == "closed"
    done(desk, "cases", "classify", first, "--kind", "kien_nghi")
    words = ("cases", "extend", first, "--case", "gia_han", "--text", "chờ khảo sát")
    assert done(desk, *words)["told"]
    words = ("cases", "pause", first, "--reason", "cho_bo_sung", "--text", "chờ ảnh")
    assert done(desk, *words)["due"] is None
    assert done(desk, "cases", "resume", first)["due"]
    assert done(desk, "cases", "assign", first, "--to", "canbo02")["owner"] == "canbo02"
    done(desk, "cases", "transfer", third, "--agency", "Điện lực")
    assert done(desk, "cases", "receipt", third, "--number", "12/DL")["receipt"] == (
        "12/DL"
    )
    assert done(desk, "cases", "return", first, "--text", "xin bổ sung ảnh")[
        "state"
    ] == ("returned")


def test_lists_and_status_for_people(desk: Office) -> None:
    """Without --json each line is a sentence; nothing there is said too."""
    assert "Không có hồ sơ nào." in desk.run("cases", "list")[1]
    code, out, _ = desk.run(*OPEN)
    assert code == 0
    name = re.findall(r"PA-\d{6}-\d{4}", out)[0]
    assert "Xin nói với người dân:" in out
    assert name in desk.run("cases", "list", "--kind", "phan_anh")[1]
    assert "mới tiếp nhận" in desk.run("cases", "status", name)[1]
    shown = desk.run("cases", "show", name)[1]
    assert "cống tắc trước cổng chợ" in shown
    assert "Diễn biến:" in shown
    desk.run("cases", "classify", name, "--kind", "phan_anh")
    accepted = desk.run("cases", "accept", name)[1]
    assert "xin gọi điện" in accepted
    assert "0 hồ sơ" in desk.run("cases", "recompute", "--why", "thu")[1]
    kinds = desk.run("cases", "kinds")[1]
    assert "chỉ hướng dẫn" in kinds
    assert done(desk, "cases", "status", name)["text"]
    assert done(desk, "cases", "list", "--overdue") == []
    assert done(desk, "cases", "recompute", "--why", "thu") == []
    named = {kind["code"] for kind in done(desk, "cases", "kinds")}
    assert named >= {"phan_anh", "to_cao"}


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("take", "PA-261125-0099"), "Không có hồ sơ"),
        (("take", "abc"), "Mã hồ sơ"),
        (("list", "--kind", "khac"), "Không có loại"),
        (("list", "--state", "khac"), "Không làm được"),
        (("assign", "PA-261125-0099", "--to", "canbo02"), "Không có hồ sơ"),
        (("take", "PA-261125-0099", "--by", "bà Lành"), "Mã cán bộ"),
    ],
)
def test_mistakes_are_one_sentence_and_a_hint(
    desk: Office, words: tuple[str, ...], part: str
) -> None:
    """No traceback; exit 1; what is wrong and what to do."""
    assert part in refused(desk, "cases", *words)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"--kind": "to_cao"}, "chỉ được hướng dẫn"),
        ({"--phone": "12"}, "Số điện thoại"),
        ({"--at": "hôm qua"}, "Thời điểm nhận"),
        ({"--at": "2031-01-01T08:00"}, "Thời điểm nhận"),
        ({"--text": " "}, "Chưa có nội dung"),
    ],
)
def test_what_cannot_be_recorded_is_explained(
    desk: Office, changes: dict[str, str], part: str
) -> None:
    """A bad kind, phone or time is named before anything is written."""
    words = list(OPEN)
    for option, value in changes.items():
        if option in words:
            words[words.index(option) + 1] = value
        else:
            words += [option, value]

    assert part in refused(desk, *words)


def test_a_step_out_of_turn_says_where_the_case_stands(desk: Office) -> None:
    """The state is named, so that the next step is clear."""
    code = opened(desk)

    assert "mới tiếp nhận" in refused(desk, "cases", "close", code)


def test_erasing_somebody_by_phone(desk: Office) -> None:
    """Who came or phoned is erased by the same command, with the phone as the name."""
    code = opened(desk)
    words = ("people", "erase", "--channel", "desk", "--user", "+84912345678", "--yes")
    done(desk, *words)

    assert "đã xóa dữ liệu" in refused(desk, "cases", "take", code)
    assert "Số điện thoại" in refused(
        desk, "people", "erase", "--channel", "desk", "--user", "1", "--yes"
    )


def test_every_command_has_help() -> None:
    """Each says in Vietnamese what it does."""
    assert isinstance(group, Group)
    for name, command in group.commands.items():
        assert command.help, name
        assert command.get_short_help_str().strip(), name
