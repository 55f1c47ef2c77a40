"""Which question comes next, and how does the citizen go back? Every step is kept."""

from __future__ import annotations

from dataclasses import replace

from handlers.cases.nearby import Area
from handlers.citizen.intake import question
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.intake.forms import missing, upcoming
from handlers.citizen.turn import Step, Turn
from handlers.model import Consent, Event, Reply, Tag

PREFILLED = (Ask.WHAT, Ask.WHERE, Ask.WHEN, Ask.PHONE)
"""What a whole story may have told already."""


def shown(turn: Turn, draft: Draft, lead: str = "", reply: Reply | None = None) -> Step:
    """Return the step that keeps a draft and puts its open question."""
    touched = replace(draft, touched_at=turn.at)
    asked = reply or question.ask(turn, touched)
    if lead:
        asked = replace(asked, text=f"{lead}\n{asked.text}")
    event = Event(Tag.FORM_ANSWERED, {"kind": draft.kind, "ask": draft.ask.value})
    talk = replace(turn.talk, draft=touched, last_text="", pending="", pending_at=None)
    return Step(talk, (asked,), (event,), is_form=True)


def onward(turn: Turn, draft: Draft, lead: str = "") -> Step:
    """Return the step that asks the next question."""
    return shown(turn, advanced(turn, draft), lead)


def advanced(turn: Turn, draft: Draft) -> Draft:
    """Return the draft at its next question; what was told already is not asked."""
    form = turn.services.forms.get(draft.kind)
    if form is None:
        return replace(draft, ask=Ask.KIND)
    known = draft
    for ask in PREFILLED:
        if ask in form.asks and known.told(ask) and ask not in known.done:
            known = known.after(ask)
    if turn.talk.consent is Consent.DECLINED:
        known = known.after(Ask.FILES)
    if not known.told(Ask.HEALTH) and Ask.HEALTH in known.done:
        known = known.after(Ask.HEALTH_NOTE).with_answers(health_note="")
    coming = upcoming(known, form)
    if coming is Ask.TWINS:
        known = _with_twins(turn, known)
        coming = Ask.TWINS if known.twins else upcoming(known.after(coming), form)
        known = known if known.twins else known.after(Ask.TWINS)
    return replace(known, ask=coming, is_editing=False, aside="")


def answered(turn: Turn, draft: Draft, lead: str = "") -> Step:
    """Return the step after the open question was answered or passed over."""
    done = draft.after(draft.ask)
    if draft.ask is Ask.WHERE:
        done = replace(done.before(Ask.TWINS), twins=(), twin="")
    return onward(turn, done, lead)


def backward(turn: Turn, draft: Draft) -> Step:
    """Return the step to the question before; from a mended part to the preview."""
    if draft.is_editing or draft.ask is Ask.EDIT:
        closed = draft.after(draft.ask) if draft.is_editing else draft
        return onward(turn, replace(closed, is_editing=False))
    form = turn.services.forms.get(draft.kind)
    asks = form.asks if form else ()
    here = asks.index(draft.ask) if draft.ask in asks else len(asks)
    earlier = [one for one in asks[:here] if one in draft.done and one != Ask.TWINS]
    last = earlier[-1] if earlier else Ask.KIND
    return shown(turn, replace(draft.before(last), ask=last))


def mended(turn: Turn, draft: Draft, ask: Ask) -> Step:
    """Return the step that asks one part again."""
    if ask is Ask.KIND:
        return shown(turn, replace(draft, ask=Ask.KIND))
    again = replace(draft.before(ask), ask=ask, is_editing=True)
    return shown(turn, again)


def lacking(turn: Turn, draft: Draft) -> Ask | None:
    """Return what must still be told before it can be sent."""
    return next(iter(missing(draft, turn.services.kinds.get(draft.kind))), None)


def _with_twins(turn: Turn, draft: Draft) -> Draft:
    area = Area(draft.told("hamlet"), draft.told("point"))
    if not area.own:
        return replace(draft, twins=())
    found = turn.services.nearby.near(draft.kind, area, draft.told(Ask.WHAT))[:3]
    lines = tuple(
        f"{one.code} {one.case_id} "
        + turn.say("intake.twin", code=one.code, words=one.words, days=str(one.days))
        for one in found
    )
    return replace(draft, twins=lines)
