"""How does the log hold what somebody of the commune did? Codes and numbers only."""

from __future__ import annotations

from typing import Protocol

from handlers.model import Tag
from storage.evidence import Entry
from storage.ids import Ids


class AtWork(Protocol):
    """Where somebody works: one unit, and who it is, a code and never a name."""

    @property
    def unit_id(self) -> str:
        """The unit."""
        ...

    @property
    def ids(self) -> Ids:
        """Names for new rows."""
        ...

    @property
    def by(self) -> str:
        """The code of whoever works."""
        ...

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970."""
        ...


def proof(
    at: AtWork, tag: Tag, subject: str, person: str, **data: str | int | bool
) -> Entry:
    """Return the evidence of one act; ``person`` is a citizen's id, may be empty."""
    return Entry(
        unit_id=at.unit_id,
        entry_id=at.ids.new(),
        at=at.now_ms(),
        tag=tag.value,
        subject=subject,
        person=person,
        data={"by": at.by, **data},
    )
