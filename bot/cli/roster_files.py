"""``thanthien roster`` import, export, sheet: shifts as files."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from bot.cli.common import run, show_json
from bot.cli.roster_days import day_option, local_now
from bot.cli.roster_words import report_json
from bot.cli.staff_room import Place, StaffRoom, place_options, staff_room
from handlers.staff.roster import export, imports, sheet, words
from handlers.staff.roster.errors import RosterError, SheetNotWrittenError
from handlers.staff.roster.imports import Report
from handlers.staff.roster.sheet import Printed
from handlers.staff.roster.view import seen
from handlers.staff.roster.words import slot_name

MONTH = 31
MOST_DAYS = 366
SHOWN = 20
KINDS = (".html", ".htm")


@click.command("import")
@place_options
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Chỉ xem trước, không ghi.")
@click.option(
    "--replace", is_flag=True, help="Bỏ các ca không có trong tệp ở những ngày đó."
)
def import_command(
    config_path: Path,
    unit: str | None,
    by: str,
    file: Path,
    *,
    dry_run: bool,
    replace: bool,
    as_json: bool,
) -> None:
    """Nhập ca trực từ FILE (.xlsx hoặc .csv); nên xem trước bằng --dry-run."""
    place = Place(config_path, unit, by)
    report = run(_import(place, file, dry_run=dry_run, replace=replace))
    if as_json:
        show_json(report_json(report, dry_run=dry_run))
        return
    _print(report)
    if dry_run:
        click.echo("Chạy thử: chưa ghi gì vào bảng trực.")


@click.command("export")
@place_options
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@day_option("--from", "first", "Từ ngày (mặc định: hôm nay).")
@day_option("--to", "last", "Đến ngày (mặc định: 31 ngày).")
def export_command(
    config_path: Path,
    unit: str | None,
    by: str,
    out: Path,
    first: str | None,
    last: str | None,
    *,
    as_json: bool,
) -> None:
    """Xuất ca trực ra OUT (.xlsx hoặc .csv); nhập lại được."""
    number = run(_export(Place(config_path, unit, by), out, first, last))
    if as_json:
        show_json({"shifts": number})
    else:
        click.echo(f"Đã xuất {number} ca trực.")


@click.command("sheet")
@place_options
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@day_option("--from", "first", "Từ ngày (mặc định: hôm nay).")
@day_option("--to", "last", "Đến ngày (mặc định: 31 ngày).")
def sheet_command(
    config_path: Path,
    unit: str | None,
    by: str,
    out: Path,
    first: str | None,
    last: str | None,
    *,
    as_json: bool,
) -> None:
    """In bảng phân công trực ra OUT (.html): mở bằng trình duyệt, in, ký, đóng dấu."""
    printed = run(_sheet(Place(config_path, unit, by), out, first, last))
    if as_json:
        show_json({"shifts": printed.shifts, "sha256": printed.sha256})
    else:
        click.echo(f"Đã lập bảng phân công trực, {printed.shifts} ca.")
        click.echo(f"Mã băm ghi vào minh chứng: {printed.sha256}")


def _print(report: Report) -> None:
    counts = report.counts()
    click.echo(
        f"Thêm {counts['added']}, đổi {counts['changed']}, "
        f"không đổi {counts['unchanged']}, bỏ {counts['removed']}, "
        f"từ chối {counts['refused']}."
    )
    for sign, slots in (
        ("+", report.added),
        ("~", report.changed),
        ("-", report.removed),
    ):
        for slot in slots[:SHOWN]:
            click.echo(f"  {sign} {slot_name(slot)}")
        if len(slots) > SHOWN:
            click.echo(f"  {sign} … và {len(slots) - SHOWN} ca nữa (xem --json).")
    for refused in report.refused[:SHOWN]:
        click.echo(f"  Dòng {refused.number}: {refused.reason}")
    if len(report.refused) > SHOWN:
        click.echo(f"  … và {len(report.refused) - SHOWN} dòng nữa (xem --json).")


def _span(room: StaffRoom, first: str | None, last: str | None) -> tuple[date, date]:
    begin = words.read_day(first) if first else local_now(room).date()
    end = words.read_day(last) if last else begin + timedelta(days=MONTH - 1)
    if not 0 <= (end - begin).days < MOST_DAYS:
        raise RosterError("Khoảng ngày chưa đúng.", f"Tối đa {MOST_DAYS} ngày.")
    return begin, end


async def _import(place: Place, file: Path, *, dry_run: bool, replace: bool) -> Report:
    async with staff_room(place) as room:
        work = imports.preview if dry_run else imports.apply
        return await work(room.desk, file, replace_days=replace)


async def _export(place: Place, out: Path, first: str | None, last: str | None) -> int:
    async with staff_room(place) as room:
        view = await seen(room.desk, *_span(room, first, last))
        return export.write(out, view)


async def _sheet(
    place: Place, out: Path, first: str | None, last: str | None
) -> Printed:
    async with staff_room(place) as room:
        if out.suffix.lower() not in KINDS:
            raise SheetNotWrittenError(hint="Tên tệp cần đuôi .html.")
        name = room.unit.full_name or room.unit.name
        made = await sheet.made(room.desk, name, "", *_span(room, first, last))
        page = made.page.encode()
        export.replace_file(out, lambda partial: _write(partial, page))
        await sheet.prove(room.desk, made)
        return made


def _write(path: Path, page: bytes) -> None:
    path.write_bytes(page)
