"""Does a message belong to the form that is open, and what does it do to it?

``answer`` returns None for what is not the form's: a question, a right, an emergency.
The router serves that as ever, and ``leave.beside`` goes on with the form afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.cases import code as codes
from handlers.citizen import commands, memory, petition
from handlers.citizen.intake import (
    going,
    leave,
    masks,
    overview,
    question,
    screen,
    take,
    words,
)
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.intake.forms import is_optional, offered
from handlers.citizen.intake.send import send
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
_LIKELY: Mapping[Intent, str] = {
    Intent.PHAN_ANH: "phan_anh",
    Intent.KIEN_NGHI: "kien_nghi",
    Intent.PRAISE: "khen_ngoi",
    Intent.HOME_SERVICE: "phuc_vu_tai_nha",
}


def begin(turn: Turn, told: str = "", likely: str = "") -> Step:
    """Begin a form, with a story if there is one; an older draft is asked about."""
    draft = turn.talk.draft
    if draft is not None and draft.told(Ask.WHAT):
        held = replace(draft, is_later=False, aside=told[: take.TEXT_LIMIT])
        held = replace(held, likely=draft.likely or likely)
        return going.shown(turn, held, reply=_two(turn))
    begun = Event(Tag.FORM_BEGUN, {"likely": likely, "told": bool(told)})
    return going.shown(turn, _new(turn, told, likely)).after(begun)


def tap(turn: Turn, payload: Payload) -> Step:
    """Serve a button of the form."""
    draft, word = turn.talk.draft, payload.argument
    if draft is None:
        is_kind = word.removeprefix(screen.KIND) in offered(turn.services.kinds)
        if not word.startswith(screen.KIND) or not is_kind:
            return leave.nothing_open(turn)
        draft = _new(turn, "", "")
    woken = replace(draft, is_later=False)
    if word in set(Move):
        return _moved(turn, woken, Move(word))
    return _chosen(turn, woken, word)


def answer(turn: Turn) -> Step | None:
    """Serve a message while a form is open; None when it is not the form's."""
    draft = turn.talk.draft
    if draft is None:
        return None
    if not draft.is_open(turn.at):
        is_back = words.move(turn.text, "") is Move.RESUME
        return _again(turn, replace(draft, is_later=False)) if is_back else None
    if words.is_denunciation(turn.text):
        return _denounced(turn)
    return _beyond_words(turn, draft) or _typed(turn, draft)


def _beyond_words(turn: Turn, draft: Draft) -> Step | None:
    """Serve places, files and what has no word in it; None for plain words."""
    if turn.inbound.kind is Kind.LOCATION and turn.inbound.place is not None:
        return _placed(turn, draft)
    if turn.inbound.attachments and words.names_identity_paper(turn.text):
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
        return _moved(turn, draft, meant)
    number = words.number(turn.text)
    if number and draft.ask in _NUMBERED:
        return _NUMBERED[draft.ask](turn, draft, number)
    if _is_command(turn):
        return None
    found = turn.services.reader.parse(turn.text, memory.memory(turn.talk))
    if found.intent in _ELSEWHERE or _is_other(turn, draft, found):
        return None
    step = _filled(turn, draft, turn.text, found)
    event = Event(Tag.MESSAGE_UNDERSTOOD, {"intent": "form", "ask": draft.ask.value})
    return step.after(event)


def put_aside(turn: Turn) -> Turn:
    """Return the turn with words kept that may yet have been an answer."""
    draft = turn.talk.draft
    is_free = draft is not None and draft.is_open(turn.at) and draft.ask in _FREE
    if draft is None or not is_free or _is_command(turn):
        return turn
    kept = replace(draft, aside=turn.text[: take.TEXT_LIMIT])
    return replace(turn, talk=replace(turn.talk, draft=kept))


def _is_command(turn: Turn) -> bool:
    if codes.find(turn.text) is not None:
        return True
    return commands.command(turn.text, turn.talk.consent) is not None


_FREE = frozenset({Ask.WHAT, Ask.MORE, Ask.PURPOSE})


def _is_other(turn: Turn, draft: Draft, found: Understanding) -> bool:
    """Whether the words ask for something else, beyond doubt."""
    if found.intent in _RIGHTS:
        return True
    is_asking = words.asks(turn.text) or bool(found.facets)
    if found.intent in _NARRATED or draft.ask is Ask.KIND:
        is_asking = is_asking and found.intent is Intent.ASK_PROCEDURE
    if not is_asking:
        return False
    is_known = found.decision in (Decision.ANSWER, Decision.ASK) and found.candidates
    return bool(is_known) or found.intent in _ASKED


def _filled(turn: Turn, draft: Draft, text: str, found: Understanding | None) -> Step:
    if draft.ask is Ask.KIND:
        return _story(turn, draft, text, found)
    taken = take.answer(turn, draft, text)
    if isinstance(taken, take.Refused):
        return going.shown(turn, draft, turn.say(taken.key))
    if draft.ask in (Ask.FILES, Ask.MORE, Ask.PREVIEW):
        return going.shown(turn, taken, turn.say("intake.added"))
    return going.answered(turn, taken)


def _story(turn: Turn, draft: Draft, text: str, found: Understanding | None) -> Step:
    """At the choice of kind: its name, or the story itself, at once or in parts."""
    named = turn.services.forms.likely(text)
    if len(text) < _SHORTEST:
        return _kind(turn, draft, named) if named else going.shown(turn, draft)
    before = draft.told(Ask.WHAT)
    whole = f"{before}\n{text}" if before else text
    seen = _LIKELY.get(found.intent, "") if found else ""
    likely = draft.likely or named or seen
    return going.shown(turn, take.told_all(turn, replace(draft, likely=likely), whole))


_SHORTEST = 12
"""Characters of a story; fewer are rather the name of a kind."""


def _kind(turn: Turn, draft: Draft, kind: str) -> Step:
    if kind not in offered(turn.services.kinds):
        return going.shown(turn, draft)
    form = turn.services.forms.get(kind)
    asks = form.asks if form else ()
    done = tuple(one for one in draft.done if one in asks and one != Ask.TWINS)
    chosen = replace(draft, kind=kind, done=done, twins=(), twin="")
    return going.onward(turn, chosen)


def _moved(turn: Turn, draft: Draft, one: Move) -> Step:
    return _MOVES[one](turn, draft)


def _chosen(turn: Turn, draft: Draft, word: str) -> Step:
    """A button with something in it; what no longer fits shows the open question."""
    mark, rest = word[:2], word[2:]
    asks, serve = _CHOICES.get(mark, (frozenset(), _nothing))
    if asks and draft.ask not in asks:
        return _again(turn, draft)
    return serve(turn, draft, rest)


def _nothing(turn: Turn, draft: Draft, rest: str) -> Step:
    del rest
    return _again(turn, draft)


def _part(turn: Turn, draft: Draft, rest: str) -> Step:
    parts = overview.editable(turn, draft) if draft.kind else ()
    return (
        going.mended(turn, draft, Ask(rest)) if rest in parts else _again(turn, draft)
    )


def _page(turn: Turn, draft: Draft, rest: str) -> Step:
    page = question.hamlets(turn, draft, max(words.count(rest), 0))
    return going.shown(turn, draft, reply=page)


def _again(turn: Turn, draft: Draft) -> Step:
    return going.shown(turn, draft)


def _given(turn: Turn, draft: Draft, name: str) -> Step:
    fits = question.DAYS if draft.ask is Ask.WHEN else question.PAPERS
    if name not in fits:
        return _again(turn, draft)
    return _filled(turn, draft, turn.title(f"form_{name}"), None)


def _hamlet(turn: Turn, draft: Draft, rest: str) -> Step:
    taken = take.hamlet(turn, draft, words.count(rest))
    if isinstance(taken, take.Refused):
        return going.shown(turn, draft, turn.say(taken.key))
    return going.answered(turn, taken)


def _joined(turn: Turn, draft: Draft, number: int) -> Step:
    if not 0 <= number < len(draft.twins):
        return _again(turn, draft)
    code, case_id, _ = draft.twins[number].split(" ", 2)
    joined = replace(draft, twin=f"{code} {case_id}", twins=())
    return going.answered(turn, joined, turn.say("intake.joined", code=code))


def _placed(turn: Turn, draft: Draft) -> Step:
    place = turn.inbound.place
    if place is None:
        return _again(turn, draft)
    told = take.point(draft, place)
    said = turn.say("intake.placed")
    if draft.ask is Ask.WHERE:
        return going.answered(turn, told, said)
    return going.shown(turn, told, said)


def _wordless(turn: Turn, draft: Draft) -> Step:
    count = len(turn.inbound.attachments)
    if not count:
        return _again(turn, draft)
    total = len(draft.files) + count
    has_voice = any(one.kind == "audio" for one in turn.inbound.attachments)
    said = turn.say("intake.got_files", total=total, has_voice=has_voice)
    return going.shown(turn, draft, said)


def _denounced(turn: Turn) -> Step:
    """Guide as ever, with nothing of the form left."""
    read = Event(Tag.MESSAGE_UNDERSTOOD, {"intent": petition.TOPIC})
    return petition.denunciation(turn).after(read)


def _next(turn: Turn, draft: Draft) -> Step:
    if draft.ask in (Ask.FILES, Ask.MORE):
        return going.answered(turn, draft)
    return _again(turn, draft)


def _skip(turn: Turn, draft: Draft) -> Step:
    kind = turn.services.kinds.by_code.get(draft.kind)
    if kind is None or draft.ask in (Ask.EDIT, Ask.PREVIEW):
        return _again(turn, draft)
    if not is_optional(draft.ask, kind):
        return going.shown(turn, draft, turn.say("intake.needed"))
    return going.answered(turn, draft.with_answers(**{draft.ask.value: ""}))


def _edit(turn: Turn, draft: Draft) -> Step:
    if not draft.kind:
        return _again(turn, draft)
    return going.shown(turn, replace(draft, ask=Ask.EDIT))


def _send(turn: Turn, draft: Draft) -> Step:
    return send(turn, draft) if draft.ask is Ask.PREVIEW else _again(turn, draft)


def _mask(turn: Turn, draft: Draft) -> Step:
    if draft.ask is not Ask.PREVIEW:
        return _again(turn, draft)
    return going.shown(turn, masks.hidden(draft), turn.say("intake.masked"))


def _keep(turn: Turn, draft: Draft) -> Step:
    """What we took for a question was an answer."""
    if not draft.aside or draft.ask not in _FREE:
        return _again(turn, draft)
    return _filled(turn, replace(draft, aside=""), draft.aside, None)


def _fresh(turn: Turn, draft: Draft) -> Step:
    """Drop the old draft for a new one, with the story that began it."""
    begun = Event(Tag.FORM_BEGUN, {"likely": "", "told": bool(draft.aside)})
    likely = turn.services.forms.likely(draft.aside)
    return going.shown(turn, _new(turn, draft.aside, likely)).after(begun)


def _anonymous(turn: Turn, draft: Draft, told: str) -> Step:
    if draft.ask is not Ask.ANONYMOUS:
        return _again(turn, draft)
    return going.answered(turn, draft.with_answers(anonymous=told))


def _apart(turn: Turn, draft: Draft) -> Step:
    if draft.ask is not Ask.TWINS:
        return _again(turn, draft)
    return going.answered(turn, replace(draft, twins=()))


def _others(turn: Turn, draft: Draft) -> Step:
    if draft.ask is not Ask.KIND:
        return _again(turn, draft)
    return going.shown(turn, draft, reply=question.kinds(turn, draft, others=True))


def _hamlets(turn: Turn, draft: Draft) -> Step:
    if draft.ask is not Ask.WHERE or not turn.services.unit.hamlets:
        return _again(turn, draft)
    return going.shown(turn, draft, reply=question.hamlets(turn, draft, 0))


def _by_kind(turn: Turn, draft: Draft, number: int) -> Step:
    known = offered(turn.services.kinds)
    is_shown = 1 <= number <= len(known)
    return _kind(turn, draft, known[number - 1]) if is_shown else _again(turn, draft)


def _by_part(turn: Turn, draft: Draft, number: int) -> Step:
    parts = overview.editable(turn, draft)
    if not 1 <= number <= len(parts):
        return _again(turn, draft)
    return going.mended(turn, draft, parts[number - 1])


def _by_twin(turn: Turn, draft: Draft, number: int) -> Step:
    return _joined(turn, draft, number - 1)


def _new(turn: Turn, told: str, likely: str) -> Draft:
    known = likely if likely in offered(turn.services.kinds) else ""
    draft = Draft(likely=known, touched_at=turn.at)
    return take.told_all(turn, draft, told) if told else draft


def _two(turn: Turn) -> Reply:
    shown = screen.moves(turn, Move.RESUME, Move.FRESH, Move.CANCEL)
    return turn.reply("intake.two", *shown)


_NUMBERED: Mapping[Ask, Callable[[Turn, Draft, int], Step]] = {
    Ask.KIND: _by_kind,
    Ask.EDIT: _by_part,
    Ask.TWINS: _by_twin,
}
_CHOICES: Mapping[str, tuple[frozenset[Ask], Callable[[Turn, Draft, str], Step]]] = {
    screen.KIND: (frozenset(), _kind),
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
    Move.RESUME: _again,
    Move.FRESH: _fresh,
    Move.OTHER: _others,
    Move.HAMLETS: _hamlets,
    Move.AGREE: lambda turn, draft: _anonymous(turn, draft, take.ANONYMOUS),
    Move.REFUSE: lambda turn, draft: _anonymous(turn, draft, ""),
    Move.APART: _apart,
}
