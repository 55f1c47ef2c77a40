"""``thanthien nlu`` gaps, teach, word, examples: what should the reader know?"""

from __future__ import annotations

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
from bot.cli.nlu_learning_room import (
    by_option,
    room,
)
from bot.cli.nlu_learning_words import SOURCES, when
from bot.cli.nlu_reader import reader
from bot.errors import BotError
from handlers.staff.learning import review, teach
from handlers.staff.learning.review import Approval, Waiting
from handlers.staff.learning.teach import Taught
from nlu.artefact import MEANS
from nlu.engine import Engine
from nlu.model import Decision

ANSWERED = frozenset({Decision.ANSWER, Decision.ASK})


@click.command("gaps")
@config_option
@unit_option
@by_option
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)
@json_option
def gaps_command(
    config_path: Path, unit: str | None, by: str, limit: int, *, as_json: bool
) -> None:
    """Liệt kê câu hỏi chưa ai trả lời được (đã che dữ liệu cá nhân, gộp câu giống)."""
    waiting = run(_gaps(config_path, unit, by, limit))
    engine = reader(config_path, unit) if waiting else None
    now = {one.lesson_id: _understood(engine, one.text) for one in waiting}
    if as_json:
        show_json([_gap(one, now[one.lesson_id]) for one in waiting])
        return
    for one in waiting:
        _show_gap(one, now[one.lesson_id])
    click.echo(f"{len(waiting)} câu hỏi chưa hiểu.")


@click.command("teach")
@config_option
@unit_option
@by_option
@click.argument("text")
@click.option("--code", default="", help="Mã thủ tục mà câu này hỏi.")
@click.option("--intent", default="", help="Ý định của câu, nếu không hỏi thủ tục.")
@json_option
def teach_command(
    config_path: Path,
    unit: str | None,
    by: str,
    text: str,
    code: str,
    intent: str,
    *,
    as_json: bool,
) -> None:
    """Thêm một câu mẫu của xã, không cần chờ người dân hỏi."""
    if code and intent:
        raise BotError("Chỉ chọn một trong --code và --intent.", "Xin bỏ bớt một.")
    approval = Approval(text, code, intent)
    _added(run(_teach(config_path, unit, by, approval)), as_json=as_json)


@click.command("word")
@config_option
@unit_option
@by_option
@click.argument("short")
@click.argument("meaning")
@json_option
def word_command(
    config_path: Path,
    unit: str | None,
    by: str,
    short: str,
    meaning: str,
    *,
    as_json: bool,
) -> None:
    """Thêm một từ địa phương hoặc chữ viết tắt (một tiếng) và nghĩa của nó."""
    _added(run(_word(config_path, unit, by, short, meaning)), as_json=as_json)


@click.command("examples")
@config_option
@unit_option
@by_option
@json_option
def examples_command(
    config_path: Path, unit: str | None, by: str, *, as_json: bool
) -> None:
    """Liệt kê câu mẫu và từ địa phương đã duyệt."""
    found = run(_examples(config_path, unit, by))
    if as_json:
        show_json([_taught(one) for one in found])
        return
    for one in found:
        label = one.example.label.removeprefix(MEANS)
        sign = "=" if one.example.label.startswith(MEANS) else "→"
        click.echo(f"{one.example_id}  {one.example.text} {sign} {label}")
        click.echo(f"    ({SOURCES[one.source]}, {one.by}, {when(one.at)})")
    click.echo(f"{len(found)} câu mẫu và từ địa phương.")


async def _gaps(
    config_path: Path, unit: str | None, by: str, limit: int
) -> list[Waiting]:
    async with room(config_path, unit, by) as office:
        return await review.listed(office.desk, limit, gaps=True)


async def _teach(
    config_path: Path, unit: str | None, by: str, approval: Approval
) -> str:
    async with room(config_path, unit, by) as office:
        return await teach.sentence(office.desk, approval, await office.catalogue())


async def _word(
    config_path: Path, unit: str | None, by: str, short: str, meaning: str
) -> str:
    async with room(config_path, unit, by) as office:
        entries = (await office.catalogue()).entries()
        return await teach.local_word(office.desk, short, meaning, entries)


async def _examples(config_path: Path, unit: str | None, by: str) -> list[Taught]:
    async with room(config_path, unit, by) as office:
        return await teach.listed(office.desk)


def _added(example_id: str, *, as_json: bool) -> None:
    if as_json:
        show_json({"example": example_id})
    else:
        click.echo(f"Đã thêm {example_id}; chạy 'thanthien nlu train' để trợ lý học.")


def _understood(engine: Engine | None, text: str) -> str:
    """Return the procedure that the reader finds by now, "" when it still does not."""
    if engine is None:
        return ""
    reading = engine.parse(text)
    is_found = reading.decision in ANSWERED and bool(reading.candidates)
    return reading.candidates[0].code if is_found else ""


def _show_gap(one: Waiting, now: str) -> None:
    click.echo(f"{one.lesson_id}  {one.text}")
    for text in one.also[:3]:
        click.echo(f"    cũng hỏi: {text}")
    found = f"; nay đã hiểu là {now}" if now else ""
    click.echo(
        f"    {len(one.lesson_ids)} lượt, {one.people} người, "
        f"từ {when(one.since)} đến {when(one.last)}{found}"
    )


def _gap(one: Waiting, now: str) -> dict[str, Any]:
    return {
        "lesson_id": one.lesson_id,
        "text": one.text,
        "also": list(one.also),
        "times": len(one.lesson_ids),
        "people": one.people,
        "first": when(one.since),
        "last": when(one.last),
        "now": now or None,
    }


def _taught(one: Taught) -> dict[str, Any]:
    is_word = one.example.label.startswith(MEANS)
    label = one.example.label.removeprefix(MEANS)
    return {
        "example_id": one.example_id,
        "text": one.example.text,
        "means" if is_word else "label": label,
        "source": one.source,
        "by": one.by,
        "at": when(one.at),
    }
