"""Who is told that a letter waits? Each leader in their own talk, else the group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.desk import letter_cards
from bot.desk.letter_cards import Card, LettersDesk, Write
from bot.desk.rows import DeskRows
from bot.desk.ticket import UnitDesk
from handlers.staff.letters import cards, reminders
from storage import desk, outbox
from storage.database import Database

LETTER = reminders.WAITING

Row = Mapping[str, Any]


class LetterNotices:
    """Turns the notices of waiting letters into cards."""

    def __init__(
        self,
        letters: LettersDesk,
        database: Database,
        woken: Callable[[DeskRows], None],
    ) -> None:
        self._letters = letters
        self._database = database
        self._woken = woken

    async def tell(self, unit_desk: UnitDesk, rows: DeskRows, row: Row) -> None:
        """Tell one notice, once; a letter that moved on is told no more."""
        mark = reminders.mark_of(str(row["detail"]))
        card = await letter_cards.waiting(
            self._letters, unit_desk, str(row["subject"]), mark
        )
        writes = self._cards(unit_desk, rows, card) if card is not None else []
        rows.mark([row["notice_id"]])

        def work(connection: Connection) -> None:
            desk.add_items(connection, rows.items)
            outbox.plan(connection, rows.rows)
            for write in writes:
                write(connection)

        await self._database.write(work)
        self._woken(rows)

    def _cards(self, unit_desk: UnitDesk, rows: DeskRows, card: Card) -> list[Write]:
        writes: list[Write] = []
        is_reached = False
        for code in letter_cards.leaders(unit_desk):
            is_reached |= bool(unit_desk.own_places(code))
            writes += letter_cards.show(self._letters, unit_desk, rows, card, code)
        if not is_reached and any(
            one.has_topics for one in unit_desk.adapters.values()
        ):
            acts = letter_cards.buttons(self._letters, card)
            rows.in_room(cards.REF + card.one.letter_id, card.text, acts)
        return writes
