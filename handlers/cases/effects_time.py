"""What do steps about time change: more of it, none for a while, a second term?"""

from __future__ import annotations

from dataclasses import replace

from handlers.cases import actions, clocks
from handlers.cases.case import Extension, Goal, Pause
from handlers.cases.change import Notice
from handlers.cases.errors import (
    AlreadyPausedError,
    BadReasonCodeError,
    DeadlineRefusedError,
    NotPausedError,
    ReasonMissingError,
)
from handlers.cases.moments import local_day
from handlers.cases.scene import (
    DATA,
    Effect,
    Scene,
    answer_clock,
    date_of,
    due_now,
    due_was,
    texts_of,
)
from handlers.staff.people.model import CODE


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
    return Effect(case, due_now(case), texts_of(action.text), "reopened", notice=told)


def extend(scene: Scene, action: actions.Extend) -> Effect:
    """Grant more time, as the rule of the running answer's clock allows."""
    if not action.text.strip():
        raise ReasonMissingError
    rule = answer_clock(scene).rule
    granted = (*scene.case.extensions, Extension(rule, action.code))
    case = scene.again(replace(scene.case, extensions=granted))
    data: DATA = {"rule": rule, "extension": action.code, **due_was(scene.case)}
    texts = texts_of(action.text)
    return Effect(case, data | due_now(case), texts, "extended", texts)


def pause(scene: Scene, action: actions.Suspend) -> Effect:
    """Suspend the answer's term for a lawful reason."""
    if scene.case.open_pause is not None:
        raise AlreadyPausedError
    if not action.text.strip():
        raise ReasonMissingError
    if action.reason not in scene.kind.pauses:
        raise DeadlineRefusedError(f"{scene.kind.code}: {action.reason[:40]}")
    rule = answer_clock(scene).rule
    begun = Pause(rule, action.reason, local_day(scene.at))
    case = scene.again(replace(scene.case, pauses=(*scene.case.pauses, begun)))
    texts = texts_of(action.text)
    data: DATA = {"rule": rule, "reason": action.reason, **due_was(scene.case)}
    return Effect(case, data, texts, "paused", texts)


def resume(scene: Scene, _: actions.Resume) -> Effect:
    """Let the days count again."""
    if scene.case.open_pause is None:
        raise NotPausedError
    ended = clocks.ended_pauses(scene.case, scene.at)
    case = scene.again(replace(scene.case, pauses=ended))
    return Effect(case, due_now(case), told="resumed")


def recompute(scene: Scene, action: actions.Recompute) -> Effect:
    """Work the running terms out again; the citizen hears when the answer's moved."""
    if not CODE.fullmatch(action.why):
        raise BadReasonCodeError(action.why[:40])
    case = scene.again(scene.case)
    is_moved = date_of(case.answer_clock) != date_of(scene.case.answer_clock)
    moved = sum(
        new.at != old.at
        for new, old in zip(case.clocks, scene.case.clocks, strict=True)
    )
    data: DATA = {"why": action.why, "moved": moved, **due_was(scene.case)}
    return Effect(case, data | due_now(case), told="recomputed" if is_moved else "")
