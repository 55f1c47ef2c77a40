"""A small commune to talk to: four procedures, a reader that knows a few sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from handlers.citizen.router import respond
from handlers.model import (
    Channel,
    Consent,
    Conversation,
    Inbound,
    Kind,
    Outcome,
    Tag,
)
from handlers.ports import Phone, Services, UnitProfile
from messages.procedure import Duration, Fee, Level, Online, Paper, Procedure, Source
from messages.words import ChatWords
from nlu.model import Candidate, Decision, Facet, Intent, Memory, Understanding
from scheduler.office_hours import WeeklyHours

MONDAY_8 = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""08:00 on Monday in the commune; the Tuesday after is a public holiday."""
MONDAY_20 = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
WORDS = ChatWords()
HOURS = WeeklyHours.parse({"t2-t6": ["07:30-11:30", "13:30-17:00"]})
UNIT = UnitProfile(
    "thanh-ha",
    "UBND xã Thanh Hà",
    place="thành phố Hải Phòng",
    public_url="https://xa.example/",
    phones=(Phone("Trực ban", "0220 0000 000"),),
)
_SOURCE = Source(
    name="Cổng Dịch vụ công quốc gia, bản thử",
    as_of=date(2026, 7, 18),
    url="https://dichvucong.example/1",
)


def procedure(code: str, name: str, **changes: object) -> Procedure:
    """Return a small record; changes win."""
    basic: dict[str, object] = {
        "code": code,
        "name": name,
        "field": "Hộ tịch",
        "levels": [Level.XA],
        "authority": "UBND xã",
        "source": _SOURCE,
    }
    return Procedure.model_validate(basic | changes)


BIRTH = procedure(
    "1.001193",
    "Đăng ký khai sinh",
    summary="Cấp Giấy khai sinh lần đầu cho trẻ.",
    papers=[
        Paper(name="Tờ khai đăng ký khai sinh", form="theo mẫu"),
        Paper(name="Giấy chứng sinh", copies=2),
        Paper(name="Giấy ủy quyền", when="nhờ người khác đi thay"),
    ],
    fee=Fee(text="8.000 đồng/bản", exempt="người thuộc hộ nghèo"),
    time=Duration(text="03 ngày làm việc"),
    place="Trung tâm Phục vụ hành chính công xã",
    online=Online(available=True),
    confidence="high",
)
MARRIAGE = procedure(
    "1.000894",
    "Đăng ký kết hôn",
    fee=Fee(text="Miễn lệ phí", sure=False),
    confidence="high",
)
COPY = procedure("2.000815", "Chứng thực bản sao", confidence="high")
DEATH = procedure("1.000656", "Đăng ký khai tử", confidence="high")
PASSPORT = procedure(
    "9.000001",
    "Cấp hộ chiếu",
    levels=[Level.TINH],
    authority="Công an cấp tỉnh",
)
ALL = (BIRTH, MARRIAGE, COPY, DEATH, PASSPORT)


class Shelf:
    """A catalogue held in memory."""

    def __init__(self, procedures: Sequence[Procedure] = ALL) -> None:
        self._by_code = {one.code: one for one in procedures}

    def get(self, code: str) -> Procedure | None:
        """Return the procedure with that code."""
        return self._by_code.get(code)


@dataclass(slots=True)
class Clock:
    """A clock that a test sets."""

    at: datetime = MONDAY_8

    def now(self) -> datetime:
        """Return the set instant."""
        return self.at


def reading(
    intent: Intent = Intent.ASK_PROCEDURE,
    decision: Decision = Decision.CHAT,
    codes: Sequence[str] = (),
    facets: Sequence[Facet] = (),
    *,
    is_follow_up: bool = False,
) -> Understanding:
    """Return what a reader says of a text."""
    return Understanding(
        text="",
        intent=intent,
        facets=tuple(facets),
        decision=decision,
        candidates=tuple(Candidate(code, 0.9) for code in codes),
        confidence=0.9,
        has_accents=True,
        is_follow_up=is_follow_up,
        ms=0.1,
    )


_ASK = Decision.ASK
_FOUR = ("1.001193", "1.000894", "2.000815", "1.000656")
SENTENCES: Mapping[str, Understanding] = {
    "làm khai sinh": reading(decision=Decision.ANSWER, codes=_FOUR[:2]),
    "lệ phí khai sinh": reading(
        decision=Decision.ANSWER, codes=_FOUR[:1], facets=[Facet.FEE]
    ),
    "lệ phí kết hôn": reading(
        decision=Decision.ANSWER, codes=_FOUR[1:2], facets=[Facet.FEE]
    ),
    "xin giấy": reading(decision=_ASK, codes=_FOUR),
    "xin giấy mất bao lâu": reading(decision=_ASK, codes=_FOUR, facets=[Facet.TIME]),
    "làm hộ chiếu": reading(decision=Decision.ELSEWHERE, codes=["9.000001"]),
    "đèn đường với khai sinh": reading(Intent.PHAN_ANH, Decision.ASK, codes=_FOUR[:2]),
    "ly hôn": reading(Intent.OUT_OF_SCOPE, Decision.ELSEWHERE),
    "đăng kiểm xe": replace(
        reading(Intent.ASK_PROCEDURE, Decision.ELSEWHERE),
        office="Trung tâm đăng kiểm xe cơ giới",
    ),
    "xin chào, làm khai sinh": reading(
        Intent.GREETING, Decision.ANSWER, codes=_FOUR[:1]
    ),
    "nộp online khai sinh": reading(
        Intent.APPLY_ONLINE, Decision.ANSWER, codes=_FOUR[:1]
    ),
    "nộp online": reading(Intent.APPLY_ONLINE),
    "cảm ơn": reading(Intent.THANKS),
    "xin chào": reading(Intent.GREETING),
    "xin lỗi": reading(Intent.APOLOGY),
    "giỏi quá": reading(Intent.PRAISE),
    "vô dụng": reading(Intent.ABUSE),
    "hôm nay trời đẹp": reading(Intent.SMALL_TALK),
    "vâng": reading(Intent.AFFIRM),
    "không phải": reading(Intent.DENY),
    "giúp tôi": reading(Intent.HELP),
    "cho tôi gặp người": reading(Intent.HUMAN),
    "đèn đường hỏng": reading(Intent.PHAN_ANH),
    "nên trồng thêm cây": reading(Intent.KIEN_NGHI),
    "tôi khiếu nại": reading(Intent.KHIEU_NAI),
    "tôi tố cáo ông A": reading(Intent.TO_CAO),
    "cháy nhà": reading(Intent.EMERGENCY),
    "số điện thoại xã": reading(Intent.HOTLINE),
    "mấy giờ mở cửa": reading(Intent.OFFICE_HOURS),
    "lịch tiếp dân": reading(Intent.SCHEDULE),
    "mẹ tôi nằm một chỗ": reading(Intent.HOME_SERVICE),
    "hồ sơ của tôi đâu": reading(Intent.CASE_STATUS),
    "tôi muốn đánh giá": reading(Intent.SURVEY),
    "đừng gửi tin": reading(Intent.OPT_OUT),
    "gửi tin cho tôi": reading(Intent.OPT_IN),
    "dữ liệu của tôi": reading(Intent.PRIVACY),
    "xóa dữ liệu của tôi": reading(Intent.PRIVACY),
    "tôi rút đồng ý": reading(Intent.PRIVACY),
}
_FACETS = {"còn lệ phí": Facet.FEE, "mất bao lâu": Facet.TIME}


class Reader:
    """Knows the sentences above; a bare facet is about the procedure in memory."""

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the reading of a known sentence, else that nothing was found."""
        if text in _FACETS:
            return self._follow_up(_FACETS[text], memory)
        return SENTENCES.get(text, reading(decision=Decision.UNKNOWN))

    def _follow_up(self, facet: Facet, memory: Memory | None) -> Understanding:
        if memory is None or memory.code is None:
            return reading(decision=Decision.UNKNOWN, facets=[facet])
        return reading(
            decision=Decision.ANSWER,
            codes=[memory.code],
            facets=[facet],
            is_follow_up=True,
        )


def services(
    *,
    unit: UnitProfile = UNIT,
    hours: WeeklyHours = HOURS,
    clock: Clock | None = None,
    shelf: Shelf | None = None,
) -> Services:
    """Return the services of the small commune."""
    return Services(unit, clock or Clock(), Reader(), shelf or Shelf(), hours, WORDS)


KNOWN = Conversation(consent=Consent.GIVEN, honorific="bác", honorific_asked=True)
"""A citizen met before, so that neither notice nor question is in the way."""


@dataclass(slots=True)
class Talk:
    """One citizen's talk; a minute passes before each message."""

    services: Services = field(default_factory=services)
    state: Conversation = KNOWN
    at: datetime = MONDAY_8
    channel: Channel = Channel.ZALO

    def says(self, text: str) -> Outcome:
        """Send a text."""
        return self.sends(Kind.TEXT, text=text)

    def taps(self, payload: str) -> Outcome:
        """Tap a button."""
        return self.sends(Kind.BUTTON, payload=payload)

    def sends(self, kind: Kind, **parts: object) -> Outcome:
        """Let anything come in."""
        basic = Inbound(self.channel, kind, self.at)
        outcome = respond(replace(basic, **parts), self.state, self.services)  # type: ignore[arg-type]  # the parts are checked by Inbound's users
        assert outcome.conversation is not None
        self.state = outcome.conversation
        self.at += timedelta(minutes=1)
        return outcome


ANSWERS: Mapping[str, str] = {
    "phone": "0912 345 678",
    "files": "xong",
    "anonymous": "không cần",
    "health": "không",
    "more": "không",
    "preview": "gửi",
}


def sent(talk: Talk, text: str) -> Outcome:
    """Write, fill in the form that this begins, if one does, and send it."""
    outcome = talk.says(text)
    while talk.state.draft is not None:
        draft = talk.state.draft
        if draft.ask == "kind":
            outcome = talk.taps(f"#phieu:k_{draft.likely}")
        else:
            outcome = talk.says(ANSWERS.get(draft.ask, "thôn Đông"))
    return outcome


def words(outcome: Outcome) -> str:
    """Return all texts of an outcome."""
    return "\n".join(reply.text for reply in outcome.replies)


def titles(outcome: Outcome) -> list[str]:
    """Return the labels under the last reply."""
    return [button.title for button in outcome.replies[-1].buttons]


def tags(outcome: Outcome) -> list[Tag]:
    """Return what happened, in order."""
    return [event.tag for event in outcome.events]


def data(outcome: Outcome, tag: Tag) -> Mapping[str, str | int | bool]:
    """Return the figures of the one event with that tag."""
    (event,) = (event for event in outcome.events if event.tag is tag)
    return event.data
