"""``thanthien roster``: who is on duty, and what is wrong with the coming days?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from bot.cli.common import run, show_json
from bot.cli.roster_days import day_option, days, local_now
from bot.cli.roster_files import export_command, import_command, sheet_command
from bot.cli.roster_requests import leave, swap
from bot.cli.roster_words import (
    duty_json,
    duty_words,
    leave_line,
    shift_json,
    shift_line,
    warning_json,
    warning_line,
)
from bot.cli.staff_room import Place, StaffRoom, place_options, staff_room
from bot.duty_warnings import watched
from bot.errors import BotError
from bot.own_hours import hours
from handlers.staff.roster import shifts, words
from handlers.staff.roster.errors import RosterError
from handlers.staff.roster.model import POST_NAMES, Shift, Slot
from handlers.staff.roster.view import View, seen
from scheduler.office_hours import WeeklyHours
from scheduler.roster.book import Book
from scheduler.roster.duty import on_duty
from scheduler.roster.warnings import DAYS, Warned, Watch, warnings

MOST_DAYS = 92


@click.group("roster")
def roster() -> None:
    """Bảng trực: ca trực, nghỉ, đổi ca, cảnh báo, bản in."""


@roster.command("show")
@place_options
@day_option("--from", "first", "Từ ngày (mặc định: hôm nay).")
@click.option("--days", "count", type=click.IntRange(1, MOST_DAYS), default=DAYS)
def show_command(
    config_path: Path,
    unit: str | None,
    by: str,
    first: str | None,
    count: int,
    *,
    as_json: bool,
) -> None:
    """Xem ca trực, lịch nghỉ và ai đang trực lúc này."""
    view, now = run(_show(Place(config_path, unit, by), first, count))
    if as_json:
        show_json(
            {
                "shifts": [shift_json(one, view) for one in view.plan.shifts],
                "standby": list(view.plan.standby),
                "now": [duty_json(name, found, view) for name, found in now.items()],
            }
        )
        return
    for one in view.plan.shifts:
        click.echo(shift_line(one, view))
    for away in view.plan.leave:
        click.echo(f"nghỉ: {leave_line(away)}")
    chain = " → ".join(map(view.name, view.plan.standby)) or "chưa đặt"
    click.echo(f"Người trực thay cuối: {chain}.")
    for name, found in now.items():
        click.echo(f"Đang trực {POST_NAMES[name]}: {duty_words(found, view)}.")


@roster.command("set")
@place_options
@day_option("--day", "day", "Ngày trực, ví dụ 2026-12-01 hoặc 01/12/2026.")
@day_option("--until", "until", "Đến ngày, khi đặt cùng một người nhiều ngày liền.")
@click.option("--part", help="Buổi: sáng, chiều, tối, ngoài giờ.")
@click.option("--channel", default="", help="Kênh; để trống: mọi kênh.")
@click.option("--field", default="", help="Lĩnh vực; để trống: mọi lĩnh vực.")
@click.option("--holder", help="Mã người trực.")
@click.option("--deputy", help="Mã người trực thay.")
@click.option("--phone", default="", help="Số điện thoại công bố của ca (máy trực).")
@click.option("--clear", is_flag=True, help="Bỏ ca trực này.")
@click.option("--standby", help="Đặt người trực thay cuối: các mã, cách bằng dấu phẩy.")
def set_command(
    config_path: Path, unit: str | None, by: str, *, as_json: bool, **told: Any
) -> None:
    """Đặt hoặc bỏ ca trực; hoặc đặt những người trực thay cuối (--standby)."""
    place = Place(config_path, unit, by)
    if told["standby"] is not None:
        chain = [code.strip() for code in told["standby"].split(",") if code.strip()]
        run(_standby(place, chain))
        _say({"standby": chain}, "Đã đặt người trực thay cuối.", as_json=as_json)
        return
    if not told["day"] or not told["part"] or not (told["holder"] or told["clear"]):
        raise BotError(
            "Chưa đủ --day, --part và --holder (hoặc --clear).",
            "Ví dụ: thanthien roster set --day 2026-12-01 --part sáng --holder canbo01",
        )
    number = run(_set(place, told))
    done = "Đã bỏ" if told["clear"] else "Đã đặt"
    _say({"changed": number}, f"{done} {number} ca trực.", as_json=as_json)


@roster.command("warnings")
@place_options
@click.option("--days", "count", type=click.IntRange(1, 31), default=DAYS)
@click.option("--always", is_flag=True, help="Đòi có người trực cả ngoài giờ.")
def warnings_command(
    config_path: Path,
    unit: str | None,
    by: str,
    count: int,
    *,
    always: bool,
    as_json: bool,
) -> None:
    """Cảnh báo trước: ca trống, người nghỉ, người không liên hệ được."""
    view, found = run(_warnings(Place(config_path, unit, by), count, always=always))
    if as_json:
        show_json([warning_json(one) for one in found])
        return
    for one in found:
        click.echo(warning_line(one, view))
    click.echo(f"{len(found)} điều cần xem trong {count} ngày tới.")


for command in (import_command, export_command, sheet_command, leave, swap):
    roster.add_command(command)


def _say(value: Any, sentence: str, *, as_json: bool) -> None:
    if as_json:
        show_json(value)
    else:
        click.echo(sentence)


def _slots(told: dict[str, Any]) -> list[Slot]:
    part = words.read_part(told["part"])
    channel, about = words.read_post(told["channel"]), words.read_field(told["field"])
    first = words.read_day(told["day"])
    last = words.read_day(told["until"]) if told["until"] else first
    if not 0 <= (last - first).days < MOST_DAYS:
        raise RosterError("Khoảng ngày chưa đúng.", f"Tối đa {MOST_DAYS} ngày liền.")
    return [Slot(day, part, channel, about) for day in days(first, last)]


async def _show(
    place: Place, first: str | None, count: int
) -> tuple[View, dict[str, Any]]:
    async with staff_room(place) as room:
        now = local_now(room)
        begin = words.read_day(first) if first else now.date()
        view = await seen(room.desk, begin, begin + timedelta(days=count - 1))
        return view, await _now(room, now)


async def _now(room: StaffRoom, now: datetime) -> dict[str, Any]:
    view, office = await _near(room, now.date(), 1), hours(room.unit)
    book = Book.of(view.plan, view.active)
    is_open = office.is_open(now)
    return {
        name: on_duty(book, now, name, is_open=is_open) for name in watched(room.unit)
    }


async def _near(room: StaffRoom, day: date, count: int) -> View:
    """Return the roster from yesterday on: a night began the evening before."""
    one = timedelta(days=1)
    return await seen(room.desk, day - one, day + count * one)


async def _set(place: Place, told: dict[str, Any]) -> int:
    async with staff_room(place) as room:
        slots = _slots(told)
        if told["clear"]:
            return await shifts.clear_shifts(room.desk, slots)
        wanted = [
            Shift(slot, told["holder"], told["deputy"] or None, told["phone"])
            for slot in slots
        ]
        return await shifts.set_shifts(room.desk, wanted)


async def _standby(place: Place, chain: list[str]) -> None:
    async with staff_room(place) as room:
        await shifts.set_standby(room.desk, chain)


async def _warnings(
    place: Place, count: int, *, always: bool
) -> tuple[View, tuple[Warned, ...]]:
    async with staff_room(place) as room:
        now = local_now(room)
        view = await _near(room, now.date(), count)
        watch = watch_of(room, view, hours(room.unit), count, always=always)
        return view, warnings(Book.of(view.plan, view.active), now, watch)


def watch_of(
    room: StaffRoom, view: View, office: WeeklyHours, count: int, *, always: bool
) -> Watch:
    """Return what is asked of the roster of a unit."""
    channels = watched(room.unit)
    return Watch(office, channels, view.reachable, count, always=always)
