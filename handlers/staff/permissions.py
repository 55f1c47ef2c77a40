"""Which role may do what, and which kinds of case may it see?

Roles add up: who has two may do what either may. Nothing is implied by rank. An
administrator keeps accounts and settings and reads no citizen's words; what is sealed
(tố cáo, Luật 25/2018 Điều 56) is read by its handlers alone, whoever else asks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from handlers.cases.kind import shipped


class Role(StrEnum):
    """What a person is for a unit; the Vietnamese names are in ROLE_NAMES."""

    ADMIN = "admin"
    OFFICER = "officer"
    HEAD = "head"
    LEADER = "leader"
    AUDITOR = "auditor"
    SEALED_HANDLER = "sealed_handler"


class Action(StrEnum):
    """What can be done; the console and the commands ask by these names."""

    SEE_CASES = "see_cases"
    WORK_CASES = "work_cases"
    ASSIGN_CASES = "assign_cases"
    TRANSFER_CASES = "transfer_cases"
    APPROVE_ANSWERS = "approve_answers"
    TAKE_OVER_TALKS = "take_over_talks"
    READ_SEALED = "read_sealed"
    SEE_STAFF = "see_staff"
    MANAGE_STAFF = "manage_staff"
    SEE_ROSTER = "see_roster"
    MANAGE_ROSTER = "manage_roster"
    ASK_SWAPS = "ask_swaps"
    EDIT_CATALOGUE = "edit_catalogue"
    EDIT_SENTENCES = "edit_sentences"
    EDIT_HOURS = "edit_hours"
    EDIT_COUNTERS = "edit_counters"
    TEACH_READER = "teach_reader"
    RELEASE_MODELS = "release_models"
    APPROVE_LETTERS = "approve_letters"
    ERASE_PEOPLE = "erase_people"
    SERVE_DATA_RIGHTS = "serve_data_rights"
    KEEP_PRIVACY = "keep_privacy"
    KEEP_BACKUPS = "keep_backups"
    READ_EVIDENCE = "read_evidence"
    SEE_DOSSIER = "see_dossier"
    FILE_EVIDENCE = "file_evidence"
    SEE_REPORTS = "see_reports"
    OPEN_CONSOLE = "open_console"
    KEEP_OWN_ACCOUNT = "keep_own_account"
    SEE_CATALOGUE = "see_catalogue"
    SEE_LETTERS = "see_letters"
    WRITE_LETTERS = "write_letters"
    SEE_SURVEYS = "see_surveys"
    CHANGE_SETTINGS = "change_settings"
    RECORD_RESULTS = "record_results"


ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.ADMIN: "Quản trị",
        Role.OFFICER: "Cán bộ xử lý",
        Role.HEAD: "Chánh văn phòng",
        Role.LEADER: "Lãnh đạo",
        Role.AUDITOR: "Kiểm tra, giám sát",
        Role.SEALED_HANDLER: "Người xử lý tin niêm phong",
    }
)

_EVERYBODY = frozenset(Role)
_AT_CASES = frozenset({Role.OFFICER, Role.HEAD, Role.LEADER})
_OFFICE = frozenset({Role.ADMIN, Role.HEAD})

PERMISSIONS: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.SEE_CASES: _AT_CASES,
        Action.WORK_CASES: frozenset({Role.OFFICER, Role.HEAD}),
        Action.ASSIGN_CASES: frozenset({Role.HEAD, Role.LEADER}),
        Action.TRANSFER_CASES: frozenset({Role.HEAD, Role.LEADER}),
        Action.APPROVE_ANSWERS: frozenset({Role.LEADER}),
        Action.TAKE_OVER_TALKS: _AT_CASES,
        Action.READ_SEALED: frozenset({Role.SEALED_HANDLER}),
        Action.SEE_STAFF: _EVERYBODY,
        Action.MANAGE_STAFF: frozenset({Role.ADMIN}),
        Action.SEE_ROSTER: _EVERYBODY,
        Action.MANAGE_ROSTER: _OFFICE,
        Action.ASK_SWAPS: _EVERYBODY - {Role.AUDITOR},
        Action.EDIT_CATALOGUE: _OFFICE,
        Action.EDIT_SENTENCES: _OFFICE,
        Action.EDIT_HOURS: _OFFICE,
        Action.EDIT_COUNTERS: frozenset({Role.HEAD}),
        Action.TEACH_READER: frozenset({Role.ADMIN, Role.HEAD, Role.OFFICER}),
        Action.RELEASE_MODELS: _OFFICE,
        Action.APPROVE_LETTERS: frozenset({Role.LEADER}),
        Action.ERASE_PEOPLE: _OFFICE,
        Action.SERVE_DATA_RIGHTS: frozenset({Role.HEAD, Role.LEADER}),
        Action.KEEP_PRIVACY: _OFFICE,
        Action.KEEP_BACKUPS: frozenset({Role.ADMIN}),
        Action.READ_EVIDENCE: frozenset({Role.AUDITOR, Role.LEADER}),
        Action.SEE_DOSSIER: _AT_CASES | {Role.AUDITOR},
        Action.FILE_EVIDENCE: frozenset({Role.OFFICER, Role.HEAD}),
        Action.SEE_REPORTS: frozenset({Role.AUDITOR, Role.HEAD, Role.LEADER}),
        Action.OPEN_CONSOLE: _EVERYBODY,
        Action.KEEP_OWN_ACCOUNT: _EVERYBODY,
        Action.SEE_CATALOGUE: _EVERYBODY,
        Action.SEE_LETTERS: _AT_CASES | {Role.AUDITOR},
        Action.WRITE_LETTERS: frozenset({Role.OFFICER, Role.HEAD}),
        Action.SEE_SURVEYS: frozenset({Role.AUDITOR, Role.HEAD, Role.LEADER}),
        Action.CHANGE_SETTINGS: frozenset({Role.ADMIN}),
        Action.RECORD_RESULTS: frozenset({Role.HEAD}),
    }
)

MOST_SEALED_HANDLERS = 2
"""What is sealed is for one or two named persons."""


def may(roles: Collection[str], action: Action) -> bool:
    """Whether somebody with these roles may do this."""
    return not PERMISSIONS[action].isdisjoint(roles)


def may_see(roles: Collection[str], kind: str) -> bool:
    """Whether somebody with these roles may see cases of this kind; unknown: no."""
    return kind in seen_kinds(roles)


def seen_kinds(roles: Collection[str]) -> frozenset[str]:
    """Return the kinds of case that somebody with these roles may see.

    Which roles a kind is for stands with the kind (handlers/cases/data/kinds.yml).
    """
    return frozenset(k.code for k in shipped() if k.may_be_seen_by(roles))
