"""What can a person do with a greeting? Each act one transaction, with its evidence.

Nothing leaves that a named person did not approve in the very version that leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.greetings.drafts import draft
from handlers.staff.greetings.errors import (
    AlreadyThereError,
    BadWordsError,
    NotThisGreetingStepError,
    OtherWordsError,
    TooLateError,
    UnknownGreetingError,
)
from handlers.staff.greetings.model import (
    OPEN,
    UNDER_WAY,
    Day,
    GreetingState,
    dumped,
    texts_of,
)
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from messages.greetings.compose import Road
from messages.greetings.lint import lint
from messages.letters.office import Office
from storage import greetings

STOPPED: Final = "campaign_stopped"
_S = GreetingState


async def make(desk: Desk, day: Day, office: Office) -> str:
    """Draft an occasion by hand; raises AlreadyThereError."""

    def work(connection: Connection) -> str:
        made = draft(connection, desk, day, office)
        if made is None:
            raise AlreadyThereError
        return made

    return await desk.change(Action.WRITE_LETTERS, work)


async def edit(
    desk: Desk, greeting_id: str, read: int, texts: Mapping[Road, str], office: Office
) -> None:
    """Put other words; an approval is void then.

    ``read`` is the version that was shown. Raises BadWordsError with every problem,
    OtherWordsError, NotThisGreetingStepError.
    """

    def work(connection: Connection) -> None:
        row = _open(connection, desk, greeting_id, OPEN, read)
        whole = {**texts_of(row), **texts}
        if problems := lint(whole, row["tone"], office.short):
            raise BadWordsError("; ".join(problems))
        values = {"words": dumped(whole), "version": row["version"] + 1, "approved": 0}
        state = _S.DRAFT
        _write(connection, desk, row, Tag.GREETING_EDITED, state, **values)

    await desk.change(Action.WRITE_LETTERS, work)


async def aim(
    desk: Desk, greeting_id: str, read: int, reach: str, audience: Sequence[str]
) -> None:
    """Choose whom the private message reaches; an approval is void then.

    ``reach`` is "people" or "public"; ``audience`` groups, () for everybody. Raises
    OtherWordsError, NotThisGreetingStepError.
    """

    def work(connection: Connection) -> None:
        row = _open(connection, desk, greeting_id, OPEN, read)
        values = {
            "reach": reach,
            "audience": ",".join(audience) if reach == "people" else "",
            "version": row["version"] + 1,
            "approved": 0,
        }
        _write(connection, desk, row, Tag.GREETING_AIMED, _S.DRAFT, **values)

    await desk.change(Action.WRITE_LETTERS, work)


async def approve(desk: Desk, greeting_id: str, read: int) -> None:
    """Approve the version that was read; past its hour it then goes out at once.

    Raises OtherWordsError, TooLateError, NotThisGreetingStepError.
    """

    def work(connection: Connection) -> None:
        found = frozenset({_S.DRAFT, _S.ASKED})
        row = _open(connection, desk, greeting_id, found, read)
        now = desk.now_ms()
        if now >= row["ends_at"]:
            raise TooLateError
        values = {
            "approved": row["version"],
            "approved_by": desk.by,
            "due_at": max(row["due_at"], now),
        }
        _write(connection, desk, row, Tag.GREETING_APPROVED, _S.APPROVED, **values)

    await desk.change(Action.APPROVE_LETTERS, work)


async def recall(desk: Desk, greeting_id: str) -> None:
    """Take an approval back before the greeting has begun to leave."""

    def work(connection: Connection) -> None:
        found = frozenset({_S.APPROVED, _S.ASKED})
        row = _open(connection, desk, greeting_id, found)
        _write(connection, desk, row, Tag.GREETING_RECALLED, _S.DRAFT, approved=0)

    await desk.change(Action.APPROVE_LETTERS, work)


async def drop(desk: Desk, greeting_id: str) -> None:
    """Decide that an occasion is not greeted this year."""

    def work(connection: Connection) -> None:
        row = _open(connection, desk, greeting_id, OPEN)
        _write(connection, desk, row, Tag.GREETING_DROPPED, _S.DROPPED, approved=0)

    await desk.change(Action.APPROVE_LETTERS, work)


async def pause(desk: Desk, greeting_id: str) -> int:
    """Hold every send that has not begun; return how many were planned already."""

    def work(connection: Connection) -> int:
        row = _open(connection, desk, greeting_id, frozenset({_S.SENDING}))
        _write(connection, desk, row, Tag.GREETING_PAUSED, _S.PAUSED)
        return greetings.hold(connection, desk.unit_id, greeting_id, desk.now_ms())

    return await desk.change(Action.APPROVE_LETTERS, work)


async def resume(desk: Desk, greeting_id: str) -> int:
    """Go on with a held campaign; raises TooLateError after its last hour."""

    def work(connection: Connection) -> int:
        row = _open(connection, desk, greeting_id, frozenset({_S.PAUSED}))
        if desk.now_ms() >= row["ends_at"]:
            raise TooLateError
        _write(connection, desk, row, Tag.GREETING_RESUMED, _S.SENDING)
        return greetings.release(connection, desk.unit_id, greeting_id, desk.now_ms())

    return await desk.change(Action.APPROVE_LETTERS, work)


async def stop(desk: Desk, greeting_id: str) -> int:
    """End a campaign now; return how many sends it did not begin."""

    def work(connection: Connection) -> int:
        row = _open(connection, desk, greeting_id, UNDER_WAY)
        _write(connection, desk, row, Tag.GREETING_STOPPED, _S.DONE, is_counted=True)
        now = desk.now_ms()
        return greetings.refuse(connection, desk.unit_id, greeting_id, now, STOPPED)

    return await desk.change(Action.APPROVE_LETTERS, work)


def _open(
    connection: Connection,
    desk: Desk,
    greeting_id: str,
    states: frozenset[GreetingState],
    read: int = 0,
) -> dict[str, Any]:
    row = greetings.get(connection, desk.unit_id, greeting_id)
    if row is None:
        raise UnknownGreetingError
    if row["state"] not in states:
        raise NotThisGreetingStepError(row["state"])
    if read and read != row["version"]:
        raise OtherWordsError
    return row


def _write(
    connection: Connection,
    desk: Desk,
    row: Mapping[str, Any],
    tag: Tag,
    state: GreetingState,
    **values: Any,
) -> None:
    greetings.change(
        connection,
        desk.unit_id,
        row["greeting_id"],
        row["mark"],
        **{"state": state.value, "updated_at": desk.now_ms(), **values},
    )
    version = values.get("version", row["version"])
    desk.prove(connection, tag, row["greeting_id"], version=version)
