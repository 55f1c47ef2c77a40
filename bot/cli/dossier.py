"""``thanthien dossier``: the dossier as one file, and the papers filed for it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from bot.cli.common import (
    config_option,
    json_option,
    one_unit,
    open_installation,
    run,
    show_json,
    unit_option,
)
from bot.dossier_room import criteria_of, file_paper, make, point_at, point_now, unit_of
from bot.errors import BotError, DatabaseError
from bot.installation import Installation
from bot.policy import LOCAL
from handlers.staff.dossier.build import STEPS, Ask, Built
from handlers.staff.dossier.errors import DossierError
from handlers.staff.dossier.finding import STATE_NAMES, State
from handlers.staff.dossier.paper import (
    PLACES,
    NewPaper,
    Paper,
    PaperRoom,
    listed,
    remove,
)
from handlers.staff.people.desk import Desk
from handlers.staff.people.errors import PeopleError
from handlers.staff.people.model import OPERATOR
from messages.criteria.errors import CriteriaError
from messages.documents.errors import DocumentError
from storage.errors import EvidenceError, FileDamagedError, FilesFullError, StorageError
from storage.file_folder import FileFolder

DAY = click.DateTime(["%Y-%m-%d"])
INSTANT: Final = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
by_option = click.option("--by", default=OPERATOR, help="Mã cán bộ thực hiện.")
criteria_option = click.option("--criteria", type=FILE, help="Bộ tiêu chí khác.")
WIDTH: Final = 28


@click.group("dossier", invoke_without_command=True)
@config_option
@unit_option
@click.option("--from", "first", type=DAY, help="Từ ngày (2026-01-01).")
@click.option("--to", "last", type=DAY, help="Đến hết ngày (2026-12-31).")
@click.option(
    "--as-of",
    "as_of",
    help="Lập lại như ở một thời điểm đã qua (2026-11-30T17:00, giờ địa phương).",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Tệp ZIP.")
@criteria_option
@by_option
@json_option
@click.pass_context
def dossier(
    context: click.Context,
    config_path: Path,
    unit: str | None,
    first: datetime | None,
    last: datetime | None,
    as_of: str | None,
    out: Path | None,
    criteria: Path | None,
    by: str,
    *,
    as_json: bool,
) -> None:
    """Lập hồ sơ minh chứng của một kỳ; hoặc nộp, xem, gỡ giấy tờ (papers …)."""
    if context.invoked_subcommand is not None:
        return
    if first is None or last is None:
        raise BotError(
            "Cần khoảng ngày của hồ sơ.",
            "Ví dụ: thanthien dossier --from 2026-01-01 --to 2026-12-31",
        )
    instant = _instant(as_of) if as_of else None
    days = (first.date(), last.date())
    place = out or Path(f"ho-so-{days[0]}-{days[1]}.zip")
    built = run(_make(config_path, unit, by, days, instant, place, criteria))
    told = _counted(built)
    if as_json:
        point = {"size": built.point.size, "root": built.point.root}
        show_json({"out": str(place), "as_of": built.point.at, **point, **told})
        return
    names = [f"{STATE_NAMES[state]} {told[state.value]}" for state in State]
    click.echo(f"Đã ghi {place}: {', '.join(names)}.")
    click.echo(f"Lập lại đúng bản này: thêm --as-of {_shown(built.point.at)}")


@dossier.command("file")
@click.argument("criterion", metavar="DÒNG")
@click.argument("path", metavar="TỆP", type=FILE)
@config_option
@unit_option
@click.option("--title", required=True, help="Tên giấy tờ.")
@click.option("--day", type=DAY, required=True, help="Ngày của giấy tờ.")
@click.option("--number", default="", help="Số, ký hiệu.")
@click.option("--note", default="", help="Ghi chú.")
@click.option("--place", default="", help=f"Hình thức công khai: {', '.join(PLACES)}.")
@click.option("--until", type=DAY, help="Công khai đến hết ngày.")
@by_option
def file_command(
    criterion: str,
    path: Path,
    config_path: Path,
    unit: str | None,
    title: str,
    day: datetime,
    number: str,
    note: str,
    place: str,
    until: datetime | None,
    by: str,
) -> None:
    """Nộp một giấy tờ hoặc ảnh cho một dòng tiêu chí (ví dụ I.1.a)."""
    end = until.date() if until else None
    new = NewPaper(criterion, title, day.date(), number, note, place, end)
    paper_id = run(_file(config_path, unit, by, new, path))
    click.echo(f"Đã nộp vào dòng {criterion}, mã {paper_id}.")


@dossier.command("papers")
@config_option
@unit_option
@click.option("--criterion", default="", help="Chỉ một dòng.")
@by_option
@json_option
def papers_command(
    config_path: Path, unit: str | None, criterion: str, by: str, *, as_json: bool
) -> None:
    """Liệt kê giấy tờ đã nộp."""
    found = run(_listed(config_path, unit, by, criterion))
    if as_json:
        show_json([_mapping(one) for one in found])
        return
    for one in found:
        number = f" số {one.number}" if one.number else ""
        click.echo(
            f"{one.paper_id}  {one.criterion:<10} {one.day}  {one.title}{number}"
        )
    click.echo(f"{len(found)} giấy tờ.")


@dossier.command("remove")
@click.argument("paper_id", metavar="MÃ")
@config_option
@unit_option
@click.option("--reason", required=True, help="Lý do gỡ.")
@click.option("--destroy", is_flag=True, help="Hủy hẳn tệp và nội dung (nộp nhầm).")
@by_option
def remove_command(
    paper_id: str,
    config_path: Path,
    unit: str | None,
    reason: str,
    by: str,
    *,
    destroy: bool,
) -> None:
    """Gỡ một giấy tờ đã nộp, có lý do."""
    run(_remove(config_path, unit, by, paper_id, reason, destroy=destroy))
    click.echo("Đã gỡ.")


async def _make(
    config_path: Path,
    unit: str | None,
    by: str,
    days: tuple[date, date],
    instant: int | None,
    place: Path,
    criteria: Path | None,
) -> Built:
    async with _opened(config_path, unit, by) as (house, desk):
        ask, chosen = Ask(*days), unit_of(house, desk.unit_id, criteria)
        if instant is not None and instant > house.clock.now_ms():
            raise BotError("Thời điểm --as-of chưa tới.", "Xin chọn lúc đã qua.")
        point = (
            await point_now(house, desk, ask)
            if instant is None
            else await point_at(desk, instant)
        )
        part = place.with_name(f".{place.name}.part")
        try:
            with part.open("wb") as out:
                built = await make(house, chosen, ask, point, out, _bar())
            part.replace(place)
        except OSError as error:
            raise BotError(
                f"Không ghi được {place.name}.", "Xin chọn nơi khác."
            ) from error
        finally:
            part.unlink(missing_ok=True)
        return built


class _bar:  # noqa: N801  used like a function
    """One line on the terminal that moves; lines of their own where there is none."""

    def __init__(self) -> None:
        self._last = ("", -1)
        self._is_live = sys.stderr.isatty()

    def __call__(self, step: str, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        if (step, percent) == self._last:
            return
        is_end = percent == 100  # noqa: PLR2004  percent
        self._last = (step, percent)
        if self._is_live:
            full = "█" * (percent * WIDTH // 100)
            text = f"\r{STEPS[step]:<20} {full:<{WIDTH}} {percent:3d}%"
            click.echo(text, nl=is_end, err=True)
        elif is_end or not percent % 25:
            click.echo(f"{STEPS[step]}: {percent}%", err=True)


async def _file(
    config_path: Path, unit: str | None, by: str, new: NewPaper, path: Path
) -> str:
    async with _opened(config_path, unit, by) as (house, desk):
        room = _room(house, desk)
        data = await asyncio.to_thread(path.read_bytes)
        return await file_paper(house.config, room, new, data)


async def _listed(
    config_path: Path, unit: str | None, by: str, criterion: str
) -> list[Paper]:
    async with _opened(config_path, unit, by) as (house, desk):
        return await listed(_room(house, desk), criterion)


async def _remove(
    config_path: Path,
    unit: str | None,
    by: str,
    paper_id: str,
    reason: str,
    *,
    destroy: bool,
) -> None:
    async with _opened(config_path, unit, by) as (house, desk):
        await remove(_room(house, desk), paper_id, reason, destroy=destroy)


def _room(house: Installation, desk: Desk) -> PaperRoom:
    folder = FileFolder(house.files_folder)
    return PaperRoom(desk, folder, criteria_of(house.config))


@asynccontextmanager
async def _opened(
    config_path: Path, unit: str | None, by: str
) -> AsyncIterator[tuple[Installation, Desk]]:
    async with open_installation(config_path) as house:
        try:
            unit_id = one_unit(list(house.config.units), unit)
            keys = house.ring.unit(unit_id)
            now = house.clock.now_ms
            yield house, Desk(house.database, unit_id, keys, house.ids, now, by)
        except (DossierError, PeopleError, CriteriaError, DocumentError) as error:
            raise BotError(str(error), error.hint) from error
        except EvidenceError as error:
            raise BotError(
                f"Nhật ký minh chứng có chỗ không khớp: {error}",
                "Xin chạy 'thanthien evidence verify' và giữ nguyên dữ liệu.",
            ) from error
        except FileDamagedError as error:
            raise BotError(
                "Một giấy tờ đã nộp bị mất hoặc bị sửa trên đĩa.",
                "Xin giữ nguyên thư mục files và xem bản sao lưu.",
            ) from error
        except FilesFullError as error:
            raise BotError("Ổ đĩa đã đầy.", "Xin dọn chỗ rồi làm lại.") from error
        except StorageError as error:
            raise DatabaseError from error


def _instant(text: str) -> int:
    """Read a local instant, or milliseconds as --json gives them; a day: its end."""
    if text.isascii() and text.isdigit():
        return int(text)
    for form in INSTANT:
        try:
            found = datetime.strptime(text, form).replace(tzinfo=LOCAL)
        except ValueError:
            continue
        more = 86_400_000 - 1 if form == INSTANT[0] else 999
        return round(found.timestamp() * 1000) + more
    raise BotError(
        f"Chưa hiểu thời điểm '{text[:40]}'.", "Ví dụ: 2026-11-30 hoặc 2026-11-30T17:00"
    )


def _shown(at: int) -> str:
    """The instant, rounded down to a second: ``_instant`` takes the whole second."""
    return f"{datetime.fromtimestamp(at // 1000, tz=LOCAL):%Y-%m-%dT%H:%M:%S}"


def _counted(built: Built) -> dict[str, int]:
    items = [one for one in built.sections if one.criterion.is_scored]
    states = {s.value: sum(one.state is s for one in items) for s in State}
    files = sum(len(one.evidence) for one in items)
    return {
        **states,
        "evidence": files,
        "entries": built.entries,
        "erased": built.erased,
    }


def _mapping(one: Paper) -> dict[str, Any]:
    return {
        "paper_id": one.paper_id,
        "criterion": one.criterion,
        "day": one.day.isoformat(),
        "title": one.title,
        "number": one.number,
        "place": one.place,
        "size": one.size,
        "sha256": one.sha256,
        "filed_by": one.filed_by,
    }
