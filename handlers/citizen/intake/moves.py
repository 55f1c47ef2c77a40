"""What does each button of the form do?

A button stays on the screen for days: one that does not fit the open question any more
shows that question again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.citizen.intake import (
    going,
    health,
    leave,
    masks,
    overview,
    question,
    screen,
    take,
    words,
)
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.intake.filling import FREE, choose_kind, filled, new
from handlers.citizen.intake.forms import is_optional, offered
from handlers.citizen.intake.send import send
from handlers.citizen.intake.words import Move
from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Tag


def moved(turn: Turn, draft: Draft, one: Move) -> Step:
    """Return the step of a move."""
    return _MOVES[one](turn, draft)


def chosen(turn: Turn, draft: Draft, word: str) -> Step:
    """A button with something in it; what no longer fits shows the open question."""
    mark, rest = word[:2], word[2:]
    asks, serve = _CHOICES.get(mark, (frozenset(), _nothing))
    if asks and draft.ask not in asks:
        return again(turn, draft)
    return serve(turn, draft, rest)


def _nothing(turn: Turn, draft: Draft, rest: str) -> Step:
    del rest
    return again(turn, draft)


def _part(turn: Turn, draft: Draft, rest: str) -> Step:
    parts = overview.editable(turn, draft) if draft.kind else ()
    return going.mended(turn, draft, Ask(rest)) if rest in parts else again(turn, draft)


def _page(turn: Turn, draft: Draft, rest: str) -> Step:
    page = question.hamlets(turn, draft, max(words.count(rest), 0))
    return going.shown(turn, draft, reply=page)


def again(turn: Turn, draft: Draft) -> Step:
    """Return the step that puts the open question again."""
    return going.shown(turn, draft)


def _given(turn: Turn, draft: Draft, name: str) -> Step:
    fits = question.DAYS if draft.ask is Ask.WHEN else question.PAPERS
    if name not in fits:
        return again(turn, draft)
    return filled(turn, draft, turn.title(f"form_{name}"), None)


def _hamlet(turn: Turn, draft: Draft, rest: str) -> Step:
    taken = take.hamlet(turn, draft, words.count(rest))
    if isinstance(taken, take.Refused):
        return going.shown(turn, draft, turn.say(taken.key))
    return going.answered(turn, taken)


def _joined(turn: Turn, draft: Draft, number: int) -> Step:
    if not 0 <= number < len(draft.twins):
        return again(turn, draft)
    code, case_id, _ = draft.twins[number].split(" ", 2)
    joined = replace(draft, twin=f"{code} {case_id}", twins=())
    return going.answered(turn, joined, turn.say("intake.joined", code=code))


def _next(turn: Turn, draft: Draft) -> Step:
    if draft.ask in (Ask.FILES, Ask.MORE):
        return going.answered(turn, draft)
    return again(turn, draft)


def _skip(turn: Turn, draft: Draft) -> Step:
    kind = turn.services.kinds.by_code.get(draft.kind)
    if kind is None or draft.ask in (Ask.EDIT, Ask.PREVIEW):
        return again(turn, draft)
    if not is_optional(draft.ask, kind):
        return going.shown(turn, draft, turn.say("intake.needed"))
    return going.answered(turn, draft.with_answers(**{draft.ask.value: ""}))


def _edit(turn: Turn, draft: Draft) -> Step:
    if not draft.kind:
        return again(turn, draft)
    return going.shown(turn, replace(draft, ask=Ask.EDIT))


def _send(turn: Turn, draft: Draft) -> Step:
    return send(turn, draft) if draft.ask is Ask.PREVIEW else again(turn, draft)


def _mask(turn: Turn, draft: Draft) -> Step:
    if draft.ask is not Ask.PREVIEW:
        return again(turn, draft)
    return going.shown(turn, masks.hidden(draft), turn.say("intake.masked"))


def _keep(turn: Turn, draft: Draft) -> Step:
    """What we took for a question was an answer."""
    if not draft.aside or draft.ask not in FREE:
        return again(turn, draft)
    return filled(turn, replace(draft, aside=""), draft.aside, None)


def _fresh(turn: Turn, draft: Draft) -> Step:
    """Drop the old draft and its files for a new one, with the story that began it."""
    begun = Event(Tag.FORM_BEGUN, {"likely": "", "told": bool(draft.aside)})
    likely = turn.services.forms.likely(draft.aside)
    step = going.shown(turn, new(turn, draft.aside, likely)).after(begun)
    return replace(step, drops_files=draft.files)


def _agreed(turn: Turn, draft: Draft, told: str) -> Step:
    serve = health.answered if draft.ask is Ask.HEALTH else _anonymous
    return serve(turn, draft, told)


def _anonymous(turn: Turn, draft: Draft, told: str) -> Step:
    if draft.ask is not Ask.ANONYMOUS:
        return again(turn, draft)
    return going.answered(turn, draft.with_answers(anonymous=told))


def _apart(turn: Turn, draft: Draft) -> Step:
    if draft.ask is not Ask.TWINS:
        return again(turn, draft)
    return going.answered(turn, replace(draft, twins=()))


def _others(turn: Turn, draft: Draft) -> Step:
    if draft.ask is not Ask.KIND:
        return again(turn, draft)
    return going.shown(turn, draft, reply=question.kinds(turn, draft, others=True))


def _hamlets(turn: Turn, draft: Draft) -> Step:
    if draft.ask is not Ask.WHERE or not turn.services.unit.hamlets:
        return again(turn, draft)
    return going.shown(turn, draft, reply=question.hamlets(turn, draft, 0))


def _by_kind(turn: Turn, draft: Draft, number: int) -> Step:
    known = offered(turn.services.kinds)
    is_shown = 1 <= number <= len(known)
    return (
        choose_kind(turn, draft, known[number - 1]) if is_shown else again(turn, draft)
    )


def _by_part(turn: Turn, draft: Draft, number: int) -> Step:
    parts = overview.editable(turn, draft)
    if not 1 <= number <= len(parts):
        return again(turn, draft)
    return going.mended(turn, draft, parts[number - 1])


def _by_twin(turn: Turn, draft: Draft, number: int) -> Step:
    return _joined(turn, draft, number - 1)


NUMBERED: Mapping[Ask, Callable[[Turn, Draft, int], Step]] = {
    Ask.KIND: _by_kind,
    Ask.EDIT: _by_part,
    Ask.TWINS: _by_twin,
}
_CHOICES: Mapping[str, tuple[frozenset[Ask], Callable[[Turn, Draft, str], Step]]] = {
    screen.KIND: (frozenset(), choose_kind),
    screen.FIELD: (frozenset(), _part),
    screen.HAMLET: (frozenset({Ask.WHERE}), _hamlet),
    screen.PAGE: (frozenset({Ask.WHERE}), _page),
    screen.TWIN: (
        frozenset({Ask.TWINS}),
        lambda turn, draft, rest: _joined(turn, draft, words.count(rest)),
    ),
    screen.GIVEN: (frozenset({Ask.WHEN, Ask.FORM}), _given),
}
_MOVES: Mapping[Move, Callable[[Turn, Draft], Step]] = {
    Move.NEXT: _next,
    Move.BACK: going.backward,
    Move.SKIP: _skip,
    Move.CANCEL: lambda turn, _: leave.cancelled(turn),
    Move.LATER: leave.later,
    Move.EDIT: _edit,
    Move.SEND: _send,
    Move.MASK: _mask,
    Move.KEEP: _keep,
    Move.RESUME: again,
    Move.FRESH: _fresh,
    Move.OTHER: _others,
    Move.HAMLETS: _hamlets,
    Move.AGREE: lambda turn, draft: _agreed(turn, draft, take.ANONYMOUS),
    Move.REFUSE: lambda turn, draft: _agreed(turn, draft, ""),
    Move.APART: _apart,
}
