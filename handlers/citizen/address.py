"""How does the citizen want to be addressed? Asked once, kept for good."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from handlers.citizen import buttons, honorifics
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import Step, Turn
from handlers.model import Button, Consent, Event, Reply, Tag
from nlu.normalise import fold

_WHO = r"(?:toi|minh|em|anh|chi|bac|co|chu|ong|ba|chau|tao)"
_WISH = re.compile(
    rf"(?:em )?(?:hay |cu )?(?:goi|xung ho|xung)(?: (?:voi )?{_WHO})?(?: (?:la|bang))? "
    rf"(?P<word>{'|'.join(honorifics.FOLDED)})(?: (?:nhe|nha|a|thoi|di|cho tien))*"
)
_BARE = re.compile(r"[a-z]+(?: (?:nhe|nha|a|thoi|em))*")
_UNCLEAR = frozenset({"co", "ba", "chu", "di", "cau"})
"""Typed bare and without marks these may be "có", "ba", "chứ", "đi", "câu"."""


def wish(turn: Turn) -> str:
    """Return the form of address that a message asks for, "" when it does not."""
    typed = re.findall(r"\w+", unicodedata.normalize("NFC", turn.text[:100].lower()))
    plain = " ".join(fold(word) for word in typed)
    found = _WISH.fullmatch(plain)
    if found is not None:
        return honorifics.known(typed[plain[: found.start("word")].count(" ")])
    is_asked = turn.talk.honorific_asked and not turn.talk.honorific
    if not is_asked or not typed or not _BARE.fullmatch(plain):
        return ""
    return "" if typed[0] in _UNCLEAR else honorifics.known(typed[0])


def set_to(turn: Turn, honorific: str) -> Step:
    """Keep the form of address and use it from this answer on."""
    talk = replace(turn.talk, honorific=honorific, honorific_asked=True)
    known = replace(turn, talk=talk)
    shown = (buttons.item(turn, "thutuc"), buttons.menu(turn), buttons.staff(turn))
    is_same = honorifics.spoken(honorific) == honorific
    reply = known.reply("greeting.address_set", *shown, is_same=is_same)
    return Step(talk, (reply,), (Event(Tag.ADDRESS_SET, {"form": honorific}),))


def tap(turn: Turn, payload: Payload) -> Step | None:
    """Serve a button of the question; None for a word that is no form of address."""
    honorific = honorifics.known(payload.argument)
    return set_to(turn, honorific) if honorific else None


def ask(turn: Turn) -> Step:
    """Ask, because the citizen wants to change it."""
    reply = turn.reply("greeting.address_question", *choices())
    talk = replace(turn.talk, honorific_asked=True)
    event = Event(Tag.GUIDED, {"topic": "xung_ho"})
    return Step(talk, (reply,), (event,))


def with_question(turn: Turn, step: Step) -> Step:
    """Add the question once, at a calm moment, never beside the privacy notice."""
    if turn.talk.consent is Consent.UNASKED or not step.is_calm or not step.replies:
        return step
    if step.talk.honorific or step.talk.honorific_asked:
        return step
    *before, last = step.replies
    text = f"{last.text}\n{turn.say('greeting.address_hint')}"
    asked = Reply(text, last.buttons or choices(), last.media)
    talk = replace(step.talk, honorific_asked=True)
    return replace(step, talk=talk, replies=(*before, asked))


def choices() -> tuple[Button, ...]:
    """Return one button for each usual form of address."""
    return tuple(
        Button(word.capitalize(), payload=f"#{Verb.ADDRESS}:{fold(word)}")
        for word in honorifics.OFFERED
    )
