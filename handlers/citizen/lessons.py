"""What does this turn teach? A tap, "không đúng", a correction are labels; so is a gap.

Read off the events of the turn, so that no handler need think of learning. Nothing is
kept of a citizen who declined or wants no news, of a sealed matter, of petitions and
health.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.citizen import memory
from handlers.citizen.discretion import may_learn
from handlers.citizen.turn import Step, Turn
from handlers.lessons import lesson
from handlers.model import Conversation, Event, Lesson, LessonSource, Tag
from nlu import learning

_SEARCHED = frozenset({"search", "elsewhere"})


def learnt(turn: Turn, step: Step) -> Step:
    """Return the step with its lessons, and with what is still unsolved in the talk."""
    if not _may_learn(turn, step):
        return replace(step, talk=_solved(step.talk))
    found: dict[tuple[str, str, bool], Lesson] = {}
    for one in _lessons(turn, step):
        if one is not None:
            found.setdefault((one.text, one.label, one.is_right), one)
    return replace(step, lessons=tuple(found.values()), talk=_unsolved(turn, step))


def _may_learn(turn: Turn, step: Step) -> bool:
    """Whether the law, the citizen and the matter allow it."""
    is_quiet = step.is_sealed or step.is_urgent
    return not is_quiet and may_learn(turn.talk) and may_learn(step.talk)


def _lessons(turn: Turn, step: Step) -> Iterator[Lesson | None]:
    for event in step.events:
        if event.tag is Tag.FEEDBACK_PICKED and event.data["rank"]:
            yield _right(turn, turn.talk.last_text, event, LessonSource.PICKED)
        elif event.tag is Tag.FEEDBACK_WRONG:
            yield _wrong(turn, str(event.data["code"]))
        elif event.tag is Tag.GAP_FOUND:
            yield _gap(turn)
        elif event.tag is Tag.MESSAGE_UNDERSTOOD and _is_picked_in_words(turn, event):
            yield _right(turn, turn.talk.last_text, event, LessonSource.PICKED)
    shown = [event for event in step.events if event.tag is Tag.PROCEDURE_SHOWN]
    if len(shown) == 1:
        yield from _corrections(turn, shown[0])


def _corrections(turn: Turn, shown: Event) -> Iterator[Lesson | None]:
    """Yield what the procedure shown at last says about words said before."""
    via = shown.data["via"]
    if via in _SEARCHED or via == "picked":
        yield _right(turn, _open(turn), shown, LessonSource.CORRECTED)
    before = turn.talk.code
    is_other = before is not None and before != shown.data["code"]
    if is_other and via in _SEARCHED and learning.corrects(turn.text):
        yield _wrong(turn, before or "")
        yield _right(turn, turn.talk.last_text, shown, LessonSource.CORRECTED)


def _right(turn: Turn, text: str, event: Event, source: LessonSource) -> Lesson | None:
    return lesson(text, str(event.data["code"]), source, turn.services.catalogue)


def _wrong(turn: Turn, code: str) -> Lesson | None:
    source, shelf = LessonSource.REJECTED, turn.services.catalogue
    return lesson(turn.talk.last_text, code, source, shelf, is_right=False)


def _gap(turn: Turn) -> Lesson | None:
    """Return the words that nobody could answer, for staff to look at."""
    source, shelf = LessonSource.UNANSWERED, turn.services.catalogue
    return lesson(turn.text, "", source, shelf, is_right=False)


def _is_picked_in_words(turn: Turn, event: Event) -> bool:
    """Whether "cái thứ hai" named one of those on show."""
    is_follow_up = bool(event.data.get("follow_up"))
    return is_follow_up and event.data.get("code") in memory.shown(turn.talk)


def _open(turn: Turn) -> str:
    """Return the question we failed on, while it is likely still the same matter."""
    since = turn.talk.unsolved_at
    is_fresh = since is not None and turn.at - since <= memory.TOPIC_LIFE
    return turn.talk.unsolved if is_fresh else ""


def _unsolved(turn: Turn, step: Step) -> Conversation:
    """Return the talk with the first question of a row that we failed on."""
    tags = {event.tag for event in step.events}
    if Tag.PROCEDURE_SHOWN in tags:
        return _solved(step.talk)
    if tags.isdisjoint({Tag.GAP_FOUND, Tag.FEEDBACK_WRONG}) or _open(turn):
        return step.talk
    asked = turn.text if Tag.GAP_FOUND in tags else turn.talk.last_text
    return replace(step.talk, unsolved=asked[: memory.TEXT_LIMIT], unsolved_at=turn.at)


def _solved(talk: Conversation) -> Conversation:
    if not talk.unsolved and talk.unsolved_at is None:
        return talk
    return replace(talk, unsolved="", unsolved_at=None)
