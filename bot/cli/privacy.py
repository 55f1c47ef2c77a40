"""``thanthien privacy``: keep what was promised about people's data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.common import run, show_json
from bot.cli.privacy_papers import breach_command, register_command
from bot.cli.privacy_people import export_command, requests_command
from bot.cli.staff_room import Place, place_options, staff_room
from bot.errors import BotError
from bot.retention import Kept, keep
from handlers.staff.permissions import Action
from handlers.staff.privacy.errors import PrivacyError
from handlers.staff.privacy.rules import SHIPPED, Rule, read_rules


@click.group("privacy")
def privacy() -> None:
    """Dữ liệu cá nhân: yêu cầu của người dân, bản xuất, thời hạn, hồ sơ."""


privacy.add_command(requests_command)
privacy.add_command(export_command)
privacy.add_command(register_command)
privacy.add_command(breach_command)


@privacy.command("retention")
@place_options
@click.option("--dry-run", is_flag=True, help="Chỉ đếm, không xóa gì.")
@click.option(
    "--rules",
    "rules_path",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=SHIPPED,
    help="Tệp thời hạn riêng của xã (mặc định: tệp đi kèm).",
)
@click.option("--yes", is_flag=True, help="Xóa ngay, không hỏi lại.")
def retention_command(
    config_path: Path,
    unit: str | None,
    by: str,
    rules_path: Path,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Xóa dữ liệu đã hết thời hạn giữ; --dry-run để xem trước."""
    try:
        rules = read_rules(rules_path)
    except PrivacyError as error:
        raise BotError(str(error), error.hint) from error
    if not dry_run and not yes:
        click.confirm("Dữ liệu hết hạn sẽ xóa hẳn. Xin xác nhận?", abort=True)
    place = Place(config_path, unit, by)
    found = run(_retention(place, rules, is_dry=dry_run))
    if as_json:
        show_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.name} (quá {one.days} ngày): {one.due}")
    said = "Chưa xóa gì (xem trước)." if dry_run else "Đã xóa, có ghi minh chứng."
    click.echo(said)


async def _retention(
    place: Place, rules: tuple[Rule, ...], *, is_dry: bool
) -> list[Kept]:
    async with staff_room(place) as room:
        wanted = Action.KEEP_PRIVACY if is_dry else Action.ERASE_PEOPLE
        await room.desk.look(wanted, lambda _: None)
        at = (room.opened, room.desk.unit_id)
        return [await keep(*at, rule, is_dry=is_dry, by=place.by) for rule in rules]
