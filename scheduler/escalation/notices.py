"""How is a notice that may be written only once called, and a day in it?"""

from __future__ import annotations

import hashlib
from datetime import date

from handlers.cases.moments import from_ms, local_day


def notice_id(*parts: object) -> str:
    """Return the id of a notice made of what it tells and whom, 32 hex digits."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def last_day(term_at: int) -> date:
    """Return the local day on which a term (UTC ms) ends; midnight belongs to it."""
    return local_day(from_ms(term_at - 1))
