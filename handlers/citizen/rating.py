"""Was the citizen served well? Five buttons, and words for whoever wants to say more.

One answer for each case, and one a day for the service as a whole: a later one takes
the place of the earlier. Only the owner of a case can rate it.
"""

from __future__ import annotations

import re

from handlers.citizen import buttons, memory, payloads
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.rating_model import BEST, LOW, WORST, Rating
from handlers.citizen.turn import Step, Turn
from handlers.model import Button, Event, Tag
from handlers.ports import Words
from nlu.model import Decision, Intent, Understanding

SERVICE = "xa"
"""What is rated when it is not one case."""
PENDING = "y_kien:"
_ARGUMENT = re.compile(r"([0-9A-Z-]{2,24}|xa)/([1-5])")
_NEWS = frozenset({Intent.EMERGENCY, Intent.TO_CAO, Intent.KHIEU_NAI, Intent.HUMAN})
"""Never taken for words about a rating."""


def faces(words: Words, about: str) -> tuple[Button, ...]:
    """Return the five buttons, best first; ``about`` is a case's code or SERVICE."""
    return tuple(
        Button(
            words.title(f"rate_{score}"),
            payload=payloads.build(Payload(Verb.RATE, f"{about}/{score}")),
        )
        for score in range(BEST, WORST - 1, -1)
    )


def ask(turn: Turn) -> Step:
    """Ask how the commune serves."""
    reply = turn.reply("rating.ask", *faces(turn.services.words, SERVICE))
    return Step(turn.talk, (reply,), (Event(Tag.RATING_ASKED),))


def tap(turn: Turn, payload: Payload) -> Step | None:
    """Take a score; None for a case that is not the citizen's own."""
    found = _ARGUMENT.fullmatch(payload.argument)
    if found is None:
        return None
    about, score = found[1], int(found[2])
    case_id = _case_id(turn, about)
    if case_id is None:
        return None
    is_low = score <= LOW
    name = "rating.sorry" if is_low else "rating.thanks"
    shown = (buttons.staff(turn),) if is_low else (buttons.menu(turn),)
    talk = memory.wait_for(turn.talk, f"{PENDING}{case_id}", turn.at)
    event = Event(Tag.RATED, {"about": about, "score": score})
    rating = Rating(score, case_id)
    return Step(talk, (turn.reply(name, *shown),), (event,), rating=rating)


def is_awaited(turn: Turn, reading: Understanding) -> bool:
    """Whether this message says more about a score, and is not another matter.

    What the reader is unsure of was an answer to our question, rather than a new one.
    """
    is_news = reading.intent in _NEWS or reading.decision is Decision.ANSWER
    return turn.talk.pending.startswith(PENDING) and not is_news


def said(turn: Turn) -> Step:
    """Keep the words beside the score."""
    case_id = turn.talk.pending.removeprefix(PENDING)
    reply = turn.reply("rating.heard", buttons.menu(turn), buttons.staff(turn))
    rating = Rating(case_id=case_id, words=turn.text)
    event = Event(Tag.RATING_EXPLAINED, {}, {"words": turn.text})
    talk = memory.settled(turn.talk)
    return Step(talk, (reply,), (event,), rating=rating)


def _case_id(turn: Turn, about: str) -> str | None:
    if about == SERVICE:
        return ""
    found = turn.services.cases.find(about, "")
    return found.case.case_id if found.case and found.is_mine else None
