"""``thanthien greetings``: what will be said when, who approves it, how far it got."""

from __future__ import annotations

import calendar as months_of
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from bot.broadcast_days import UnitDays, day_of, days_of
from bot.cli import greetings_calendar
from bot.cli.common import (
    is_named,
    json_option,
    one_unit,
    run,
    show_json,
    unit_option,
)
from bot.cli.letters_office import NOBODY
from bot.cli.staff_room import (
    Place,
    StaffRoom,
    place_options,
    staff_room,
)
from bot.clock import SystemClock
from bot.errors import BotError
from bot.installation import load
from handlers.staff.greetings import acts, report
from handlers.staff.greetings.errors import GreetingStepError
from handlers.staff.greetings.model import texts_of
from handlers.staff.people.model import OPERATOR
from messages.greetings.compose import compose
from messages.greetings.errors import GreetingError
from messages.greetings.lint import lint
from scheduler.calendar.lunar import to_lunar
from scheduler.errors import SchedulerError
from scheduler.moments import LOCAL, parse_date
from scheduler.occasions.plan import Planned
from scheduler.occasions.rule import groups

MOST_MONTHS = 36
STEPS = {
    "drop": (acts.drop, "Đã bỏ lời chúc này."),
    "recall": (acts.recall, "Đã rút lại việc duyệt."),
    "pause": (acts.pause, "Đã tạm dừng gửi."),
    "resume": (acts.resume, "Đã gửi tiếp."),
    "stop": (acts.stop, "Đã thôi gửi."),
}

config_optional = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.yml"),
    show_default=True,
    help="Tệp cấu hình; không có thì dùng tên xã mẫu.",
)


@click.group("greetings")
def greetings() -> None:
    """Lời chúc các dịp trong năm: xem trước, duyệt, theo dõi, tạm dừng."""


@greetings.command("simulate")
@config_optional
@unit_option
@json_option
@click.option("--months", type=click.IntRange(1, MOST_MONTHS), default=12)
@click.option("--from", "first", help="Từ ngày (mặc định: hôm nay).")
@click.option("--texts", is_flag=True, help="In cả lời chúc.")
@click.option(
    "--people", is_flag=True, help="Đếm người nhận theo dữ liệu hiện có, kể cả thư."
)
def simulate_command(
    config_path: Path,
    unit: str | None,
    months: int,
    first: str | None,
    *,
    texts: bool,
    people: bool,
    as_json: bool,
) -> None:
    """Cho biết những tháng tới lời chúc nào được soạn, gửi giờ nào, nói gì."""
    begin = _first(first)
    if people:
        place = Place(config_path, unit, OPERATOR)
        _count(place, begin, _after(begin, months), as_json=as_json)
        return
    days = _days(config_path, unit)
    try:
        found = days.between(begin, _after(begin, months))
        told = [_told(one, days) for one in found]
    except (SchedulerError, GreetingError) as error:
        raise BotError(str(error), error.hint) from error
    if as_json:
        show_json(told)
        return
    for one in told:
        click.echo(_line(one))
        for road, text in one["texts"].items() if texts else ():
            click.echo(f"  [{road}] {text}")
        for problem in one["problems"]:
            click.echo(f"  CẦN SỬA: {problem}")
    click.echo(f"{len(told)} lời chúc trong {months} tháng.")


def _count(place: Place, first: date, last: date, *, as_json: bool) -> None:
    found = run(greetings_calendar.counted(place, first, last))
    if as_json:
        show_json([greetings_calendar.shown(one) for one in found])
        return
    for one in found:
        click.echo(greetings_calendar.line(one))
    click.echo(f"{len(found)} lần gửi.")


@greetings.command("lint")
@config_optional
@unit_option
def lint_command(config_path: Path, unit: str | None) -> None:
    """Soát câu chữ của mọi lời chúc trong ba năm tới."""
    days, begin = _days(config_path, unit), _first(None)
    told = (_told(one, days) for one in days.between(begin, _after(begin, 36)))
    faults = {f"{one['code']}: {p}" for one in told for p in one["problems"]}
    for problem in sorted(faults):
        click.echo(problem)
    if faults:
        raise BotError(
            f"Có {len(faults)} chỗ cần sửa.", "Xin sửa messages/greetings/texts.yml."
        )
    click.echo("Mọi lời chúc đều ổn.")


@greetings.command("list")
@place_options
def list_command(
    config_path: Path, unit: str | None, by: str, *, as_json: bool
) -> None:
    """Liệt kê lời chúc từ hôm nay, và lời chúc đang ở bước nào."""
    place = Place(config_path, unit, by)
    rows = run(_listed(place))
    kept = ("greeting_id", "occasion", "day", "state", "version", "page_state")
    if as_json:
        show_json([{name: row[name] for name in kept} for row in rows])
        return
    for row in rows:
        click.echo("  ".join(str(row[name]) for name in kept))


@greetings.command("show")
@place_options
@click.argument("name")
def show_command(
    config_path: Path, unit: str | None, by: str, name: str, *, as_json: bool
) -> None:
    """In lời chúc (tin nhắn, bài đăng, bài phát thanh, bài cổng) và báo cáo gửi."""
    row, numbers = run(_one(Place(config_path, unit, by), name))
    texts = {road.value: text for road, text in texts_of(row).items()}
    told = {
        "occasion": row["occasion"],
        "day": row["day"],
        "state": row["state"],
        "version": row["version"],
        "texts": texts,
        "sent": numbers.sent,
        "unknown": numbers.unknown,
        "waiting": numbers.waiting,
        "refused": dict(numbers.refused),
        "left_out": dict(numbers.left_out),
        "seconds_left": numbers.seconds_left,
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=None if as_json else 2))


@greetings.command("approve")
@place_options
@click.argument("name")
@click.option("--version", type=int, required=True, help="Bản đã đọc.")
def approve_command(
    config_path: Path,
    unit: str | None,
    by: str,
    name: str,
    version: int,
    *,
    as_json: bool,
) -> None:
    """Duyệt lời chúc; phải nêu --by là mã của người duyệt."""
    del as_json
    if by == OPERATOR:
        raise BotError("Duyệt phải do một người có tên.", "Xin thêm --by <mã cán bộ>.")
    run(_do(Place(config_path, unit, by), name, version))
    click.echo("Đã duyệt.")


@greetings.command("step")
@place_options
@click.argument("step", type=click.Choice(sorted(STEPS)))
@click.argument("name")
def step_command(
    config_path: Path, unit: str | None, by: str, step: str, name: str, *, as_json: bool
) -> None:
    """Bỏ, rút lại, tạm dừng, gửi tiếp hoặc thôi gửi một lời chúc."""
    del as_json
    run(_step(Place(config_path, unit, by), step, name))
    click.echo(STEPS[step][1])


async def _listed(place: Place) -> list[dict[str, Any]]:
    async with _room(place) as room:
        today = SystemClock().now().astimezone(LOCAL).date()
        return await report.listed(room.desk, today.isoformat())


async def _one(place: Place, name: str) -> tuple[dict[str, Any], report.Report]:
    async with _room(place) as room:
        return await report.one(room.desk, name)


async def _do(place: Place, name: str, version: int) -> None:
    async with _room(place) as room:
        await acts.approve(room.desk, name, version)


async def _step(place: Place, step: str, name: str) -> None:
    async with _room(place) as room:
        await STEPS[step][0](room.desk, name)


@asynccontextmanager
async def _room(place: Place) -> AsyncIterator[StaffRoom]:
    async with staff_room(place) as room:
        try:
            yield room
        except GreetingStepError as error:
            raise BotError(str(error), error.hint) from error


def _days(config_path: Path, unit: str | None) -> UnitDays:
    """A configuration nobody named may be missing: the sample commune then speaks."""
    if not is_named(unit) and not config_path.exists():
        return UnitDays(NOBODY)
    try:
        config = load(config_path)
        return days_of(config.units[one_unit(list(config.units), unit)])
    except SchedulerError as error:
        raise BotError(str(error), error.hint) from error
    except BotError:
        if is_named(unit):
            raise
        return UnitDays(NOBODY)


def _first(text: str | None) -> date:
    if text is None:
        return SystemClock().now().astimezone(LOCAL).date()
    try:
        return parse_date(text)
    except SchedulerError as error:
        raise BotError(str(error), error.hint) from error


def _after(first: date, months: int) -> date:
    """Return the last day of so many months that begin on a day."""
    number = first.year * 12 + first.month - 1 + months
    year, month = number // 12, number % 12 + 1
    day = min(first.day, months_of.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)


def _told(one: Planned, days: UnitDays) -> dict[str, Any]:
    day = day_of(one)
    texts = compose(day.subject, days.office)
    return {
        "code": one.code,
        "name": one.occasion.name,
        "day": day.day,
        "lunar": str(to_lunar(one.day)),
        "draft_from": (one.day - timedelta(days=7)).isoformat(),
        "at": _clock(day.due_at),
        "until": _clock(day.ends_at),
        "reach": day.reach,
        "audience": list(day.audience),
        "texts": {road.value: text for road, text in texts.items()},
        "problems": list(lint(texts, day.subject.tone, days.office.short)),
    }


def _clock(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC).astimezone(LOCAL):%H:%M}"


def _line(one: dict[str, Any]) -> str:
    named = ", ".join(groups().get(code, code) for code in one["audience"])
    people = f"nhắn {named or 'người dân'}"
    reach = people if one["reach"] == "people" else "trang, loa, cổng"
    day = date.fromisoformat(one["day"])
    parts: Iterable[str] = (
        f"{day:%d/%m/%Y}",
        f"âm {one['lunar']}",
        f"{one['at']}-{one['until']}",
        one["name"],
        f"({reach})",
    )
    return "  ".join(parts)
