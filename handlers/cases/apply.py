"""What does a step make of a case? Pure: the same step gives the same change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.cases import state
from handlers.cases.actions import (
    CITIZEN,
    STAFF,
    SYSTEM,
    Act,
    Action,
    Actor,
    Recompute,
)
from handlers.cases.case import QUEUE, Case, Goal, State
from handlers.cases.change import Change, HistoryEntry, Message
from handlers.cases.clocks import stopped
from handlers.cases.effects import EFFECTS
from handlers.cases.errors import GuidanceOnlyError, NotYoursError, PersonErasedError
from handlers.cases.kind import CaseKind, Kinds
from handlers.cases.ports import Deadlines
from handlers.cases.scene import Effect, Scene
from handlers.model import Event, Tag

TAGS: Mapping[Act, Tag] = {
    Act.TAKE: Tag.CASE_TAKEN,
    Act.ASSIGN: Tag.CASE_ASSIGNED,
    Act.NOTE: Tag.CASE_NOTED,
    Act.ADD: Tag.CASE_ADDED,
    Act.CLASSIFY: Tag.CASE_CLASSIFIED,
    Act.ACCEPT: Tag.CASE_ACCEPTED,
    Act.RETURN: Tag.CASE_RETURNED,
    Act.BEGIN: Tag.CASE_BEGUN,
    Act.DRAFT: Tag.CASE_DRAFTED,
    Act.APPROVE: Tag.CASE_APPROVED,
    Act.REJECT: Tag.CASE_REJECTED,
    Act.ANSWER: Tag.CASE_ANSWERED,
    Act.CLOSE: Tag.CASE_CLOSED,
    Act.REOPEN: Tag.CASE_REOPENED,
    Act.TRANSFER: Tag.CASE_TRANSFERRED,
    Act.RECEIPT: Tag.CASE_RECEIPTED,
    Act.MERGE: Tag.CASE_MERGED,
    Act.LINK: Tag.CASE_LINKED,
    Act.ATTACH: Tag.CASE_ATTACHED,
    Act.EXTEND: Tag.CASE_EXTENDED,
    Act.PAUSE: Tag.CASE_PAUSED,
    Act.RESUME: Tag.CASE_RESUMED,
    Act.RECOMPUTE: Tag.CASE_RECOMPUTED,
}
ASIDE = frozenset({Act.NOTE, Act.LINK, Act.ATTACH})
"""Done beside the case: nobody has taken notice of it by that."""
TAKES_OWNERSHIP = frozenset({Act.ACCEPT, Act.BEGIN, Act.DRAFT, Act.ANSWER})
"""Whoever does this to a case of the queue sees to it from then on."""
INTERNAL = frozenset(
    {Act.TAKE, Act.ASSIGN, Act.NOTE, Act.DRAFT, Act.APPROVE, Act.REJECT, Act.LINK}
)
"""Never shown to citizens."""
WRITTEN_BY_HAND = frozenset({Act.ANSWER, Act.RETURN})
"""The citizen reads words of a person, not of a template alone."""


@dataclass(frozen=True, slots=True)
class CaseServices:
    """What a step may ask: the kinds, and the clocks of the law."""

    kinds: Kinds
    deadlines: Deadlines


def apply(
    case: Case, action: Action, actor: Actor, at: datetime, services: CaseServices
) -> Change:
    """Return what a step made by somebody at an instant (aware) brings about.

    Raises a CaseError whose sentence says why the step cannot be made.
    """
    kind = services.kinds.get(case.kind)
    _check(case, kind, action, actor, services)
    ends = state.after(case, action.act, kind)
    seen = _acknowledged(case, action.act, actor, at)
    scene = Scene(seen, kind, services.kinds, services.deadlines, actor, at)
    effect = EFFECTS[action.act](scene, action)
    made = _with_owner(effect.case, action, actor)
    seq = case.seq + 1
    after = replace(made, state=ends, seq=seq, updated_at=at)
    entry = _entry(after, action.act, actor, at, effect)
    return Change(
        case=after,
        history=(entry,),
        messages=_messages(action.act, actor, effect, seq),
        notices=(effect.notice,) if effect.notice else (),
    )


def _check(
    case: Case, kind: CaseKind, action: Action, actor: Actor, services: CaseServices
) -> None:
    if kind.is_guidance:
        raise GuidanceOnlyError
    if case.state is State.ERASED:
        raise PersonErasedError(case.code)
    if actor.roles is not None and not kind.may_be_seen_by(actor.roles):
        raise NotYoursError
    wanted = getattr(action, "kind", "")
    if wanted and services.kinds.get(wanted).is_guidance:
        raise GuidanceOnlyError


def _acknowledged(case: Case, act: Act, actor: Actor, at: datetime) -> Case:
    """Staff who do anything to a case have taken notice of it."""
    if actor.side != STAFF or act in ASIDE:
        return case
    done = frozenset({Goal.ACKNOWLEDGE})
    return replace(case, clocks=stopped(case.clocks, at, done))


def _with_owner(case: Case, action: Action, actor: Actor) -> Case:
    takes = action.act in TAKES_OWNERSHIP and actor.side == STAFF
    is_free = case.owner == QUEUE
    return replace(case, owner=actor.name) if takes and is_free else case


def _entry(
    case: Case, act: Act, actor: Actor, at: datetime, effect: Effect
) -> HistoryEntry:
    data = {"code": case.code, "state": case.state.value, "by": actor.name}
    event = Event(TAGS[act], data | effect.data, dict(effect.texts))
    return HistoryEntry(case.seq, act, actor, at, event, act in INTERNAL)


def _messages(act: Act, actor: Actor, effect: Effect, seq: int) -> tuple[Message, ...]:
    """A citizen who did it was answered in the talk already."""
    if not effect.told or actor.side == CITIZEN:
        return ()
    is_human = act in WRITTEN_BY_HAND or bool(effect.values.get("text"))
    return (Message(effect.told, seq, effect.values, is_human),)


def recompute(
    case: Case, why: str, at: datetime, services: CaseServices
) -> Change | None:
    """Return the change when the calendar or the law moved a term; None when not."""
    if not case.is_in_hand:
        return None
    change = apply(case, Recompute(why), Actor("system", SYSTEM), at, services)
    is_same = [c.at for c in change.case.clocks] == [c.at for c in case.clocks]
    return None if is_same else change
