"""What is answered to "ai đang trực", "tối nay gọi ai trực", "mai ai trực"?

Name and title only as published, numbers only published ones; a standby chain is for
staff and is not told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.citizen import buttons, duty, handover
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Reply
from nlu.normalise import fold

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
LONGEST = 120
"""Characters: a longer text has another matter to tell."""
_DUTY = r"truc\b(?! ?(?:tiep|tuyen|thuoc|he|quan|thang|giac))"
_ASKED = (
    re.compile(
        rf"\b(?:ai|nguoi nao|can bo nao|dong chi nao|bac nao)\b.{{0,24}}\b{_DUTY}"
    ),
    re.compile(rf"\b{_DUTY}.{{0,24}}\b(?:la ai|ai vay|ai the|ai nhi|nguoi nao)\b"),
    re.compile(
        rf"\b(?:goi|lien he|gap|so|sdt|dien thoai|lich|ca|phien)\b.{{0,16}}\b{_DUTY}"
    ),
)
_HOURS = {"sang": time(9), "trua": time(12), "chieu": time(15), "toi": time(19)}
_WHEN = re.compile(r"\b(?:(sang|trua|chieu|toi|dem) )?(mai|nay)\b")
_NIGHT = time(23)


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant that was asked about (local), and how it is said."""

    at: datetime
    words: str


def is_asked(text: str) -> bool:
    """Whether a message asks who is on duty."""
    plain = " ".join(re.findall(r"\w+", fold(text[: LONGEST + 1].lower())))
    return len(text) <= LONGEST and any(form.search(plain) for form in _ASKED)


def tell(turn: Turn) -> Step:
    """Say who is on duty here and at the telephone, or honestly that nobody is."""
    asked = moment(turn.text, turn.now)
    here, hotline = duty.here(turn, asked.at), duty.hotline(turn, asked.at)
    phones = handover.phone_line(turn)
    if here is None and hotline is None:
        hours = turn.services.hours.describe()
        text = turn.say("on_duty.none", moment=asked.words, phones=phones, hours=hours)
    else:
        text = turn.say(
            "on_duty.told",
            moment=asked.words,
            has_here=here is not None,
            here=duty.named(here),
            has_hotline=hotline is not None,
            hotline=duty.named(hotline),
            hotline_phone=hotline.phone if hotline else "",
            phones=phones,
        )
    shown = (*handover.phone_buttons(turn), buttons.staff(turn))
    return Step(turn.talk, (Reply(text, shown),), (guided("lich_truc"),))


def moment(text: str, now: datetime) -> Moment:
    """Return what "tối nay" or "mai" means at an instant (aware)."""
    local = now.astimezone(LOCAL)
    found = _WHEN.search(" ".join(re.findall(r"\w+", fold(text.lower()))))
    if found is None or (found[2] == "nay" and found[1] is None):
        return Moment(local, f"lúc này ({local:%H:%M ngày %d/%m})")
    day = local.date() + timedelta(days=1 if found[2] == "mai" else 0)
    hour = _HOURS.get(found[1] or "sang", _NIGHT)
    at = datetime.combine(day, hour, LOCAL)
    said = {"sang": "sáng", "trua": "trưa", "chieu": "chiều", "toi": "tối"}
    part = said.get(found[1] or "sang", "đêm")
    return Moment(at, f"{part} ngày {day:%d/%m}")
