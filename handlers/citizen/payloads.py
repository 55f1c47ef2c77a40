"""What can a button say back to us?

A payload starts with '#', because Zalo returns it as if it were typed, and has at
most 100 characters (PLATFORMS §1.8, §3.3): ``#<verb>[:<argument>[:<facet>]]``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers.errors import BadPayloadError
from nlu.model import Facet

MARK = "#"
LIMIT = 100


class Verb(StrEnum):
    """What the tap wants."""

    SHOW = "tt"
    PICK = "chon"
    MENU = "menu"
    STAFF = "canbo"
    NONE_OF_THESE = "khac"
    WRONG = "sai"
    AGREE = "dongy"
    DECLINE = "khongdongy"
    ADDRESS = "xungho"
    STOP = "dung"
    RESUME = "nhanlai"
    PRIVACY = "quyen"
    FORM = "phieu"
    PAPER = "don"
    RATE = "diem"


_NEEDS_CODE = frozenset({Verb.SHOW, Verb.PICK, Verb.RATE})
_TAKES_WORD = frozenset({Verb.MENU, Verb.ADDRESS, Verb.PRIVACY, Verb.FORM, Verb.PAPER})
_CODE = re.compile(r"[0-9A-Za-z.\-_/]{1,40}")
_WORD = re.compile(r"[^\W\d]{1,20}")


@dataclass(frozen=True, slots=True)
class Payload:
    """A parsed payload; ``argument`` is a procedure code or a short word."""

    verb: Verb
    argument: str = ""
    facet: Facet | None = None


def parse(text: str) -> Payload | None:
    """Return what a payload says, None when it is not one of ours."""
    clean = text.strip()
    if not clean.startswith(MARK) or len(clean) > LIMIT:
        return None
    name, _, rest = clean.removeprefix(MARK).partition(":")
    if name not in set(Verb):
        return None
    argument, _, facet = rest.partition(":")
    return _checked(Verb(name), argument, facet)


def build(payload: Payload) -> str:
    """Return the text of a payload; raises BadPayloadError if ``parse`` refused it."""
    facet = payload.facet.value if payload.facet else ""
    parts = [payload.verb.value, payload.argument, facet]
    while parts and not parts[-1]:
        parts.pop()
    text = MARK + ":".join(parts)
    if parse(text) != payload:
        raise BadPayloadError(text[:LIMIT])
    return text


def _checked(verb: Verb, argument: str, facet: str) -> Payload | None:
    if facet and (verb is not Verb.SHOW or facet not in set(Facet)):
        return None
    if not _fits(verb, argument):
        return None
    return Payload(verb, argument, Facet(facet) if facet else None)


def _fits(verb: Verb, argument: str) -> bool:
    if verb in _NEEDS_CODE:
        return _CODE.fullmatch(argument) is not None
    if not argument:
        return verb not in (Verb.ADDRESS, Verb.FORM, Verb.PAPER)
    return verb in _TAKES_WORD and _WORD.fullmatch(argument) is not None
