"""How does a member of staff make a step with a case? One transaction, told, proved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from handlers.cases import apply as applying
from handlers.cases.actions import Action
from handlers.cases.case import Case
from handlers.cases.change import Change
from handlers.cases.errors import ChangedMeanwhileError, PersonErasedError
from handlers.cases.rows import Sealer, rows_of
from handlers.staff.cases import telling
from handlers.staff.cases.file import CaseFile, last_inbound_at, opened
from handlers.staff.cases.telling import Telling
from handlers.staff.cases.workroom import Room
from storage import cases
from storage.cases import CaseRows
from storage.errors import ConflictError

TRIES = 8
"""Each time somebody else got a step in; eight in a row would be a quarrel."""


@dataclass(frozen=True, slots=True)
class Done:
    """The case after a step, and what the citizen is told of it."""

    case: Case
    told: tuple[Telling, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A change with all its rows, sealed before the transaction."""

    file: CaseFile
    change: Change
    rows: CaseRows
    told: tuple[Telling, ...]

    @property
    def done(self) -> Done:
        """What the step came to."""
        return Done(self.change.case, self.told)


Plan = Callable[[], Awaitable[list[Prepared]]]


async def act(room: Room, ref: str, action: Action) -> Done:
    """Make one step; raises a CaseError that says why it cannot be made.

    Somebody else's step in between is taken into account: ours is made again on top of
    it, or refused when it no longer fits.
    """

    async def plan() -> list[Prepared]:
        file = await opened(room, ref)
        return [prepared(room, file, changed(room, file, action))]

    return (await carried_out(room, plan))[0]


def changed(room: Room, file: CaseFile, action: Action) -> Change:
    """Return what a step makes of a case; raises a CaseError."""
    if file.vault is None and not file.kind.is_guidance:
        raise PersonErasedError(file.case.code)
    at = room.clock.now()
    return applying.apply(file.case, action, room.actor, at, room.services)


def prepared(room: Room, file: CaseFile, change: Change) -> Prepared:
    """Return a change with its rows; nothing is written yet."""
    assert file.vault is not None  # noqa: S101  changed() refused it
    now = room.clock.now_ms()
    sealer = Sealer(room.ids, file.vault, room.vault.keys, now)
    rows = rows_of(change, sealer)
    said = []
    for message in change.messages:
        one = telling.told(room, file, change, message)
        telling.write_down(rows, room, file, message, one, sealer)
        said.append(one)
    return Prepared(file, change, rows, tuple(said))


def chained(
    room: Room, file: CaseFile, steps: Iterable[tuple[Action, bool]]
) -> list[Prepared]:
    """Return several steps made one after the other in one transaction.

    With True a step is quiet: the citizen is not told of it. Raises a CaseError.
    """
    done: list[Prepared] = []
    for action, is_quiet in steps:
        change = changed(room, file, action)
        one = prepared(room, file, replace(change, messages=()) if is_quiet else change)
        done.append(one)
        stored = one.rows.record
        case = replace(
            change.case, version=stored["version"], is_waiting=stored["is_waiting"]
        )
        file = replace(file, case=case, kind=room.services.kinds.get(case.kind))
    return done


async def carried_out(room: Room, plan: Plan) -> list[Done]:
    """Write what a plan prepares, all of it or nothing; plan anew on a conflict.

    Raises ChangedMeanwhileError when others kept changing the case.
    """
    for _ in range(TRIES):
        steps = await plan()

        def work(connection: Connection, steps: list[Prepared] = steps) -> None:
            for step in steps:
                written(connection, step)

        try:
            await room.database.write(work)
        except ConflictError:
            continue
        return [step.done for step in steps]
    raise ChangedMeanwhileError


def written(connection: Connection, one: Prepared) -> None:
    """Write one change; raises ConflictError when the case or the talk moved on."""
    if last_inbound_at(connection, one.file.case) != one.file.last_inbound_at:
        raise ConflictError("conversation")
    cases.write(connection, one.rows)
