"""``thanthien calendar``: days off, occasions of a year, and deadlines of the law."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from bot import installation
from bot.cli.common import (
    config_option,
    is_named,
    json_option,
    one_unit,
    run,
    show_json,
    unit_option,
)
from bot.config import Config, Unit
from bot.errors import BotError
from bot.own_hours import unit_in_force
from scheduler import resources
from scheduler.calendar import shipped
from scheduler.calendar.coverage import span_coverage
from scheduler.calendar.working_days import WorkCalendar
from scheduler.calendar.year import Occasion, occasions
from scheduler.deadlines import book
from scheduler.deadlines.deadline import Deadline, Due, deadline
from scheduler.deadlines.pause import Pause
from scheduler.deadlines.rule import Rule
from scheduler.errors import BadYearError, SchedulerError, UnknownRuleError
from scheduler.moments import local_day, parse_date, parse_moment
from scheduler.office_hours import WeeklyHours
from storage.errors import StorageError
from storage.open import SQLITE, sqlite_path

YEAR: Final = re.compile(r"\d{4}")
DAYS: Final = (
    "thứ Hai",
    "thứ Ba",
    "thứ Tư",
    "thứ Năm",
    "thứ Sáu",
    "thứ Bảy",
    "Chủ nhật",
)

file_option = click.option(
    "--file",
    "own_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Tệp riêng của xã: notices, swaps, occasions, deadlines.",
)


@click.group("calendar")
def calendar() -> None:
    """Lịch làm việc, ngày lễ trong năm và thời hạn theo luật."""


@calendar.command("year")
@config_option
@unit_option
@file_option
@json_option
@click.argument("year")
def year_command(
    config_path: Path,
    unit: str | None,
    own_file: Path | None,
    year: str,
    *,
    as_json: bool,
) -> None:
    """Liệt kê ngày lễ, ngày kỷ niệm của năm YEAR, kể cả ngày âm lịch."""
    with spoken():
        found = _year(year, own_file)
        if as_json:
            show_json([_occasion(one) for one in found])
            return
        settings = _settings(config_path, unit)
        days = _calendar(settings.unit, own_file)
        for one in found:
            mark = " (nghỉ)" if one.day_off else ""
            click.echo(f"{_day(one.date)}  {one.code}  {one.name}{mark}")
        _print_days_off(int(year), days)
        _print_notes(settings.notes)


@calendar.command("deadline")
@config_option
@unit_option
@file_option
@click.option("--extend", "extensions", multiple=True, help="Mã trường hợp gia hạn.")
@click.option("--pause", "pauses", multiple=True, help="Tạm dừng: TỪ/ĐẾN[/mã lý do].")
@json_option
@click.argument("rule")
@click.argument("when")
def deadline_command(
    config_path: Path,
    unit: str | None,
    own_file: Path | None,
    extensions: tuple[str, ...],
    pauses: tuple[str, ...],
    rule: str,
    when: str,
    *,
    as_json: bool,
) -> None:
    """Tính hạn theo RULE (mã thời hạn) khi nhận lúc WHEN (ngày hoặc ngày giờ)."""
    with spoken():
        received_at = parse_moment(when)
        settings = _settings(config_path, unit)
        own = _own_file(settings.unit, own_file)
        chosen = _rule(rule, local_day(received_at), own)
        due = deadline(
            chosen,
            received_at,
            _calendar(settings.unit, own),
            _hours(settings.unit),
            extensions,
            [_pause(chosen, text) for text in pauses],
        )
    due = replace(due, notes=(*due.notes, *settings.notes))
    if as_json:
        show_json(as_mapping(due))
    else:
        _print(due)


def as_mapping(due: Deadline) -> dict[str, Any]:
    """Return the public shape of a deadline (DESIGN.md, public interface)."""
    return {
        "deadline": due.date and due.date.isoformat(),
        "steps": [_step(step) for step in due.steps],
        "rule": due.rule.code,
        "name": due.rule.name,
        "received_at": due.received_at.isoformat(),
        "at": due.at and due.at.isoformat(timespec="minutes"),
        "basis": due.rule.last.basis,
        "promise": due.rule.last.promise,
        "notes": list(due.notes),
    }


@contextmanager
def spoken() -> Iterator[None]:
    """Turn an error of the clock's side into one the command line can say."""
    try:
        yield
    except SchedulerError as error:
        raise BotError(str(error), error.hint) from error


@dataclass(frozen=True, slots=True)
class _Settings:
    """A unit's settings, None where no configuration can be used, and why not."""

    unit: Unit | None = None
    notes: tuple[str, ...] = ()


def _settings(config_path: Path, unit: str | None) -> _Settings:
    """Return the settings to count with.

    A configuration nobody named may lack secrets, which a calendar does not need: it is
    passed over aloud. One that was named must be right.
    """
    named = is_named(unit)
    if not named and not config_path.exists():
        return _Settings()
    try:
        config = installation.load(config_path)
    except BotError as error:
        if named:
            raise
        text = (
            f"Chưa dùng {config_path.name}: {error} Tính theo lịch chung của cả nước."
        )
        return _Settings(notes=(text,))
    unit_id = one_unit(list(config.units), unit)
    return run(_in_force(config, unit_id))


async def _in_force(config: Config, unit_id: str) -> _Settings:
    """Return the unit with the hours and days that were set in the console.

    Without a database nobody can have set any; one that cannot be read is told.
    """
    unit, url = config.units[unit_id], config.storage.url
    if url.startswith(SQLITE) and not sqlite_path(url).exists():
        return _Settings(unit)
    try:
        async with installation.open_installation(config) as opened:
            return _Settings(await unit_in_force(opened.database, unit_id, unit))
    except (BotError, StorageError) as error:
        text = f"Chưa đọc được lịch đặt trên bàn làm việc: {error}"
        return _Settings(unit, (text,))


def _calendar(unit: Unit | None, own_file: Path | None) -> WorkCalendar:
    own = _own(_own_file(unit, own_file))
    holidays = shipped.read(own) if own else shipped.shipped()
    if unit is None:
        return WorkCalendar(holidays)
    return WorkCalendar(
        holidays,
        frozenset(map(parse_date, unit.days_off)),
        frozenset(map(parse_date, unit.working_days)),
    )


def _hours(unit: Unit | None) -> WeeklyHours | None:
    if unit is None:
        return None
    return WeeklyHours.parse(
        unit.office_hours, days_off=unit.days_off, working_days=unit.working_days
    )


def _own_file(unit: Unit | None, named: Path | None) -> Path | None:
    """Return the file named on the command line, else the one of the configuration."""
    if named is not None or unit is None or not unit.calendar_file:
        return named
    return Path(unit.calendar_file)


def _own(path: Path | None) -> Mapping[str, Any]:
    return resources.own_file(path) if path else {}


def _rule(code: str, day: date, own_file: Path | None) -> Rule:
    own = _own(own_file).get("deadlines", [])
    rules = book.read(own) if own else book.shipped()
    try:
        return rules.rule(code, day)
    except UnknownRuleError as error:
        raise BotError(str(error), f"Các mã: {', '.join(rules.codes())}.") from error


def _year(text: str, own_file: Path | None) -> tuple[Occasion, ...]:
    if not YEAR.fullmatch(text):
        raise BadYearError(text)
    own = _own(own_file).get("occasions", [])
    return occasions(int(text), own)


def _pause(rule: Rule, text: str) -> Pause:
    """Read FROM/TO/reason; TO may be empty, a single reason may be left out."""
    start, _, rest = text.partition("/")
    end, _, reason = rest.partition("/")
    only = rule.pauses[0].code if rule.pauses else ""
    last = parse_date(end) if end else None
    return Pause(parse_date(start), last, reason or only)


def _occasion(one: Occasion) -> dict[str, Any]:
    return {
        "date": one.date.isoformat(),
        "code": one.code,
        "name": one.name,
        "day_off": one.day_off,
    }


def _step(step: Due) -> dict[str, Any]:
    return {
        "step": step.goal.value,
        "name": step.name,
        "date": step.date and step.date.isoformat(),
        "at": step.at and step.at.isoformat(timespec="minutes"),
        "basis": step.basis,
        "promise": step.promise,
        "working": step.working,
    }


def _print(due: Deadline) -> None:
    day = _day(due.date) if due.date else "chưa tính được, hồ sơ đang tạm dừng"
    click.echo(f"{due.rule.name}: {day}")
    for step in due.steps:
        source = "cam kết của xã" if step.promise else step.basis
        until = _moment(step.date, step.at)
        click.echo(f"  {step.name}: {until} ({step.working}; {source})")
    _print_notes(due.notes)


def _print_notes(notes: Iterable[str]) -> None:
    for note in notes:
        click.echo(f"  Lưu ý: {note}")


def _print_days_off(year: int, calendar_: WorkCalendar) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    click.echo("Ngày nghỉ trong tuần làm việc và ngày làm bù:")
    own = {day for day in calendar_.own_days_off if day.year == year}
    for day in sorted({*calendar_.holidays.year(year), *own}):
        off = calendar_.day_off(day)
        if off:
            click.echo(f"  {_day(day)}  nghỉ  {off.name}")
    worked = {day for day in calendar_.own_working if day.year == year}
    for day in sorted({*calendar_.holidays.worked_days(year), *worked}):
        click.echo(f"  {_day(day)}  làm việc")
    _print_notes(span_coverage(calendar_, first, last).warnings())


def _moment(day: date | None, at: datetime | None) -> str:
    if at is not None:
        return f"{at:%H:%M} {_day(at.date())}"
    return _day(day) if day else "đang tạm dừng"


def _day(day: date) -> str:
    return f"{DAYS[day.weekday()]} {day:%d/%m/%Y}"
