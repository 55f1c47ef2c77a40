"""What do we say to what is not text: pictures, voice, files, places, stickers?"""

from __future__ import annotations

from dataclasses import replace

from handlers.citizen import buttons
from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Kind, Tag

_KINDS = frozenset({"image", "audio", "video", "file", "link"})


def handle(turn: Turn) -> Step:
    """Say honestly what we cannot see or hear, and how to go on."""
    return _say(turn, _name(turn))


def silence(turn: Turn) -> Step:
    """Answer a message without any word in it."""
    return _say(turn, "sticker" if turn.text.strip() else "silence")


def with_note(turn: Turn, step: Step) -> Step:
    """Say that the file beside the words was not looked at."""
    if not turn.inbound.attachments or not step.replies or step.is_urgent:
        return step
    first, *others = step.replies
    noted = replace(first, text=f"{turn.say('media.note')}\n{first.text}")
    return replace(step, replies=(noted, *others))


def _name(turn: Turn) -> str:
    kind = turn.inbound.kind
    if kind is not Kind.ATTACHMENT:
        return kind.value if kind in _OTHER else "silence"
    found = [a.kind for a in turn.inbound.attachments if a.kind in _KINDS]
    return found[0] if found else "file"


_OTHER = frozenset({Kind.LOCATION, Kind.STICKER, Kind.CONTACT})


def _say(turn: Turn, name: str) -> Step:
    shown = (buttons.item(turn, "thutuc"), buttons.menu(turn), buttons.staff(turn))
    event = Event(Tag.MESSAGE_SKIPPED, {"reason": f"media_{name}"})
    return Step(turn.talk, (turn.reply(f"media.{name}", *shown),), (event,))
