"""Does the citizen want news from the commune? Answers are given either way."""

from __future__ import annotations

from dataclasses import replace

from handlers.citizen import buttons
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Tag


def stop(turn: Turn) -> Step:
    """Send no more news, at once."""
    resume = turn.button("resume", Payload(Verb.RESUME))
    reply = turn.reply("greeting.opted_out", resume, buttons.menu(turn))
    talk = replace(turn.talk, opted_out=True)
    return Step(talk, (reply,), (Event(Tag.OPTED_OUT, {}),), is_duty=True)


def resume(turn: Turn) -> Step:
    """Send news again."""
    stop_button = turn.button("stop", Payload(Verb.STOP))
    reply = turn.reply("greeting.opted_in", stop_button, buttons.menu(turn))
    talk = replace(turn.talk, opted_out=False)
    return Step(talk, (reply,), (Event(Tag.OPTED_IN, {}),), is_duty=True)
