"""``/console/words``: sentences of the chat: read, tried, worded anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from bot.console.catalogue.renewal import renew
from bot.console.errors import NoPageError
from bot.console.filters import Filter, ListQuery, parse
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.table import Cell, Column, Table, paged
from bot.console.visit import Visit
from handlers.staff.permissions import Action
from handlers.staff.words import chat
from handlers.staff.words.errors import UnfitSentenceError, WordedMeanwhileError
from messages.samples import ALWAYS
from messages.words import ChatWords
from nlu.normalise import fold

PAGE = "/console/words"
BAD = 400
KEY_LIMIT = 80
SHORT = 160
_STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
_HOLE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
TOPICS: Mapping[str, str] = {
    "buttons": "Nút bấm",
    "cases": "Phản ánh, kiến nghị, hồ sơ",
    "comment": "Bình luận trên trang",
    "complaint": "Khiếu nại, tố cáo",
    "desk": "Báo việc cho cán bộ",
    "files": "Ảnh, tệp gửi kèm",
    "greeting": "Chào hỏi",
    "guidance": "Hướng dẫn nơi giải quyết",
    "handover": "Chuyển cho cán bộ",
    "intake": "Lập phiếu trong trò chuyện",
    "media": "Ảnh, ghi âm",
    "on_duty": "Trực ban",
    "privacy": "Dữ liệu cá nhân",
    "procedure": "Thủ tục",
    "profile": "Trang chào của kênh",
    "rating": "Đánh giá",
    "small_talk": "Chuyện trò",
}
OWN = Filter("own", "Lời của", [("yes", "Xã đã sửa")])


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence in the list."""

    key: str
    text: str
    is_own: bool


@action(Action.SEE_CATALOGUE)
async def show(at: Visit) -> web.StreamResponse:
    """Show the sentences; the search looks at keys and words."""
    words = _words(at)
    topics = sorted({key.partition(".")[0] for key in words.names()})
    pairs = [(topic, TOPICS.get(topic, topic)) for topic in topics]
    filters = (Filter("topic", "Về việc", pairs), OWN)
    query = parse(at.request.query, filters)
    rows = _rows(words, await chat.own(at.desk), query)
    table = Table(
        "Câu chữ của trợ lý",
        COLUMNS,
        paged(rows, query),
        query,
        total=len(rows),
        filters=filters,
        empty="Không có câu nào như vậy. Xin thử một hai chữ có trong câu.",
        live="words",
        searchable=True,
    )
    return at.html("words/list.html", "Câu chữ", table=table)


@action(Action.SEE_CATALOGUE)
async def sentence(at: Visit) -> web.StreamResponse:
    """Show one sentence, as citizens read it, with its form and versions."""
    key = _known(at, at.request.query.get("key", ""))
    return await _sentence(at, key, _words(at).source(key))


@action(Action.EDIT_SENTENCES)
async def save(at: Visit) -> web.StreamResponse:
    """Try a wording, or keep it."""
    key = _known(at, await at.text("key", KEY_LIMIT))
    text = await at.text("text", chat.LONGEST + 1)
    if await at.text("do") != "save":
        return await _sentence(at, key, text, is_tried=True)
    try:
        seen = await at.text("seen", 20)
        await chat.put(at.desk, _words(at), key, text, seen)
    except WordedMeanwhileError:
        return at.stale(_url(key), {"Câu vừa viết": text})
    except UnfitSentenceError as error:
        return await _sentence(at, key, text, error, is_tried=True)
    await renew(at)
    return at.go(_url(key), "Dạ, đã lưu; trợ lý nói theo câu mới ngay.")


@action(Action.EDIT_SENTENCES)
async def drop(at: Visit) -> web.StreamResponse:
    """Go back to the wording that came with us."""
    key = _known(at, await at.text("key", KEY_LIMIT))
    await chat.drop(at.desk, key)
    await renew(at)
    return at.go(_url(key), "Dạ, đã dùng lại câu gốc.")


async def _sentence(
    at: Visit,
    key: str,
    text: str,
    error: UnfitSentenceError | None = None,
    *,
    is_tried: bool = False,
) -> web.Response:
    words, own = _words(at), await chat.own(at.desk)
    return at.html(
        "words/sentence.html",
        TOPICS.get(key.partition(".")[0], "Câu chữ"),
        status=BAD if error else 200,
        key=key,
        text=text,
        shipped=words.shipped(key),
        seen=words.version(key),
        is_own=key in own,
        is_tried=is_tried,
        tried=await chat.tried(words, key, text),
        values=[f"{{{{ {one} }}}}" for one in sorted(words.variables(key) | ALWAYS)],
        versions=await chat.history(at.desk, key),
        error=error,
        file=f"units.{at.unit_id}.texts",
        is_in_file=key in at.house.config.units[at.unit_id].texts,
    )


def _words(at: Visit) -> ChatWords:
    found = at.services.words
    return found if isinstance(found, ChatWords) else ChatWords()


def _known(at: Visit, key: str) -> str:
    if not _words(at).knows(key):
        raise NoPageError("Dạ, không có câu này.", "Xin chọn lại trong danh sách.")
    return key


def _rows(words: ChatWords, own: Mapping[str, str], query: ListQuery) -> list[Line]:
    topic, wanted = query.chosen.get("topic"), fold(query.words.lower()).split()
    lines = []
    for key in words.names():
        line = Line(key, words.source(key), key in own)
        told = fold(f"{key} {line.text}".lower())
        is_there = all(word in told for word in wanted)
        is_topic = topic in (None, key.partition(".")[0])
        if is_there and is_topic and (line.is_own or "own" not in query.chosen):
            lines.append(line)
    return lines


def _cell(line: Line) -> Cell:
    plain = _HOLE.sub(r"‹\1›", _STATEMENT.sub("", line.text))
    short = plain if len(plain) <= SHORT else f"{plain[:SHORT]}…"
    return Cell(short, url=_url(line.key), small=line.key)


def _url(key: str) -> str:
    return f"{PAGE}/sentence?{urlencode({'key': key})}"


COLUMNS: tuple[Column[Line], ...] = (
    Column("Câu", _cell),
    Column("Về", lambda line: TOPICS.get(line.key.partition(".")[0], line.key)),
    Column(
        "Lời của",
        lambda line: Cell("Xã đã sửa", tone="warn") if line.is_own else "Câu gốc",
    ),
)

SECTION = Section(
    (
        get("/words", show),
        get("/words/sentence", sentence),
        post("/words/sentence", save),
        post("/words/drop", drop),
    ),
    place=Place.CATALOGUE,
)
