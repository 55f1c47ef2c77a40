"""What do we say to what is not text: pictures, voice, files, places, stickers?"""

from __future__ import annotations

from dataclasses import replace

from handlers.citizen import buttons, files
from handlers.citizen.intake import words
from handlers.citizen.payloads import Payload, Verb
from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Kind, Tag

_KINDS = frozenset({"image", "audio", "video", "file", "link"})


def handle(turn: Turn) -> Step:
    """Say honestly what we cannot see or hear, and how to go on."""
    if shows_identity_paper(turn):
        return _refused(turn)
    return _say(turn, _name(turn))


def silence(turn: Turn) -> Step:
    """Answer a message without any word in it."""
    return _say(turn, "sticker" if turn.text.strip() else "silence")


def with_note(turn: Turn, step: Step) -> Step:
    """Say that the file beside the words was not looked at, or is not kept at all."""
    if not turn.inbound.attachments:
        return step
    if shows_identity_paper(turn):
        step = replace(step, refuses_files=True)
    if not step.replies or step.is_urgent:
        return step
    key = "media.identity" if step.refuses_files else "media.note"
    is_kept = bool(files.to_keep(turn.inbound, step))
    first, *others = step.replies
    said = turn.say(key, **({} if step.refuses_files else {"is_kept": is_kept}))
    noted = replace(first, text=f"{said}\n{first.text}")
    return replace(step, replies=(noted, *others))


def shows_identity_paper(turn: Turn) -> bool:
    """Whether the words beside a file, or its name, call it an identity paper."""
    names = [one.name for one in turn.inbound.attachments]
    return bool(names) and words.names_identity_paper(" ".join([turn.text, *names]))


def _refused(turn: Turn) -> Step:
    """We never ask for such a photo, and keep none that is called one."""
    erase = turn.button("data_xoa", Payload(Verb.PRIVACY, "xoa"))
    reply = turn.reply("media.identity", erase, buttons.menu(turn), buttons.staff(turn))
    event = Event(Tag.MESSAGE_SKIPPED, {"reason": "media_identity"})
    return Step(turn.talk, (reply,), (event,), refuses_files=True)


def _name(turn: Turn) -> str:
    kind = turn.inbound.kind
    if kind is not Kind.ATTACHMENT:
        return kind.value if kind in _OTHER else "silence"
    found = [a.kind for a in turn.inbound.attachments if a.kind in _KINDS]
    return found[0] if found else "file"


_FILES = _KINDS - {"link"}
_OTHER = frozenset({Kind.LOCATION, Kind.STICKER, Kind.CONTACT})


def _say(turn: Turn, name: str) -> Step:
    shown = (buttons.item(turn, "thutuc"), buttons.menu(turn), buttons.staff(turn))
    event = Event(Tag.MESSAGE_SKIPPED, {"reason": f"media_{name}"})
    step = Step(turn.talk, events=(event,))
    kept = (
        {"is_kept": bool(files.to_keep(turn.inbound, step))} if name in _FILES else {}
    )
    return replace(step, replies=(turn.reply(f"media.{name}", *shown, **kept),))
