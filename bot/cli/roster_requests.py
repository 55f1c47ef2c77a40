"""``thanthien roster`` leave and swap: what people ask of the roster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bot.cli.common import run, show_json
from bot.cli.roster_days import local_now
from bot.cli.roster_words import (
    SWAP_STATES,
    leave_json,
    leave_line,
    swap_json,
    swap_line,
)
from bot.cli.staff_room import Place, place_options, staff_room
from handlers.staff.roster import leave as leaves
from handlers.staff.roster import swaps, words
from handlers.staff.roster.model import Leave, Shift, Swap
from handlers.staff.roster.words import slot_name


@click.group("leave")
def leave() -> None:
    """Lịch nghỉ: ghi, bỏ, xem."""


@leave.command("add")
@place_options
@click.argument("staff_id", metavar="MÃ")
@click.argument("first", metavar="TỪ_NGÀY")
@click.argument("last", metavar="ĐẾN_NGÀY", default="")
@click.option("--part", help="Chỉ nghỉ một buổi: sáng, chiều, tối, ngoài giờ.")
def add_command(
    config_path: Path,
    unit: str | None,
    by: str,
    staff_id: str,
    first: str,
    last: str,
    part: str | None,
    *,
    as_json: bool,
) -> None:
    """Ghi một người nghỉ; ca trực của họ chuyển cho người trực thay."""
    told = (staff_id, first, last, part)
    found, left = run(_leave(Place(config_path, unit, by), told))
    if as_json:
        show_json(leave_json(found) | {"shifts": [one.shift_id for one in left]})
        return
    click.echo(f"Đã ghi lịch nghỉ {found.leave_id}.")
    for one in left:
        click.echo(f"  có ca: {slot_name(one.slot)}")


@leave.command("cancel")
@place_options
@click.argument("leave_id")
def cancel_command(
    config_path: Path, unit: str | None, by: str, leave_id: str, *, as_json: bool
) -> None:
    """Bỏ một lịch nghỉ."""
    found = run(_cancel(Place(config_path, unit, by), leave_id))
    if as_json:
        show_json(leave_json(found))
    else:
        click.echo("Đã bỏ lịch nghỉ.")


@leave.command("list")
@place_options
def leave_list_command(
    config_path: Path, unit: str | None, by: str, *, as_json: bool
) -> None:
    """Xem lịch nghỉ từ hôm nay trở đi."""
    found = run(_leaves(Place(config_path, unit, by)))
    if as_json:
        show_json([leave_json(one) for one in found])
        return
    for one in found:
        click.echo(leave_line(one))
    click.echo(f"{len(found)} lịch nghỉ.")


@click.group("swap")
def swap() -> None:
    """Đổi ca trực: hỏi, nhận, từ chối, xem."""


@swap.command("ask")
@place_options
@click.argument("shift_id", metavar="MÃ_CA")
@click.argument("asked", metavar="NGƯỜI_ĐƯỢC_HỎI")
@click.option("--back", help="Mã ca nhận lại, khi đổi ca lấy ca.")
def ask_command(
    config_path: Path,
    unit: str | None,
    by: str,
    shift_id: str,
    asked: str,
    back: str | None,
    *,
    as_json: bool,
) -> None:
    """Nhờ một người nhận ca của mình (mã ca xem ở 'roster show')."""
    swap_id = run(_ask(Place(config_path, unit, by), shift_id, asked, back))
    if as_json:
        show_json({"swap": swap_id})
    else:
        click.echo(f"Đã hỏi {asked}; mã yêu cầu: {swap_id}")


@swap.command("accept")
@place_options
@click.argument("swap_id")
def accept_command(
    config_path: Path, unit: str | None, by: str, swap_id: str, *, as_json: bool
) -> None:
    """Nhận ca; ca đổi người ngay."""
    _ended(run(_decide(Place(config_path, unit, by), swap_id, True)), as_json)


@swap.command("refuse")
@place_options
@click.argument("swap_id")
def refuse_command(
    config_path: Path, unit: str | None, by: str, swap_id: str, *, as_json: bool
) -> None:
    """Từ chối, hoặc rút yêu cầu nếu chính mình đã hỏi."""
    _ended(run(_decide(Place(config_path, unit, by), swap_id, False)), as_json)


@swap.command("list")
@place_options
def swap_list_command(
    config_path: Path, unit: str | None, by: str, *, as_json: bool
) -> None:
    """Xem các yêu cầu đổi ca, mới nhất trước."""
    found = run(_swaps(Place(config_path, unit, by)))
    if as_json:
        show_json([swap_json(one, shift) for one, shift in found])
        return
    for one, shift in found:
        click.echo(swap_line(one, shift))
    click.echo(f"{len(found)} yêu cầu.")


def _ended(done: Swap, as_json: bool) -> None:
    if as_json:
        show_json(swap_json(done, None))
    else:
        click.echo(f"Yêu cầu đổi ca: {SWAP_STATES[done.state]}.")


async def _leave(
    place: Place, told: tuple[Any, ...]
) -> tuple[Leave, tuple[Shift, ...]]:
    staff_id, first, last, part = told
    async with staff_room(place) as room:
        begin = words.read_day(first)
        wanted = Leave(
            staff_id,
            begin,
            words.read_day(last) if last else begin,
            words.read_part(part) if part else None,
        )
        return await leaves.record(room.desk, wanted)


async def _cancel(place: Place, leave_id: str) -> Leave:
    async with staff_room(place) as room:
        return await leaves.withdraw(room.desk, leave_id)


async def _leaves(place: Place) -> list[Leave]:
    async with staff_room(place) as room:
        return await leaves.listed(room.desk, local_now(room).date())


async def _ask(place: Place, shift_id: str, asked: str, back: str | None) -> str:
    async with staff_room(place) as room:
        return await swaps.ask(room.desk, shift_id, asked, back)


async def _decide(place: Place, swap_id: str, is_yes: bool) -> Swap:
    async with staff_room(place) as room:
        work = swaps.accept if is_yes else swaps.refuse
        return await work(room.desk, swap_id)


async def _swaps(place: Place) -> list[tuple[Swap, Shift | None]]:
    async with staff_room(place) as room:
        return await swaps.listed(room.desk)
