"""Does ``thanthien users`` keep the people of the commune, in the words of staff?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bot.cli.conftest import Office


@pytest.fixture
def office_ready(office: Office) -> Office:
    """An installation with a database and nobody in it."""
    office.prepare()
    return office


def told(office: Office, *arguments: str) -> Any:
    """Run a command that works and return its JSON."""
    code, out, err = office.run(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def refused(office: Office, *arguments: str) -> str:
    """Run a command that fails; return what it says: a sentence and a hint."""
    code, out, err = office.run(*arguments)
    assert (code, out) == (1, "")
    first, second = err.splitlines()
    assert first.startswith("Dạ, xin lỗi: ")
    assert second.startswith("Gợi ý: ")
    return err


def hire(office: Office, staff_id: str, *more: str) -> Any:
    """Add somebody."""
    return told(office, "users", "add", staff_id, "--name", f"Người {staff_id}", *more)


def test_add_change_and_list(office_ready: Office) -> None:
    """Somebody is added, changed, listed; addresses themselves are not printed."""
    added = hire(
        office_ready,
        "canbo01",
        *("--title", "Công chức Văn phòng", "--role", "admin", "--role", "head"),
        *("--phone", "0912 345 678", "--telegram", "123456", "--public"),
    )
    assert added == {
        "id": "canbo01",
        "name": "Người canbo01",
        "title": "Công chức Văn phòng",
        "roles": ["admin", "head"],
        "state": "active",
        "public": True,
        "public_phone": "",
        "routes": ["phone", "telegram"],
        "version": 1,
    }
    changed = told(
        office_ready,
        *("users", "change", "canbo01", "--telegram", "", "--no-public"),
        *("--public-phone", "0220 111"),
    )
    assert (changed["routes"], changed["public"]) == (["phone"], False)
    assert told(office_ready, "users", "list") == [changed]
    code, out, _ = office_ready.run("users", "list")
    assert code == 0
    assert "canbo01  Người canbo01, Công chức Văn phòng" in out
    assert "[Quản trị, Chánh văn phòng]  phone" in out
    assert "0912" not in out
    assert out.endswith("1 cán bộ.\n")


def test_roles(office_ready: Office) -> None:
    """Roles are set as told; without any choice the command explains."""
    hire(office_ready, "canbo01")

    done = told(office_ready, "users", "roles", "canbo01", "--role", "leader")
    assert done["roles"] == ["leader"]
    done = told(office_ready, "users", "roles", "canbo01", "--none")
    assert done["roles"] == []
    assert "sealed_handler" in refused(office_ready, "users", "roles", "canbo01")


def test_remove(office_ready: Office) -> None:
    """Who left is listed only on demand."""
    hire(office_ready, "canbo01")
    code, out, _ = office_ready.run("users", "remove", "canbo01", "--yes")

    assert code == 0
    assert "đã thôi làm việc" in out
    assert told(office_ready, "users", "list") == []
    (gone,) = told(office_ready, "users", "list", "--all")
    assert gone["state"] == "left"
    again = hire(office_ready, "canbo01", "--join")
    assert again["state"] == "active"


def test_what_goes_wrong_is_one_sentence(office_ready: Office) -> None:
    """A taken code, an unknown one, nothing to change, no right: told, not traced."""
    hire(office_ready, "canbo01")

    name = ("--name", "An")
    assert "đã có" in refused(office_ready, "users", "add", "canbo01", *name)
    assert "'ai-do'" in refused(office_ready, "users", "change", "ai-do", *name)
    assert "Chưa nói cần sửa gì" in refused(office_ready, "users", "change", "canbo01")
    assert "họ tên" in refused(office_ready, "users", "add", "canbo02")
    by = ("users", "remove", "canbo01", "--yes", "--by")
    assert "Quản trị" in refused(office_ready, *by, "canbo01")
    assert "không phải cán bộ" in refused(office_ready, *by, "ai-do")
    assert "Không có đơn vị" in refused(office_ready, "users", "list", "--unit", "x")


def test_nothing_personal_in_the_files(office_ready: Office) -> None:
    """The database and its log hold no name and no number."""
    hire(office_ready, "canbo01", "--phone", "0912345678")
    heap = b"".join(
        path.read_bytes() for path in office_ready.folder.rglob("*") if path.is_file()
    )

    assert b"canbo01" in heap
    assert "Người canbo01".encode() not in heap
    assert b"0912345678" not in heap
