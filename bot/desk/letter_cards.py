"""How do leaders hear on their channels of a letter that waits for approval?

Telegram shows buttons; the Zalo bot, which has none, a one-time code for each leader.
What may not leave (handlers.staff.disclosure) is read in the console.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.desk.rows import DeskRows
from bot.desk.ticket import UnitDesk
from handlers.model import Channel, Tag
from handlers.staff.desk import Act, Choice
from handlers.staff.letters import cards, codes
from handlers.staff.letters.errors import NoSuchLetterError
from handlers.staff.letters.keeping import Kept, load, written
from handlers.staff.letters.model import LetterState
from handlers.staff.letters.own_kinds import equipped
from handlers.staff.letters.room import LetterRoom
from handlers.staff.permissions import Action, may
from handlers.staff.proof import proof
from messages.letters.errors import LetterError
from storage import evidence, letters

BUTTONLESS = frozenset({Channel.ZALO_BOT})
MOST = 5
"""Cards told again at once to a leader who asks for them."""

RoomOf = Callable[[str, str], LetterRoom]
Write = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class LettersDesk:
    """The letters of every unit, for staff channels; ``public_url`` is ours or ""."""

    room_of: RoomOf
    public_url: str

    def page_of(self, letter_id: str) -> str:
        """Return where the letter is read as PDF, "" without a public address."""
        base = self.public_url.rstrip("/")
        return f"{base}/console/letters/one/{letter_id}/letter.pdf" if base else ""


@dataclass(frozen=True, slots=True)
class Card:
    """A letter as it may be shown; ``words`` "" leaves nothing to approve here."""

    one: Kept
    words: str
    text: str


async def waiting(
    desk: LettersDesk, unit_desk: UnitDesk, letter_id: str, mark: int = 0
) -> Card | None:
    """Return the card of a letter that waits, in that version if one is named."""
    room = await equipped(desk.room_of(unit_desk.unit.unit_id, "letters"))

    def work(connection: Connection) -> Kept | None:
        try:
            return load(connection, room, letter_id)
        except NoSuchLetterError:
            return None

    one = await room.desk.database.read(work)
    if one is None or one.vault is None or mark not in {0, one.mark}:
        return None
    if one.life.state is not LetterState.CHECKED:
        return None
    try:
        words = cards.shown(one, written(room, one), unit_desk.content)
    except LetterError:
        return None
    return Card(one, words, cards.card(one, words, unit_desk.content))


async def all_waiting(desk: LettersDesk, unit_desk: UnitDesk) -> list[Card]:
    """Return the cards of the letters that wait longest."""
    room = desk.room_of(unit_desk.unit.unit_id, "letters")
    states = (LetterState.CHECKED.value,)
    rows = await room.desk.database.read(
        lambda c: letters.listed(c, room.unit_id, states)
    )
    ids = [str(row["letter_id"]) for row in reversed(rows)][:MOST]
    found = [await waiting(desk, unit_desk, one) for one in ids]
    return [card for card in found if card is not None]


def leaders(unit_desk: UnitDesk) -> list[str]:
    """Return the codes of those who may approve."""
    return sorted(
        one.code
        for one in unit_desk.directory.colleagues()
        if may(one.roles, Action.APPROVE_LETTERS)
    )


def show(
    desk: LettersDesk, unit_desk: UnitDesk, rows: DeskRows, card: Card, code: str
) -> Sequence[Write]:
    """Plan a card for one leader wherever they are; return what to write with it."""
    writes: list[Write] = []
    for channel, place in unit_desk.own_places(code):
        if channel in BUTTONLESS:
            writes += show_typed(desk, unit_desk, rows, card, code, place)
        else:
            name = {one.code: one.name for one in unit_desk.directory.colleagues()}
            naming = unit_desk.unit.services.words.say("desk.to", names=name[code])
            ref = cards.REF + card.one.letter_id
            acts = buttons(desk, card)
            rows.private(channel, ref, place, card.text, naming, acts)
    return writes


def show_typed(
    desk: LettersDesk,
    unit_desk: UnitDesk,
    rows: DeskRows,
    card: Card,
    code: str,
    place: str,
) -> Sequence[Write]:
    """Plan a card with a one-time code for a leader; return what keeps its hash."""
    room = desk.room_of(unit_desk.unit.unit_id, "letters")
    page = desk.page_of(card.one.letter_id)
    text = card.text + (f"\n\nXem PDF (đăng nhập): {page}" if page else "")
    if not card.words:
        rows.private(Channel.ZALO_BOT, "", place, text, "")
        return ()
    secret = codes.make()
    rows.private(Channel.ZALO_BOT, "", place, cards.with_code(text, secret), "")

    def keep(connection: Connection) -> None:
        codes.keep(connection, room, card.one, code, secret)
        about: Mapping[str, Any] = {"to": code, "version": card.one.life.version}
        person = str(card.one.row["person_id"] or "")
        entry = proof(
            room.desk, Tag.LETTER_CODE_SENT, card.one.letter_id, person, **about
        )
        evidence.append(connection, [entry.row()])

    return (keep,)


def buttons(desk: LettersDesk, card: Card) -> tuple[Choice, ...]:
    """Return the buttons under a card; each names the version that is shown."""
    page, mark = desk.page_of(card.one.letter_id), str(card.one.mark)
    acts: tuple[Choice, ...] = ()
    if card.words:
        acts = (
            Choice(Act.APPROVE, mark, "Duyệt"),
            Choice(Act.REJECT, mark, "Trả lại"),
        )
    return (*acts, Choice(Act.APPROVE, mark, "Xem PDF", page)) if page else acts
