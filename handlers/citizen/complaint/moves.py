"""What does each button or word do to the paper, wherever that is kept?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from handlers.citizen import buttons
from handlers.citizen.complaint import question, take
from handlers.citizen.complaint.draft import ASKED, PARTS, Ask, ComplaintDraft, Paper
from handlers.citizen.complaint.made import made
from handlers.citizen.complaint.paper import hidden
from handlers.citizen.complaint.paper import paper as paper_of
from handlers.citizen.intake.draft import LIFE
from handlers.citizen.intake.take import Refused
from handlers.citizen.intake.words import Move
from handlers.citizen.turn import Turn
from handlers.model import Reply


@dataclass(frozen=True, slots=True)
class Moment:
    """What one message did: the draft (None: gone), what is said, the paper made.

    Without pages of ours there is no link, so no paper is kept: its words are said.
    """

    draft: ComplaintDraft | None
    reply: Reply
    paper: Paper | None = None


def shown(turn: Turn, draft: ComplaintDraft, lead: str = "") -> Moment:
    """Put the open question, after a sentence."""
    touched = replace(draft, touched_at=turn.at, is_later=False)
    asked = question.ask(turn, touched)
    said = f"{lead}\n{asked.text}" if lead else asked.text
    return Moment(touched, replace(asked, text=said))


def begun(turn: Turn) -> Moment:
    """Begin; says what will be asked and that a name cannot be left out."""
    return shown(turn, ComplaintDraft(), turn.say("complaint.begun", days=LIFE.days))


def answered(turn: Turn, draft: ComplaintDraft, text: str) -> Moment:
    """Take the words as the answer to the open question."""
    taken = take.answer(draft, text, turn.at)
    if isinstance(taken, Refused):
        return shown(turn, draft, turn.say(taken.key))
    return _onward(turn, taken)


def moved(turn: Turn, draft: ComplaintDraft, one: Move) -> Moment:
    """Make a move; one that does not fit puts the open question again."""
    return _MOVES.get(one, shown)(turn, draft)


def tapped(turn: Turn, draft: ComplaintDraft, word: str) -> Moment:
    """Serve a button of ours, also of a screen long gone."""
    if word in set(Move):
        return moved(turn, draft, Move(word))
    if word == question.TODAY and draft.ask is Ask.DAY:
        return answered(turn, draft, word)
    part = word.removeprefix(question.FIELD)
    if word.startswith(question.FIELD) and part in PARTS:
        return _mended(turn, draft, Ask(part))
    return shown(turn, draft)


def numbered(turn: Turn, draft: ComplaintDraft, number: int) -> Moment:
    """Serve the number of a part on the screen that lists them."""
    if not 1 <= number <= len(PARTS):
        return shown(turn, draft)
    return _mended(turn, draft, PARTS[number - 1])


def _onward(turn: Turn, draft: ComplaintDraft) -> Moment:
    return shown(turn, replace(draft, ask=draft.upcoming, is_editing=False))


def _mended(turn: Turn, draft: ComplaintDraft, part: Ask) -> Moment:
    return shown(turn, replace(draft, ask=part, is_editing=True))


def _skipped(turn: Turn, draft: ComplaintDraft) -> Moment:
    if draft.ask is Ask.WHAT:
        return shown(turn, draft, turn.say("complaint.needed"))
    if draft.ask not in PARTS:
        return shown(turn, draft)
    return _onward(turn, draft.answered(draft.ask, ""))


def _back(turn: Turn, draft: ComplaintDraft) -> Moment:
    """To the question before; from a part being mended to where one came from."""
    if draft.is_editing or draft.ask is Ask.EDIT:
        return _onward(turn, draft)
    here = ASKED.index(draft.ask) if draft.ask in ASKED else len(ASKED)
    last = ASKED[max(here - 1, 0)]
    done = tuple(one for one in draft.done if one != last)
    return shown(turn, replace(draft, ask=last, done=done))


def _edit(turn: Turn, draft: ComplaintDraft) -> Moment:
    return shown(turn, replace(draft, ask=Ask.EDIT, is_editing=False))


def _mask(turn: Turn, draft: ComplaintDraft) -> Moment:
    if draft.ask is not Ask.PREVIEW:
        return shown(turn, draft)
    return shown(turn, hidden(draft), turn.say("intake.masked"))


def _send(turn: Turn, draft: ComplaintDraft) -> Moment:
    """Make the paper; only from the preview, so that nobody makes it unseen."""
    if draft.ask is not Ask.PREVIEW:
        return shown(turn, draft)
    told = paper_of(turn, draft)
    is_kept = bool(turn.link_base)
    return Moment(None, made(turn, told), Paper(told) if is_kept else None)


def _cancel(turn: Turn, _draft: ComplaintDraft) -> Moment:
    said = (buttons.menu(turn), buttons.staff(turn))
    return Moment(None, turn.reply("complaint.cancelled", *said))


def _later(turn: Turn, draft: ComplaintDraft) -> Moment:
    resume = question.moves(turn, Move.RESUME, Move.CANCEL)
    reply = turn.reply("complaint.later", *resume, days=LIFE.days)
    return Moment(replace(draft, is_later=True, touched_at=turn.at), reply)


_MOVES: Mapping[Move, Callable[[Turn, ComplaintDraft], Moment]] = {
    Move.BACK: _back,
    Move.SKIP: _skipped,
    Move.CANCEL: _cancel,
    Move.LATER: _later,
    Move.EDIT: _edit,
    Move.MASK: _mask,
    Move.SEND: _send,
}
