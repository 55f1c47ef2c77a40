"""``thanthien check``: is everything in place before citizens write?"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bot import installation
from bot.cli.check_ai import ai
from bot.cli.check_calendar import calendar
from bot.cli.check_files import received
from bot.cli.check_rasa import rasa
from bot.cli.check_roster import duty
from bot.cli.common import config_option, run, show_json
from bot.cli.findings import ERROR, OK, WARNING, Finding
from bot.clock import SystemClock, from_ms
from bot.config import Config
from bot.errors import BotError
from bot.health import TOKEN_WORDS
from bot.installation import Installation
from bot.own_hours import hours, unit_in_force
from bot.tokens import ALARM_LEFT, CHANNEL, REFRESH_LIFE, TokenState
from storage import evidence, operations, tokens
from storage.errors import SpoolFullError
from storage.open import SQLITE
from storage.spool import Spool

SIGNS = {OK: "✓", WARNING: "!", ERROR: "✗"}
EARLIEST_YEAR = 2026


@click.command("check")
@config_option
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def check_command(config_path: Path, *, as_json: bool) -> None:
    """Kiểm tra cấu hình, thư mục, khóa, cơ sở dữ liệu, đồng hồ và quyền gửi tin."""
    config = installation.load(config_path)
    findings = [*_config(config), *_folders(config), *_clock(), *calendar(config)]
    findings += run(_outside(config))
    if as_json:
        show_json(
            {"ok": _is_fine(findings), "findings": [_mapping(f) for f in findings]}
        )
    else:
        for finding in findings:
            click.echo(f"{SIGNS[finding.level]} {finding.part}: {finding.text}")
    if not _is_fine(findings):
        sys.exit(1)


def _is_fine(findings: list[Finding]) -> bool:
    return all(finding.level != ERROR for finding in findings)


def _mapping(finding: Finding) -> dict[str, str]:
    return {"part": finding.part, "level": finding.level, "text": finding.text}


def _config(config: Config) -> list[Finding]:
    found = [Finding("cấu hình", OK, f"{len(config.units)} đơn vị")]
    if not config.server.public_url.startswith("https://"):
        text = "server.public_url chưa là địa chỉ https mà Zalo và Facebook gọi được"
        found.append(Finding("cấu hình", WARNING, text))
    for unit_id, unit in config.units.items():
        if not unit.phones:
            text = f"{unit_id}: chưa có số điện thoại công khai (phones)"
            found.append(Finding("điện thoại", WARNING, text))
    if not config.privacy.retention:
        text = "privacy.retention chưa đặt, thông báo quyền riêng tư chưa nêu thời hạn"
        found.append(Finding("riêng tư", WARNING, text))
    return found


def _folders(config: Config) -> list[Finding]:
    folder = installation.data_folder(config)
    try:
        Spool(installation.spool_folder(config)).probe()
    except SpoolFullError:
        return [Finding("thư mục", ERROR, f"{folder} không ghi được")]
    found = [Finding("thư mục", OK, f"{folder} ghi được")]
    path = installation.key_file(config)
    if config.storage.key_file == "" and path.exists():
        text = f"khóa {path.name} nằm cạnh dữ liệu: xin sao lưu ở nơi khác"
        found.append(Finding("khóa", WARNING, text))
    return found


def _clock() -> list[Finding]:
    now = SystemClock().now()
    if now.year < EARLIEST_YEAR:
        return [
            Finding("đồng hồ", ERROR, f"máy đang ở năm {now.year}, xin chỉnh lại giờ")
        ]
    return [Finding("đồng hồ", OK, now.isoformat(timespec="seconds"))]


async def _outside(config: Config) -> list[Finding]:
    found = [*await _database(config), *await received(config)]
    return [*found, *await rasa(config), *await ai(config)]


async def _database(config: Config) -> list[Finding]:
    try:
        async with installation.open_installation(config) as opened:
            return await _opened(opened)
    except BotError as error:
        return [Finding("cơ sở dữ liệu", ERROR, f"{error} {error.hint}")]


async def _opened(opened: Installation) -> list[Finding]:
    is_embedded = opened.config.storage.url.startswith(SQLITE)
    engine = "SQLite" if is_embedded else "PostgreSQL"
    found = [Finding("cơ sở dữ liệu", OK, f"{engine}, đúng phiên bản")]
    newest = await opened.database.read(evidence.newest_at)
    now = opened.clock.now_ms()
    if newest is not None and newest > now:
        text = f"đồng hồ đi lùi: bản ghi mới nhất lúc {from_ms(newest).isoformat()}"
        found.append(Finding("đồng hồ", ERROR, text))
    for unit_id, unit in opened.config.units.items():
        if unit.channels.zalo is not None:
            found.append(await _token(opened, unit_id))
        held = await unit_in_force(opened.database, unit_id, unit)
        if not hours(held).describe():
            text = f"{unit_id}: chưa đặt giờ làm việc, trợ lý sẽ không hứa giờ trả lời"
            found.append(Finding("giờ làm việc", WARNING, text))
    found += await duty(opened)
    notices = await opened.database.read(operations.count_notices)
    found += [Finding("việc cần xem", WARNING, f"{k}: {n}") for k, n in notices.items()]
    return found


async def _token(opened: Installation, unit_id: str) -> Finding:
    row, intent = await opened.database.read(
        lambda c: (tokens.load(c, unit_id, CHANNEL), tokens.intent(c, unit_id, CHANNEL))
    )
    zalo = opened.config.units[unit_id].channels.zalo
    part = f"quyền Zalo {unit_id}"
    if intent is not None:
        return Finding(part, ERROR, TOKEN_WORDS[TokenState.REAUTHORISE])
    if row is None:
        has_seed = zalo is not None and bool(zalo.refresh_token)
        state = TokenState.RENEWING if has_seed else TokenState.MISSING
        return Finding(part, WARNING, TOKEN_WORDS[state])
    return _age(part, row, opened.clock.now_ms)


def _age(part: str, row: dict[str, Any], now_ms: Callable[[], int]) -> Finding:
    days = (now_ms() - row["refresh_issued_at"]) // 86_400_000
    left = REFRESH_LIFE.days - days
    level = WARNING if left < ALARM_LEFT.days else OK
    return Finding(part, level, f"{TOKEN_WORDS[TokenState.VALID]}, còn {left} ngày")
