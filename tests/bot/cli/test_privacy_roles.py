"""Is each command about people, data, copies and keys for whom it is meant alone?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.staff.permissions import PERMISSIONS, Action, Role
from tests.bot.cli.backup_room import everything
from tests.bot.cli.conftest import Office

NOBODY = ("--channel", "zalo", "--user", "khong-co")
COMMANDS = [
    ("privacy requests", Action.SERVE_DATA_RIGHTS),
    ("privacy export OUT", Action.SERVE_DATA_RIGHTS),
    ("privacy register OUT", Action.KEEP_PRIVACY),
    ("privacy breach OUT --found 2026-11-25T08:30", Action.KEEP_PRIVACY),
    ("privacy retention --dry-run", Action.KEEP_PRIVACY),
    ("privacy retention --yes", Action.ERASE_PEOPLE),
    ("people erase --yes", Action.ERASE_PEOPLE),
    ("backup OUT", Action.KEEP_BACKUPS),
    ("keys rotate", Action.KEEP_BACKUPS),
    ("keys retire", Action.KEEP_BACKUPS),
]
"""Written down apart from the code; restore is tested with the backups."""
REFUSED = "không có quyền"
ALONE = frozenset({Role.AUDITOR, Role.SEALED_HANDLER})
"""Nobody else has these beside other roles; none of the commands is theirs."""


def words(command: str, out: Path, by: str) -> list[str]:
    """Return the words of a command; nobody stands for the citizen."""
    split = [part.replace("T08", " 08") for part in command.split()]
    at = split.index("OUT") if "OUT" in split else len(split)
    named = ["--out", str(out)] if at < len(split) else []
    who = list(NOBODY) if split[1] in ("export", "erase") else []
    return [*split[:at], *named, *split[at + 1 :], *who, "--by", by]


def hired(office: Office, code: str, roles: frozenset[Role]) -> str:
    """Add somebody with these roles; return the code."""
    told = [word for role in sorted(roles) for word in ("--role", role.value)]
    status, _, err = office.run("users", "add", code, "--name", "Người Thử", *told)
    assert status == 0, err
    return code


@pytest.fixture
def staffed(office: Office) -> Office:
    """One person a role, one with all the roles that each command is not for."""
    office.prepare()
    for role in Role:
        hired(office, role.value, frozenset({role}))
    for action in {action for _, action in COMMANDS}:
        hired(office, f"not.{action}", frozenset(Role) - PERMISSIONS[action] - ALONE)
    return office


def test_who_may_and_who_may_not(staffed: Office) -> None:
    """The right role gets through the door, all others together do not."""
    for number, (command, action) in enumerate(COMMANDS):
        refused = staffed.folder / "refused"
        for by in (f"not.{action}", *(role.value for role in ALONE)):
            code, out, err = staffed.run(*words(command, refused, by))
            assert (code, out, REFUSED in err) == (1, "", True), (command, by, err)
        code, _, err = staffed.run(*words(command, refused, "nguoi-la"))
        assert code == 1, command
        assert not refused.exists()
        for role in sorted(PERMISSIONS[action]):
            made = staffed.folder / f"made-{number}-{role.value}"
            _, _, err = staffed.run(*words(command, made, role.value))
            assert REFUSED not in err, (command, role)


def test_what_was_looked_at_and_copied_is_in_the_log(staffed: Office) -> None:
    """The log names the member by code; a refusal leaves nothing behind."""
    staffed.run(*words("privacy requests", staffed.folder, "head"))
    staffed.run(*words("privacy requests", staffed.folder, "officer"))
    staffed.run(*words("backup OUT", staffed.folder / "a.ttb", "admin"))
    found = {
        row[3]: bytes(row[5]) for row in everything(staffed.path)["evidence_entry"]
    }

    assert b'"by":"head"' in found["staff:privacy:listed"]
    assert b'"by":"admin"' in found["staff:backup:made"]
