"""How do notices reach the people they are for, without flooding the group?

What is for one member goes to their own talk with the bot, else to the group naming
them. The first notice leaves at once; what follows within a minute leaves together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.desk.case_step import room_of
from bot.desk.letter_notices import LETTER, LetterNotices
from bot.desk.rows import DeskRows
from bot.desk.sources import Sources
from bot.desk.ticket import UnitDesk
from handlers.model import STAFF_CHANNELS
from handlers.staff.cases.answer import words_of
from handlers.staff.desk import Act, Choice
from handlers.staff.disclosure import draft_for_staff
from handlers.staff.handover import cards
from handlers.staff.handover.casework import CaseAt
from handlers.staff.permissions import Action, may
from storage import desk, desk_notices
from storage.desk import DRAFT_CAUSE, NOTICE_CAUSE
from storage.vault import PersonVault

NOTICE_LIFE = timedelta(days=1)
BUNDLE = timedelta(minutes=1)
MOST = 200
"""Notices read in one round."""
DRAFTS = 3
"""Drafts shown in one round: each is a message of its own."""
OWN_FAILURES = ("staff_send_refused", "staff_send_unknown")
"""What failed on these channels is not told on them."""
DRAFT = "case_draft_waiting"
TO_NAMED = frozenset({"case_assigned", "case_mentioned", "case_draft_rejected"})
"""Kinds whose detail names the members they are for."""
NOBODY: frozenset[str] = frozenset()

Row = Mapping[str, Any]
RowsFor = Callable[[UnitDesk, PersonVault, str], DeskRows]
PlanRows = Callable[[DeskRows], Awaitable[None]]


class Notices:
    """Tells the notices of one unit or another; called every round."""

    def __init__(
        self,
        sources: Sources,
        rows_for: RowsFor,
        plan: PlanRows,
        letters: LetterNotices | None = None,
    ) -> None:
        self._sources = sources
        self._letters = letters
        self._rows_for = rows_for
        self._plan = plan

    async def tell(self, unit_desk: UnitDesk) -> None:
        """Tell what is new; raises StorageError."""
        found = await self._untold(unit_desk)
        drafts = [row for row in found if row["kind"] == DRAFT]
        waiting = [row for row in found if row["kind"] == LETTER and self._letters]
        own = {row["notice_id"] for row in (*drafts, *waiting)}
        others = [row for row in found if row["notice_id"] not in own]
        vault = await self._sources.room(unit_desk) if found else None
        if vault is None:
            return
        for row in drafts[:DRAFTS]:
            await self._draft(unit_desk, vault, row)
        for row in waiting[:DRAFTS]:
            rows = self._rows_for(unit_desk, vault, DRAFT_CAUSE + row["notice_id"])
            if self._letters is not None:
                await self._letters.tell(unit_desk, rows, row)
        if others and await self._is_time(unit_desk):
            await self._others(unit_desk, vault, others)

    async def _untold(self, unit_desk: UnitDesk) -> list[dict[str, Any]]:
        unit_id = unit_desk.unit.unit_id
        since = self._sources.clock.now_ms() - _ms(NOTICE_LIFE)
        return await self._sources.database.read(
            lambda c: desk.untold_notices(
                c, unit_id, since, MOST, OWN_FAILURES, sorted(STAFF_CHANNELS)
            )
        )

    async def _is_time(self, unit_desk: UnitDesk) -> bool:
        unit_id = unit_desk.unit.unit_id
        last = await self._sources.database.read(
            lambda c: desk_notices.last_told(c, unit_id)
        )
        return self._sources.clock.now_ms() - last >= _ms(BUNDLE)

    async def _others(
        self, unit_desk: UnitDesk, vault: PersonVault, found: Sequence[Row]
    ) -> None:
        groups: dict[tuple[frozenset[str], str], list[Row]] = defaultdict(list)
        for row in found:
            # What has words of its own (the digest) is a message of its own.
            own = row["notice_id"] if row["words"] else ""
            groups[await self._to(unit_desk, row), own].append(row)
        codes = await self._codes(unit_desk, found)
        for (to, _), rows in groups.items():
            text = self._text(unit_desk, rows, codes)
            await self._send(unit_desk, vault, rows, to, text)

    def _text(
        self, unit_desk: UnitDesk, rows: Sequence[Row], codes: Mapping[str, str]
    ) -> str:
        first = rows[0]
        if first["words"]:
            return str(first["words"])
        say = unit_desk.unit.services.words.say
        if len(rows) == 1:
            kind = cards.notice_name(first["kind"])
            return say("desk.notice", kind=kind, detail=_detail(first, codes))
        told = [(row["kind"], _detail(row, codes)) for row in rows]
        return say("desk.notices", number=len(rows), lines=cards.notice_lines(told))

    async def _send(
        self,
        unit_desk: UnitDesk,
        vault: PersonVault,
        rows: Sequence[Row],
        to: frozenset[str],
        text: str,
    ) -> None:
        planned = self._rows_for(unit_desk, vault, NOTICE_CAUSE + rows[0]["notice_id"])
        address(unit_desk, planned, to, text)
        planned.mark(row["notice_id"] for row in rows)
        await self._plan(planned)

    async def _draft(self, unit_desk: UnitDesk, vault: PersonVault, row: Row) -> None:
        """A leader reads the draft and decides with a button, where it may leave."""
        planned = self._rows_for(unit_desk, vault, DRAFT_CAUSE + row["notice_id"])
        found = await self._waiting(unit_desk, row["subject"])
        if found is not None:
            at, person = found
            planned = self._rows_for(unit_desk, person, DRAFT_CAUSE + row["notice_id"])
            leaders = _leaders(unit_desk, at)
            shown = draft_for_staff(at.kind.code, at.draft, unit_desk.content)
            text = unit_desk.unit.services.words.say(
                "desk.draft",
                code=at.case.code,
                who=at.case.draft.by if at.case.draft else "",
                draft=shown,
            )
            seq = str(at.case.draft.seq if at.case.draft else "")
            acts = (Choice(Act.APPROVE, seq), Choice(Act.REJECT, seq)) if shown else ()
            address(unit_desk, planned, leaders, text, at.case.case_id, acts)
        planned.mark([row["notice_id"]], vault)
        await self._plan(planned)

    async def _waiting(
        self, unit_desk: UnitDesk, ref: str
    ) -> tuple[CaseAt, PersonVault] | None:
        """Return the case with the draft that waits; None when none does any more."""
        room = room_of(self._sources, unit_desk, "telegram", is_reader=True)
        file = await self._sources.case_file(room, ref)
        if file is None or file.vault is None or file.case.draft is None:
            return None
        text = await words_of(room, file, file.case.draft.seq)
        at = CaseAt(file.case, file.kind, room.by, NOBODY, text)
        return (at, file.vault) if at.has_waiting_draft else None

    async def _to(self, unit_desk: UnitDesk, row: Row) -> frozenset[str]:
        """Return the members a notice is for; none: everybody."""
        if row["addressee"] is not None:
            return await self._sources.database.read(lambda c: desk.addressees(c, row))
        if row["kind"] not in TO_NAMED:
            return NOBODY
        known = {one.code for one in unit_desk.directory.colleagues()}
        return frozenset(row["detail"].split(",")) & known

    async def _codes(
        self, unit_desk: UnitDesk, found: Iterable[Row]
    ) -> Mapping[str, str]:
        unit_id = unit_desk.unit.unit_id
        refs = sorted({r["subject"] for r in found if r["kind"] in cards.CASE_NOTICES})
        return await self._sources.database.read(
            lambda c: desk_notices.case_codes(c, unit_id, refs)
        )


def address(
    unit_desk: UnitDesk,
    rows: DeskRows,
    to: frozenset[str],
    text: str,
    ref: str = "",
    acts: Sequence[Act | Choice] = (),
) -> None:
    """Plan a text for these members; none: for everybody."""
    known = {one.code: one.name for one in unit_desk.directory.colleagues()}
    say = unit_desk.unit.services.words.say
    unreached = []
    for code in sorted(to):
        places = unit_desk.own_places(code)
        name = say("desk.to", names=known.get(code, code))
        for channel, place in places:
            rows.private(channel, ref, place, text, name, acts)
        if not places:
            unreached.append(known.get(code, code))
    if unreached:
        text = f"{say('desk.to', names=', '.join(unreached))}\n{text}"
    if unreached or not to:
        rows.in_room(ref, text, acts)


def _leaders(unit_desk: UnitDesk, at: CaseAt) -> frozenset[str]:
    return frozenset(
        one.code
        for one in unit_desk.directory.colleagues()
        if may(one.roles, Action.APPROVE_ANSWERS) and at.kind.may_be_seen_by(one.roles)
    )


def _detail(row: Row, codes: Mapping[str, str]) -> str:
    if row["kind"] in cards.CASE_NOTICES:
        return codes.get(row["subject"], "")
    return str(row["detail"])


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
