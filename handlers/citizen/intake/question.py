"""How is each question of the form put, and with which buttons?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handlers.cases.kind import CaseKind
from handlers.citizen.intake import screen, words
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.intake.forms import is_optional, offered
from handlers.citizen.intake.overview import edit, preview
from handlers.citizen.intake.words import Move
from handlers.citizen.turn import Turn
from handlers.model import Button, Reply
from messages.card import shorten
from messages.words import TITLE_LIMIT

FIRST = ("phan_anh", "kien_nghi", "gop_y")
"""Offered before the others where nothing is likely."""
HAMLETS_SHOWN = 3
DAYS = ("today", "yesterday")
PAPERS = ("digital", "paper")


def ask(turn: Turn, draft: Draft) -> Reply:
    """Return the question that is open."""
    return _ASKS.get(draft.ask, _plain)(turn, draft)


def kinds(turn: Turn, draft: Draft, *, others: bool = False) -> Reply:
    """Name the likely kind, tell it from its neighbour, and let the person choose."""
    known = offered(turn.services.kinds)
    first = [k for k in dict.fromkeys((draft.likely, *FIRST)) if k in known][:3]
    shown = [k for k in known if k not in first] if others else first
    chosen = tuple(_kind_button(turn, code) for code in shown)
    rest = () if others else screen.moves(turn, Move.OTHER, Move.CANCEL)
    names = [turn.services.kinds.get(code).name for code in known]
    said = _likely(turn, draft) if draft.likely else turn.say("intake.kind")
    if others or not draft.likely:
        said = f"{said}\n{_numbered(names)}"
    return Reply(said, (*chosen, *rest))


def hamlets(turn: Turn, draft: Draft, page: int) -> Reply:
    """Show some hamlets to tap; the others by a further page or typed."""
    del draft
    known = turn.services.unit.hamlets
    start = page * HAMLETS_SHOWN if page * HAMLETS_SHOWN < len(known) else 0
    some = known[start : start + HAMLETS_SHOWN]
    chosen = tuple(
        screen.named(
            shorten(name, TITLE_LIMIT) or name,
            f"{screen.HAMLET}{words.letters(start + at)}",
        )
        for at, name in enumerate(some)
    )
    following = f"{screen.PAGE}{words.letters(page + 1)}"
    is_more = start + HAMLETS_SHOWN < len(known)
    more = (screen.named(turn.title("form_page"), following),) if is_more else ()
    back = screen.move(turn, Move.BACK)
    said = f"{turn.say('intake.hamlets')}\n{_numbered(known)}"
    return Reply(said, (*chosen, *more, back))


def _plain(turn: Turn, draft: Draft) -> Reply:
    can_skip = is_optional(draft.ask, _kind_of(turn, draft))
    return Reply(_text(turn, draft), screen.steering(turn, is_optional=can_skip))


def _where(turn: Turn, draft: Draft) -> Reply:
    steering = screen.steering(turn, is_optional=False)
    known = turn.services.unit.hamlets
    choose = screen.moves(turn, Move.HAMLETS) if known else ()
    return Reply(_text(turn, draft), (*choose, *steering))


def _when(turn: Turn, draft: Draft) -> Reply:
    is_report = draft.kind == "phan_anh"
    if not is_report:
        return _plain(turn, draft)
    return Reply(_text(turn, draft), (*_given(turn, DAYS), *_short(turn)))


def _papers(turn: Turn, draft: Draft) -> Reply:
    return Reply(_text(turn, draft), (*_given(turn, PAPERS), *_short(turn)))


def _files(turn: Turn, draft: Draft) -> Reply:
    steering = screen.moves(turn, Move.NEXT, Move.BACK, Move.LATER, Move.CANCEL)
    return turn.reply("intake.ask_files", *steering, count=len(draft.files))


def _anonymous(turn: Turn, draft: Draft) -> Reply:
    chosen = screen.moves(turn, Move.AGREE, Move.REFUSE)
    return Reply(_text(turn, draft), (*chosen, *_short(turn)))


def _health(turn: Turn, draft: Draft) -> Reply:
    yes = screen.named(turn.title("agree"), Move.AGREE.value)
    no = screen.named(turn.title("decline"), Move.REFUSE.value)
    return Reply(_text(turn, draft), (yes, no, *_short(turn)))


def _more(turn: Turn, draft: Draft) -> Reply:
    return Reply(_text(turn, draft), (_done(turn), *_short(turn)))


def _twins(turn: Turn, draft: Draft) -> Reply:
    codes = [one.split()[0] for one in draft.twins]
    same = tuple(
        screen.named(
            turn.title("form_same") if len(codes) == 1 else code,
            f"{screen.TWIN}{words.letters(at)}",
        )
        for at, code in enumerate(codes)
    )
    lines = [one.split(" ", 2)[2] for one in draft.twins]
    apart = screen.moves(turn, Move.APART, Move.CANCEL)
    return turn.reply("intake.ask_twins", *same, *apart, line_list=lines)


def _short(turn: Turn) -> tuple[Button, ...]:
    return screen.moves(turn, Move.BACK, Move.LATER, Move.CANCEL)


def _done(turn: Turn) -> Button:
    return screen.named(turn.title("form_nothing_more"), Move.NEXT.value)


def _given(turn: Turn, names: tuple[str, ...]) -> tuple[Button, ...]:
    return tuple(
        screen.named(turn.title(f"form_{name}"), f"{screen.GIVEN}{name}")
        for name in names
    )


def _text(turn: Turn, draft: Draft) -> str:
    """A kind may have a sentence of its own for a question."""
    own = f"intake.ask_{draft.ask.value}_{draft.kind}"
    key = own if turn.services.words.knows(own) else f"intake.ask_{draft.ask.value}"
    told = draft.told(draft.ask)
    return turn.say(key, told=told)


def _likely(turn: Turn, draft: Draft) -> str:
    name = turn.services.kinds.get(draft.likely).name
    difference = turn.say(f"intake.difference_{draft.likely}")
    return turn.say("intake.kind_likely", name=name, difference=difference)


def _kind_button(turn: Turn, code: str) -> Button:
    return screen.named(turn.title(f"form_k_{code}"), f"{screen.KIND}{code}")


def _numbered(names: Sequence[str]) -> str:
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))


def _kind_of(turn: Turn, draft: Draft) -> CaseKind:
    return turn.services.kinds.get(draft.kind)


_ASKS: Mapping[Ask, Callable[[Turn, Draft], Reply]] = {
    Ask.KIND: kinds,
    Ask.WHERE: _where,
    Ask.WHEN: _when,
    Ask.FORM: _papers,
    Ask.FILES: _files,
    Ask.ANONYMOUS: _anonymous,
    Ask.HEALTH: _health,
    Ask.MORE: _more,
    Ask.TWINS: _twins,
    Ask.EDIT: edit,
    Ask.PREVIEW: preview,
}
