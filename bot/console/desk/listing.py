"""``/console/cases``: what is there to do, tab by tab, narrowed and searched?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console.desk.room import room_of
from bot.console.desk.words import CHANNELS, channel_name, due_cell, owner_name
from bot.console.desk.words import state_cell as state_of
from bot.console.filters import LONGEST_WORDS, Filter
from bot.console.guard import Section, action, get
from bot.console.nav import Item, Place
from bot.console.table import Cell
from bot.console.visit import Visit
from handlers.cases.case import QUEUE
from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list import search
from handlers.staff.desk_list.listing import Line, TalkLine, Wish, drafts, page, talks
from handlers.staff.handover.cards import kind_name
from handlers.staff.people.listing import members
from handlers.staff.permissions import Action
from storage.desk_lists import Tab

ITEM = Item(Place.DESK, "/cases", Action.SEE_CASES)
TABS: Sequence[tuple[Tab, str]] = (
    (Tab.NEW, "Mới"),
    (Tab.MINE, "Chờ tôi"),
    (Tab.TODAY, "Hôm nay đến hạn"),
    (Tab.OVERDUE, "Quá hạn"),
    (Tab.WAITING, "Chờ người dân"),
    (Tab.OPEN, "Đang mở"),
    (Tab.DONE, "Đã xong"),
)
TONES = {Tab.OVERDUE: "bad", Tab.TODAY: "warn", Tab.NEW: "warn"}
EMPTY = {
    Tab.NEW: "Không còn việc mới nào chờ nhận. Xin xem “Chờ tôi” hoặc “Đang mở”.",
    Tab.MINE: "Anh/chị không giữ việc nào. Xin xem “Mới” để nhận giúp người dân.",
    Tab.TODAY: "Hôm nay không có việc nào đến hạn.",
    Tab.OVERDUE: "Không có việc nào quá hạn. Cảm ơn anh/chị.",
    Tab.WAITING: "Không có việc nào đang chờ người dân.",
    Tab.OPEN: "Không có việc nào đang mở.",
    Tab.DONE: "Chưa có việc nào kết thúc.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as the template shows it."""

    url: str
    code: str
    kind: str
    state: Cell
    due: Cell
    owner: str
    channel: str
    received_at: Any


@action(Action.SEE_CASES)
async def show(at: Visit) -> web.StreamResponse:
    """Show one page of a list, or what a search found."""
    room, names = room_of(at), await names_of(at)
    query = at.request.query
    words = " ".join(query.get("q", "").split())[:LONGEST_WORDS]
    if words:
        return await _found(at, room, words, names)
    wish, filters = _wish(at, names)
    found = await page(room, wish)
    kept = {k: v for k, v in _asked(query, filters).items() if k != "tab"}
    here = {"tab": wish.tab.value} | kept
    more = f"{found.next[0]}.{found.next[1]}" if found.next else ""
    waiting = await drafts(room) if at.may(Action.APPROVE_ANSWERS) else ()
    return at.html(
        "desk/list.html",
        "Trực ban",
        tabs=[
            _Tab(tab.value, label, found.counts.get(tab), _url(kept | {"tab": tab}))
            for tab, label in TABS
        ],
        tab=wish.tab.value,
        rows=[shown(line, room, names) for line in found.lines],
        drafts=[shown(line, room, names) for line in waiting],
        filters=filters,
        chosen=kept,
        words="",
        empty=EMPTY[wish.tab],
        url=_url(here | ({"after": query["after"]} if wish.after else {})),
        first=_url(here) if wish.after else "",
        next=_url(here | {"after": more}) if more else "",
        talks=(),
    )


@action(Action.SEE_CASES)
async def show_talks(at: Visit) -> web.StreamResponse:
    """Show the conversations, those without a case too."""
    chosen = at.request.query.get("channel", "")
    channel = chosen if chosen in CHANNELS else ""
    after = place(at.request.query.get("after", ""))
    found, last = await talks(room_of(at), channel, after)
    kept = {"channel": channel} if channel else {}
    more = _url(kept | {"after": f"{last[0]}.{last[1]}"}) if last else ""
    return at.html(
        "desk/talks.html",
        "Trò chuyện",
        rows=[talk_row(line, at.house.clock.now()) for line in found],
        filters=[_channels()],
        chosen=kept,
        url=_url(kept | ({"after": at.request.query["after"]} if after else {})),
        first=_url(kept) if after else "",
        next=more,
    )


async def _found(
    at: Visit, room: Room, words: str, names: dict[str, str]
) -> web.StreamResponse:
    before = at.request.query.get("after", "")[:32]
    found = await search.search(room, words, before if before.isalnum() else "")
    here = {"q": words}
    return at.html(
        "desk/list.html",
        "Tìm trong trực ban",
        tabs=[_Tab(tab.value, label, None, _url({"tab": tab})) for tab, label in TABS],
        tab="",
        rows=[shown(line, room, names) for line in found.lines],
        drafts=(),
        filters=(),
        chosen={},
        words=words,
        empty="Không thấy hồ sơ nào. Xin thử ít chữ hơn, tìm theo mã hoặc số máy.",
        url=_url(here | ({"after": before} if before else {})),
        first=_url(here) if before else "",
        next=_url(here | {"after": found.next}) if found.next else "",
        talks=[talk_row(line, room.clock.now()) for line in found.talks],
    )


@dataclass(frozen=True, slots=True)
class _Tab:
    name: str
    label: str
    count: int | None
    url: str

    @property
    def tone(self) -> str:
        """The colour of a count that is not nought."""
        return TONES.get(Tab(self.name), "quiet") if self.count else "quiet"


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One talk as the template shows it."""

    url: str
    name: str
    channel: str
    last_at: Any
    state: Cell


def shown(line: Line, room: Room, names: dict[str, str]) -> Shown:
    """Return a case as a row."""
    case = line.case
    return Shown(
        url=f"/console/cases/{case.code}",
        code=case.code,
        kind=line.kind.name[:1].upper() + line.kind.name[1:],
        state=state_of(case),
        due=due_cell(line, room.clock.now()),
        owner=owner_name(case.owner, names),
        channel=channel_name(case.channel),
        received_at=case.received_at,
    )


def talk_row(line: TalkLine, now: datetime) -> TalkRow:
    """Return a talk as a row; citizens go by the end of their random id."""
    is_held = line.muted_until is not None and line.muted_until > now
    if line.reason and not line.is_taken and not is_held:
        state = Cell(f"Chờ cán bộ: {kind_name(line.reason)}", tone="warn")
    elif line.is_taken or is_held:
        state = Cell("Cán bộ đang trả lời", tone="good")
    else:
        state = Cell("Trợ lý đang trả lời", tone="quiet")
    return TalkRow(
        url=f"/console/cases/talks/{line.person_id}/{line.channel}",
        name=f"Người dân {line.person_id[-4:]}",
        channel=channel_name(line.channel),
        last_at=line.last_at,
        state=state,
    )


async def names_of(at: Visit) -> dict[str, str]:
    """Return code -> name of everybody who works or worked here."""
    found = await at.desk.look(
        Action.SEE_STAFF, lambda c: members(c, at.unit_id, at.gate.keys)
    )
    return {code: one.profile.name for code, one in found.items()}


def place(text: str) -> tuple[int, str] | None:
    """Read where a page begins; None for anything odd."""
    at, _, ref = text.partition(".")
    is_place = at.isascii() and at.isdigit() and ref.isalnum() and len(ref) <= 32  # noqa: PLR2004  our ids
    return (int(at[:16]), ref) if is_place else None


def _wish(at: Visit, names: Mapping[str, str]) -> tuple[Wish, list[Filter]]:
    kinds = [k for k in at.services.kinds if k.code in at.kinds and not k.is_sealed]
    offices = sorted({k.office for k in kinds})
    filters = [
        Filter("kind", "Loại", [(k.code, k.name) for k in kinds]),
        Filter("field", "Lĩnh vực", [(name, name) for name in offices]),
        Filter("owner", "Người giữ", [(QUEUE, "Chưa ai nhận"), *names.items()]),
        _channels(),
    ]
    asked = _asked(at.request.query, filters)
    kind, field = asked.get("kind", ""), asked.get("field", "")
    wanted = {k.code for k in kinds if kind in ("", k.code) and field in ("", k.office)}
    is_narrow = "kind" in asked or "field" in asked
    tab = at.request.query.get("tab", "")
    return (
        Wish(
            tab=Tab(tab) if tab in set(Tab) else Tab.NEW,
            kinds=frozenset(wanted or {"-"}) if is_narrow else frozenset(),
            owner=asked.get("owner", ""),
            channel=asked.get("channel", ""),
            after=place(at.request.query.get("after", "")),
        ),
        filters,
    )


def _channels() -> Filter:
    return Filter("channel", "Kênh", list(CHANNELS.items()))


def _asked(query: Mapping[str, str], filters: Sequence[Filter]) -> dict[str, str]:
    return {
        one.name: query[one.name]
        for one in filters
        if query.get(one.name) and one.holds(query[one.name])
    }


def _url(values: Mapping[str, Any]) -> str:
    return "?" + urlencode({k: str(v) for k, v in values.items() if v})


SECTION = Section((get("/cases", show), get("/cases/talks", show_talks)), item=ITEM)
