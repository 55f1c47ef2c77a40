"""``thanthien letters``: write a letter from data, list the kinds, check the words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from bot.cli.common import (
    config_option,
    json_option,
    show_json,
    unit_option,
)
from bot.cli.letters_files import files_of, write_all
from bot.cli.letters_office import desk_of
from bot.cli.letters_tokens import (
    token_command,
    token_end_command,
    tokens_command,
)
from bot.clock import SystemClock
from bot.errors import BotError
from bot.policy import LOCAL
from messages.documents.errors import DocumentError
from messages.letters import kinds as known
from messages.letters.compose import compose
from messages.letters.dates import parsed
from messages.letters.errors import LetterError
from messages.letters.kinds import LetterKind
from messages.letters.lint.run import lint_kind

any_config = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    expose_value=False,
    help="Tệp cấu hình (mọi lệnh đều nhận; lệnh này không cần đến).",
)
own_option = click.option(
    "--kinds",
    "own",
    type=click.Path(path_type=Path, file_okay=False),
    help="Thư mục loại thư riêng của xã (kinds.yml và các mẫu).",
)


@click.group("letters")
def letters() -> None:
    """Thư chúc mừng, chia buồn, cảm ơn, biểu dương, xin lỗi, thăm hỏi."""


@letters.command("render")
@click.argument("kind")
@config_option
@unit_option
@own_option
@click.option(
    "--data",
    "data_file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Tệp JSON chứa dữ liệu của thư.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Thư mục để ghi letter.pdf, letter.png, letter.docx, letter.txt.",
)
@click.option("--date", "day", default="", help="Ngày của thư (mặc định: hôm nay).")
@click.option("--a5", "is_small", is_flag=True, help="In khổ A5 (mặc định A4).")
@json_option
def render_command(
    kind: str,
    config_path: Path,
    unit: str | None,
    own: Path | None,
    data_file: Path,
    out: Path,
    day: str,
    *,
    is_small: bool,
    as_json: bool,
) -> None:
    """Soạn thư loại KIND từ tệp dữ liệu; thiếu mục bắt buộc thì không ghi gì."""
    with spoken():
        raw = _data(data_file)
        chosen = known.load(own).named(kind)
        desk = desk_of(config_path, unit)
        letter = compose(chosen, raw, desk.office, _day(day))
        paths = write_all(out, files_of(letter, "a5" if is_small else "a4"))
    notes = [*desk.notes, *_unused(letter.unused)]
    if as_json:
        about = {"kind": chosen.code, "version": str(letter.version), "notes": notes}
        show_json(about | {"files": [str(path) for path in paths]})
        return
    for note in notes:
        click.echo(f"Lưu ý: {note}", err=True)
    click.echo(f"Đã soạn {chosen.name} (mẫu {letter.version}):")
    for path in paths:
        click.echo(f"  {path}")


@letters.command("kinds")
@any_config
@own_option
@json_option
def kinds_command(own: Path | None, *, as_json: bool) -> None:
    """Liệt kê các loại thư và dữ liệu mỗi loại cần."""
    with spoken():
        found = list(known.load(own))
    if as_json:
        show_json([_mapping(kind) for kind in found])
        return
    for kind in found:
        needed = ", ".join(" hoặc ".join(group) for group in kind.required)
        click.echo(f"{kind.code}  {kind.name}")
        click.echo(f"  bắt buộc: {needed}")
        click.echo(f"  có thể thêm: {', '.join(kind.optional())}")


@letters.command("lint")
@any_config
@own_option
@click.argument("names", nargs=-1)
@json_option
def lint_command(own: Path | None, names: tuple[str, ...], *, as_json: bool) -> None:
    """Thử mọi mẫu thư với các trường hợp khó và quy tắc lễ nghi."""
    with spoken():
        kinds = known.load(own)
        chosen = [kinds.named(name) for name in names] or list(kinds)
        found = [problem for kind in chosen for problem in lint_kind(kind)]
    if as_json:
        show_json({"kinds": len(chosen), "problems": found})
    else:
        for problem in found:
            click.echo(problem)
    if found:
        raise BotError(
            f"Có {len(found)} chỗ trong mẫu thư cần sửa.",
            "Xin sửa mẫu theo từng dòng trên rồi chạy lại 'thanthien letters lint'.",
        )
    if not as_json:
        click.echo(f"{len(chosen)} loại thư đều đạt.")


for command in (token_command, tokens_command, token_end_command):
    letters.add_command(command)


@contextmanager
def spoken() -> Iterator[None]:
    """Turn an error of the letters' side into one the command line can say."""
    try:
        yield
    except (LetterError, DocumentError) as error:
        raise BotError(str(error), error.hint) from error


def _data(path: Path) -> Mapping[str, object]:
    hint = 'Xin ghi một tệp JSON dạng {"chong": "…", "vo": "…"}; xem docs/viet-thu.md.'
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"Không đọc được tệp dữ liệu {path.name}.", hint) from error
    except (ValueError, RecursionError) as error:
        raise BotError(f"Tệp {path.name} không phải JSON hợp lệ.", hint) from error
    if not isinstance(raw, dict):
        raise BotError(f"Tệp {path.name} phải là một nhóm mục có tên.", hint)
    return raw


def _day(text: str) -> date:
    if not text:
        return SystemClock().now().astimezone(LOCAL).date()
    found = parsed(text, "ngày của thư")
    if found is None:
        raise BotError(
            f"Ngày của thư '{text}' chưa đúng dạng.", "Xin ghi như 2026-11-25."
        )
    return found


def _unused(names: tuple[str, ...]) -> list[str]:
    if not names:
        return []
    shown = ", ".join(name[:40] for name in names)
    return [f"thư loại này chưa dùng tới các mục: {shown}."]


def _mapping(kind: LetterKind) -> dict[str, Any]:
    return {
        "code": kind.code,
        "name": kind.name,
        "tone": kind.tone.value,
        "required": [list(group) for group in kind.required],
        "optional": list(kind.optional()),
        "outputs": sorted(output.value for output in kind.outputs),
        "approver": kind.approver,
        "channels": list(kind.channels),
        "version": kind.version,
    }
