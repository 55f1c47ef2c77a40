"""What does each kind of step change? One small function for each, all pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from handlers.cases import actions, clocks, effects_time
from handlers.cases.actions import Act
from handlers.cases.case import Draft, Drafted, Goal
from handlers.cases.change import Notice
from handlers.cases.errors import (
    BadOwnerError,
    NoDraftError,
    NotALeaderError,
    NotApprovedError,
    ReasonMissingError,
    SameCaseError,
    TextMissingError,
)
from handlers.cases.scene import (
    CASE,
    DATA,
    FILE,
    Effect,
    Scene,
    agency_number,
    due_now,
    due_was,
    linked,
    needed,
    texts_of,
)
from handlers.staff.people.model import CODE

APPROVERS = frozenset({"leader"})


def take(scene: Scene, _: actions.Take) -> Effect:
    """Take a case."""
    return _owned(scene, scene.actor.name, {})


def assign(scene: Scene, action: actions.Assign) -> Effect:
    """Give a case to somebody, or back to the queue."""
    texts = texts_of(action.text)
    found = _owned(scene, action.to, texts)
    return replace(found, notice=Notice("case_assigned", action.to))


def note(scene: Scene, action: actions.Note) -> Effect:
    """Keep words for staff."""
    mentions = ",".join(action.mentions)
    if not all(CODE.fullmatch(name) for name in action.mentions):
        raise BadOwnerError(mentions[:40])
    told = Notice("case_mentioned", mentions[:200]) if mentions else None
    data: DATA = {"mentions": mentions[:200]} if mentions else {}
    return Effect(scene.case, data, needed(action.text), notice=told)


def add(scene: Scene, action: actions.Add) -> Effect:
    """Keep what the citizen adds."""
    return Effect(
        scene.case, texts=needed(action.text), notice=Notice("case_added", "")
    )


def classify(scene: Scene, action: actions.Classify) -> Effect:
    """Name the kind; another one counts its clocks anew and drops a draft."""
    wanted = scene.kinds.get(action.kind)
    data: DATA = {"from": scene.case.kind, "to": wanted.code, **due_was(scene.case)}
    if wanted.code == scene.case.kind:
        return Effect(scene.stop(Goal.CLASSIFY), data, texts_of(action.text))
    found = clocks.reclassified(scene.case, wanted, scene.at, scene.deadlines)
    done = clocks.stopped(found, scene.at, frozenset({Goal.CLASSIFY}))
    case = replace(
        scene.case,
        kind=wanted.code,
        clocks=done,
        draft=None,
        pauses=clocks.ended_pauses(scene.case, scene.at),
    )
    return Effect(case, data | due_now(case), texts_of(action.text), "reclassified")


def accept(scene: Scene, action: actions.Accept) -> Effect:
    """Take it on; forwarding is not needed any more."""
    case = scene.stop(Goal.CLASSIFY, Goal.ACCEPT, void=frozenset({Goal.FORWARD}))
    return Effect(case, texts=texts_of(action.text), told="accepted")


def give_back(scene: Scene, action: actions.Return) -> Effect:
    """Return it with a reason; every clock stops."""
    if not action.text.strip():
        raise ReasonMissingError
    case = scene.stop(Goal.CLASSIFY, Goal.ACCEPT, void=clocks.ALL)
    texts = texts_of(action.text)
    kept = replace(case, draft=None)
    return Effect(kept, texts=texts, told="returned", values=texts)


def begin(scene: Scene, _: actions.Begin) -> Effect:
    """Begin the work."""
    return Effect(scene.case)


def draft(scene: Scene, action: actions.DraftAnswer) -> Effect:
    """Keep an answer that waits for approval; an earlier draft is replaced."""
    case = replace(scene.case, draft=Draft(scene.case.seq + 1, scene.actor.name))
    texts = needed(action.text)
    return Effect(case, texts=texts, notice=Notice("case_draft_waiting", ""))


def approve(scene: Scene, _: actions.Approve) -> Effect:
    """Let the draft leave."""
    found = _waiting_draft(scene)
    case = replace(scene.case, draft=replace(found, state=Drafted.APPROVED))
    return Effect(case, {"draft": found.seq, "drafted_by": found.by})


def reject(scene: Scene, action: actions.Reject) -> Effect:
    """Send the draft back to whoever wrote it."""
    found = _waiting_draft(scene)
    if not action.text.strip():
        raise ReasonMissingError
    case = replace(scene.case, draft=replace(found, state=Drafted.REJECTED))
    told = Notice("case_draft_rejected", found.by)
    data: DATA = {"draft": found.seq, "drafted_by": found.by}
    return Effect(case, data, texts_of(action.text), notice=told)


def answer(scene: Scene, action: actions.Answer) -> Effect:
    """Send the answer, approved where the kind demands it."""
    found = scene.case.draft
    is_approved = found is not None and found.state is Drafted.APPROVED
    if scene.kind.needs_approval and not is_approved:
        raise NotApprovedError
    texts = needed(action.text)
    done = (Goal.CLASSIFY, Goal.ACCEPT, Goal.ANSWER)
    case = replace(scene.stop(*done, void=clocks.ALL), draft=None)
    data: DATA = {"draft": found.seq} if found is not None and is_approved else {}
    return Effect(case, data, texts, "answered", texts)


def close(scene: Scene, action: actions.Close) -> Effect:
    """End it."""
    case = replace(scene.stop(void=clocks.ALL), closed_at=scene.at)
    texts = texts_of(action.text)
    return Effect(case, texts=texts, told="closed", values={"text": action.text})


def transfer(scene: Scene, action: actions.Transfer) -> Effect:
    """Hand it to another agency."""
    if not action.agency.strip():
        raise TextMissingError
    receipt = agency_number(action.receipt) if action.receipt else ""
    stopped = scene.stop(Goal.FORWARD, Goal.CLASSIFY, void=clocks.ALL)
    case = replace(stopped, receipt=receipt, draft=None)
    values = {"agency": action.agency.strip(), "receipt": receipt}
    texts = {"agency": values["agency"]}
    return Effect(case, {"receipt": receipt}, texts, "transferred", values)


def receipt(scene: Scene, action: actions.Receipt) -> Effect:
    """Keep the other agency's number."""
    number = agency_number(action.number)
    case = replace(scene.case, receipt=number)
    return Effect(
        case, {"receipt": number}, told="receipted", values={"receipt": number}
    )


def merge(scene: Scene, action: actions.Merge) -> Effect:
    """End it in favour of another case."""
    if action.into == scene.case.case_id:
        raise SameCaseError
    case = replace(
        scene.stop(void=clocks.ALL),
        closed_at=scene.at,
        merged_into=action.into,
        draft=None,
        links=linked(scene.case, CASE, action.into),
    )
    data: DATA = {"into": action.into, "into_code": action.code}
    return Effect(case, data, told="merged", values={"other": action.code})


def link(scene: Scene, action: actions.LinkTo) -> Effect:
    """Link it with another case."""
    if action.other == scene.case.case_id:
        raise SameCaseError
    case = replace(scene.case, links=linked(scene.case, CASE, action.other))
    return Effect(case, {"other": action.other})


def attach(scene: Scene, action: actions.Attach) -> Effect:
    """Let files belong to it."""
    if not action.files:
        raise TextMissingError
    links = linked(scene.case, FILE, *action.files)
    data: DATA = {f"file_{n}": name for n, name in enumerate(action.files, 1)}
    return Effect(replace(scene.case, links=links), data)


EFFECTS: Mapping[Act, Callable[[Scene, Any], Effect]] = {
    Act.TAKE: take,
    Act.ASSIGN: assign,
    Act.NOTE: note,
    Act.ADD: add,
    Act.CLASSIFY: classify,
    Act.ACCEPT: accept,
    Act.RETURN: give_back,
    Act.BEGIN: begin,
    Act.DRAFT: draft,
    Act.APPROVE: approve,
    Act.REJECT: reject,
    Act.ANSWER: answer,
    Act.CLOSE: close,
    Act.REOPEN: effects_time.reopen,
    Act.TRANSFER: transfer,
    Act.RECEIPT: receipt,
    Act.MERGE: merge,
    Act.LINK: link,
    Act.ATTACH: attach,
    Act.EXTEND: effects_time.extend,
    Act.PAUSE: effects_time.pause,
    Act.RESUME: effects_time.resume,
    Act.RECOMPUTE: effects_time.recompute,
}


def _owned(scene: Scene, owner: str, texts: Mapping[str, str]) -> Effect:
    if not CODE.fullmatch(owner):
        raise BadOwnerError(owner[:40])
    data: DATA = {"from": scene.case.owner, "to": owner}
    return Effect(replace(scene.case, owner=owner), data, texts)


def _waiting_draft(scene: Scene) -> Draft:
    roles = scene.actor.roles
    if roles is not None and roles.isdisjoint(APPROVERS):
        raise NotALeaderError
    found = scene.case.draft
    if found is None or found.state is not Drafted.WAITING:
        raise NoDraftError
    return found
