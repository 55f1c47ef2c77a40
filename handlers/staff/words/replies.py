"""From which replies may an officer start, by kind and state of the case? Versioned.

A sent text can keep ``reply_id`` and ``version``, so that its wording is told later.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from handlers.cases.case import State
from handlers.cases.kind import shipped
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

LAYER: Final = "words:replies"
LONGEST, LONGEST_TITLE, MOST = 4000, 80, 500
VALUES: Mapping[str, str] = {
    "xh": "cách xưng hô (anh/chị…)",
    "xa": "tên xã",
    "code": "mã hồ sơ",
    "due": "ngày hẹn trả lời",
}
_HOLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to start from; ``kind`` and ``state`` "" mean any."""

    reply_id: str
    title: str
    text: str
    kind: str = ""
    state: str = ""

    @property
    def version(self) -> str:
        """Which wording it is, 12 hex digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def fits(self, kind: str, state: str) -> bool:
        """Whether it is for such a case."""
        return self.kind in ("", kind) and self.state in ("", state)

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the text with its values; one that is missing stays to be filled."""
        return _HOLE.sub(lambda hole: values.get(hole[1]) or "…", self.text)


async def listed(desk: Desk) -> list[Reply]:
    """Return all, by kind and title. Raises NotAllowedError, StrangerError."""
    found = await desk.look(
        Action.SEE_CATALOGUE, lambda c: book.entries(c, desk.unit_id, LAYER)
    )
    replies = [_reply(reply_id, told) for reply_id, told in found.items()]
    return sorted(replies, key=lambda one: (one.kind, one.state, one.title))


async def offered(desk: Desk, kind: str, state: str) -> list[Reply]:
    """Return what fits a case, the most exact first."""
    fits = [one for one in await listed(desk) if one.fits(kind, state)]
    return sorted(fits, key=lambda one: (not one.kind, not one.state, one.title))


async def put(desk: Desk, reply: Reply, seen: str) -> str:
    """Keep a reply ("" as id: a new one); return its id.

    ``seen`` is the version that the form showed, "" for a new one. Raises
    UnfitSentenceError, SentenceUnknownError, WordedMeanwhileError.
    """
    wanted = _checked(reply)
    reply_id = reply.reply_id or desk.ids.new()

    def work(now: dict[str, Any]) -> dict[str, Any]:
        if reply.reply_id:
            if reply_id not in now:
                raise SentenceUnknownError
            if _reply(reply_id, now[reply_id]).version != seen:
                raise WordedMeanwhileError
        elif len(now) >= MOST:
            raise UnfitSentenceError(f"Đã có {MOST} mẫu.", "Xin bỏ bớt mẫu không dùng.")
        return now | {reply_id: wanted}

    await book.change(desk, LAYER, reply_id, Tag.REPLY_CHANGED, work)
    return reply_id


async def drop(desk: Desk, reply_id: str) -> None:
    """Take a reply out; its wordings stay in the versions."""

    def work(now: dict[str, Any]) -> dict[str, Any]:
        if reply_id not in now:
            raise SentenceUnknownError
        return {key: told for key, told in now.items() if key != reply_id}

    await book.change(desk, LAYER, reply_id, Tag.REPLY_CHANGED, work)


async def history(desk: Desk, reply_id: str) -> list[tuple[book.Version, Reply | None]]:
    """Return the versions in which a reply changed, newest first; None: taken out."""
    found: list[tuple[book.Version, Reply | None]] = []
    before: Any = None
    for one in reversed(await book.versions(desk, LAYER)):
        now = one.entries.get(reply_id)
        if now != before:
            found.append((one, _reply(reply_id, now) if now else None))
        before = now
    return found[::-1]


def problems(text: str) -> tuple[str, ...]:
    """Return what stops a text: values nobody knows, curt phrases."""
    strangers = sorted({hole for hole in _HOLE.findall(text) if hole not in VALUES})
    known = ", ".join(f"{{{{ {name} }}}}" for name in VALUES)
    unknown = tuple(f"Không có giá trị “{one}”; chỉ có {known}." for one in strangers)
    is_torn = bool(re.search(r"\{\{|\}\}|\{%|%\}", _HOLE.sub("", text)))
    torn = ("Dấu {{ }} chưa khép.",) if is_torn else ()
    return (*unknown, *torn, *curt(text))


def _checked(reply: Reply) -> dict[str, str]:
    title, text = reply.title.strip(), reply.text.replace("\r", "").strip()
    if not title or not text:
        raise UnfitSentenceError("Cần có tên mẫu và nội dung.")
    if len(title) > LONGEST_TITLE or len(text) > LONGEST:
        raise UnfitSentenceError(f"Nội dung dài quá {LONGEST} chữ.")
    if reply.kind and reply.kind not in shipped().by_code:
        raise UnfitSentenceError("Không có loại hồ sơ này.")
    if reply.state and reply.state not in set(State):
        raise UnfitSentenceError("Không có trạng thái này.")
    if found := problems(text):
        raise UnfitSentenceError(" ".join(found))
    return {"title": title, "text": text, "kind": reply.kind, "state": reply.state}


def _reply(reply_id: str, told: Mapping[str, str]) -> Reply:
    return Reply(reply_id, told["title"], told["text"], told["kind"], told["state"])
