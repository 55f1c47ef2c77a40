"""Which utility templates did the emulated Meta approve, and how do they look? (3.3)"""

from __future__ import annotations

from typing import Any

from bot.sandbox.facebook_answers import PARAMETER, GraphRefusal
from bot.sandbox.model import JsonObject
from bot.sandbox.threads import Shown

LANGUAGE = "vi"
RESULT = "bao_co_ket_qua"
APPROVED = {
    RESULT: "Dạ, em xin báo {{1}} (mã hồ sơ {{2}}) đã có kết quả ạ. Mời anh/chị đến"
    " Trung tâm Phục vụ hành chính công trong giờ làm việc, mang theo giấy hẹn và căn"
    " cước giúp em ạ."
}
LONGEST = 1024
"""Of one parameter; from memory, unverified."""


def read_template(told: object) -> Shown:
    """Return what the phone shows of a template; raises GraphRefusal."""
    template = _object(told, "template")
    words = APPROVED.get(str(template.get("name")))
    language = _object(template.get("language"), "language")
    if words is None or language.get("code") != LANGUAGE:
        raise GraphRefusal(PARAMETER, "template")
    for place, value in enumerate(_values(template.get("components")), start=1):
        if (mark := f"{{{{{place}}}}}") not in words:
            raise GraphRefusal(PARAMETER, "parameters")
        words = words.replace(mark, value)
    if "{{" in words:
        raise GraphRefusal(PARAMETER, "parameters")
    return Shown(text=words)


def _values(components: object) -> list[str]:
    found = components if isinstance(components, list) else []
    bodies = [one for one in found if _object(one, "component").get("type") == "body"]
    if len(bodies) != 1 or not isinstance(bodies[0].get("parameters"), list):
        raise GraphRefusal(PARAMETER, "components")
    return [_value(one) for one in bodies[0]["parameters"]]


def _value(parameter: Any) -> str:
    one = _object(parameter, "parameters")
    text = one.get("text")
    if one.get("type") != "text" or not isinstance(text, str):
        raise GraphRefusal(PARAMETER, "parameters")
    if not 0 < len(text) <= LONGEST or "{{" in text:
        raise GraphRefusal(PARAMETER, "parameters")
    return text


def _object(value: object, field: str) -> JsonObject:
    if not isinstance(value, dict):
        raise GraphRefusal(PARAMETER, field)
    return value
