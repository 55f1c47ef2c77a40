"""``thanthien migrate``: schema, keys and the base catalogue of every unit."""

from __future__ import annotations

from pathlib import Path

import click

from bot import installation
from bot.cli.common import config_option, run
from bot.config import Config
from handlers.staff.catalogue.seeding import seed


@click.command("migrate")
@config_option
def migrate_command(config_path: Path) -> None:
    """Tạo hoặc nâng cấp cơ sở dữ liệu, khóa mã hóa và danh mục thủ tục gốc."""
    config = installation.load(config_path)
    is_new = installation.prepare(config)
    if is_new:
        click.echo(f"Đã tạo khóa mã hóa: {installation.key_file(config)}")
        click.echo("Xin sao lưu tệp khóa này ở nơi khác: mất khóa là mất dữ liệu.")
    run(seed_all(config))
    click.echo("Cơ sở dữ liệu đã ở phiên bản mới nhất.")


async def seed_all(config: Config) -> None:
    """Load the seed as the base layer of every unit; quick when unchanged."""
    async with installation.open_installation(config) as opened:
        await seed(
            opened.database, list(config.units), opened.ids, opened.clock.now_ms()
        )
