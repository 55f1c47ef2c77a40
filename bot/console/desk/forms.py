"""Which form does each step of a case have, and what does a filled one ask for?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers.cases import actions
from handlers.cases.actions import Act, Action
from handlers.cases.case import QUEUE
from handlers.staff.desk_list.steps import Asked
from handlers.staff.handover.casework import CaseAt

Maker = Callable[[Mapping[str, str]], Action]
MENTION = re.compile(r"(?<![\w.])@([A-Za-z0-9._\-]{1,40})")


@dataclass(frozen=True, slots=True)
class Box:
    """One field: ``choices`` makes it a list to choose from."""

    name: str
    label: str
    is_needed: bool = True
    is_long: bool = False
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One step as it is offered."""

    act: str
    title: str
    button: str
    boxes: tuple[Box, ...] = ()
    told: str = ""
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen here: kinds, people, extensions, reasons to pause."""

    kinds: Sequence[tuple[str, str]] = ()
    people: Sequence[tuple[str, str]] = ()
    extensions: Sequence[tuple[str, str]] = ()
    pauses: Sequence[tuple[str, str]] = ()


REASON = Box("text", "Lý do, bằng lời lịch sự", is_long=True)
WORDS = Box("text", "Lời nhắn thêm", is_needed=False, is_long=True)


def forms(at: CaseAt, steps: Sequence[Act], choices: Choices) -> list[Form]:
    """Return the forms of the steps that are offered, but for the answer and a note."""
    made = {one.act: one for one in _all(at, choices)}
    return [made[act.value] for act in steps if act.value in made]


def _all(at: CaseAt, choices: Choices) -> tuple[Form, ...]:
    queue = [(QUEUE, "Trả về bộ phận trực")] if at.case.owner != QUEUE else []
    return (
        Form(
            "assign",
            "Giao cho người khác",
            "Giao việc",
            (
                Box("to", "Giao cho", choices=[*queue, *choices.people]),
                Box("text", "Lời dặn", is_needed=False, is_long=True),
            ),
        ),
        Form(
            "classify",
            "Phân loại lại",
            "Phân loại",
            (Box("kind", "Loại đúng", choices=choices.kinds), WORDS),
            "Đổi loại thì hạn được tính lại từ ngày nhận và người dân được báo.",
        ),
        Form("accept", "Nhận xử lý", "Nhận xử lý", (WORDS,), "Người dân được báo."),
        Form("begin", "Bắt đầu xử lý", "Bắt đầu xử lý"),
        Form(
            "return",
            "Trả lại, xin bổ sung",
            "Trả lại kèm lý do",
            (REASON,),
            "Người dân đọc đúng lời này.",
        ),
        Form(
            "transfer",
            "Chuyển cơ quan khác",
            "Chuyển",
            (
                Box("agency", "Cơ quan giải quyết"),
                Box("receipt", "Số tiếp nhận của cơ quan đó", is_needed=False),
            ),
            "Người dân được báo nơi giải quyết.",
        ),
        Form(
            "receipt",
            "Ghi số tiếp nhận của cơ quan đã chuyển tới",
            "Ghi số",
            (Box("number", "Số tiếp nhận"),),
        ),
        Form(
            "extend",
            "Gia hạn",
            "Gia hạn",
            (Box("extension", "Trường hợp", choices=choices.extensions), REASON),
            "Người dân được báo hạn mới và lý do.",
        ),
        Form(
            "pause",
            "Tạm dừng tính hạn",
            "Tạm dừng",
            (Box("reason", "Vì", choices=choices.pauses), REASON),
            "Người dân được báo.",
        ),
        Form("resume", "Tính hạn trở lại", "Tính hạn trở lại"),
        Form(
            "merge",
            "Nhập vào hồ sơ khác cùng nội dung",
            "Nhập hồ sơ",
            (Box("other", "Mã hồ sơ được giữ lại", hint="Ví dụ PA-261125-0042"),),
            "Hồ sơ này kết thúc; người dân của cả hai đều nhận kết quả.",
            is_last=True,
        ),
        Form(
            "link",
            "Nối với hồ sơ liên quan",
            "Nối",
            (Box("other", "Mã hồ sơ liên quan", hint="Ví dụ PA-261125-0042"),),
        ),
        Form("close", "Kết thúc hồ sơ", "Kết thúc", (WORDS,), "Người dân được báo."),
        Form("reopen", "Mở lại hồ sơ", "Mở lại", (REASON,), "Người dân được báo."),
    )


def asked(act: Act, seen: int, told: Mapping[str, str]) -> Asked:
    """Return what a filled form asks for."""
    text = told.get("text", "").strip()
    made = _ACTIONS.get(act)
    action = made(told) if made else None
    detail = told.get("draft", "") if act is Act.APPROVE else told.get("to", "")
    if act is Act.REJECT:
        detail = told.get("draft", "")
    return Asked(act, seen, text, detail, action)


def mentions(text: str) -> tuple[str, ...]:
    """Return the codes of colleagues that a note names with @."""
    return tuple(dict.fromkeys(one.rstrip(".") for one in MENTION.findall(text)))


def _text(made: Callable[[str], Action]) -> Maker:
    return lambda told: made(told["text"].strip())


def _both(made: Callable[[str, str], Action], first: str) -> Maker:
    return lambda told: made(told.get(first, ""), told["text"].strip())


_ACTIONS: Mapping[Act, Maker] = {
    Act.NOTE: _text(lambda text: actions.Note(text, mentions(text))),
    Act.ASSIGN: _both(actions.Assign, "to"),
    Act.CLASSIFY: _both(actions.Classify, "kind"),
    Act.ACCEPT: _text(actions.Accept),
    Act.BEGIN: lambda _: actions.Begin(),
    Act.RETURN: _text(actions.Return),
    Act.CLOSE: _text(actions.Close),
    Act.REOPEN: _text(actions.Reopen),
    Act.TRANSFER: lambda told: actions.Transfer(
        told.get("agency", ""), told.get("receipt", "")
    ),
    Act.RECEIPT: lambda told: actions.Receipt(told.get("number", "")),
    Act.EXTEND: _both(actions.Extend, "extension"),
    Act.PAUSE: _both(actions.Suspend, "reason"),
    Act.RESUME: lambda _: actions.Resume(),
}
