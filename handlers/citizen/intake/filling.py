"""What do the citizen's words put into a form, and how does one begin?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handlers.citizen.intake import going, take
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.intake.forms import offered
from handlers.citizen.turn import Step, Turn
from nlu.model import Intent, Understanding

FREE = frozenset({Ask.WHAT, Ask.MORE, Ask.PURPOSE})
"""Questions whose answer may be about anything."""
_ADDING = frozenset({Ask.FILES, Ask.MORE, Ask.PREVIEW})
_KINDNESS = frozenset({Intent.THANKS, Intent.DENY, Intent.AFFIRM, Intent.GREETING})
"""Said where something may be added: nothing is, the form goes on."""
_LIKELY: Mapping[Intent, str] = {
    Intent.PHAN_ANH: "phan_anh",
    Intent.KIEN_NGHI: "kien_nghi",
    Intent.PRAISE: "khen_ngoi",
    Intent.HOME_SERVICE: "phuc_vu_tai_nha",
}


def filled(turn: Turn, draft: Draft, text: str, found: Understanding | None) -> Step:
    """Return the step after words that answer the open question."""
    if draft.ask is Ask.KIND:
        return _story(turn, draft, text, found)
    if found is not None and found.intent in _KINDNESS and draft.ask in _ADDING:
        return going.onward(turn, draft.after(draft.ask))
    taken = take.answer(turn, draft, text)
    if isinstance(taken, take.Refused):
        return going.shown(turn, draft, turn.say(taken.key))
    if draft.ask in _ADDING:
        return going.shown(turn, taken, turn.say("intake.added"))
    return going.answered(turn, taken)


def _story(turn: Turn, draft: Draft, text: str, found: Understanding | None) -> Step:
    """At the choice of kind: its name, or the story itself, at once or in parts."""
    named = turn.services.forms.likely(text)
    if len(text) < _SHORTEST:
        return choose_kind(turn, draft, named) if named else going.shown(turn, draft)
    before = draft.told(Ask.WHAT)
    whole = f"{before}\n{text}" if before else text
    seen = _LIKELY.get(found.intent, "") if found else ""
    likely = draft.likely or named or seen
    return going.shown(turn, take.told_all(turn, replace(draft, likely=likely), whole))


_SHORTEST = 12
"""Characters of a story; fewer are rather the name of a kind."""


def choose_kind(turn: Turn, draft: Draft, kind: str) -> Step:
    """Return the step after a kind was chosen; one that chat has not is ignored."""
    if kind not in offered(turn.services.kinds):
        return going.shown(turn, draft)
    form = turn.services.forms.get(kind)
    asks = form.asks if form else ()
    done = tuple(one for one in draft.done if one in asks and one != Ask.TWINS)
    chosen = replace(draft, kind=kind, done=done, twins=(), twin="")
    return going.onward(turn, chosen)


def new(turn: Turn, told: str, likely: str) -> Draft:
    """Return an empty draft, or one that a story begins."""
    known = likely if likely in offered(turn.services.kinds) else ""
    draft = Draft(likely=known, touched_at=turn.at)
    return take.told_all(turn, draft, told) if told else draft
