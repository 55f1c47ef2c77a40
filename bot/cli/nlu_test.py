"""``thanthien nlu test``: how good is the reader on questions with known answers?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from bot.cli.common import config_option, show_json
from bot.cli.nlu_reader import reader
from bot.cli.nlu_table import as_mapping, lines
from bot.errors import BotError
from nlu.engine import Engine
from nlu.errors import BadQuestionsError
from nlu.measure.questions import Asked, Questions, read_all
from nlu.measure.report import Report, measure
from nlu.variants import folded, with_typos

SEED = 20261123
REGRESSION = Path(__file__).resolve().parents[2] / "nlu" / "questions" / "regression"
VARIANTS: Mapping[str, Callable[[str], str]] = {
    "typed": str,
    "folded": folded,
    "typos": lambda text: with_typos(text, SEED),
}


@click.command("test")
@config_option
@click.option("--unit", help="Mã đơn vị.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def test_command(
    config_path: Path, unit: str | None, files: tuple[Path, ...], *, as_json: bool
) -> None:
    """Đo độ hiểu trên tệp câu hỏi có sẵn đáp án (mặc định: bộ kiểm tra đi kèm)."""
    questions = _questions(files or (REGRESSION,))
    reports = measure_variants(reader(config_path, unit), questions)
    if as_json:
        show_json({name: as_mapping(report) for name, report in reports.items()})
        return
    for line in lines(reports):
        click.echo(line)


def measure_variants(engine: Engine, questions: Questions) -> dict[str, Report]:
    """Return one report for each way of typing."""
    return {
        name: measure(engine, _changed(questions, change), engine.twins)
        for name, change in VARIANTS.items()
    }


def _changed(questions: Questions, change: Callable[[str], str]) -> Questions:
    """Return the same questions, typed another way."""

    def typed(asked: Asked) -> Asked:
        return Asked(
            change(asked.text), asked.needs, asked.intent, asked.facets, asked.foreign
        )

    return Questions(
        tuple(map(typed, questions.asked)),
        tuple(tuple(map(typed, talk)) for talk in questions.talks),
    )


def _questions(files: tuple[Path, ...]) -> Questions:
    """Return the questions; raises BotError for what cannot be read or is empty."""
    try:
        found = read_all(files)
    except BadQuestionsError as error:
        raise BotError(
            str(error),
            'Một dòng đúng: {"q": "làm khai sinh cho con", "gold": ["1.001193"]}',
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(
            f"Không đọc được tệp câu hỏi {files[0].name}.",
            "Xin kiểm tra đường dẫn và quyền đọc tệp.",
        ) from error
    if not found.asked and not found.talks:
        raise BotError(
            "Tệp không có câu hỏi nào.", "Mỗi dòng là một câu hỏi dạng JSON."
        )
    return found
