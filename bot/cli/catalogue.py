"""``thanthien catalogue``: import, export and list the procedures of a unit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

from bot.cli.common import (
    config_option,
    one_unit,
    open_installation,
    run,
    show_json,
    unit_option,
)
from bot.clock import from_ms
from bot.errors import BotError, DatabaseError
from bot.installation import Installation
from handlers.staff.catalogue import export, files, imports
from handlers.staff.catalogue.columns import LEVEL_NAMES
from handlers.staff.catalogue.effective import UnitCatalogue, load
from handlers.staff.catalogue.errors import CatalogueError
from handlers.staff.catalogue.model import Batch, Layer, Report
from handlers.staff.catalogue.national import DEFAULT_AS_OF
from messages.procedure import Procedure
from storage import catalogue as rows
from storage.errors import StorageError

LOCAL_TIME: Final = ZoneInfo("Asia/Ho_Chi_Minh")
SHOWN: Final = 20
"""Refused rows printed for people; --json has them all."""


@click.group("catalogue")
def catalogue() -> None:
    """Danh mục thủ tục hành chính: nhập, xuất, liệt kê."""


@catalogue.command("import")
@config_option
@unit_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--layer",
    type=click.Choice([Layer.NATIONAL.value, Layer.COMMUNE.value]),
    help="Lớp dữ liệu; mặc định: tệp của Cổng vào national, tệp khác vào commune.",
)
@click.option("--dry-run", is_flag=True, help="Chỉ so sánh và báo cáo, không ghi.")
@click.option(
    "--replace", is_flag=True, help="Bỏ khỏi lớp những mã không có trong tệp."
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=DEFAULT_AS_OF.isoformat(),
    show_default=True,
    help="Ngày của dữ liệu Cổng Dịch vụ công.",
)
@click.option("--json", "as_json", is_flag=True, help="In báo cáo dạng JSON.")
def import_command(
    config_path: Path,
    unit: str | None,
    file: Path,
    layer: str | None,
    as_of: datetime,
    *,
    dry_run: bool,
    replace: bool,
    as_json: bool,
) -> None:
    """Nhập danh mục từ FILE (.jsonl[.gz] của Cổng, .xlsx, .csv, .yml)."""
    with spoken():
        batch = files.read(file, as_of.date())
    chosen = Layer(layer) if layer else default_layer(batch)
    work = _import(config_path, unit, batch, chosen, write=not dry_run, replace=replace)
    report = run(work)
    if as_json:
        show_json(as_mapping(report, dry_run=dry_run))
    else:
        _print(report, dry_run=dry_run)


@catalogue.command("export")
@config_option
@unit_option
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "kind", type=click.Choice(sorted(export.WRITERS)))
@click.option("--commune-only", is_flag=True, help="Chỉ thủ tục có cấp xã.")
def export_command(
    config_path: Path,
    unit: str | None,
    out: Path,
    kind: str | None,
    *,
    commune_only: bool,
) -> None:
    """Xuất danh mục đang dùng ra OUT (.yml, .xlsx hoặc .jsonl)."""
    found = run(_load(config_path, unit))
    chosen = (p for p in found.all() if p.is_commune or not commune_only)
    with spoken():
        number = export.write(out, chosen, kind or "")
    click.echo(f"Đã xuất {number} thủ tục.")


@catalogue.command("list")
@config_option
@unit_option
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def list_command(config_path: Path, unit: str | None, *, as_json: bool) -> None:
    """Liệt kê thủ tục đang dùng: mã, tên, cấp."""
    listed = [as_row(procedure) for procedure in run(_load(config_path, unit)).all()]
    if as_json:
        show_json(listed)
        return
    for row in listed:
        click.echo(f"{row['code']}  {row['name']}  ({row['level']})")
    click.echo(f"{len(listed)} thủ tục.")


@catalogue.command("versions")
@config_option
@unit_option
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def versions_command(config_path: Path, unit: str | None, *, as_json: bool) -> None:
    """Liệt kê các lần nhập, mới nhất trước; dấu * là bản đang dùng."""
    listed = run(_versions(config_path, unit))
    if as_json:
        show_json(listed)
        return
    for row in listed:
        mark = "*" if row["in_force"] else " "
        click.echo(
            f"{mark} {row['at']}  {row['layer']}  {row['version']}  {row['source']}"
        )
    click.echo(f"{len(listed)} lần nhập.")


def default_layer(batch: Batch) -> Layer:
    """Return where a file belongs that nobody assigned."""
    return Layer.NATIONAL if batch.is_portal else Layer.COMMUNE


def as_row(procedure: Procedure) -> dict[str, str]:
    """Return the public shape of a procedure in a list (DESIGN.md)."""
    names = (LEVEL_NAMES[level] for level in LEVEL_NAMES if level in procedure.levels)
    return {
        "code": procedure.code,
        "name": procedure.name,
        "level": ", ".join(names),
    }


def as_mapping(report: Report, *, dry_run: bool) -> dict[str, Any]:
    """Return a report as JSON values."""
    return {
        "unit": report.unit_id,
        "layer": report.layer.value,
        "source": report.source,
        "dry_run": dry_run,
        "version": report.import_id,
        **report.counts(),
        "rejections": [
            {"row": r.number, "code": r.code, "reason": r.reason}
            for r in report.rejections
        ],
        "ignored_columns": list(report.ignored_columns),
        "codes": {
            "added": list(report.added),
            "changed": list(report.changed),
            "removed": list(report.removed),
        },
    }


@contextmanager
def spoken() -> Iterator[None]:
    """Turn an error of the catalogue into one the command line can say."""
    try:
        yield
    except CatalogueError as error:
        raise BotError(str(error), error.hint) from error
    except StorageError as error:
        raise DatabaseError from error


async def _import(
    config_path: Path,
    unit: str | None,
    batch: Batch,
    layer: Layer,
    *,
    write: bool,
    replace: bool,
) -> Report:
    async with open_installation(config_path) as opened:
        unit_id = one_unit(list(opened.config.units), unit)
        with spoken():
            plan = await imports.stage(
                opened.database,
                unit_id,
                layer,
                batch,
                today=_today(opened),
                replace=replace,
            )
            if not write:
                return plan.report
            now_ms = opened.clock.now_ms()
            return await imports.apply(opened.database, plan, opened.ids, now_ms)


async def _load(config_path: Path, unit: str | None) -> UnitCatalogue:
    async with open_installation(config_path) as opened:
        unit_id = one_unit(list(opened.config.units), unit)
        with spoken():
            return await opened.database.read(lambda c: load(c, unit_id))


async def _versions(config_path: Path, unit: str | None) -> list[dict[str, Any]]:
    async with open_installation(config_path) as opened:
        unit_id = one_unit(list(opened.config.units), unit)

        def work(connection: Connection) -> list[dict[str, Any]]:
            heads = set(rows.heads(connection, unit_id).values())
            return [
                _version(row, row["import_id"] in heads)
                for row in rows.versions(connection, unit_id)
            ]

        with spoken():
            return await opened.database.read(work)


def _version(row: dict[str, Any], in_force: bool) -> dict[str, Any]:
    return {
        "version": row["import_id"],
        "layer": row["layer"],
        "source": row["source"],
        "at": from_ms(row["created_at"]).astimezone(LOCAL_TIME).isoformat(),
        "in_force": in_force,
        **json.loads(row["counts"]),
    }


def _today(opened: Installation) -> date:
    return opened.clock.now().astimezone(LOCAL_TIME).date()


def _print(report: Report, *, dry_run: bool) -> None:
    counts = report.counts()
    click.echo(
        f"Thêm {counts['added']}, đổi {counts['changed']}, "
        f"không đổi {counts['unchanged']}, bỏ {counts['removed']}, "
        f"từ chối {counts['rejected']}."
    )
    for rejection in report.rejections[:SHOWN]:
        code = f" ({rejection.code})" if rejection.code else ""
        click.echo(f"  Dòng {rejection.number}{code}: {rejection.reason}")
    if len(report.rejections) > SHOWN:
        click.echo(f"  … và {len(report.rejections) - SHOWN} dòng nữa (xem --json).")
    if report.ignored_columns:
        click.echo(f"Cột chưa dùng: {', '.join(report.ignored_columns)}.")
    if dry_run:
        click.echo("Chạy thử: chưa ghi gì vào danh mục.")
    elif report.import_id is None:
        click.echo("Không có gì mới; danh mục giữ nguyên.")
