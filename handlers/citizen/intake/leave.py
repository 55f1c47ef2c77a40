"""How does a citizen leave the form: for now, for good, or after too many days?"""

from __future__ import annotations

from dataclasses import replace

from handlers.citizen import buttons
from handlers.citizen.intake import question, screen
from handlers.citizen.intake.draft import IDLE, LIFE, Draft
from handlers.citizen.intake.words import Move
from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Reply, Tag


def cancelled(turn: Turn) -> Step:
    """Drop the form, and the files that were sent for it."""
    talk = replace(turn.talk, draft=None)
    reply = turn.reply("intake.cancelled", buttons.menu(turn), buttons.staff(turn))
    files = turn.talk.draft.files if turn.talk.draft else ()
    left = (_left("cancelled"),)
    return Step(talk, (reply,), left, is_form=True, drops_files=files)


def later(turn: Turn, draft: Draft) -> Step:
    """Keep it for another time."""
    kept = replace(draft, is_later=True, touched_at=turn.at)
    resume = screen.moves(turn, Move.RESUME, Move.CANCEL)
    reply = turn.reply("intake.later", *resume, buttons.menu(turn), days=LIFE.days)
    talk = replace(turn.talk, draft=kept)
    return Step(talk, (reply,), (_left("later"),), is_form=True)


def nothing_open(turn: Turn) -> Step:
    """Answer a button of a form that was sent or dropped."""
    shown = (buttons.item(turn, "hoso"), buttons.item(turn, "phananh"))
    reply = turn.reply("intake.nothing_open", *shown, buttons.menu(turn))
    event = Event(Tag.MESSAGE_SKIPPED, {"reason": "form_none"})
    return Step(turn.talk, (reply,), (event,), is_form=True)


def freshened(turn: Turn) -> tuple[Turn, Draft | None]:
    """Return the turn without a draft that is too old; and the one that was."""
    draft = turn.talk.draft
    if draft is None or not draft.is_older_than(LIFE, turn.at):
        return turn, None
    return replace(turn, talk=replace(turn.talk, draft=None)), draft


def without_files(step: Step, dropped: Draft | None) -> Step:
    """Return the step that also drops what was sent for a form nobody finished."""
    if dropped is None:
        return step
    return replace(step, drops_files=(*step.drops_files, *dropped.files))


def beside(turn: Turn, step: Step, *, was_dropped: bool) -> Step:
    """Return a step that is not the form's with what the form has to say to it."""
    if was_dropped and step.replies and not (step.is_sealed or step.is_urgent):
        step = _with_farewell(turn, step)
    draft = step.talk.draft
    if draft is None or step.is_form:
        return step
    if step.is_sealed:
        return replace(step, talk=replace(step.talk, draft=None))
    if step.is_urgent:
        parked = replace(draft, is_later=True, aside="", touched_at=turn.at)
        return replace(step, talk=replace(step.talk, draft=parked))
    return _reminded(turn, step, draft) if step.replies else step


def _reminded(turn: Turn, step: Step, draft: Draft) -> Step:
    """Go on with an open form; of one put aside remind, but not each time."""
    here = replace(turn, talk=step.talk)
    if draft.is_open(turn.at):
        asked = question.ask(here, draft)
        keep = (screen.move(here, Move.KEEP),) if draft.aside else ()
        lead = here.say("intake.go_on")
        again = Reply(f"{lead}\n{asked.text}", (*keep, *asked.buttons)[: screen.ROOM])
        return replace(step, replies=(*step.replies, again))
    if not draft.is_older_than(IDLE, turn.at):
        return step
    shown = screen.moves(here, Move.RESUME, Move.CANCEL)
    offer = here.reply("intake.offer", *shown)
    kept = replace(draft, is_later=True, touched_at=turn.at)
    talk = replace(step.talk, draft=kept)
    return replace(step, talk=talk, replies=(*step.replies, offer))


def _with_farewell(turn: Turn, step: Step) -> Step:
    first, *others = step.replies
    said = f"{turn.say('intake.expired', days=LIFE.days)}\n{first.text}"
    replies = (replace(first, text=said), *others)
    return replace(step, replies=replies).after(_left("expired"))


def _left(why: str) -> Event:
    return Event(Tag.FORM_LEFT, {"why": why})
