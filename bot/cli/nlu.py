"""``thanthien nlu``: read texts as the bot reads them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.common import config_option, show_json
from bot.cli.nlu_export import export_command
from bot.cli.nlu_learning import COMMANDS
from bot.cli.nlu_reader import reader
from bot.cli.nlu_serve import serve_command
from bot.cli.nlu_shape import as_mapping
from bot.cli.nlu_test import test_command
from bot.errors import BotError


@click.group("nlu")
def nlu() -> None:
    """Thử, đo và dạy khả năng hiểu của trợ lý ảo."""


nlu.add_command(export_command)
nlu.add_command(test_command)
nlu.add_command(serve_command)
for command in COMMANDS:
    nlu.add_command(command)


@nlu.command("parse")
@config_option
@click.option("--unit", help="Mã đơn vị.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi câu một dòng JSON.")
@click.argument("texts", nargs=-1)
def parse_command(
    config_path: Path, unit: str | None, texts: tuple[str, ...], *, as_json: bool
) -> None:
    """Đọc hiểu các câu (hoặc dòng JSON {"text"} từ đầu vào chuẩn)."""
    engine = reader(config_path, unit)
    for text in texts or _from_stdin():
        reading = engine.parse(text)
        if as_json:
            show_json(as_mapping(reading))
        else:
            codes = ", ".join(f"{c.code} ({c.score:.2f})" for c in reading.candidates)
            click.echo(f"{text}\n  {reading.intent} → {reading.decision}: {codes}")


def _from_stdin() -> Iterator[str]:
    for number, line in enumerate(sys.stdin, start=1):
        if line.strip():
            yield _text(line, number)


def _text(line: str, number: int) -> str:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise _bad_line(number) from error
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise _bad_line(number)
    return str(value["text"])


def _bad_line(number: int) -> BotError:
    return BotError(
        f'Dòng {number} của đầu vào không phải JSON dạng {{"text": "…"}}.',
        'Ví dụ một dòng đúng: {"text": "làm khai sinh cho con"}',
    )
