"""Is what another system tells us an occasion? Strict: one sentence and the bad field.

``{"event": …, "data": {…}, "phone": …, "case_code": …}``; the names of ``data`` are the
fields of the kind of letter (docs/ket-noi-mot-cua.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from handlers.staff.letters import birthday_form
from handlers.staff.letters.errors import BadOccasionError
from messages.letters import fields as known_fields
from messages.letters import result_ready
from messages.letters.errors import LetterError
from messages.letters.fields import Field
from messages.letters.kinds import LetterKinds

Groups = tuple[tuple[str, ...], ...]


class OccasionEvent(StrEnum):
    """What the one-stop system can tell."""

    MARRIAGE = "marriage_registered"
    BIRTH = "birth_registered"
    DEATH = "death_registered"
    OVERDUE = "file_overdue"
    RESULT = "result_ready"
    BIRTHDAY = "birthday_consented"


KINDS: Final[Mapping[OccasionEvent, str]] = MappingProxyType(
    {
        OccasionEvent.MARRIAGE: "ket_hon",
        OccasionEvent.BIRTH: "sinh_con",
        OccasionEvent.DEATH: "chia_buon",
        OccasionEvent.OVERDUE: "xin_loi_qua_han",
    }
)
"""Which kind of letter an event asks for; a result and a birthday ask for none."""
YES: Final[Mapping[str, Field]] = MappingProxyType(
    {
        name: Field(name, label, "choice", choices=("có",))
        for name, label in (
            (birthday_form.YES, "đồng ý"),
            (birthday_form.GUARDIAN, "giám hộ"),
        )
    }
)
"""What only a birthday says beside the fields of letters."""
TOP: Final = frozenset({"event", "data", "phone", "case_code"})
LONGEST_CODE: Final = 40
LONGEST_PHONE: Final = 20


@dataclass(frozen=True, slots=True)
class Told:
    """One occasion, checked and clean."""

    event: OccasionEvent
    data: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    case_code: str = ""

    def canonical(self) -> str:
        """Return the same text for the same occasion, however it was written."""
        told = {
            "event": self.event.value,
            "data": dict(self.data),
            "phone": self.phone,
            "case_code": self.case_code,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


def read(kinds: LetterKinds, document: object) -> Told:
    """Return what a document tells; raises BadOccasionError with the bad field."""
    if not isinstance(document, dict):
        raise BadOccasionError("", "nội dung phải là một nhóm mục JSON")
    for name in document:
        if name not in TOP:
            raise BadOccasionError(str(name)[:60], "mục này không có trong quy ước")
    event = _event(document.get("event"))
    raw = document.get("data")
    if not isinstance(raw, dict):
        raise BadOccasionError("data", "phải là một nhóm mục có tên")
    return Told(
        event,
        _data(kinds, event, raw),
        _short(document, "phone", LONGEST_PHONE),
        _short(document, "case_code", LONGEST_CODE),
    )


def _event(value: object) -> OccasionEvent:
    if value not in set(OccasionEvent):
        names = ", ".join(OccasionEvent)
        raise BadOccasionError("event", f"phải là một trong: {names}")
    return OccasionEvent(str(value))


def _short(document: Mapping[str, object], name: str, longest: int) -> str:
    value = document.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise BadOccasionError(name, f"phải là chữ, tối đa {longest} ký tự")
    return value.strip()


def _data(
    kinds: LetterKinds, event: OccasionEvent, raw: Mapping[str, object]
) -> dict[str, str]:
    fields, required = _asked(kinds, event)
    data = {name: _value(fields, name, raw[name]) for name in raw}
    for group in required:
        if not any(data.get(name) for name in group):
            raise BadOccasionError(f"data.{group[0]}", _missing(group))
    return {name: value for name, value in data.items() if value}


def _asked(
    kinds: LetterKinds, event: OccasionEvent
) -> tuple[Mapping[str, Field], Groups]:
    known = known_fields.shipped()
    if event is OccasionEvent.RESULT:
        return {
            name: known[name] for name in result_ready.FIELDS
        }, result_ready.REQUIRED
    if event is OccasionEvent.BIRTHDAY:
        kept = {name: known[name] for name in (*birthday_form.KEPT, birthday_form.BORN)}
        return {**kept, **YES}, ((birthday_form.NAME,), (birthday_form.BORN,))
    kind = kinds.named(KINDS[event])
    return kind.fields, kind.required


def _value(fields: Mapping[str, Field], name: str, value: object) -> str:
    if name not in fields:
        shown = str(name)[:60]
        raise BadOccasionError(f"data.{shown}", "mục này không có trong quy ước")
    try:
        return fields[name].read(value)
    except LetterError as error:
        raise BadOccasionError(f"data.{name}", str(error).rstrip(".")) from error


def _missing(group: tuple[str, ...]) -> str:
    others = " hoặc ".join(f"data.{name}" for name in group[1:])
    told = f" (hoặc ghi {others})" if others else ""
    return f"thiếu dữ liệu bắt buộc{told}"
