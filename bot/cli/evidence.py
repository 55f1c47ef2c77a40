"""``thanthien evidence``: check the log, hand it out, prove one entry."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

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
from bot.errors import BotError, DatabaseError
from bot.evidence_log import sequencer_of, stamps_of
from bot.installation import Installation
from bot.policy import LOCAL
from handlers.staff.evidence import verify_evidence
from handlers.staff.evidence.bundle import Exported, export
from handlers.staff.evidence.errors import EvidenceDeskError
from handlers.staff.evidence.live import check
from handlers.staff.evidence.prove import Proof, prove
from handlers.staff.evidence.report import Report
from handlers.staff.evidence.stamps import of_bundle, read_roots
from handlers.staff.evidence.trust import Trust, checkpoint_of, fingerprint_of
from storage.errors import EvidenceError, StorageError
from storage.evidence import checkpoints, order

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("evidence")
def evidence() -> None:
    """Nhật ký minh chứng: kiểm tra, xuất ra, chứng minh từng mục."""


@evidence.command("verify")
@config_option
@unit_option
@click.option("--bundle", type=FOLDER, help="Kiểm tra một gói đã xuất.")
@click.option("--key", default="", help="Dấu vân tay khóa (64 chữ số hệ 16).")
@click.option("--checkpoint", "marks", type=FILE, multiple=True, help="Tệp mốc đã giữ.")
@click.option("--tsa-ca", "roots", type=FILE, help="Chứng thư gốc dấu thời gian (PEM).")
@json_option
def verify_command(
    config_path: Path,
    unit: str | None,
    bundle: Path | None,
    key: str,
    marks: tuple[Path, ...],
    roots: Path | None,
    *,
    as_json: bool,
) -> None:
    """Kiểm tra toàn bộ nhật ký, hoặc một gói đã xuất; mã thoát 0 chỉ khi đúng hết."""
    texts = tuple(path.read_text("utf-8-sig", errors="replace") for path in marks)
    try:
        fingerprint = fingerprint_of(key) if key else ""
        trust = Trust(fingerprint, tuple(checkpoint_of(text) for text in texts))
        found = (
            run(_verify(config_path, unit, trust, roots))
            if bundle is None
            else _bundle(bundle, fingerprint, texts, roots)
        )
    except EvidenceDeskError as error:
        raise BotError(str(error), error.hint) from error
    if as_json:
        show_json(found.mapping())
    else:
        _show(found)
    if not found.is_ok:
        sys.exit(1)


@evidence.command("export")
@config_option
@unit_option
@click.option("--out", type=FOLDER, required=True, help="Thư mục mới để ghi gói.")
@click.option("--from", "first", type=DAY, help="Từ ngày (2026-11-01).")
@click.option("--to", "last", type=DAY, help="Đến hết ngày (2026-11-30).")
@json_option
def export_command(
    config_path: Path,
    unit: str | None,
    out: Path,
    first: datetime | None,
    last: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Xuất nhật ký thành gói mà ai cũng kiểm tra được (verify_evidence.py đi kèm)."""
    done = run(_export(config_path, unit, out, _between(first, last)))
    if as_json:
        said = {"out": str(out), "entries": done.size, "root": done.root}
        show_json(said | {"given": done.end - done.begin})
        return
    click.echo(
        f"Đã xuất {done.end - done.begin} mục (nhật ký có {done.size}) ra {out}."
    )
    click.echo(f"Mã gốc: {done.root}")


@evidence.command("prove")
@click.argument("entry_id", metavar="MÃ")
@config_option
@unit_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Tệp.")
def prove_command(
    entry_id: str, config_path: Path, unit: str | None, out: Path | None
) -> None:
    """Lập tệp chứng minh một mục có trong nhật ký (c2sp.org/tlog-proof)."""
    text = run(_prove(config_path, unit, entry_id)).text(with_leaf=True)
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"Đã ghi {out.name}.")


@evidence.command("key")
@config_option
@unit_option
@click.option("--rotate", is_flag=True, help="Lập khóa mới, khóa cũ giới thiệu.")
@json_option
def key_command(
    config_path: Path, unit: str | None, *, rotate: bool, as_json: bool
) -> None:
    """Xem các khóa ký của nhật ký (để in, công bố), hoặc thay khóa."""
    rows = run(_key(config_path, unit, rotate=rotate))
    if as_json:
        show_json(rows)
        return
    for row in rows:
        click.echo(f"từ mục {row['from']}: {row['fingerprint']}\n  {row['key']}")


async def _verify(
    config_path: Path, unit: str | None, trust: Trust, roots: Path | None
) -> Report:
    async with _opened(config_path, unit) as (house, unit_id):
        # What is durable belongs to the log; a log that is at fault shows below, and
        # so does a column that no longer has its type.
        with suppress(EvidenceError, TypeError):
            await sequencer_of(house, unit_id).run()
        ours = house.ring.unit(unit_id)
        stamps = read_roots(roots) if roots else stamps_of(house.config)
        return await house.database.read(
            lambda c: check(c, unit_id, ours, trust, stamps)
        )


def _bundle(
    folder: Path, fingerprint: str, texts: tuple[str, ...], roots: Path | None
) -> Report:
    found = verify_evidence.Bundle(folder.resolve())
    found.check(fingerprint, texts)
    report = Report(found.size, found.root(), unchecked=found.unchecked)
    for fault in found.faults:
        report.fault(fault)
    if roots is not None:
        read_roots(roots).check(report, of_bundle(folder))
        report.unchecked = [
            one for one in report.unchecked if not one.startswith("stamps/")
        ]
    return report


async def _export(
    config_path: Path, unit: str | None, out: Path, between: tuple[int, int] | None
) -> Exported:
    async with _opened(config_path, unit) as (house, unit_id):
        sequencer = sequencer_of(house, unit_id)
        await sequencer.begin()
        await sequencer.run()
        ours = house.ring.unit(unit_id)
        try:
            return await house.database.read(
                lambda c: export(c, unit_id, ours, out, between)
            )
        except OSError as error:
            raise BotError(
                f"Không ghi được vào {out}.", "Xin chọn thư mục khác."
            ) from error


async def _prove(config_path: Path, unit: str | None, entry_id: str) -> Proof:
    async with _opened(config_path, unit) as (house, unit_id):
        await sequencer_of(house, unit_id).run()
        return await house.database.read(lambda c: prove(c, unit_id, entry_id))


async def _key(
    config_path: Path, unit: str | None, *, rotate: bool
) -> list[dict[str, Any]]:
    async with _opened(config_path, unit) as (house, unit_id):
        sequencer = sequencer_of(house, unit_id)
        await (sequencer.rotate() if rotate else sequencer.begin())
        head, keys = await house.database.read(
            lambda c: (order.head(c, unit_id), checkpoints.keys(c, unit_id))
        )
        named = [(row, row.key(head.origin)) for row in keys] if head else []
        return [
            {"from": row.from_size, "fingerprint": key.fingerprint, "key": str(key)}
            for row, key in named
        ]


@asynccontextmanager
async def _opened(
    config_path: Path, unit: str | None
) -> AsyncIterator[tuple[Installation, str]]:
    async with open_installation(config_path) as house:
        try:
            yield house, one_unit(list(house.config.units), unit)
        except EvidenceDeskError as error:
            raise BotError(str(error), error.hint) from error
        except EvidenceError as error:
            raise BotError(
                f"Nhật ký minh chứng có chỗ không khớp: {error}",
                "Xin chạy 'thanthien evidence verify' và giữ nguyên dữ liệu.",
            ) from error
        except StorageError as error:
            raise DatabaseError from error


def _between(first: datetime | None, last: datetime | None) -> tuple[int, int] | None:
    """Return UTC ms of local days, both included; None when neither is given."""
    if first is None and last is None:
        return None
    end = last + timedelta(days=1) if last else None
    return _ms(first) if first else 0, _ms(end) if end else 2**62


def _ms(day: datetime) -> int:
    return round(day.replace(tzinfo=LOCAL).timestamp() * 1000)


def _show(report: Report) -> None:
    for fault in report.faults:
        click.echo(f"✗ {fault}")
    if report.number > len(report.faults):
        click.echo(f"✗ và {report.number - len(report.faults)} chỗ sai khác")
    for text in report.unchecked:
        click.echo(f"! {text}")
    click.echo(f"{report.entries} mục, mã gốc {report.root}")
    if report.waiting:
        click.echo(f"{report.waiting} mục đang chờ vào nhật ký.")
    click.echo("✓ ĐÚNG" if report.is_ok else f"✗ SAI ({report.number} chỗ)")
