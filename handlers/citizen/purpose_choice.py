"""May each use of somebody's data be agreed to for itself? One question a purpose.

The newest word counts; nothing is chosen beforehand (Luật 91/2025/QH15 Điều 9).
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.citizen.payloads import Payload, Verb, build
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Button, Event, Tag
from handlers.staff.privacy.purposes import Purpose, purposes
from messages.card import shorten
from messages.words import TITLE_LIMIT

EACH = "tungviec"
YES, NO, ASK = "co_", "thoi_", "hoi_"
NOT_HERE = frozenset({"home_health"})
"""Asked in its form, just before it would be kept."""


def tap(turn: Turn, name: str) -> Step | None:
    """Serve a button of the choice; None for a word that is none of it."""
    if name == EACH:
        return _list(turn)
    for mark in (ASK, YES, NO):
        found = purposes().get(name.removeprefix(mark))
        if name.startswith(mark) and found in _offered():
            return _ask(turn, found) if mark == ASK else _keep(turn, found, mark == YES)
    return None


def event(turn: Turn, tag: Tag, which: Sequence[Purpose], key: str) -> Event:
    """Return the fact that some purposes were agreed to or not, and in which words."""
    codes = " ".join(one.code for one in which)
    version = turn.services.words.version(key)
    return Event(tag, {"purposes": codes, "words": f"{key}:{version}"[:80]})


def _list(turn: Turn) -> Step:
    shown = tuple(
        _button(shorten(one.name, TITLE_LIMIT) or one.code, ASK, one)
        for one in _offered()
    )
    names = "\n".join(f"- {one.name}" for one in _offered())
    reply = turn.reply("privacy.each", *shown, names=names)
    return Step(turn.talk, (reply,), (guided("quyen_du_lieu"),), is_duty=True)


def _ask(turn: Turn, one: Purpose | None) -> Step:
    assert one is not None  # noqa: S101  it is one of those offered
    yes = _button(turn.title("agree"), YES, one)
    no = _button(turn.title("decline"), NO, one)
    reply = turn.reply("privacy.one", yes, no, name=one.name)
    return Step(turn.talk, (reply,), (guided("quyen_du_lieu"),), is_duty=True)


def _keep(turn: Turn, one: Purpose | None, is_given: bool) -> Step:
    assert one is not None  # noqa: S101  it is one of those offered
    tag = Tag.CONSENT_GIVEN if is_given else Tag.CONSENT_DECLINED
    key = "privacy.one_given" if is_given else "privacy.one_withdrawn"
    reply = turn.reply(key, name=one.name)
    said = event(turn, tag, (one,), "privacy.one")
    return Step(turn.talk, (reply,), (said,), is_calm=True, is_duty=True)


def _offered() -> tuple[Purpose, ...]:
    return tuple(
        one
        for one in purposes().all
        if one.can_be_withdrawn and one.code not in NOT_HERE
    )


def _button(title: str, mark: str, one: Purpose) -> Button:
    payload = Payload(Verb.PRIVACY, f"{mark}{one.code}")
    return Button(title, payload=build(payload))
