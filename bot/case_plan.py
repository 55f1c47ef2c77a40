"""Which rows do the cases of an outcome become? Sealed before the transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.clock import from_ms
from bot.nearby import macs
from handlers.cases.begin import Birth, guided, opened
from handlers.cases.change import Change
from handlers.cases.opening import Guidance, Opening
from handlers.cases.rows import Sealer, guidance_rows, rows_of
from handlers.model import Outcome, Tag
from storage import case_areas
from storage.cases import CaseRows
from storage.evidence import Entry
from storage.ids import Ids
from storage.keys import UnitKeys
from storage.randomness import random_bytes
from storage.vault import PersonVault

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CasePlan:
    """What one event does about cases.

    ``told_later`` proves each message that waited for this contact; None where it is
    none. ``lookups`` are what a failed try is counted against.
    """

    cases: tuple[CaseRows, ...] = ()
    told_later: Callable[[Row], Row] | None = None
    lookups: tuple[str, ...] = ()

    @property
    def first_id(self) -> str:
        """The case that a hand-over is about: both go by the same id; "" for none."""
        return str(self.cases[0].record["case_id"]) if self.cases else ""


@dataclass(frozen=True, slots=True)
class CasePlanner:
    """Makes the rows of one unit's new cases."""

    unit_id: str
    keys: UnitKeys
    ids: Ids

    def plan(
        self,
        outcome: Outcome,
        vault: PersonVault,
        event: Row,
        now: int,
        files: Sequence[str],
        *,
        may_tell: bool,
    ) -> CasePlan:
        """Return the plan of an event; ``files`` (ids) came with its message.

        ``may_tell``: the citizen wrote, so what waited for that may be told.
        """
        sealer, at = Sealer(self.ids, vault, self.keys, now), from_ms(now)
        channel = event["channel"]
        made = (self._one(c, sealer, channel, at, files) for c in outcome.cases)
        told = self._told_later(event["event_id"], now) if may_tell else None
        return CasePlan(tuple(made), told, self._lookups(outcome, vault.person_id))

    def _one(
        self,
        case: Opening | Guidance | Change,
        sealer: Sealer,
        channel: str,
        at: datetime,
        files: Sequence[str],
    ) -> CaseRows:
        if isinstance(case, Guidance):
            return self._guidance(case, at)
        if isinstance(case, Opening):
            return self._opening(case, sealer, channel, at, files)
        return rows_of(case, sealer)

    def _opening(
        self,
        opening: Opening,
        sealer: Sealer,
        channel: str,
        at: datetime,
        files: Sequence[str],
    ) -> CaseRows:
        whole = replace(opening, files=(*opening.files, *files))
        person_id = sealer.vault.person_id
        birth = Birth(self.unit_id, self.ids.new(), person_id, channel)
        rows = rows_of(opened(whole, birth, at), sealer)
        places = macs(opening.areas, self.keys)
        rows.links += case_areas.rows(self.unit_id, birth.case_id, places, sealer.now)
        return rows

    def _guidance(self, guidance: Guidance, at: datetime) -> CaseRows:
        """An id of ours tells its millisecond; this one tells nothing."""
        case_id = random_bytes(16).hex()
        return guidance_rows(guided(self.unit_id, case_id, guidance.kind, at))

    def _told_later(self, event_id: str, now: int) -> Callable[[Row], Row]:
        def entry(message: Row) -> Row:
            return Entry(
                unit_id=self.unit_id,
                entry_id=self.ids.new(),
                at=now,
                tag=Tag.CASE_TOLD_LATER.value,
                subject=message["case_id"],
                person=message["person_id"],
                item=message["item_id"],
                data={"send": message["message_id"], "event": event_id},
            ).row()

        return entry

    def _lookups(self, outcome: Outcome, person_id: str) -> tuple[str, ...]:
        failed = [
            str(event.data["code"])
            for event in outcome.events
            if event.tag is Tag.CASE_LOOKED_UP and event.data.get("tried") is True
        ]
        codes = [self.keys.mac("case-code", code) for code in failed]
        return (person_id, *codes) if failed else ()
