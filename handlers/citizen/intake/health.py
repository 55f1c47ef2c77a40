"""May the commune keep how somebody is? Asked for itself, before a word of it is kept.

Health is sensitive (NĐ 356/2025/NĐ-CP Điều 4). Who says no is served all the same, and
what the story told of it is taken out of the form.
"""

from __future__ import annotations

import re
import unicodedata

from handlers.citizen import purpose_choice
from handlers.citizen.intake import going
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.turn import Step, Turn
from handlers.model import Tag
from handlers.staff.privacy.purposes import purposes

PURPOSE = "home_health"
WORDS = "intake.ask_health"
HIDDEN = "(sức khỏe: không ghi)"
_TOLD = re.compile(
    r"\b(?:bị |mắc |đang )?(?:liệt(?: giường| nửa người| hai chân)?"
    r"|tai biến(?: mạch máu não)?|đột quỵ|ung thư|tiểu đường|huyết áp|tâm thần"
    r"|động kinh|chạy thận|gãy (?:chân|tay|xương)|ốm(?: nặng| đau| yếu)?"
    r"|bệnh(?: tim| nặng| phổi| thận)?|khuyết tật|nằm (?:một chỗ|viện|liệt)"
    r"|mù|câm|điếc|mổ|lẫn)(?!\w)",
    re.IGNORECASE,
)


def answered(turn: Turn, draft: Draft, told: str) -> Step:
    """Return the step after yes ("có") or no (""), with its proof."""
    is_given = bool(told)
    known = draft.with_answers(health=told)
    if not is_given:
        known = known.with_answers(what=without(draft.told(Ask.WHAT)))
    purpose = purposes().get(PURPOSE)
    assert purpose is not None  # noqa: S101  it ships with the service
    tag = Tag.CONSENT_GIVEN if is_given else Tag.CONSENT_DECLINED
    fact = purpose_choice.event(turn, tag, (purpose,), WORDS)
    return going.answered(turn, known).after(fact)


def without(text: str) -> str:
    """Return a story without what it tells of somebody's health."""
    return _TOLD.sub(HIDDEN, unicodedata.normalize("NFC", text))
