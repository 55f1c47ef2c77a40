"""``thanthien scheduler``: the clock alone, what it did, and what it missed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import click
import structlog

from bot import installation
from bot.cli.common import (
    config_option,
    json_option,
    one_unit,
    open_installation,
    run,
    show_json,
    unit_option,
)
from bot.cli.service import hear
from bot.clock import from_ms
from bot.errors import BotError, DatabaseError, PartDiedError
from bot.installation import Installation
from bot.logs import configure
from bot.metrics import Metrics
from bot.timekeeping import Timekeeper
from scheduler.moments import LOCAL
from scheduler.rhythm import instant_of
from storage import fires
from storage.errors import StorageError
from storage.fires import Fire, FireState

STATES = {
    FireState.CLAIMED: "đang làm",
    FireState.ASKED: "bị lỡ, chờ quyết định",
    FireState.DONE: "đã xong",
    FireState.SKIPPED: "bỏ qua",
    FireState.FAILED: "chưa làm được",
}


log = structlog.get_logger("clock")


@click.group("scheduler", invoke_without_command=True)
@config_option
@click.pass_context
def scheduler(context: click.Context, config_path: Path) -> None:
    """Chạy riêng phần đồng hồ, hoặc xem các lượt chạy theo giờ."""
    if context.invoked_subcommand is None:
        configure()
        run(keep_time(config_path))


async def keep_time(config_path: Path) -> None:
    """Keep time until SIGTERM or SIGINT.

    On the embedded database ``thanthien run`` keeps the time already, and holds it.
    """
    config = installation.load(config_path)
    async with installation.open_installation(config, exclusive=True) as opened:
        work = asyncio.create_task(Timekeeper(opened, Metrics()).run())
        done = asyncio.Event()
        work.add_done_callback(lambda _: done.set())
        hear(done)
        click.echo("Đồng hồ của Thân Thiện đã chạy.")
        await done.wait()
        has_died = work.done() and not work.cancelled() and work.exception() is not None
        work.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await work
        if has_died:
            log.error("clock_died", exc_info=work.exception())
            raise PartDiedError


@asynccontextmanager
async def _room(
    config_path: Path, unit: str | None
) -> AsyncIterator[tuple[Installation, str]]:
    async with open_installation(config_path) as opened:
        try:
            yield opened, one_unit(list(opened.config.units), unit)
        except StorageError as error:
            raise DatabaseError from error


@scheduler.command("fires")
@config_option
@unit_option
@json_option
@click.option("--state", type=click.Choice([s.value for s in FireState]))
@click.option("--schedule", default="", help="Chỉ một loại việc, ví dụ digest.")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 1000))
def fires_command(
    config_path: Path,
    unit: str | None,
    state: str | None,
    schedule: str,
    limit: int,
    *,
    as_json: bool,
) -> None:
    """Các lượt chạy theo giờ, mới nhất trước; --state asked: các lượt bị lỡ."""

    async def work() -> list[dict[str, Any]]:
        wanted = [FireState(state)] if state else []
        async with _room(config_path, unit) as (opened, unit_id):
            rows = await opened.database.read(
                lambda c: fires.listed(c, unit_id, wanted, schedule, limit)
            )
            return [_shown(row) for row in rows]

    found = run(work())
    if as_json:
        show_json(found)
        return
    for one in found:
        missed = f", lỡ {one['missed']} lượt" if one["missed"] else ""
        name = STATES[FireState(one["state"])]
        click.echo(f"{one['at']}  {one['schedule']}: {name}{missed}  {one['detail']}")
    if not found:
        click.echo("Chưa có lượt nào.")


@scheduler.command("decide")
@config_option
@unit_option
@click.argument("schedule")
@click.argument("occurrence")
@click.option("--run/--skip", "is_run", required=True, help="Chạy bù, hay bỏ qua.")
def decide_command(
    config_path: Path, unit: str | None, schedule: str, occurrence: str, *, is_run: bool
) -> None:
    """Quyết định một lượt bị lỡ: chạy bù hay bỏ qua."""

    async def work() -> bool:
        async with _room(config_path, unit) as (opened, unit_id):
            fire = Fire(unit_id, schedule, occurrence)
            now = opened.clock.now_ms()
            return await opened.database.write(
                lambda c: fires.decide(c, fire, now, run=is_run)
            )

    if not run(work()):
        run(_refuse(schedule, occurrence))
    click.echo("Đã ghi: sẽ chạy bù trong ít phút." if is_run else "Đã ghi: bỏ qua.")


async def _refuse(schedule: str, occurrence: str) -> None:
    raise BotError(
        f"Không có lượt '{schedule}' lúc {occurrence} nào đang chờ quyết định.",
        "Xin xem: thanthien scheduler fires --state asked",
    )


@scheduler.command("audit")
@config_option
@unit_option
@json_option
def audit_command(config_path: Path, unit: str | None, *, as_json: bool) -> None:
    """Kiểm tra: mọi bước nhắc hạn đến giờ đã chạy chưa? Mã thoát 1 nếu chưa."""

    async def work() -> dict[str, Any]:
        async with _room(config_path, unit) as (opened, unit_id):
            keeper = Timekeeper(opened, Metrics())
            found = await keeper.auditor.look(await keeper.office(unit_id))
            return {
                "clean": found.is_clean,
                "late": found.late,
                "unplanned": found.unplanned,
                "untold": found.untold,
            }

    found = run(work())
    if as_json:
        show_json(found)
    elif found["clean"]:
        click.echo("Mọi bước nhắc hạn đến giờ đều đã chạy.")
    else:
        click.echo(
            f"Chưa chạy: {found['late']} bước đến giờ, {found['unplanned']} hồ sơ chưa"
            f" lập bước, {found['untold']} hồ sơ quá hạn chưa ai được báo."
        )
    if not found["clean"]:
        raise click.exceptions.Exit(1)


def _shown(row: fires.Row) -> dict[str, Any]:
    at = instant_of(row["occurrence"]).astimezone(LOCAL)
    done = row["done_at"]
    return {
        "schedule": row["schedule"],
        "occurrence": row["occurrence"],
        "at": f"{at:%Y-%m-%d %H:%M}",
        "state": row["state"],
        "attempt": row["attempt"],
        "missed": row["missed"],
        "detail": row["detail"],
        "done_at": from_ms(done).astimezone(LOCAL).isoformat() if done else None,
    }
