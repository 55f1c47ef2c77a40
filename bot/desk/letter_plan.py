"""What becomes of a leader's button or typed code about a letter? One transaction.

Decided first, on what is there; if that moved on before the writing, ConflictError
makes the dispatcher decide again. The interface is that of ``bot.desk.plan.Plan``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from bot.desk import letter_cards
from bot.desk.letter_cards import LettersDesk, Write
from bot.desk.rows import DeskRows
from bot.desk.sources import Sources
from bot.desk.ticket import UnitDesk
from handlers.model import Tag
from handlers.staff.desk import Act, StaffInbound
from handlers.staff.letters import cards, codes, own_letters
from handlers.staff.letters.cards import Line, Typed
from handlers.staff.letters.errors import (
    LetterStepError,
    NoLeaderError,
    OtherVersionError,
    WrongCodeError,
)
from handlers.staff.letters.keeping import load
from handlers.staff.letters.model import LetterState
from handlers.staff.letters.own_kinds import equipped
from handlers.staff.letters.room import LetterRoom
from handlers.staff.letters.steps import approve_in, return_in
from handlers.staff.permissions import Action, may
from handlers.staff.proof import proof
from storage import desk, evidence, inbox, letters_ways, outbox, staff
from storage.errors import ConflictError

Row = dict[str, Any]


def is_ours(said: StaffInbound | None) -> bool:
    """Whether somebody pressed a letter's button or typed an order about letters."""
    if said is None:
        return False
    meant = said.tap or said.meant
    if meant is not None:
        return meant.ref.startswith(cards.REF)
    return said.channel in letter_cards.BUTTONLESS and bool(cards.typed(said.text))


class LetterPlan:
    """The rows of one act of a known member about letters."""

    def __init__(
        self,
        sources: Sources,
        unit_desk: UnitDesk,
        event: Row,
        letters: LettersDesk,
        who: str,
    ) -> None:
        self._sources = sources
        self._desk = unit_desk
        self._event = event
        self._letters = letters
        self._room = letters.room_of(unit_desk.unit.unit_id, who)
        self._rows: DeskRows | None = None
        self._writes: list[Write] = []
        self.toast = ""
        self.result = "letter"

    async def make(self, said: StaffInbound) -> None:
        """Decide, and turn the decision into rows."""
        self._room = await equipped(self._room)
        try:
            text = await self._decided(said)
        except LetterStepError as error:
            text = f"Dạ, {_lowered(str(error))} {error.hint}"
            self.result = "letter_refused"
            if isinstance(error, WrongCodeError):
                self._writes.append(self._missed)
        if said.tap is not None:
            self.toast = text
        elif text:
            place = self._desk.adapters[said.channel].place(said.topic)
            (await self._planned()).tell(said.channel, "", place, text)

    def write(
        self, connection: Connection, owner: str, lease_until: int, *, release: bool
    ) -> bool:
        """Write everything; raises ConflictError, LeaseLostError."""
        more = False
        if release:
            more = inbox.complete_last(connection, self._event, owner=owner)
        else:
            inbox.complete(
                connection, self._event, owner=owner, lease_until=lease_until
            )
        for write in self._writes:
            write(connection)
        if self._rows is not None:
            desk.add_items(connection, self._rows.items)
            outbox.plan(connection, self._rows.rows)
        return more

    def wake(self, wake: Callable[[str], None]) -> None:
        """Let the senders of what was planned look."""
        for row in self._rows.rows if self._rows else ():
            wake(row["channel"])

    async def _decided(self, said: StaffInbound) -> str:
        if not may(self._desk.roles(self._room.desk.by), Action.APPROVE_LETTERS):
            raise NoLeaderError
        if said.tap is not None:
            letter_id = said.tap.ref.removeprefix(cards.REF)
            detail = said.tap.detail
            mark = int(detail) if detail.isascii() and detail.isdigit() else 0
            return await self._act(letter_id, mark, said.tap.act, said)
        line = cards.typed(said.text)
        if line is None:
            return cards.PRESS
        if line.typed is Typed.AGAIN:
            return await self._again(said)
        return await self._by_code(line, said)

    async def _by_code(self, line: Line, said: StaffInbound) -> str:
        room, who = self._room, self._room.desk.by
        row = await room.desk.database.read(
            lambda c: codes.found(c, room, who, line.code)
        )

        def use(connection: Connection) -> None:
            if not letters_ways.use_code(connection, row, room.desk.now_ms()):
                raise ConflictError("letter_code")

        self._writes.append(use)
        act = Act.APPROVE if line.typed is Typed.APPROVE else Act.REJECT
        return await self._act(str(row["letter_id"]), int(row["mark"]), act, said)

    async def _act(
        self, letter_id: str, mark: int, act: Act, said: StaffInbound
    ) -> str:
        room, via = self._room, said.channel.value
        await room.desk.database.read(lambda c: _look(c, room, letter_id, mark, act))
        step = approve_in if act is Act.APPROVE else return_in

        def write(connection: Connection) -> None:
            staff.touch(connection, room.unit_id, room.desk.now_ms())
            try:
                step(connection, room, letter_id, mark, via)
            except LetterStepError as error:
                raise ConflictError("letter") from error

        self._writes.append(write)
        self.result = "letter_approved" if act is Act.APPROVE else "letter_returned"
        return cards.APPROVED if act is Act.APPROVE else cards.RETURNED

    async def _again(self, said: StaffInbound) -> str:
        found = await letter_cards.all_waiting(self._letters, self._desk)
        if not found:
            return cards.NONE_WAITING
        rows, who = await self._planned(), self._room.desk.by
        place = self._desk.adapters[said.channel].place(said.topic)
        for card in found:
            self._writes += letter_cards.show_typed(
                self._letters, self._desk, rows, card, who, place
            )
        return ""

    def _missed(self, connection: Connection) -> None:
        room = self._room
        letters_ways.miss(connection, room.unit_id, room.desk.by)
        subject = str(self._event["event_id"])
        entry = proof(room.desk, Tag.LETTER_CODE_REFUSED, subject, "")
        evidence.append(connection, [entry.row()])

    async def _planned(self) -> DeskRows:
        if self._rows is None:
            self._rows = DeskRows(
                self._desk.adapters,
                self._desk.places(),
                await self._sources.room(self._desk),
                self._desk.unit.services.words,
                self._sources.ids,
                cause=self._event["event_id"],
                now=self._sources.clock.now_ms(),
            )
        return self._rows


def _look(
    connection: Connection, room: LetterRoom, letter_id: str, mark: int, act: Act
) -> None:
    """Raise what the writing would: one clear sentence for a card that is old."""
    one = load(connection, room, letter_id)
    if one.vault is None or one.mark != mark:
        raise OtherVersionError
    if one.life.state is not LetterState.CHECKED:
        raise OtherVersionError
    if act is Act.APPROVE:
        own_letters.check(connection, room, one)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
