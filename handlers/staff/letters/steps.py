"""Who checks, approves, signs, schedules, recalls and lays away a letter, and how?

Each step is one transaction: permission, state, row, proof. Nothing here sends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.letters import griefs, model, own_letters, reminders
from handlers.staff.letters.birthday_drafts import SOURCE as BIRTHDAY
from handlers.staff.letters.errors import (
    FaultyLetterError,
    LetterStepError,
    NotSignedError,
    NotThisStepError,
    OneByOneError,
    StoppedError,
)
from handlers.staff.letters.keeping import Kept, item_of, load, save, written
from handlers.staff.letters.model import LetterAct, LetterState, Life
from handlers.staff.letters.room import CELEBRATIONS, LetterRoom
from handlers.staff.letters.writing import seen_one
from handlers.staff.people.listing import one_of
from handlers.staff.permissions import Action
from messages.letters.kinds import Output
from messages.letters.lint.run import lint_letter
from storage import letters

PRINT = "print"
"""The road on paper, beside the channels of chat."""


async def check(room: LetterRoom, letter_id: str, seen: int) -> None:
    """Hand a letter up for approval; raises FaultyLetterError and LetterStepError."""

    def work(connection: Connection) -> None:
        one = seen_one(connection, room, letter_id, seen)
        problems = lint_letter(written(room, one))
        if problems:
            raise FaultyLetterError("; ".join(problems)[:600])
        life = model.step(one.life, LetterAct.CHECK, room.desk.by, room.now())
        save(connection, room, one, life)
        reminders.tell(connection, room, letter_id, one.mark + 1, one.kind.name)

    await room.desk.change(Action.WRITE_LETTERS, work)


async def approve(room: LetterRoom, letter_id: str, seen: int) -> None:
    """Approve and sign the letter as it was read, and give it its number.

    Raises LetterStepError, NotAllowedError.
    """

    def work(connection: Connection) -> None:
        _approved(connection, room, seen_one(connection, room, letter_id, seen))

    await room.desk.change(Action.APPROVE_LETTERS, work)


async def approve_many(
    room: LetterRoom, wanted: Sequence[tuple[str, int]]
) -> dict[str, LetterStepError]:
    """Approve letters (id, mark) whose kind allows it; return what was refused."""
    refused: dict[str, LetterStepError] = {}
    for letter_id, seen in wanted:

        def work(
            connection: Connection, letter_id: str = letter_id, seen: int = seen
        ) -> None:
            one = seen_one(connection, room, letter_id, seen)
            if not one.kind.by_rule:
                raise OneByOneError
            _approved(connection, room, one)

        try:
            await room.desk.change(Action.APPROVE_LETTERS, work)
        except LetterStepError as error:
            refused[letter_id] = error
    return refused


async def sign(room: LetterRoom, letter_id: str, seen: int) -> None:
    """Sign a letter that was approved outside of the console, and give it its number.

    Raises LetterStepError, NotAllowedError.
    """

    def work(connection: Connection) -> None:
        one = seen_one(connection, room, letter_id, seen)
        if one.life.approved != one.life.version:
            raise NotThisStepError
        _signed(connection, room, one, one.life)

    await room.desk.change(Action.APPROVE_LETTERS, work)


def approve_in(
    connection: Connection, room: LetterRoom, letter_id: str, seen: int, via: str
) -> None:
    """Approve as read in the caller's transaction, who asked for the permission.

    It is not signed by that: signing is done in the console alone.
    """
    one = seen_one(connection, room, letter_id, seen)
    own_letters.check(connection, room, one)
    griefs.check(connection, room, one)
    by, now = room.desk.by, room.now()
    life = model.approve(one.life, by, now, one.life.version)
    save(connection, room, one, life, via=via)


def return_in(
    connection: Connection, room: LetterRoom, letter_id: str, seen: int, via: str
) -> None:
    """Give a letter back to its writer in the caller's transaction."""
    one = seen_one(connection, room, letter_id, seen)
    life = model.step(one.life, LetterAct.RECALL, room.desk.by, room.now())
    save(connection, room, one, life, via=via, waits_for=None)


def _approved(connection: Connection, room: LetterRoom, one: Kept) -> None:
    own_letters.check(connection, room, one)
    griefs.check(connection, room, one)
    life = model.approve(one.life, room.desk.by, room.now(), one.life.version)
    _signed(connection, room, one, life)


def _signed(connection: Connection, room: LetterRoom, one: Kept, life: Life) -> None:
    life = model.step(life, LetterAct.SIGN, room.desk.by, room.now())
    year, number = one.row["year"], one.row["number"]
    if number is None:
        year = room.today().year
        number = letters.next_number(connection, room.unit_id, year)
    signed = _signature(connection, room, one, number)
    assert one.vault is not None  # noqa: S101  seen_one refuses erased letters
    item = item_of(room, one.vault, one.data, signed)
    save(connection, room, one, life, item=item, year=year, number=number)


def _signature(
    connection: Connection, room: LetterRoom, one: Kept, number: int
) -> dict[str, str]:
    signed = {"day": room.today().isoformat()}
    member = one_of(connection, room.unit_id, room.desk.keys, room.desk.by)
    if member is not None and not one.data.get("nguoi_ky"):
        signed |= {"nguoi_ky": member.profile.name, "chuc_vu": member.profile.title}
    # Only the statutory form carries a number; a wish with one reads like a ruling.
    if Output.FORM in one.kind.outputs and not one.data.get("so"):
        signed["so"] = f"{number}/UBND"
    return signed


async def schedule(
    room: LetterRoom, letter_id: str, seen: int, due_at: datetime | None = None
) -> None:
    """Let a signed letter leave at ``due_at`` (aware; now when None).

    Raises StoppedError while celebration is stopped, and LetterStepError.
    """

    def work(connection: Connection) -> None:
        one = seen_one(connection, room, letter_id, seen)
        _not_stopped(connection, room, one)
        if one.life.state is LetterState.APPROVED:
            raise NotSignedError
        now = room.now()
        life = model.schedule(one.life, room.desk.by, now, max(due_at or now, now))
        save(connection, room, one, life, channel=None, waits_for=None)

    await room.desk.change(Action.WRITE_LETTERS, work)


def _not_stopped(connection: Connection, room: LetterRoom, one: Kept) -> None:
    is_joy = one.kind.tone in CELEBRATIONS
    if is_joy and letters.is_stopped(connection, room.unit_id):
        raise StoppedError
    griefs.check(connection, room, one)


async def recall(room: LetterRoom, letter_id: str, seen: int) -> None:
    """Take back a letter that has not left; its approval is void."""
    await _back(room, letter_id, seen, Action.WRITE_LETTERS)


async def send_back(room: LetterRoom, letter_id: str, seen: int) -> None:
    """Give a letter back to its writer instead of approving it, or stop it leaving."""
    await _back(room, letter_id, seen, Action.APPROVE_LETTERS)


async def archive(room: LetterRoom, letter_id: str, seen: int) -> None:
    """Lay a letter away; a draft frees its occasion for another one."""

    def work(connection: Connection) -> None:
        one = seen_one(connection, room, letter_id, seen)
        life = model.step(one.life, LetterAct.ARCHIVE, room.desk.by, room.now())
        is_draft = one.life.state is LetterState.DRAFT
        more: dict[str, Any] = {}
        if is_draft:
            more = {"occasion_mac": None}
        if is_draft and one.row["source"] != BIRTHDAY:  # else it is proposed again
            more["source_ref"] = None
        save(connection, room, one, life, **more)

    await room.desk.change(Action.WRITE_LETTERS, work)


async def put_on_paper(
    room: LetterRoom, wanted: Sequence[str], paper: Callable[[Sequence[Kept]], bytes]
) -> bytes:
    """Take scheduled letters for the road on paper; return what is to be printed.

    The papers are made first: when that fails, no letter was taken. Raises
    LetterStepError; letters already on paper are printed again.
    """

    def work(connection: Connection) -> bytes:
        chosen = [load(connection, room, letter_id) for letter_id in wanted]
        for one in chosen:
            _not_stopped(connection, room, one)
        made = paper(chosen)
        for one in chosen:
            if one.life.state is LetterState.SENDING and one.row["channel"] == PRINT:
                continue
            life = model.step(one.life, LetterAct.SEND, room.desk.by, room.now())
            _keep_by_hand(connection, room, one, life, channel=PRINT)
        return made

    return await room.desk.change(Action.WRITE_LETTERS, work)


async def handed(
    room: LetterRoom, letter_id: str, seen: int, *, is_received: bool
) -> None:
    """Note that a letter on paper was handed over, or came back."""

    def work(connection: Connection) -> None:
        one = seen_one(connection, room, letter_id, seen)
        if one.row["channel"] != PRINT:
            raise LetterStepError
        act = LetterAct.DELIVER if is_received else LetterAct.REFUSE
        life = model.step(one.life, act, room.desk.by, room.now())
        _keep_by_hand(connection, room, one, life)

    await room.desk.change(Action.WRITE_LETTERS, work)


async def stop_celebrations(room: LetterRoom, *, is_stopped: bool) -> int:
    """Stop or allow every letter of joy; return how many sends were held back."""

    def work(connection: Connection) -> int:
        now = room.desk.now_ms()
        row = {"unit_id": room.unit_id, "is_stopped": is_stopped}
        letters.set_stopped(connection, row | {"by": room.desk.by, "at": now})
        kinds = room.celebrations() if is_stopped else []
        held = letters.stop_sends(connection, room.unit_id, kinds, now)
        room.desk.prove(
            connection, Tag.CELEBRATION_SET, room.unit_id, stopped=is_stopped, held=held
        )
        return held

    return await room.desk.change(Action.APPROVE_LETTERS, work)


async def _back(room: LetterRoom, letter_id: str, seen: int, action: Action) -> None:
    def work(connection: Connection) -> None:
        one = seen_one(connection, room, letter_id, seen)
        life = model.step(one.life, LetterAct.RECALL, room.desk.by, room.now())
        save(connection, room, one, life, waits_for=None)

    await room.desk.change(action, work)


def _keep_by_hand(
    connection: Connection, room: LetterRoom, one: Kept, life: Life, **values: Any
) -> None:
    save(connection, room, one, life, is_by_hand=True, **values)
