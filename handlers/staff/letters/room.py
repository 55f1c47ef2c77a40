"""Where does somebody work on letters? One unit, its keys, kinds and name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.cases.moments import from_ms
from handlers.staff.people.desk import Desk
from messages.letters.kinds import LetterKinds, Tone
from messages.letters.office import Office
from storage.vault import Vault

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
CELEBRATIONS = frozenset({Tone.JOY, Tone.RESPECT})
"""Tones that a stop of all celebration silences."""


class OwnApproval(StrEnum):
    """May a leader approve what they wrote? Never, as the single leader, always."""

    NEVER = "never"
    SINGLE = "single"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class LetterRoom:
    """One unit's letters in the name of one person (``desk.by``)."""

    desk: Desk
    vault: Vault
    kinds: LetterKinds
    office: Office
    own_approval: OwnApproval = OwnApproval.SINGLE

    @property
    def unit_id(self) -> str:
        """The unit."""
        return self.desk.unit_id

    def now(self) -> datetime:
        """Return the present instant, aware."""
        return from_ms(self.desk.now_ms())

    def today(self) -> date:
        """Return the local day."""
        return self.now().astimezone(LOCAL).date()

    def celebrations(self) -> list[str]:
        """Return the codes of the kinds that celebrate."""
        return [kind.code for kind in self.kinds if kind.tone in CELEBRATIONS]
