"""How does the whole form look before it is sent, and which part is to be mended?"""

from __future__ import annotations

from handlers.citizen.intake import masks, screen
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.intake.words import Move
from handlers.citizen.turn import Turn
from handlers.model import Reply

SHOWN = (
    Ask.WHAT,
    Ask.WHERE,
    Ask.WHEN,
    Ask.NAME,
    Ask.ADDRESS,
    Ask.ID_NUMBER,
    Ask.FORM,
    Ask.PURPOSE,
    Ask.PHONE,
    Ask.HEALTH_NOTE,
)
ROOM = screen.ROOM - 1
_NOTE = (Ask.HEALTH_NOTE,)


def preview(turn: Turn, draft: Draft) -> Reply:
    """Show all of it, and offer to hide what belongs to other people."""
    found = masks.found(draft)
    hide = (Move.MASK,) if found else ()
    shown = screen.moves(turn, Move.SEND, *hide, Move.EDIT, Move.LATER, Move.CANCEL)
    return turn.reply(
        "intake.preview",
        *shown,
        kind=turn.services.kinds.get(draft.kind).name,
        lines=lines(turn, draft),
        count=len(draft.files),
        is_anonymous=bool(draft.told(Ask.ANONYMOUS)),
        twin=draft.twin.partition(" ")[0],
        private=", ".join(masks.names(found)),
    )


def edit(turn: Turn, draft: Draft) -> Reply:
    """Ask which part is to be mended; all are numbered, the first have buttons."""
    parts = editable(turn, draft)
    numbered = "\n".join(
        f"{number}. {label(turn, part)}" for number, part in enumerate(parts, 1)
    )
    chosen = tuple(
        screen.named(label(turn, part), f"{screen.FIELD}{part.value}")
        for part in parts[:ROOM]
    )
    said = f"{turn.say('intake.edit')}\n{numbered}"
    return Reply(said, (*chosen, screen.move(turn, Move.BACK)))


def editable(turn: Turn, draft: Draft) -> tuple[Ask, ...]:
    """Return what can be mended, in the order in which it is numbered."""
    form = turn.services.forms.get(draft.kind)
    asks = form.asks if form else ()
    hidden = {Ask.TWINS, Ask.MORE, *(() if draft.told(Ask.HEALTH) else _NOTE)}
    return (*(ask for ask in asks if ask not in hidden), Ask.KIND)


def lines(turn: Turn, draft: Draft) -> str:
    """Return what was answered, one line each."""
    told = ((ask, draft.told(ask)) for ask in SHOWN)
    return "\n".join(f"- {label(turn, ask)}: {text}" for ask, text in told if text)


def label(turn: Turn, ask: Ask) -> str:
    """Return how a part of the form is called."""
    return turn.title(f"form_f_{ask.value}")
