"""How does a shift change hands? Asked by who has it, settled by who is to take it."""

from __future__ import annotations

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people import listing
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.roster.errors import (
    NotYoursError,
    SamePersonError,
    ShiftMissingError,
    SwapEndedError,
    SwapMissingError,
)
from handlers.staff.roster.model import Shift, Swap, SwapState
from handlers.staff.roster.rows import shift_of, swap_of
from handlers.staff.roster.shifts import check_day
from storage import roster
from storage.errors import ConflictError

SHOWN = 50


async def ask(desk: Desk, shift_id: str, asked: str, back_id: str | None = None) -> str:
    """Ask somebody to take a shift, in exchange for ``back_id`` or for nothing.

    Returns the id of the request. Raises ShiftMissingError, PastDayError,
    NotYoursError, SamePersonError, MemberUnknownError, MemberLeftError.
    """

    def work(connection: Connection) -> str:
        given = _shift(connection, desk, shift_id)
        _check_own(connection, desk, given.holder)
        listing.active(connection, desk, asked)
        if asked == given.holder:
            raise SamePersonError
        if back_id and _shift(connection, desk, back_id).holder != asked:
            raise NotYoursError(
                f"Ca nhận lại không phải của '{asked}'.",
                "Xin chọn một ca của người được hỏi.",
            )
        swap = Swap(
            desk.ids.new(), shift_id, given.holder, asked, SwapState.ASKED, back_id
        )
        roster.add_swap(connection, _row(desk, swap))
        _prove(connection, desk, Tag.SHIFT_SWAP_ASKED, swap)
        return swap.swap_id

    return await desk.change(Action.ASK_SWAPS, work)


async def accept(desk: Desk, swap_id: str) -> Swap:
    """Let the shifts change hands; the one who was asked decides.

    Raises SwapMissingError, SwapEndedError (too when a shift has another holder by
    now), PastDayError, NotYoursError, MemberLeftError.
    """

    def work(connection: Connection) -> Swap:
        swap = _open(connection, desk, swap_id)
        _check_own(connection, desk, swap.asked)
        listing.active(connection, desk, swap.asked)
        _hand_over(connection, desk, swap)
        return _end(connection, desk, swap, SwapState.ACCEPTED)

    return await desk.change(Action.ASK_SWAPS, work)


async def refuse(desk: Desk, swap_id: str) -> Swap:
    """Leave the shifts as they are; the asker who does it withdraws the request."""

    def work(connection: Connection) -> Swap:
        swap = _open(connection, desk, swap_id)
        is_asker = desk.by == swap.asker
        if not is_asker:
            _check_own(connection, desk, swap.asked)
        state = SwapState.WITHDRAWN if is_asker else SwapState.REFUSED
        return _end(connection, desk, swap, state)

    return await desk.change(Action.ASK_SWAPS, work)


async def listed(desk: Desk) -> list[tuple[Swap, Shift | None]]:
    """Return the newest requests, each with its shift as it is now."""

    def work(connection: Connection) -> list[tuple[Swap, Shift | None]]:
        rows = roster.swaps(connection, desk.unit_id, SHOWN)
        return [(swap_of(row), _now(connection, desk, row["shift_id"])) for row in rows]

    return await desk.look(Action.SEE_ROSTER, work)


def _now(connection: Connection, desk: Desk, shift_id: str) -> Shift | None:
    row = roster.shift(connection, desk.unit_id, shift_id)
    return shift_of(desk.keys, row) if row else None


def _shift(connection: Connection, desk: Desk, shift_id: str) -> Shift:
    found = _now(connection, desk, shift_id)
    if found is None:
        raise ShiftMissingError
    check_day(desk, found.slot.day)
    return found


def _open(connection: Connection, desk: Desk, swap_id: str) -> Swap:
    row = roster.swap(connection, desk.unit_id, swap_id)
    if row is None:
        raise SwapMissingError
    swap = swap_of(row)
    if swap.state is not SwapState.ASKED:
        raise SwapEndedError
    return swap


def _hand_over(connection: Connection, desk: Desk, swap: Swap) -> None:
    moves = [(swap.shift_id, swap.asker, swap.asked)]
    if swap.back_id:
        moves.append((swap.back_id, swap.asked, swap.asker))
    for shift_id, old, new in moves:
        try:
            _shift(connection, desk, shift_id)
            roster.give_shift(
                connection, desk.unit_id, shift_id, old, new, desk.now_ms()
            )
        except (ConflictError, ShiftMissingError) as error:
            raise SwapEndedError from error


def _end(connection: Connection, desk: Desk, swap: Swap, state: SwapState) -> Swap:
    now = desk.now_ms()
    roster.decide_swap(connection, desk.unit_id, swap.swap_id, state.value, now)
    _prove(connection, desk, Tag.SHIFT_SWAP_ENDED, swap, state=state.value)
    return Swap(
        swap.swap_id, swap.shift_id, swap.asker, swap.asked, state, swap.back_id
    )


def _check_own(connection: Connection, desk: Desk, staff_id: str) -> None:
    is_own = desk.by == staff_id
    if not is_own and not desk.may(connection, Action.MANAGE_ROSTER):
        raise NotYoursError


def _row(desk: Desk, swap: Swap) -> dict[str, str | int | None]:
    return {
        "unit_id": desk.unit_id,
        "swap_id": swap.swap_id,
        "shift_id": swap.shift_id,
        "back_id": swap.back_id,
        "asker": swap.asker,
        "asked": swap.asked,
        "state": swap.state.value,
        "asked_at": desk.now_ms(),
        "decided_at": None,
    }


def _prove(
    connection: Connection, desk: Desk, tag: Tag, swap: Swap, **data: str
) -> None:
    desk.prove(
        connection,
        tag,
        swap.swap_id,
        shift=swap.shift_id,
        back=swap.back_id or "",
        asker=swap.asker,
        asked=swap.asked,
        **data,
    )
