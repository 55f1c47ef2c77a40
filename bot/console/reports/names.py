"""How do people call what figures are divided by? Channels, kinds, staff, scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import Connection

from bot.console.visit import Visit
from handlers.cases.case import QUEUE, Source, State
from handlers.cases.kind import shipped
from handlers.cases.state import NAMES as STATES
from handlers.staff.people.listing import members
from handlers.staff.permissions import Action
from handlers.staff.reports.entries import Figure, Part
from storage import survey

CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "zalo": "Zalo",
        "facebook": "Facebook",
        "telegram": "Telegram",
        "zalo_bot": "Zalo Bot",
        "web": "Trang của xã",
        "desk": "Trụ sở, điện thoại, thư",
        "counter": "Tại quầy",
    }
)
SOURCES: Mapping[str, str] = MappingProxyType(
    {
        Source.MESSAGE: "Tin nhắn",
        Source.VISIT: "Đến trực tiếp",
        Source.TELEPHONE: "Điện thoại",
        Source.LETTER: "Thư, đơn",
        Source.CITY_LINE: "Tổng đài 1022",
        Source.COMMENT: "Bình luận trên Trang",
    }
)
RATED: Mapping[str, str] = MappingProxyType(
    {
        survey.CASE: "Sau khi xong việc",
        survey.TALK: "Trong trò chuyện",
        survey.COUNTER: "Tại quầy",
    }
)
SCORES: Mapping[int, str] = MappingProxyType(
    {
        5: "Rất hài lòng",
        4: "Hài lòng",
        3: "Bình thường",
        2: "Chưa hài lòng",
        1: "Rất chưa hài lòng",
    }
)
FIGURES: Mapping[Figure, str] = MappingProxyType(
    {
        Figure.RECEIVED: "Tiếp nhận",
        Figure.ANSWERED: "Đã trả lời",
        Figure.IN_TIME: "Trả lời đúng hạn",
        Figure.LATE: "Trả lời quá hạn",
        Figure.FIRST: "Báo đã nhận",
        Figure.OPEN: "Đang mở",
        Figure.OVERDUE: "Quá hạn chưa trả lời",
        Figure.DUE: "Đến hạn hôm nay",
        Figure.WAITING: "Chờ duyệt",
    }
)
PARTS: Mapping[Part, str] = MappingProxyType(
    {
        Part.ALL: "Tất cả",
        Part.CHANNEL: "Kênh",
        Part.KIND: "Loại việc",
        Part.OWNER: "Người xử lý",
        Part.OFFICE: "Bộ phận",
        Part.SOURCE: "Nguồn",
    }
)
OTHER_FIELD = "Thủ tục không còn trong danh mục"


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called at one unit; ``staff`` goes by code."""

    staff: Mapping[str, str] = field(default_factory=dict)

    def of(self, part: Part, value: str) -> str:
        """Return the name of one part of a figure."""
        tables: Mapping[Part, Callable[[str], str]] = {
            Part.CHANNEL: channel,
            Part.KIND: kind,
            Part.OWNER: self.owner,
            Part.SOURCE: lambda code: SOURCES.get(code, code),
            Part.OFFICE: lambda name: name[:1].upper() + name[1:],
            Part.ALL: lambda _code: "Tất cả",
        }
        return tables[part](value)

    def owner(self, code: str) -> str:
        """Return who handles a case."""
        return "Chưa ai nhận" if code == QUEUE else self.staff.get(code, code)


async def names(at: Visit) -> Names:
    """Read what the people of the unit are called."""

    def look(connection: Connection) -> dict[str, str]:
        found = members(connection, at.unit_id, at.gate.keys)
        return {code: one.profile.name for code, one in found.items()}

    return Names(await at.desk.look(Action.SEE_STAFF, look))


def channel(code: str) -> str:
    """Return the name of a channel."""
    return CHANNELS.get(code, code)


def kind(code: str) -> str:
    """Return the name of a kind, as the first word of a line."""
    found = shipped().by_code.get(code)
    return found.name[:1].upper() + found.name[1:] if found else code


def state(code: str) -> str:
    """Return the name of a state."""
    return STATES[State(code)] if code in set(State) else code


def field_of(at: Visit) -> Callable[[str], str]:
    """Return a function from the code of a procedure to its field's name."""
    catalogue = at.services.catalogue

    def of(code: str) -> str:
        found = catalogue.get(code)
        return found.field if found else OTHER_FIELD

    return of


def share(value: float | None) -> str:
    """Say a share: "92,5 %", "100 %", "—" of nothing."""
    if value is None:
        return "—"
    text = f"{value:.1f}".removesuffix(".0").replace(".", ",")
    return f"{text} %"
