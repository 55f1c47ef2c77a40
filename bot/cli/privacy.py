"""``thanthien privacy``: keep what was promised about people's data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import click

from bot.cli.common import config_option, one_unit, open_installation, run, show_json
from bot.cli.privacy_papers import breach_command, register_command
from bot.cli.privacy_people import export_command, requests_command
from bot.erasure import erase
from bot.errors import BotError, DatabaseError
from bot.installation import Installation
from handlers.staff.privacy.errors import PrivacyError
from handlers.staff.privacy.rules import SHIPPED, Rule, read_rules
from storage import retention
from storage.errors import StorageError

PAGE = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """What a rule found, and what was ended."""

    rule: str
    days: int
    name: str
    due: int
    ended: int


@click.group("privacy")
def privacy() -> None:
    """Dữ liệu cá nhân: yêu cầu của người dân, bản xuất, thời hạn, hồ sơ."""


privacy.add_command(requests_command)
privacy.add_command(export_command)
privacy.add_command(register_command)
privacy.add_command(breach_command)


@privacy.command("retention")
@config_option
@click.option("--unit", help="Mã đơn vị (mặc định: đơn vị duy nhất).")
@click.option("--dry-run", is_flag=True, help="Chỉ đếm, không xóa gì.")
@click.option(
    "--rules",
    "rules_path",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=SHIPPED,
    help="Tệp thời hạn riêng của xã (mặc định: tệp đi kèm).",
)
@click.option("--yes", is_flag=True, help="Xóa ngay, không hỏi lại.")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def retention_command(
    config_path: Path,
    unit: str | None,
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
    found = run(_retention(config_path, unit, rules, is_dry=dry_run))
    if as_json:
        show_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.name} (quá {one.days} ngày): {one.due}")
    said = "Chưa xóa gì (xem trước)." if dry_run else "Đã xóa, có ghi minh chứng."
    click.echo(said)


async def _retention(
    config_path: Path, unit: str | None, rules: tuple[Rule, ...], *, is_dry: bool
) -> list[Kept]:
    async with open_installation(config_path) as opened:
        unit_id = one_unit(list(opened.config.units), unit)
        try:
            return [await keep(opened, unit_id, rule, is_dry=is_dry) for rule in rules]
        except StorageError as error:
            raise DatabaseError from error


async def keep(opened: Installation, unit_id: str, rule: Rule, *, is_dry: bool) -> Kept:
    """Carry out one rule, or only count; each person goes in a transaction of theirs.

    May be stopped anywhere and started again. Raises StorageError.
    """
    before = rule.before(opened.clock.now_ms())
    due = await opened.database.read(
        lambda c: retention.count_quiet(c, unit_id, rule.group, before)
    )
    ended = 0 if is_dry else await _end(opened, unit_id, rule, before)
    return Kept(rule.code, rule.days, rule.name, due, ended)


async def _end(opened: Installation, unit_id: str, rule: Rule, before: int) -> int:
    if rule.group not in retention.PEOPLE:
        return await opened.database.write(
            lambda c: retention.drop_counts(c, unit_id, before)
        )
    ended = 0
    while people := await opened.database.read(
        lambda c: retention.quiet_people(c, unit_id, rule.group, before, PAGE)
    ):
        for person_id in people:
            await erase(opened, unit_id, person_id, f"retention:{rule.code}")
        ended += len(people)
    return ended
