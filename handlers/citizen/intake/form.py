"""Does a message belong to the form that is open, and what does it do to it?

``answer`` returns None for what is not the form's: a question, a right, an emergency.
The router serves that as ever, and ``leave.beside`` goes on with the form afterwards.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.cases import code as codes
from handlers.citizen import commands, media, memory, petition
from handlers.citizen.intake import going, leave, screen, take, words
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.intake.filling import FREE, filled, new
from handlers.citizen.intake.forms import is_optional, offered
from handlers.citizen.intake.moves import NUMBERED, again, chosen, moved
from handlers.citizen.intake.words import Move
from handlers.citizen.payloads import Payload
from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Kind, Reply, Tag
from nlu.model import Decision, Intent, Understanding

_ELSEWHERE = frozenset({Intent.EMERGENCY, Intent.TO_CAO, Intent.KHIEU_NAI})
"""Leave the form at once, whatever was asked."""
_RIGHTS = frozenset({Intent.PRIVACY, Intent.OPT_OUT, Intent.OPT_IN, Intent.HUMAN})
_ASKED = frozenset(
    {
        Intent.HOTLINE,
        Intent.OFFICE_HOURS,
        Intent.SCHEDULE,
        Intent.CASE_STATUS,
        Intent.HELP,
    }
)
_NARRATED = frozenset({Intent.PHAN_ANH, Intent.KIEN_NGHI, Intent.PRAISE})


def begin(turn: Turn, told: str = "", likely: str = "") -> Step:
    """Begin a form, with a story if there is one; an older draft is asked about."""
    draft = turn.talk.draft
    if draft is not None and draft.told(Ask.WHAT):
        held = replace(draft, is_later=False, aside=told[: take.TEXT_LIMIT])
        held = replace(held, likely=draft.likely or likely)
        return going.shown(turn, held, reply=_two(turn))
    begun = Event(Tag.FORM_BEGUN, {"likely": likely, "told": bool(told)})
    return going.shown(turn, new(turn, told, likely)).after(begun)


def tap(turn: Turn, payload: Payload) -> Step:
    """Serve a button of the form."""
    draft, word = turn.talk.draft, payload.argument
    if draft is None:
        is_kind = word.removeprefix(screen.KIND) in offered(turn.services.kinds)
        if not word.startswith(screen.KIND) or not is_kind:
            return leave.nothing_open(turn)
        draft = new(turn, "", "")
    woken = replace(draft, is_later=False)
    if word in set(Move):
        return moved(turn, woken, Move(word))
    return chosen(turn, woken, word)


def answer(turn: Turn) -> Step | None:
    """Serve a message while a form is open; None when it is not the form's."""
    draft = turn.talk.draft
    if draft is None:
        return None
    if not draft.is_open(turn.at):
        is_back = words.move(turn.text, "") is Move.RESUME
        return again(turn, replace(draft, is_later=False)) if is_back else None
    if words.is_denunciation(turn.text):
        return _denounced(turn)
    return _beyond_words(turn, draft) or _typed(turn, draft)


def _beyond_words(turn: Turn, draft: Draft) -> Step | None:
    """Serve places, files and what has no word in it; None for plain words."""
    if turn.inbound.kind is Kind.LOCATION and turn.inbound.place is not None:
        return _placed(turn, draft)
    if media.shows_identity_paper(turn):
        said = turn.say("intake.no_identity_paper")
        return replace(going.shown(turn, draft, said), refuses_files=True)
    if not any(char.isalnum() for char in turn.text):
        return _wordless(turn, draft)
    return None


def _typed(turn: Turn, draft: Draft) -> Step | None:
    kind = turn.services.kinds.by_code.get(draft.kind)
    can_skip = kind is not None and is_optional(draft.ask, kind)
    meant = words.move(turn.text, draft.ask.value, is_optional=can_skip)
    if meant is not None:
        return moved(turn, draft, meant)
    number = words.number(turn.text)
    if number and draft.ask in NUMBERED:
        return NUMBERED[draft.ask](turn, draft, number)
    if _is_command(turn):
        return None
    found = turn.services.reader.parse(turn.text, memory.memory(turn.talk))
    if found.intent in _ELSEWHERE or _is_other(turn, draft, found):
        return None
    step = filled(turn, draft, turn.text, found)
    event = Event(Tag.MESSAGE_UNDERSTOOD, {"intent": "form", "ask": draft.ask.value})
    return step.after(event)


def put_aside(turn: Turn) -> Turn:
    """Return the turn with words kept that may yet have been an answer."""
    draft = turn.talk.draft
    is_free = draft is not None and draft.is_open(turn.at) and draft.ask in FREE
    if draft is None or not is_free or _is_command(turn):
        return turn
    kept = replace(draft, aside=turn.text[: take.TEXT_LIMIT])
    return replace(turn, talk=replace(turn.talk, draft=kept))


def _is_command(turn: Turn) -> bool:
    if codes.find(turn.text) is not None:
        return True
    return commands.command(turn.text, turn.talk.consent) is not None


def _is_other(turn: Turn, draft: Draft, found: Understanding) -> bool:
    """Whether the words ask for something else, beyond doubt."""
    if found.intent in _RIGHTS:
        return True
    is_first = draft.ask is Ask.KIND and found.decision is Decision.ANSWER
    is_asking = is_first or words.asks(turn.text) or bool(found.facets)
    if found.intent in _NARRATED or draft.ask is Ask.KIND:
        is_asking = is_asking and found.intent is Intent.ASK_PROCEDURE
    if not is_asking:
        return False
    is_known = found.decision in (Decision.ANSWER, Decision.ASK) and found.candidates
    return bool(is_known) or found.intent in _ASKED


def _placed(turn: Turn, draft: Draft) -> Step:
    place = turn.inbound.place
    if place is None:
        return again(turn, draft)
    told = take.point(draft, place)
    said = turn.say("intake.placed")
    if draft.ask is Ask.WHERE:
        return going.answered(turn, told, said)
    return going.shown(turn, told, said)


def _wordless(turn: Turn, draft: Draft) -> Step:
    count = len(turn.inbound.attachments)
    if not count:
        return again(turn, draft)
    total = len(draft.files) + count
    has_voice = any(one.kind == "audio" for one in turn.inbound.attachments)
    said = turn.say("intake.got_files", total=total, has_voice=has_voice)
    return going.shown(turn, draft, said)


def _denounced(turn: Turn) -> Step:
    """Guide as ever, with nothing of the form left."""
    read = Event(Tag.MESSAGE_UNDERSTOOD, {"intent": petition.TOPIC})
    return petition.denunciation(turn).after(read)


def _two(turn: Turn) -> Reply:
    shown = screen.moves(turn, Move.RESUME, Move.FRESH, Move.CANCEL)
    return turn.reply("intake.two", *shown)
