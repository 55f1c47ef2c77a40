"""How does a notice of a result leave as approved words, where no chat is open?

First the template of Zalo that staff chose for this kind; else the unit's one utility
template of Messenger, for who wrote there before. Nothing else ever leaves so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from handlers.staff.letters.occasion_form import OccasionEvent
from handlers.staff.letters.occasions import Occasion
from handlers.staff.letters.room import LetterRoom
from handlers.staff.templates.sending import ZALO, Way, way
from messages.letters.result_ready import addressee
from storage import letters

FACEBOOK: Final = "facebook"
KIND: Final = OccasionEvent.RESULT.value
"""The kind for which staff choose a template of Zalo."""
PAPER, CODE = "paper", "code"
PLACES: Final = (PAPER, CODE)
"""What stands at {{1}} and {{2}} of the template of Messenger."""
ANY_PAPER: Final = "giấy tờ anh/chị đã nộp"
LONGEST_PAPER: Final = 120
"""A longer name is not cut; the code says which paper it is."""


def closed_way(
    connection: Connection, room: LetterRoom, one: Occasion, utility: str
) -> tuple[str, Way] | None:
    """Return channel and template for who has no open chat, None for none.

    ``utility`` is the name of the template of Messenger, "" for none. Whoever asked
    for silence on any channel gets none.
    """
    if one.vault is None:
        return None
    talks = letters.talks(connection, room.unit_id, one.vault.person_id)
    if any(talk["opted_out"] for talk in talks):
        return None
    found = way(connection, one.vault, KIND, one.data, addressee(one.data))
    if found is not None:
        return ZALO, found
    wrote = {talk["channel"] for talk in talks if talk["last_inbound_at"]}
    if not utility or FACEBOOK not in wrote:
        return None
    return FACEBOOK, Way(utility, "Báo có kết quả hồ sơ", _words(one.data))


def _words(data: Mapping[str, str]) -> dict[str, str]:
    paper = " ".join(data.get("ten_tthc", "").split())
    is_short = 0 < len(paper) <= LONGEST_PAPER
    return {PAPER: paper if is_short else ANY_PAPER, CODE: data["ma_hs"]}
