"""``thanthien nlu`` candidates, approve, reject: what may the reader learn?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bot.cli.common import (
    config_option,
    json_option,
    run,
    show_json,
    unit_option,
)
from bot.cli.nlu_learning_models import (
    live_command,
    models_command,
    rollback_command,
    train_command,
)
from bot.cli.nlu_learning_room import (
    by_option,
    room,
)
from bot.cli.nlu_learning_teach import (
    examples_command,
    gaps_command,
    teach_command,
    word_command,
)
from bot.cli.nlu_learning_words import SOURCES, when
from bot.errors import BotError
from handlers.model import Tag
from handlers.staff.learning import review
from handlers.staff.learning.review import Approval, Waiting


@click.command("candidates")
@config_option
@unit_option
@by_option
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)
@json_option
def candidates_command(
    config_path: Path, unit: str | None, by: str, limit: int, *, as_json: bool
) -> None:
    """Liệt kê câu của người dân đang chờ duyệt để học (đã che dữ liệu cá nhân)."""
    waiting, names = run(_candidates(config_path, unit, by, limit))
    if as_json:
        show_json([_waiting(one, names) for one in waiting])
        return
    for one in waiting:
        sign = "→" if one.is_right else "≠"
        name = names.get(one.label) or "chưa rõ thủ tục"
        click.echo(f"{one.lesson_id}  {one.text}")
        click.echo(
            f"    {sign} {one.label} {name} "
            f"({SOURCES[one.source]}, {one.people} người, {when(one.since)})"
        )
    click.echo(f"{len(waiting)} câu chờ duyệt.")


@click.command("approve")
@config_option
@unit_option
@by_option
@click.argument("lesson_id")
@click.option(
    "--text", required=True, help="Câu mẫu viết lại, không còn dữ liệu cá nhân."
)
@click.option("--code", default="", help="Mã thủ tục đúng, nếu khác mã đã ghi.")
@click.option("--intent", default="", help="Ý định đúng, nếu không hỏi thủ tục.")
@json_option
def approve_command(
    config_path: Path,
    unit: str | None,
    by: str,
    lesson_id: str,
    text: str,
    code: str,
    intent: str,
    *,
    as_json: bool,
) -> None:
    """Duyệt một câu chờ thành câu mẫu, bằng lời viết lại."""
    if code and intent:
        raise BotError("Chỉ chọn một trong --code và --intent.", "Xin bỏ bớt một.")
    approval = Approval(text, code, intent)
    example_id = run(_approve(config_path, unit, by, lesson_id, approval))
    if as_json:
        show_json({"example": example_id})
    else:
        click.echo(f"Đã duyệt câu mẫu {example_id}; lần huấn luyện tới sẽ học câu này.")


@click.command("reject")
@config_option
@unit_option
@by_option
@click.argument("lesson_id")
@json_option
def reject_command(
    config_path: Path, unit: str | None, by: str, lesson_id: str, *, as_json: bool
) -> None:
    """Bỏ một câu chờ duyệt, hoặc rút một câu mẫu đã duyệt."""
    tag = run(_reject(config_path, unit, by, lesson_id))
    is_withdrawn = tag is Tag.LESSON_WITHDRAWN
    if as_json:
        show_json({"withdrawn": is_withdrawn})
    elif is_withdrawn:
        click.echo("Đã rút câu mẫu; xin chạy 'thanthien nlu train' để trợ lý quên câu.")
    else:
        click.echo("Đã bỏ câu chờ duyệt.")


COMMANDS = (
    candidates_command,
    approve_command,
    reject_command,
    gaps_command,
    teach_command,
    word_command,
    examples_command,
    train_command,
    models_command,
    live_command,
    rollback_command,
)


async def _candidates(
    config_path: Path, unit: str | None, by: str, limit: int
) -> tuple[list[Waiting], dict[str, str]]:
    async with room(config_path, unit, by) as office:
        waiting = await review.listed(office.desk, limit)
        shelf = await office.catalogue() if waiting else None
        found = {one.label: shelf and shelf.get(one.label) for one in waiting}
        return waiting, {code: one.name for code, one in found.items() if one}


async def _approve(
    config_path: Path, unit: str | None, by: str, lesson_id: str, approval: Approval
) -> str:
    async with room(config_path, unit, by) as office:
        shelf = await office.catalogue()
        return await review.approve(office.desk, lesson_id, approval, shelf)


async def _reject(config_path: Path, unit: str | None, by: str, lesson_id: str) -> Tag:
    async with room(config_path, unit, by) as office:
        return await review.reject(office.desk, lesson_id)


def _waiting(one: Waiting, names: dict[str, str]) -> dict[str, Any]:
    times = {"since": when(one.since), "last": when(one.last)}
    return asdict(one) | {"name": names.get(one.label, "")} | times
