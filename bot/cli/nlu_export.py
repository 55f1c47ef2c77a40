"""``thanthien nlu export``: write what the reader knows as a project of Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
import yaml

from bot.cli.common import config_option, one_unit, open_installation, run
from bot.errors import BotError
from handlers.staff.catalogue.effective import load, seed_catalogue
from nlu.model import Entry
from nlu.rasa.errors import NothingToTeachError
from nlu.rasa.export import CONFIG, Project, project

Known = tuple[list[Entry], Mapping[str, str]]


@click.command("export")
@config_option
@click.option("--unit", help="Mã đơn vị.")
@click.option(
    "--rasa",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Thư mục dự án Rasa 3.6 sẽ ghi.",
)
def export_command(config_path: Path, unit: str | None, folder: Path) -> None:
    """Ghi danh mục và các câu mẫu thành một dự án Rasa 3.6."""
    made = _project(config_path, unit)
    written = _write(made, folder)
    click.echo(
        f"Đã ghi dự án Rasa: {made.procedures} thủ tục, {made.intents} ý định, "
        f"{made.sentences} câu (kể cả bản không dấu)."
    )
    if CONFIG not in written:
        click.echo(f"Giữ nguyên {CONFIG} đã có.")
    click.echo("Bước tiếp theo, trong thư mục đó: rasa train nlu")


def _project(config_path: Path, unit: str | None) -> Project:
    try:
        return project(*_known(config_path, unit))
    except NothingToTeachError as error:
        raise BotError(
            str(error), "Xin nạp danh mục có cách gọi thông dụng trước."
        ) from error


def _known(config_path: Path, unit: str | None) -> Known:
    """Return the unit's catalogue and short forms; the seed before any set-up."""
    if not config_path.exists():
        return seed_catalogue().entries(), {}
    return run(_installed(config_path, unit))


async def _installed(config_path: Path, unit: str | None) -> Known:
    async with open_installation(config_path) as opened:
        unit_id = one_unit(list(opened.config.units), unit)
        catalogue = await opened.database.read(lambda c: load(c, unit_id))
        return catalogue.entries(), opened.config.units[unit_id].abbreviations


def _write(made: Project, folder: Path) -> list[str]:
    """Write each file whole; return the names of those written."""
    try:
        kept = {CONFIG} if _has_config(folder) else set[str]()
        for name, text in made.files.items():
            if name not in kept:
                _replace(folder / name, text)
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(
            f"Không ghi được dự án Rasa vào {folder.name}.",
            "Xin kiểm tra đường dẫn và quyền ghi.",
        ) from error
    return sorted(made.files.keys() - kept)


def _has_config(folder: Path) -> bool:
    """Whether Rasa's settings are there; another program's are never overwritten."""
    path = folder / CONFIG
    if not path.exists():
        return False
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError:
        found = None
    if isinstance(found, dict) and "recipe" in found:
        return True
    raise BotError(
        f"Thư mục {folder.resolve().name} đã có một {CONFIG} không phải của Rasa.",
        "Xin chọn một thư mục riêng cho dự án Rasa.",
    )


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
