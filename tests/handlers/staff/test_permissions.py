"""Is the table of rights exactly what was agreed, cell by cell?"""

from __future__ import annotations

import itertools

import pytest

from handlers.cases.kind import shipped
from handlers.staff.permissions import (
    PERMISSIONS,
    ROLE_NAMES,
    Action,
    Role,
    may,
    may_see,
    seen_kinds,
)

COLUMNS = ("admin", "officer", "head", "leader", "auditor", "sealed_handler")
TABLE = """
see_cases        .  x  x  x  .  .
work_cases       .  x  x  .  .  .
assign_cases     .  .  x  x  .  .
transfer_cases   .  .  x  x  .  .
approve_answers  .  .  .  x  .  .
take_over_talks  .  x  x  x  .  .
read_sealed      .  .  .  .  .  x
see_staff        x  x  x  x  x  x
manage_staff     x  .  .  .  .  .
see_roster       x  x  x  x  x  x
manage_roster    x  .  x  .  .  .
ask_swaps        x  x  x  x  .  x
edit_catalogue   x  .  x  .  .  .
edit_sentences   x  .  x  .  .  .
edit_hours       x  .  x  .  .  .
edit_counters    .  .  x  .  .  .
teach_reader     x  x  x  .  .  .
release_models   x  .  x  .  .  .
approve_letters  .  .  .  x  .  .
erase_people     x  .  x  .  .  .
serve_data_rights .  .  x  x  .  .
keep_privacy     x  .  x  .  .  .
keep_backups     x  .  .  .  .  .
read_evidence    .  .  .  x  x  .
see_dossier      .  x  x  x  x  .
file_evidence    .  x  x  .  .  .
see_reports      .  .  x  x  x  .
open_console     x  x  x  x  x  x
keep_own_account x  x  x  x  x  x
see_catalogue    x  x  x  x  x  x
see_letters      .  x  x  x  x  .
write_letters    .  x  x  .  .  .
see_surveys      .  .  x  x  x  .
change_settings  x  .  .  .  .  .
record_results   .  .  x  .  .  .
"""
"""Written down apart from the code: a cell that changes must be changed twice."""


def told() -> dict[str, list[str]]:
    """Return the table above: action -> its marks, in the order of COLUMNS."""
    lines = [line.split() for line in TABLE.strip().splitlines()]
    return {name: marks for name, *marks in lines}


def test_the_whole_table() -> None:
    """Every role may do exactly the marked actions, no cell is left out."""
    wanted = {
        (action, role): mark == "x"
        for action, marks in told().items()
        for role, mark in zip(COLUMNS, marks, strict=True)
    }
    found = {
        (action.value, role.value): may([role], action)
        for action, role in itertools.product(Action, Role)
    }

    assert found == wanted


def test_rights_add_up_and_imply_nothing() -> None:
    """Who has two roles may do what either may; who has none may do nothing."""
    for action in Action:
        assert not may([], action)
        for one, two in itertools.combinations(Role, 2):
            assert may([one, two], action) == (may([one], action) or may([two], action))


def test_every_action_is_somebodys_and_every_role_has_a_name() -> None:
    """Nothing is impossible by oversight; staff read roles in Vietnamese."""
    assert set(PERMISSIONS) == set(Action)
    assert all(PERMISSIONS.values())
    assert set(ROLE_NAMES) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_who_sees_which_kinds(role: Role) -> None:
    """Denunciations are for their handlers alone; guidance is not for officers."""
    seen = seen_kinds([role])
    everything = {kind.code for kind in shipped()}
    at_cases = everything - {"to_cao"}
    guided = {"khieu_nai", "du_lieu_xem_sua", "du_lieu_rut", "du_lieu_xoa"}
    expected = {
        Role.ADMIN: set(),
        Role.OFFICER: at_cases - guided,
        Role.HEAD: at_cases,
        Role.LEADER: at_cases,
        Role.AUDITOR: set(),
        Role.SEALED_HANDLER: {"to_cao"},
    }

    assert seen == expected[role]


def test_roles_of_kinds_are_roles() -> None:
    """A kind names only roles that somebody can have, and is seen by somebody."""
    for kind in shipped():
        assert kind.roles <= {role.value for role in Role}
        assert kind.roles


def test_an_unknown_kind_is_seen_by_nobody() -> None:
    """What nobody decided about is hidden."""
    assert not may_see(list(Role), "khong_co")
