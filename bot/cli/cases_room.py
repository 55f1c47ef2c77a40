"""What do the commands about cases share: options, the room, how they fail, speak?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.case_rooms import room_beside
from bot.cli.common import (
    one_unit,
    open_installation,
    show_json,
)
from bot.errors import BotError, DatabaseError
from handlers.cases import state
from handlers.cases.case import Case, Clock
from handlers.cases.errors import CaseError
from handlers.cases.kind import shipped
from handlers.cases.moments import LOCAL
from handlers.cases.words import in_words
from handlers.staff.cases.act import Done
from handlers.staff.cases.telling import Telling, Told
from handlers.staff.cases.workroom import Room
from storage.errors import StorageError

HOW = {
    Told.QUEUED: "đã chuyển gửi cho người dân",
    Told.WAITING: "chờ người dân nhắn lại mới gửi được",
    Told.BY_HAND: "xin gọi điện hoặc gặp để báo người dân",
}

by_option = click.option(
    "--by", default="cli", show_default=True, help="Mã cán bộ thực hiện."
)
code_argument = click.argument("code")


@asynccontextmanager
async def room(config_path: Path, unit: str | None, by: str) -> AsyncIterator[Room]:
    """Open the cases of a unit; what goes wrong is said in one sentence."""
    with spoken():
        async with open_installation(config_path) as opened:
            unit_id = one_unit(list(opened.config.units), unit)
            yield await room_beside(opened, unit_id, by)


@contextmanager
def spoken() -> Iterator[None]:
    """Turn what cases and storage refuse into what the command line can say."""
    try:
        yield
    except CaseError as error:
        raise BotError(str(error), error.hint) from error
    except StorageError as error:
        raise DatabaseError from error


def say(done: Done, *, as_json: bool) -> None:
    """Print the case after a step, and how the citizen hears of it."""
    if as_json:
        show_json(as_mapping(done.case) | {"told": [_told(one) for one in done.told]})
        return
    click.echo(headline(done.case))
    for one in done.told:
        click.echo(f"  Báo người dân: {HOW[one.how]}.")


def headline(case: Case) -> str:
    """Return a case in one line."""
    due = case.due
    until = f", hạn {in_words(due.date)}" if due and due.date else ""
    waits = " [chờ báo người dân]" if case.is_waiting else ""
    name = shipped().get(case.kind).name
    where = state.NAMES[case.state]
    return f"{case.code}  {name}: {where}, người giữ {case.owner}{until}{waits}"


def as_mapping(case: Case) -> dict[str, Any]:
    """Return the public shape of a case: codes and times, no words."""
    due = case.due
    return {
        "code": case.code,
        "case_id": case.case_id,
        "kind": case.kind,
        "state": case.state.value,
        "owner": case.owner,
        "source": case.source.value,
        "channel": case.channel,
        "received_at": local(case.received_at),
        "due": due.date.isoformat() if due and due.date else None,
        "due_goal": due.goal.value if due else None,
        "waiting": case.is_waiting,
        "draft": case.draft.state.value if case.draft else None,
        "receipt": case.receipt,
        "merged_into": case.merged_into,
        "version": case.version,
        "clocks": [_clock(clock) for clock in case.clocks],
    }


def local(at: datetime) -> str:
    """Return an instant in the commune's time."""
    return at.astimezone(LOCAL).isoformat(timespec="minutes")


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "goal": clock.goal.value,
        "rule": clock.rule,
        "law": clock.is_law,
        "date": clock.date.isoformat() if clock.date else None,
        "at": local(clock.at) if clock.at else None,
        "ended": clock.ended.value if clock.ended else None,
    }


def _told(one: Telling) -> dict[str, str]:
    return {"how": one.how.value, "text": one.text, "template": one.key}
