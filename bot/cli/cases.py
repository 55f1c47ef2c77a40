"""``thanthien cases``: the desk of staff at the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.cli.cases_room import (
    HOW,
    as_mapping,
    by_option,
    code_argument,
    headline,
    local,
    room,
)
from bot.cli.cases_steps import STEPS
from bot.cli.common import (
    config_option,
    json_option,
    run,
    show_json,
    unit_option,
)
from handlers.cases.case import Source
from handlers.cases.errors import BadTimeError
from handlers.cases.kind import CaseKind, shipped
from handlers.cases.moments import LOCAL, local_day
from handlers.staff.cases import listing, recompute, record, show
from handlers.staff.cases.listing import Filter, Line
from handlers.staff.cases.record import Recorded, Report
from handlers.staff.cases.show import Shown
from handlers.staff.cases.telling import Told
from handlers.staff.desk_list.search import rebuild


@click.group("cases")
def cases() -> None:
    """Hồ sơ phản ánh, kiến nghị và các việc người dân gửi tới xã."""


for step in STEPS:
    cases.add_command(step)


@cases.command("list")
@config_option
@unit_option
@by_option
@click.option("--state", default="", help="Trạng thái, ví dụ received.")
@click.option("--kind", default="", help="Loại, ví dụ phan_anh.")
@click.option("--owner", default="", help="Người giữ; on_duty là bộ phận trực.")
@click.option("--due", "due_in_days", type=int, help="Đến hạn trong N ngày tới.")
@click.option("--overdue", "is_overdue", is_flag=True, help="Chỉ hồ sơ quá hạn.")
@click.option("--waiting", "is_waiting", is_flag=True, help="Còn tin chờ báo.")
@click.option("--all", "with_closed", is_flag=True, help="Cả hồ sơ đã kết thúc.")
@click.option("--limit", default=50, show_default=True, help="Số dòng nhiều nhất.")
@json_option
def list_command(
    config_path: Path,
    unit: str | None,
    by: str,
    limit: int,
    *,
    as_json: bool,
    **wanted: Any,
) -> None:
    """Liệt kê hồ sơ, gấp nhất trước."""
    found = run(_list(config_path, unit, by, Filter(**wanted), limit))
    if as_json:
        show_json([_line(one) for one in found])
        return
    for one in found:
        mark = "  QUÁ HẠN" if one.is_overdue else ""
        click.echo(headline(one.case) + mark)
    if not found:
        click.echo("Không có hồ sơ nào.")


@cases.command("show")
@config_option
@unit_option
@by_option
@json_option
@code_argument
def show_command(
    config_path: Path, unit: str | None, by: str, code: str, *, as_json: bool
) -> None:
    """Xem một hồ sơ: nội dung, diễn biến, tin đã báo; lượt xem được ghi lại."""
    found = run(_show(config_path, unit, by, code))
    if as_json:
        show_json(_shown(found))
    else:
        _print(found)


@cases.command("status")
@config_option
@unit_option
@json_option
@code_argument
def status_command(
    config_path: Path, unit: str | None, code: str, *, as_json: bool
) -> None:
    """Tình trạng hồ sơ bằng lời như người dân đọc được."""
    text = run(_status(config_path, unit, code))
    if as_json:
        show_json({"text": text})
    else:
        click.echo(text)


@cases.command("kinds")
@config_option
@json_option
def kinds_command(config_path: Path, *, as_json: bool) -> None:
    """Các loại hồ sơ và thời hạn của từng loại."""
    del config_path  # kinds are the same for every unit
    found = list(shipped())
    if as_json:
        show_json([_kind(kind) for kind in found])
        return
    for kind in found:
        rules = ", ".join(dict.fromkeys(clock.rule for clock in kind.clocks))
        click.echo(f"{kind.code}  {kind.name} ({rules or 'chỉ hướng dẫn'})")


@cases.command("open")
@config_option
@unit_option
@by_option
@click.option("--kind", required=True, help="Loại hồ sơ.")
@click.option("--text", required=True, help="Nội dung người dân nêu.")
@click.option(
    "--source",
    type=click.Choice([one.value for one in Source if one is not Source.MESSAGE]),
    required=True,
    help="Cách người dân gửi tới.",
)
@click.option("--at", "at", default="", help="Lúc nhận (mặc định: bây giờ).")
@click.option("--name", default="", help="Họ tên người dân.")
@click.option("--phone", default="", help="Số điện thoại người dân.")
@click.option("--address", default="", help="Địa chỉ người dân.")
@json_option
def open_command(
    config_path: Path,
    unit: str | None,
    by: str,
    source: str,
    at: str,
    *,
    as_json: bool,
    **told: str,
) -> None:
    """Mở hồ sơ cho người đến trực tiếp, gọi điện, gửi giấy hoặc qua 1022."""
    done = run(_open(config_path, unit, by, Source(source), at, told))
    if as_json:
        show_json(as_mapping(done.case) | {"receipt_text": done.receipt})
        return
    click.echo(headline(done.case))
    click.echo(f"Xin nói với người dân:\n{done.receipt}")


@cases.command("recompute")
@config_option
@unit_option
@by_option
@click.option("--why", required=True, help="Lý do bằng mã ngắn, ví dụ lich-2027.")
@json_option
def recompute_command(
    config_path: Path, unit: str | None, by: str, why: str, *, as_json: bool
) -> None:
    """Tính lại hạn của mọi hồ sơ đang mở khi lịch nghỉ hoặc luật thay đổi."""
    moved = run(_recompute(config_path, unit, by, why))
    if as_json:
        show_json([as_mapping(done.case) for done in moved])
        return
    for done in moved:
        click.echo(headline(done.case))
    click.echo(f"Đã đổi hạn {len(moved)} hồ sơ.")


@cases.command("reindex")
@config_option
@unit_option
def reindex_command(config_path: Path, unit: str | None) -> None:
    """Đọc lại toàn bộ chữ để ô tìm ở trực ban tìm thấy; không lưu chữ nào."""
    click.echo(f"Đã đọc {run(_reindex(config_path, unit))} đoạn.")


async def _reindex(config_path: Path, unit: str | None) -> int:
    async with room(config_path, unit, "cli") as here:
        return await rebuild(here.database, here.unit_id, here.vault.keys)


async def _list(
    config_path: Path, unit: str | None, by: str, wanted: Filter, limit: int
) -> list[Line]:
    async with room(config_path, unit, by) as here:
        return await listing.listed(here, wanted, limit)


async def _show(config_path: Path, unit: str | None, by: str, code: str) -> Shown:
    async with room(config_path, unit, by) as here:
        return await show.show(here, code)


async def _status(config_path: Path, unit: str | None, code: str) -> str:
    async with room(config_path, unit, "cli") as here:
        return await show.status(here, code)


async def _open(
    config_path: Path,
    unit: str | None,
    by: str,
    source: Source,
    at: str,
    told: dict[str, str],
) -> Recorded:
    async with room(config_path, unit, by) as here:
        received_at = _moment(at) if at else here.clock.now()
        report = Report(source=source, received_at=received_at, **told)
        return await record.open_for(here, report)


async def _recompute(
    config_path: Path, unit: str | None, by: str, why: str
) -> list[Any]:
    async with room(config_path, unit, by) as here:
        return list(await recompute.recompute(here, why))


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadTimeError(text[:40]) from None
    return found if found.tzinfo else found.replace(tzinfo=LOCAL)


def _line(one: Line) -> dict[str, Any]:
    return as_mapping(one.case) | {"overdue": one.is_overdue}


def _kind(kind: CaseKind) -> dict[str, Any]:
    return {
        "code": kind.code,
        "name": kind.name,
        "letters": kind.letters,
        "in_chat": kind.in_chat,
        "guidance": kind.is_guidance,
        "approval": kind.needs_approval,
        "rules": list(dict.fromkeys(clock.rule for clock in kind.clocks)),
        "requires": list(kind.requires),
    }


def _basis(found: Shown) -> str:
    """Return the legal basis of the kind that was in force on the day of receipt."""
    return found.file.kind.basis_on(local_day(found.file.case.received_at))


def _shown(found: Shown) -> dict[str, Any]:
    return as_mapping(found.file.case) | {
        "basis": _basis(found),
        "texts": dict(found.texts),
        "history": [
            {
                "seq": line.seq,
                "act": line.act,
                "by": line.by,
                "at": local(line.at),
                "texts": dict(line.texts),
                "template": line.template,
                "version": line.template_version,
            }
            for line in found.history
        ],
        "sent": [
            {"how": one.how, "send": one.send, "code": one.code, "text": one.text}
            for one in found.sent
        ],
    }


def _print(found: Shown) -> None:
    click.echo(headline(found.file.case))
    if basis := _basis(found):
        click.echo(f"  căn cứ: {basis}")
    for name, text in found.texts.items():
        click.echo(f"  {name}: {text}")
    click.echo("Diễn biến:")
    for line in found.history:
        said = "; ".join(line.texts.values())
        click.echo(
            f"  {line.seq}. {local(line.at)} {line.by}: {line.act} {said}".rstrip()
        )
    for one in found.sent:
        click.echo(
            f"  Tin: {one.send or HOW[Told(one.how)]} {one.code}\n    {one.text}"
        )
