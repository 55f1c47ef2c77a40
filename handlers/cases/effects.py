"""What does each kind of step change? One small function for each, all pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from handlers.cases import actions, clocks
from handlers.cases.actions import Act, Actor
from handlers.cases.case import (
    Case,
    Clock,
    Draft,
    Drafted,
    Extension,
    Goal,
    Link,
    Pause,
)
from handlers.cases.change import Notice
from handlers.cases.errors import (
    AlreadyPausedError,
    BadOwnerError,
    DeadlineRefusedError,
    NoDraftError,
    NotALeaderError,
    NotApprovedError,
    NotPausedError,
    ReasonMissingError,
    SameCaseError,
    TextMissingError,
)
from handlers.cases.kind import CaseKind, Kinds
from handlers.cases.moments import local_day
from handlers.cases.ports import Deadlines

APPROVERS = frozenset({"leader"})
OWNER = re.compile(r"[A-Za-z0-9._\-]{1,40}")
DATA = dict[str, str | int | bool]
CASE = "case"
FILE = "file"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a step is made: the case before it, who makes it, when (aware)."""

    case: Case
    kind: CaseKind
    kinds: Kinds
    deadlines: Deadlines
    actor: Actor
    at: datetime

    def again(self, case: Case) -> Case:
        """Return the case with its running terms worked out anew."""
        found = clocks.counted_again(case, self.kind, self.deadlines)
        return replace(case, clocks=found)

    def stop(self, *done: Goal, void: frozenset[Goal] = clocks.NOTHING) -> Case:
        """Return the case with clocks stopped, and suspensions when none runs on."""
        goals = frozenset(done)
        found = clocks.stopped(self.case.clocks, self.at, goals, void - goals)
        is_over = Goal.ANSWER in goals | void
        pauses = clocks.ended_pauses(self.case, self.at) if is_over else None
        return replace(self.case, clocks=found, pauses=pauses or self.case.pauses)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step changes, proves (``data``, ``texts``) and tells (``told``)."""

    case: Case
    data: DATA = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    told: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None


def take(scene: Scene, _: actions.Take) -> Effect:
    """Take a case."""
    return _owned(scene, scene.actor.name, {})


def assign(scene: Scene, action: actions.Assign) -> Effect:
    """Give a case to somebody, or back to the queue."""
    texts = _texts(action.text)
    found = _owned(scene, action.to, texts)
    return replace(found, notice=Notice("case_assigned", action.to))


def note(scene: Scene, action: actions.Note) -> Effect:
    """Keep words for staff."""
    mentions = ",".join(action.mentions)
    if not all(OWNER.fullmatch(name) for name in action.mentions):
        raise BadOwnerError(mentions[:40])
    told = Notice("case_mentioned", mentions[:200]) if mentions else None
    data: DATA = {"mentions": mentions[:200]} if mentions else {}
    return Effect(scene.case, data, _needed(action.text), notice=told)


def add(scene: Scene, action: actions.Add) -> Effect:
    """Keep what the citizen adds."""
    return Effect(
        scene.case, texts=_needed(action.text), notice=Notice("case_added", "")
    )


def classify(scene: Scene, action: actions.Classify) -> Effect:
    """Name the kind; another one counts its clocks anew and drops a draft."""
    wanted = scene.kinds.get(action.kind)
    data: DATA = {"from": scene.case.kind, "to": wanted.code, **_was(scene.case)}
    if wanted.code == scene.case.kind:
        return Effect(scene.stop(Goal.CLASSIFY), data, _texts(action.text))
    found = clocks.reclassified(scene.case, wanted, scene.at, scene.deadlines)
    done = clocks.stopped(found, scene.at, frozenset({Goal.CLASSIFY}))
    case = replace(
        scene.case,
        kind=wanted.code,
        clocks=done,
        draft=None,
        pauses=clocks.ended_pauses(scene.case, scene.at),
    )
    return Effect(case, data | _due(case), _texts(action.text), "reclassified")


def accept(scene: Scene, action: actions.Accept) -> Effect:
    """Take it on; forwarding is not needed any more."""
    case = scene.stop(Goal.CLASSIFY, Goal.ACCEPT, void=frozenset({Goal.FORWARD}))
    return Effect(case, texts=_texts(action.text), told="accepted")


def give_back(scene: Scene, action: actions.Return) -> Effect:
    """Return it with a reason; every clock stops."""
    if not action.text.strip():
        raise ReasonMissingError
    case = scene.stop(Goal.CLASSIFY, Goal.ACCEPT, void=clocks.ALL)
    texts = _texts(action.text)
    kept = replace(case, draft=None)
    return Effect(kept, texts=texts, told="returned", values=texts)


def begin(scene: Scene, _: actions.Begin) -> Effect:
    """Begin the work."""
    return Effect(scene.case)


def draft(scene: Scene, action: actions.DraftAnswer) -> Effect:
    """Keep an answer that waits for approval; an earlier draft is replaced."""
    case = replace(scene.case, draft=Draft(scene.case.seq + 1, scene.actor.name))
    texts = _needed(action.text)
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
    return Effect(case, data, _texts(action.text), notice=told)


def answer(scene: Scene, action: actions.Answer) -> Effect:
    """Send the answer, approved where the kind demands it."""
    found = scene.case.draft
    is_approved = found is not None and found.state is Drafted.APPROVED
    if scene.kind.needs_approval and not is_approved:
        raise NotApprovedError
    texts = _needed(action.text)
    done = (Goal.CLASSIFY, Goal.ACCEPT, Goal.ANSWER)
    case = replace(scene.stop(*done, void=clocks.ALL), draft=None)
    data: DATA = {"draft": found.seq} if found is not None and is_approved else {}
    return Effect(case, data, texts, "answered", texts)


def close(scene: Scene, action: actions.Close) -> Effect:
    """End it."""
    case = replace(scene.stop(void=clocks.ALL), closed_at=scene.at)
    texts = _texts(action.text)
    return Effect(case, texts=texts, told="closed", values={"text": action.text})


def reopen(scene: Scene, action: actions.Reopen) -> Effect:
    """Look at it again; a new term for the answer begins today."""
    if not action.text.strip():
        raise ReasonMissingError
    fresh = clocks.started(
        scene.kind, scene.at, scene.deadlines, frozenset({Goal.ANSWER})
    )
    case = replace(
        scene.case, clocks=(*scene.case.clocks, *fresh), closed_at=None, draft=None
    )
    told = Notice("case_reopened", "")
    return Effect(case, _due(case), _texts(action.text), "reopened", notice=told)


def transfer(scene: Scene, action: actions.Transfer) -> Effect:
    """Hand it to another agency."""
    if not action.agency.strip():
        raise TextMissingError
    receipt = _number(action.receipt) if action.receipt else ""
    stopped = scene.stop(Goal.FORWARD, Goal.CLASSIFY, void=clocks.ALL)
    case = replace(stopped, receipt=receipt, draft=None)
    values = {"agency": action.agency.strip(), "receipt": receipt}
    texts = {"agency": values["agency"]}
    return Effect(case, {"receipt": receipt}, texts, "transferred", values)


def receipt(scene: Scene, action: actions.Receipt) -> Effect:
    """Keep the other agency's number."""
    number = _number(action.number)
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
        links=_linked(scene.case, CASE, action.into),
    )
    data: DATA = {"into": action.into, "into_code": action.code}
    return Effect(case, data, told="merged", values={"other": action.code})


def link(scene: Scene, action: actions.LinkTo) -> Effect:
    """Link it with another case."""
    if action.other == scene.case.case_id:
        raise SameCaseError
    case = replace(scene.case, links=_linked(scene.case, CASE, action.other))
    return Effect(case, {"other": action.other})


def attach(scene: Scene, action: actions.Attach) -> Effect:
    """Let files belong to it."""
    if not action.files:
        raise TextMissingError
    links = _linked(scene.case, FILE, *action.files)
    data: DATA = {f"file_{n}": name for n, name in enumerate(action.files, 1)}
    return Effect(replace(scene.case, links=links), data)


def extend(scene: Scene, action: actions.Extend) -> Effect:
    """Grant more time, as the rule of the running answer's clock allows."""
    if not action.text.strip():
        raise ReasonMissingError
    rule = _answer_clock(scene).rule
    granted = (*scene.case.extensions, Extension(rule, action.code))
    case = scene.again(replace(scene.case, extensions=granted))
    data: DATA = {"rule": rule, "extension": action.code, **_was(scene.case)}
    texts = _texts(action.text)
    return Effect(case, data | _due(case), texts, "extended", texts)


def pause(scene: Scene, action: actions.Suspend) -> Effect:
    """Suspend the answer's term for a lawful reason."""
    if scene.case.open_pause is not None:
        raise AlreadyPausedError
    if not action.text.strip():
        raise ReasonMissingError
    if action.reason not in scene.kind.pauses:
        raise DeadlineRefusedError(f"{scene.kind.code}: {action.reason[:40]}")
    rule = _answer_clock(scene).rule
    begun = Pause(rule, action.reason, local_day(scene.at))
    case = scene.again(replace(scene.case, pauses=(*scene.case.pauses, begun)))
    texts = _texts(action.text)
    data: DATA = {"rule": rule, "reason": action.reason, **_was(scene.case)}
    return Effect(case, data, texts, "paused", texts)


def resume(scene: Scene, _: actions.Resume) -> Effect:
    """Let the days count again."""
    if scene.case.open_pause is None:
        raise NotPausedError
    ended = clocks.ended_pauses(scene.case, scene.at)
    case = scene.again(replace(scene.case, pauses=ended))
    return Effect(case, _due(case), told="resumed")


def recompute(scene: Scene, action: actions.Recompute) -> Effect:
    """Work the running terms out again; the citizen hears when the answer's moved."""
    case = scene.again(scene.case)
    is_moved = _date(case.answer_clock) != _date(scene.case.answer_clock)
    moved = sum(
        new.at != old.at
        for new, old in zip(case.clocks, scene.case.clocks, strict=True)
    )
    data: DATA = {"why": action.why[:40], "moved": moved, **_was(scene.case)}
    return Effect(case, data | _due(case), told="recomputed" if is_moved else "")


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
    Act.REOPEN: reopen,
    Act.TRANSFER: transfer,
    Act.RECEIPT: receipt,
    Act.MERGE: merge,
    Act.LINK: link,
    Act.ATTACH: attach,
    Act.EXTEND: extend,
    Act.PAUSE: pause,
    Act.RESUME: resume,
    Act.RECOMPUTE: recompute,
}


def _owned(scene: Scene, owner: str, texts: Mapping[str, str]) -> Effect:
    if not OWNER.fullmatch(owner):
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


def _answer_clock(scene: Scene) -> Clock:
    found = scene.case.answer_clock
    if found is None or not found.is_running:
        raise DeadlineRefusedError(scene.case.code)
    return found


def _linked(case: Case, kind: str, *refs: str) -> tuple[Link, ...]:
    return tuple(dict.fromkeys((*case.links, *(Link(kind, ref) for ref in refs))))


def _number(text: str) -> str:
    """A number of another agency: short, and no place for anybody's name."""
    found = re.fullmatch(r"[A-Za-z0-9Đđ./\-]{1,40}", text.strip())
    if found is None or not any(char.isdigit() for char in text):
        raise TextMissingError(text[:40])
    return text.strip()


def _texts(text: str) -> dict[str, str]:
    return {"text": text.strip()} if text.strip() else {}


def _needed(text: str) -> dict[str, str]:
    if not text.strip():
        raise TextMissingError
    return _texts(text)


def _was(case: Case) -> DATA:
    return {"due_was": _date(case.answer_clock)}


def _due(case: Case) -> DATA:
    return {"due": _date(case.answer_clock)}


def _date(clock: Clock | None) -> str:
    return clock.date.isoformat() if clock is not None and clock.date else ""
