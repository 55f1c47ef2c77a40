"""Does a message belong to the paper that is being filled in, and where is it kept?

Its words are kept in the draft alone: no message of it stays in the vault or in a raw
body, so that nobody of the commune reads a complaint before it is handed in.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.cases import code as codes
from handlers.citizen import commands, memory, petition
from handlers.citizen.complaint import moves, question
from handlers.citizen.complaint.draft import STORIES, Ask, ComplaintDraft
from handlers.citizen.complaint.moves import Moment
from handlers.citizen.intake import words
from handlers.citizen.intake.draft import IDLE, LIFE
from handlers.citizen.intake.screen import ROOM
from handlers.citizen.intake.words import Move
from handlers.citizen.payloads import Payload
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Event, Kind, Reply, Tag
from nlu.model import Decision, Intent, Understanding
from nlu.normalise import fold

SHORT = 60
"""Characters; a longer answer to a free question is never taken for another wish."""
_WISHES = frozenset(
    {
        Intent.PRIVACY,
        Intent.OPT_OUT,
        Intent.OPT_IN,
        Intent.HUMAN,
        Intent.HOTLINE,
        Intent.OFFICE_HOURS,
        Intent.SCHEDULE,
        Intent.CASE_STATUS,
        Intent.HELP,
    }
)
_DONE = frozenset({Move.NEXT, Move.SEND})
_BACK = frozenset({"tiep tuc don", "soan tiep", "soan tiep don"})


def tap(turn: Turn, payload: Payload) -> Step:
    """Serve a button of the paper; one of a paper that is gone says so."""
    draft, word = turn.talk.complaint, payload.argument
    if word == question.BEGIN and draft is None:
        return _step(turn, moves.begun(turn))
    if draft is None:
        return _nothing_open(turn)
    return _step(turn, moves.tapped(turn, draft, word))


def answer(turn: Turn) -> Step | None:
    """Serve a message while a paper is open; None when it is not about it."""
    draft = turn.talk.complaint
    if draft is None or _is_held(turn):
        return None
    if fold(turn.text.lower()).strip(" .") in _BACK:
        return _step(turn, moves.shown(turn, draft))
    return _open(turn, draft) if draft.is_open(turn.at) else None


def _open(turn: Turn, draft: ComplaintDraft) -> Step | None:
    if words.is_denunciation(turn.text):
        return _denounced(turn)
    if turn.inbound.attachments:
        said = turn.say("complaint.no_files")
        refused = _step(turn, moves.shown(turn, draft, said))
        return replace(refused, refuses_files=True)
    if turn.inbound.kind is Kind.CONTACT:
        return None
    if not any(char.isalnum() for char in turn.text):
        return _step(turn, moves.shown(turn, draft))
    return _typed(turn, draft)


def freshened(turn: Turn) -> tuple[Turn, bool]:
    """Return the turn without a draft that is too old; and whether there was one."""
    draft = turn.talk.complaint
    if draft is None or not draft.is_older_than(LIFE, turn.at):
        return turn, False
    return replace(turn, talk=replace(turn.talk, complaint=None)), True


def beside(turn: Turn, step: Step, *, was_dropped: bool) -> Step:
    """Return a step that is not the paper's with what is to be said of it."""
    may_speak = bool(step.replies) and not (step.is_sealed or step.is_urgent)
    if was_dropped and may_speak:
        step = _with_farewell(turn, step)
    draft, form = step.talk.complaint, step.talk.draft
    if draft is None:
        return step
    if step.is_urgent or (step.is_form and form is not None and form.is_open(turn.at)):
        return _parked(turn, step)
    is_ours = step.is_form or not may_speak
    return step if is_ours else _reminded(turn, step, draft)


def _typed(turn: Turn, draft: ComplaintDraft) -> Step | None:
    can_skip = draft.ask in (Ask.PHONE, Ask.ACCUSED_ADDRESS, Ask.PAPERS, Ask.DAY)
    meant = words.move(turn.text, draft.ask.value, is_optional=can_skip)
    if meant is not None and not (meant in _DONE and draft.ask is not Ask.PREVIEW):
        one = Move.SEND if meant in _DONE else meant
        return _step(turn, moves.moved(turn, draft, one))
    number = words.number(turn.text)
    if number and draft.ask is Ask.EDIT:
        return _step(turn, moves.numbered(turn, draft, number))
    if _is_command(turn):
        return None
    found = turn.services.reader.parse(turn.text, memory.memory(turn.talk))
    if found.intent is Intent.TO_CAO:
        return _denounced(turn)
    if found.intent is Intent.EMERGENCY or _is_other(turn, draft, found):
        return None
    return _step(turn, moves.answered(turn, draft, turn.text))


def _is_other(turn: Turn, draft: ComplaintDraft, found: Understanding) -> bool:
    """Whether the words ask for something else, beyond doubt."""
    if draft.ask in STORIES and len(turn.text) > SHORT:
        return False
    if found.intent in _WISHES:
        return True
    is_asking = words.asks(turn.text) or bool(found.facets)
    is_known = found.decision in (Decision.ANSWER, Decision.ASK)
    return is_asking and is_known and bool(found.candidates)


def _is_command(turn: Turn) -> bool:
    if codes.find(turn.text) is not None:
        return True
    return commands.command(turn.text, turn.talk.consent) is not None


def _is_held(turn: Turn) -> bool:
    """Whether a person of the commune answers now, so that we ask nothing."""
    until = turn.talk.muted_until
    return until is not None and until > turn.now


def _step(turn: Turn, moment: Moment) -> Step:
    """Keep the draft with the talk; of a paper made the log says no more than before.

    A form of another matter waits meanwhile.
    """
    form = turn.talk.draft
    talk = replace(
        turn.talk,
        draft=replace(form, is_later=True) if form else None,
        complaint=moment.draft,
        last_text="",
        pending="",
        pending_at=None,
    )
    read = Event(Tag.MESSAGE_UNDERSTOOD, {"intent": petition.TOPIC})
    made = (guided(petition.TOPIC),) if moment.paper else ()
    return Step(
        talk,
        (moment.reply,),
        (read, *made),
        is_sealed=True,
        is_form=True,
        paper=moment.paper,
    )


def _denounced(turn: Turn) -> Step:
    """Guide as ever; what the draft holds moves with the words (bot/seal_plan.py)."""
    read = Event(Tag.MESSAGE_UNDERSTOOD, {"intent": petition.TOPIC})
    return petition.denunciation(turn).after(read)


def _nothing_open(turn: Turn) -> Step:
    reply = turn.reply("complaint.nothing_open", *question.offered(turn))
    event = Event(Tag.MESSAGE_SKIPPED, {"reason": "form_none"})
    return Step(turn.talk, (reply,), (event,), is_form=True)


def _parked(turn: Turn, step: Step) -> Step:
    """Put the paper aside for another matter."""
    if step.talk.complaint is None:
        return step
    kept = replace(step.talk.complaint, is_later=True, touched_at=turn.at)
    return replace(step, talk=replace(step.talk, complaint=kept))


def _reminded(turn: Turn, step: Step, draft: ComplaintDraft) -> Step:
    """Go on with an open paper; of one put aside remind, but not each time."""
    if draft.is_open(turn.at):
        asked = question.ask(turn, draft)
        said = f"{turn.say('complaint.go_on')}\n{asked.text}"
        again = Reply(said, asked.buttons[:ROOM])
        return replace(step, replies=(*step.replies, again))
    if not draft.is_older_than(IDLE, turn.at):
        return step
    shown = question.moves(turn, Move.RESUME, Move.CANCEL)
    offer = turn.reply("complaint.offer", *shown)
    return _parked(turn, replace(step, replies=(*step.replies, offer)))


def _with_farewell(turn: Turn, step: Step) -> Step:
    first, *others = step.replies
    said = f"{turn.say('complaint.expired', days=LIFE.days)}\n{first.text}"
    left = Event(Tag.FORM_LEFT, {"why": "expired"})
    replies = (replace(first, text=said), *others)
    return replace(step, replies=replies).after(left)
