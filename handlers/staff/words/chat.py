"""Which sentence of the chat does a commune say its own way, and may it? Versioned.

A sentence is our template (messages/chat, messages/cases), then what config.yml says
(units.<mã>.texts), then what was written in the console.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.words import book
from handlers.staff.words.errors import (
    SentenceUnknownError,
    UnfitSentenceError,
    WordedMeanwhileError,
)
from handlers.staff.words.tone import curt
from messages.errors import WordsError
from messages.samples import ALWAYS, edge_cases
from messages.words import ChatWords

LAYER: Final = "words:chat"
LONGEST = 2000
COMMON: Mapping[str, object] = {
    "xh": "anh/chị",
    "Xh": "Anh/chị",
    "xa": "UBND xã",
    "place": "xã",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a text: how it sounds, what stops it, what to think about."""

    samples: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def stored(connection: Connection, unit_id: str) -> dict[str, str]:
    """Return key -> template of what was written in the console."""
    return {k: str(v) for k, v in book.entries(connection, unit_id, LAYER).items()}


async def own(desk: Desk) -> dict[str, str]:
    """Return the same for somebody who may see it."""
    return await desk.look(Action.SEE_CATALOGUE, lambda c: stored(c, desk.unit_id))


async def tried(words: ChatWords, key: str, text: str) -> Tried:
    """Return how a template would sound; writes nothing. ``words`` are in force."""
    return await asyncio.to_thread(_tried, words, key, text)


async def put(desk: Desk, words: ChatWords, key: str, text: str, seen: str) -> bool:
    """Keep a wording and put it in force; whether it differs from what was there.

    ``seen`` is ``words.version(key)`` as the form showed it. Raises
    UnfitSentenceError, SentenceUnknownError, WordedMeanwhileError, NotAllowedError.
    """
    if not words.knows(key):
        raise SentenceUnknownError
    clean = text.replace("\r", "").strip()
    found = await tried(words, key, clean)
    if found.problems:
        raise UnfitSentenceError(" ".join(found.problems))
    _check(words, key, seen)

    def work(now: dict[str, Any]) -> dict[str, Any]:
        if now.get(key, words.source(key)) != words.source(key):
            raise WordedMeanwhileError
        return now | {key: clean}

    return await book.change(desk, LAYER, key, Tag.WORDS_CHANGED, work)


async def drop(desk: Desk, key: str) -> bool:
    """Go back to the wording that came with us (or config.yml); whether it changed."""

    def work(now: dict[str, Any]) -> dict[str, Any]:
        return {name: text for name, text in now.items() if name != key}

    return await book.change(desk, LAYER, key, Tag.WORDS_CHANGED, work)


async def history(desk: Desk, key: str) -> list[tuple[book.Version, str]]:
    """Return the versions in which a sentence changed, newest first; "": ours."""
    found: list[tuple[book.Version, str]] = []
    before = ""
    for one in reversed(await book.versions(desk, LAYER)):
        now = str(one.entries.get(key, ""))
        if now != before:
            found.append((one, now))
        before = now
    return found[::-1]


def _check(words: ChatWords, key: str, seen: str) -> None:
    if words.version(key) != seen:
        raise WordedMeanwhileError


def _tried(words: ChatWords, key: str, text: str) -> Tried:
    if not text.strip():
        return Tried(problems=("Câu đang để trống.",))
    if len(text) > LONGEST:
        return Tried(problems=(f"Câu dài quá {LONGEST} chữ.",))
    try:
        new = ChatWords(overrides={key: text})
    except WordsError as error:
        known = ", ".join(sorted(words.variables(key) | ALWAYS))
        why = f"Câu viết chưa đúng: {_reason(error, key)}."
        return Tried(problems=(f"{why} Câu này chỉ dùng được các giá trị: {known}.",))
    samples = tuple(dict.fromkeys(_samples(new, key)))
    return Tried(samples, curt(" ".join(samples)), tuple(_doubts(new, key, text)))


def _reason(error: WordsError, key: str) -> str:
    """Return what is wrong without the name of the sentence."""
    told = str(error).partition("(")[2].removesuffix(")") or str(error)
    return told.removeprefix(f"{key}: ")


def _samples(words: ChatWords, key: str) -> list[str]:
    """Return the sentence with flags both ways, each value by its name."""
    found = []
    for values in list(edge_cases(words.variables(key)))[2:4]:
        named = {
            name: f"‹{name}›" if isinstance(value, str) else value
            for name, value in values.items()
        }
        found.append(words.say(key, **{**named, **COMMON}))
    return [text for text in found if text]


def _doubts(words: ChatWords, key: str, text: str) -> list[str]:
    """Return what may be a slip: values that ours tells and this one does not."""
    lost = sorted(name for name in words.variables(key) if name not in text)
    if not lost:
        return []
    return [f"Câu gốc có nêu {', '.join(lost)}; câu này thì không. Xin xem có cần ạ."]
