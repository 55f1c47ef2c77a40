"""What does a stored hand-over look like to staff of this unit?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.clock import from_ms
from bot.desk.adapters import StaffAdapter
from bot.desk.directory import Directory
from bot.runtime import UnitRuntime
from handlers.model import STAFF_CHANNELS, Channel
from handlers.staff.choices import short_code
from handlers.staff.disclosure import (
    Content,
    is_sealed,
    may_show_files,
    words_for_staff,
)
from handlers.staff.handover import cards
from handlers.staff.handover.model import Ticket
from storage.desk import State
from storage.keys import InvalidTag
from storage.vault import PersonVault

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UnitDesk:
    """The staff side of one unit: who is who, and what may leave."""

    unit: UnitRuntime
    directory: Directory
    content: Content = Content.MASKED

    @property
    def adapters(self) -> dict[Channel, StaffAdapter]:
        """Return the staff platforms of the unit."""
        return {
            channel: adapter
            for channel, adapter in self.unit.adapters.items()
            if channel in STAFF_CHANNELS and isinstance(adapter, StaffAdapter)
        }

    def roles(self, code: str) -> frozenset[str]:
        """Return the roles of a member; none for somebody unknown."""
        known = {one.code: one.roles for one in self.directory.colleagues()}
        return known.get(code, frozenset())

    def places(self) -> dict[Channel, tuple[str, ...]]:
        """Return whom to write to on platforms that know no groups."""
        return {
            channel: tuple(self.directory.addresses(channel))
            for channel, adapter in self.adapters.items()
            if not adapter.has_topics
        }

    def own_places(self, code: str) -> list[tuple[Channel, str]]:
        """Return where one member can be told something by themselves."""
        return [
            (channel, adapter.private(user_id))
            for channel, adapter in self.adapters.items()
            for user_id in self.directory.addresses(channel)
            if self.directory.member(channel, user_id) == code
        ]


@dataclass(frozen=True, slots=True)
class Matter:
    """A hand-over with its citizen's vault; ``reason`` decides what may leave."""

    ticket: Ticket
    vault: PersonVault
    person_id: str
    title: str = field(default="")
    reason: str = ""


def matter(desk: UnitDesk, row: Row) -> Matter:
    """Return a hand-over as staff see it; raises ErasedError."""
    vault = desk.unit.vault.unwrap(row["person_id"], row["wrapped_key"])
    text = _question(vault, row)
    # A case may since be of a kind of which nothing may leave.
    kind = row["case_kind"] or row["reason"]
    reason = kind if is_sealed(kind, "") else row["reason"]
    ticket = Ticket(
        ref=row["handover_id"],
        code=row["case_code"] or short_code(row["handover_id"]),
        kind=row["reason"],
        channel=Channel(row["channel"]),
        state=State(row["state"]),
        summary=words_for_staff(reason, text, desk.content),
        due=from_ms(row["due_at"]),
        is_full=desk.content is Content.FULL,
        may_show_files=may_show_files(reason, text, desk.content),
    )
    title = f"{ticket.code} · {cards.kind_name(ticket.kind)}"
    return Matter(ticket, vault, row["person_id"], title, reason)


def _question(vault: PersonVault, row: Row) -> str:
    if row["sealed"] is None:
        return ""
    try:
        return str(vault.open(row["sealed"], row["item_id"]).get("question", ""))
    except InvalidTag:
        return ""
