"""Which steps of a case does a wish of staff stand for? Pure: steps, or why not.

A button does what the life cycle allows and no more. Steps that a wish implies (who
answers has accepted) are made on the way; they are not told to the citizen, who reads
the answer at the same moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from handlers.cases import state
from handlers.cases.actions import (
    Accept,
    Action,
    Answer,
    Approve,
    Assign,
    Classify,
    Close,
    DraftAnswer,
    Reject,
    Take,
)
from handlers.cases.actions import Act as CaseAct
from handlers.cases.case import QUEUE, Case, Drafted, State
from handlers.cases.kind import CaseKind
from handlers.staff import permissions
from handlers.staff.desk import Act
from handlers.staff.handover.model import Wish
from handlers.staff.permissions import may

TALKS = frozenset({"ho_tro"})
"""Kinds that are a talk with an officer: whoever takes one silences the bot, and words
to the citizen are its answer."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step; ``is_quiet``: the citizen is not told of it by itself."""

    action: Action
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a wish cannot be met, by the name of a sentence; ``is_stale`` says that the
    card which was pressed shows something that is over.
    """

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class CaseAt:
    """A case as a member of staff meets it; ``draft`` is the text that waits."""

    case: Case
    kind: CaseKind
    who: str
    roles: frozenset[str]
    draft: str = ""

    @property
    def is_talk(self) -> bool:
        """Whether the case is a talk with an officer."""
        return self.kind.code in TALKS

    @property
    def has_waiting_draft(self) -> bool:
        """Whether a leader is waited for."""
        draft = self.case.draft
        return draft is not None and draft.state is Drafted.WAITING


Found = tuple[Move, ...] | Refusal

NEEDED: Mapping[Act, permissions.Action] = {
    Act.TAKE: permissions.Action.WORK_CASES,
    Act.REPLY: permissions.Action.WORK_CASES,
    Act.CLOSE: permissions.Action.WORK_CASES,
    Act.APPROVE: permissions.Action.APPROVE_ANSWERS,
    Act.REJECT: permissions.Action.APPROVE_ANSWERS,
}


def moves(at: CaseAt, wish: Wish, to: str = "") -> Found:
    """Return the steps of a wish; ``to`` is whom a transfer is to."""
    needed = NEEDED.get(wish.act)
    if needed is not None and not may(at.roles, needed):
        return Refusal("not_allowed")
    if wish.act is Act.FORWARD:
        return _transfer(at, to)
    return _MOVES[wish.act](at, wish)


def may_pass_on(at: CaseAt) -> bool:
    """Whether they may give the case to somebody: their own, or as a leader of work."""
    if may(at.roles, permissions.Action.ASSIGN_CASES):
        return True
    is_free = at.case.owner in (QUEUE, at.who)
    return is_free and may(at.roles, permissions.Action.WORK_CASES)


def acts(at: CaseAt) -> tuple[Act, ...]:
    """Return the buttons under a case as it stands."""
    if at.case.is_in_hand:
        first = (Act.TAKE,) if at.case.owner == QUEUE else ()
        return (*first, Act.REPLY, Act.FORWARD, Act.CLOSE)
    can_close = state.may(at.case, CaseAct.CLOSE, at.kind)
    return (Act.SAY, Act.CLOSE) if can_close else ()


def _take(at: CaseAt, _: Wish) -> Found:
    if not at.case.is_in_hand:
        return _stale(at)
    if at.case.owner not in (QUEUE, at.who):
        return Refusal("already_taken_by", {"who": at.case.owner}, is_stale=True)
    onward = _onward(at)
    if at.case.owner == QUEUE:
        return (Move(Take()), *onward)
    return onward or Refusal("already_yours", is_stale=True)


def _reply(at: CaseAt, wish: Wish) -> Found:
    if not at.case.is_in_hand:
        return _stale(at)
    if at.kind.needs_approval:
        return (*_onward(at), Move(DraftAnswer(wish.text)))
    onward = () if _can(at, CaseAct.ANSWER) else _onward(at)
    quiet = (Move(one.action, is_quiet=True) for one in onward)
    return (*quiet, Move(Answer(wish.text)))


def _transfer(at: CaseAt, to: str) -> Found:
    if not may_pass_on(at):
        return Refusal("not_yours_to_pass", {"who": at.case.owner})
    if not _can(at, CaseAct.ASSIGN):
        return _stale(at)
    if to == at.case.owner:
        return Refusal("already_with", {"who": to}, is_stale=True)
    return (Move(Assign(to)),)


def _close(at: CaseAt, _: Wish) -> Found:
    if _can(at, CaseAct.CLOSE):
        return (Move(Close()),)
    return Refusal("not_answered") if at.case.is_in_hand else _stale(at)


def _approve(at: CaseAt, wish: Wish) -> Found:
    if _is_other_draft(at, wish):
        return Refusal("draft_gone", is_stale=True)
    return (Move(Approve()), Move(Answer(at.draft)))


def _reject(at: CaseAt, wish: Wish) -> Found:
    if _is_other_draft(at, wish):
        return Refusal("draft_gone", is_stale=True)
    return (Move(Reject(wish.text)),)


def _say(at: CaseAt, _: Wish) -> Found:
    """Who talks with the citizen about a case nobody has, has it; no more is meant."""
    is_free = at.case.is_in_hand and at.case.owner == QUEUE
    can_work = may(at.roles, permissions.Action.WORK_CASES)
    return (Move(Take()),) if is_free and can_work else ()


def _is_other_draft(at: CaseAt, wish: Wish) -> bool:
    """A leader approves the words they were shown, not those written since."""
    draft = at.case.draft
    shown = wish.detail
    is_newer = shown.isdecimal() and draft is not None and int(shown) != draft.seq
    return not at.has_waiting_draft or is_newer


def _onward(at: CaseAt) -> tuple[Move, ...]:
    """Return what makes an accepted case of one that was only received."""
    if _can(at, CaseAct.ACCEPT):
        return (Move(Accept()),)
    if at.case.state is State.RECEIVED:
        return (Move(Classify(at.kind.code), is_quiet=True), Move(Accept()))
    return ()


def _can(at: CaseAt, act: CaseAct) -> bool:
    return state.may(at.case, act, at.kind)


def _stale(at: CaseAt) -> Refusal:
    return Refusal("stale", {"state": state.NAMES[at.case.state]}, is_stale=True)


_MOVES: Mapping[Act, Callable[[CaseAt, Wish], Found]] = {
    Act.TAKE: _take,
    Act.REPLY: _reply,
    Act.CLOSE: _close,
    Act.APPROVE: _approve,
    Act.REJECT: _reject,
    Act.SAY: _say,
}
