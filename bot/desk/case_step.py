"""How does an act of staff become the steps of a case? Sealed, not yet written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.case_rooms import room_within
from bot.desk.colleagues import Colleagues
from bot.desk.sources import Sources
from bot.desk.ticket import UnitDesk
from handlers.cases.actions import Answer, Attach
from handlers.cases.errors import CaseError
from handlers.staff.cases import act, answer
from handlers.staff.cases.act import Prepared
from handlers.staff.cases.file import CaseFile
from handlers.staff.cases.workroom import Room
from handlers.staff.desk import Act, Choice
from handlers.staff.handover import case_answer, casework
from handlers.staff.handover.answer import Situation, nothing
from handlers.staff.handover.case_answer import Outcome
from handlers.staff.handover.casework import CaseAt, Move, Refusal
from handlers.staff.handover.model import Decision, Wish


@dataclass(slots=True)
class CaseStep:
    """One act of one member of staff about one case."""

    sources: Sources
    unit_desk: UnitDesk
    room: Room
    file: CaseFile
    at: CaseAt
    steps: list[Prepared] = field(default_factory=list)

    async def decide(self, situation: Situation) -> Decision:
        """Return what becomes of a wish; the steps to write are kept here."""
        wish = case_answer.meant(
            situation.wish, self.at, has_file=bool(situation.said.files)
        )
        situation = replace(situation, wish=wish)
        asked = case_answer.question(situation, self.at, await self._choices(wish))
        if asked is not None:
            return asked
        if wish.act is Act.SAY and (situation.file_failure or not situation.may_write):
            return case_answer.done(situation, Outcome(self.at))
        if wish.act is Act.REPLY and situation.has_file:
            is_apart = self.at.kind.needs_approval or not situation.may_write
            key = situation.file_failure or ("file_apart" if is_apart else "")
            if key:
                return nothing(situation, key, key)
        to = await self._to(wish)
        found = to if isinstance(to, Refusal) else casework.moves(self.at, wish, to)
        if isinstance(found, Refusal):
            return case_answer.refused(situation, self.at, found)
        if situation.files:
            found = (*found, Move(Attach(situation.files), is_quiet=True))
        try:
            await self._prepare(found)
        except CaseError as error:
            why = Refusal("changed", {"why": str(error)}, is_stale=True)
            return case_answer.refused(situation, self.at, why)
        return case_answer.done(situation, self._outcome())

    async def _prepare(self, moves: Sequence[Move]) -> None:
        """Answers reach those whose cases were merged into this one as well."""
        chain = [(one.action, one.is_quiet) for one in moves]
        self.steps = act.chained(self.room, self.file, chain)
        for one in moves:
            if isinstance(one.action, Answer):
                others = await answer.merged(self.room, self.file)
                text = one.action.text
                self.steps += [
                    answer.shared(self.room, other, self.file, text) for other in others
                ]

    def _outcome(self) -> Outcome:
        """How the citizen of this very case hears of the answer."""
        mine = [
            one for one in self.steps if one.file.case.case_id == self.file.case.case_id
        ]
        case = mine[-1].change.case if mine else self.file.case
        after = replace(self.at, case=case)
        names = [message.name for one in mine for message in one.change.messages]
        told = [telling for one in mine for telling in one.told]
        how = [t.how.value for n, t in zip(names, told, strict=True) if n == "answered"]
        return Outcome(after, how[-1] if how else "")

    async def _choices(self, wish: Wish) -> Sequence[Choice]:
        if wish.act is not Act.FORWARD or wish.detail:
            return ()
        return await self._colleagues().choices(self.at)

    async def _to(self, wish: Wish) -> str | Refusal:
        if wish.act is not Act.FORWARD:
            return ""
        return await self._colleagues().chosen(self.at, wish.detail)

    def _colleagues(self) -> Colleagues:
        now = self.sources.clock.now()
        return Colleagues(self.sources.database, self.unit_desk, now)


async def opened(
    sources: Sources, unit_desk: UnitDesk, ref: str, who: str
) -> CaseStep | None:
    """Return the case of a matter for a member of staff; None when it has none.

    Raises NotYoursError for a kind that their roles may not see.
    """
    room = room_of(sources, unit_desk, who)
    file = await sources.case_file(room, ref)
    if file is None or file.vault is None or file.kind.is_guidance:
        return None
    draft = file.case.draft
    text = await answer.words_of(room, file, draft.seq) if draft is not None else ""
    roles = room.roles or frozenset()
    at = CaseAt(file.case, file.kind, who, roles, text)
    return CaseStep(sources, unit_desk, room, file, at)


def room_of(
    sources: Sources, unit_desk: UnitDesk, who: str, *, is_reader: bool = False
) -> Room:
    """Return the room in which a member of staff works on cases, with their roles.

    ``is_reader``: nobody acts, the service itself reads.
    """
    roles = None if is_reader else unit_desk.roles(who)
    return room_within(
        unit_desk.unit, sources.database, sources.ids, sources.clock, who, roles
    )
