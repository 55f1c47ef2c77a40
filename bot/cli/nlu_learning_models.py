"""``thanthien nlu`` train, models, live, rollback: which model speaks?"""

from __future__ import annotations

import gc
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
from bot.cli.nlu_learning_room import (
    by_option,
    room,
)
from bot.cli.nlu_learning_words import REFUSED, STATUS, share, when
from bot.errors import BotError
from bot.policy import LOCAL
from handlers.staff.learning import live, training
from handlers.staff.learning.training import Trained
from nlu.gate import Refusal
from nlu.train import Shelf

SHOWN = 5
"""Questions lost that are printed for people; --json has them all."""


@click.command("train")
@config_option
@unit_option
@by_option
@click.option("--hold", is_flag=True, help="Chỉ huấn luyện, chưa đưa vào dùng.")
@json_option
def train_command(
    config_path: Path, unit: str | None, by: str, *, hold: bool, as_json: bool
) -> None:
    """Học từ câu mẫu đã duyệt; chỉ đưa vào dùng khi tốt hơn bản đang dùng."""
    gc.disable()  # a process that lives for seconds leaves its rubbish to its end
    try:
        done = run(_train(config_path, unit, by, hold=hold))
    finally:
        gc.enable()
    if as_json:
        show_json(_trained(done))
    else:
        tell(done)
    if _is_refused(done):
        reasons = "; ".join(REFUSED[reason] for reason in done.refusals)
        raise BotError(
            f"Mô hình mới chưa được dùng: {reasons}.",
            "Mô hình cũ vẫn chạy; xin xem lại các câu mẫu vừa duyệt.",
        )


@click.command("models")
@config_option
@unit_option
@by_option
@json_option
def models_command(
    config_path: Path, unit: str | None, by: str, *, as_json: bool
) -> None:
    """Liệt kê các mô hình đã học; dấu * là bản đang dùng."""
    found, public_key = run(_models(config_path, unit, by))
    if as_json:
        signed = {"public_key": public_key}
        show_json(
            [asdict(one) | {"metrics": _counted(one.metrics)} | signed for one in found]
        )
        return
    for one in found:
        mark = "*" if one.status == "live" else " "
        first = share(one.metrics["new"]["first"])
        status = "đã lùi lại" if one.rolled_back else STATUS[one.status]
        click.echo(
            f"{mark} {one.model_id}  {when(one.trained_at)}  {status}  đúng {first}"
        )
    click.echo(f"{len(found)} mô hình.")


@click.command("live")
@config_option
@unit_option
@by_option
@click.argument("model_id")
@json_option
def live_command(
    config_path: Path, unit: str | None, by: str, model_id: str, *, as_json: bool
) -> None:
    """Đưa vào dùng một mô hình đã qua kiểm tra (sau 'train --hold')."""
    run(_live(config_path, unit, by, model_id))
    if as_json:
        show_json({"live": model_id})
    else:
        click.echo(f"Trợ lý chuyển sang mô hình {model_id} trong vài giây.")


@click.command("rollback")
@config_option
@unit_option
@by_option
@json_option
def rollback_command(
    config_path: Path, unit: str | None, by: str, *, as_json: bool
) -> None:
    """Lùi về mô hình dùng trước đó."""
    to = run(_rollback(config_path, unit, by))
    if as_json:
        show_json({"live": to})
    else:
        name = f"mô hình {to}" if to else "dữ liệu gốc đi kèm"
        click.echo(f"Đã lùi; trợ lý chuyển về {name} trong vài giây.")


async def _train(
    config_path: Path, unit: str | None, by: str, *, hold: bool
) -> Trained:
    async with room(config_path, unit, by) as office:
        entries = (await office.catalogue()).entries()
        words = office.opened.config.units[office.desk.unit_id].abbreviations
        today = office.opened.clock.now().astimezone(LOCAL).date()
        return await training.run(office.desk, Shelf(entries, words), today, hold=hold)


async def _models(
    config_path: Path, unit: str | None, by: str
) -> tuple[list[live.Version], str]:
    async with room(config_path, unit, by) as office:
        return await live.listed(office.desk), office.desk.keys.public_key


async def _live(config_path: Path, unit: str | None, by: str, model_id: str) -> None:
    async with room(config_path, unit, by) as office:
        await live.make_live(office.desk, model_id)


async def _rollback(config_path: Path, unit: str | None, by: str) -> str | None:
    async with room(config_path, unit, by) as office:
        return await live.roll_back(office.desk)


def _trained(done: Trained) -> dict[str, Any]:
    return {
        "model": done.model_id or None,
        "live": done.is_live,
        "refusals": [reason.value for reason in done.refusals],
        "examples": done.examples,
        "lost": [asdict(one) for one in done.lost],
        "otherwise": [{"text": text, "code": code} for text, code in done.otherwise],
        **_counted(asdict(done.comparison)),
    }


def _counted(metrics: dict[str, Any]) -> dict[str, Any]:
    """Return figures with the number of questions missed in place of their list."""
    sides = {n: dict(metrics[n]) for n in ("old", "new", "since") if n in metrics}
    for side in sides.values():
        side["missed"] = len(side["missed"])
    return metrics | sides


def _is_refused(done: Trained) -> bool:
    """Whether something that was asked for did not come about."""
    if Refusal.NOTHING_NEW in done.refusals:
        return False
    is_idle = done.refusals == (Refusal.NOTHING_GAINED,) and not done.comparison.fresh
    return bool(done.refusals) and not is_idle


def tell(done: Trained) -> None:
    """Say how training went, for people."""
    found = done.comparison
    click.echo(
        f"{done.examples} câu mẫu. Bộ câu hỏi kiểm tra: đúng ngay "
        f"{share(found.new.first)} (bản đang dùng {share(found.old.first)}), "
        f"thêm {sum(one.won for one in found.changes)} câu đúng, "
        f"mất {sum(one.lost for one in found.changes)} câu. "
        f"Câu mới duyệt: đúng "
        f"{found.new_right}/{found.fresh} lượt (bản đang dùng {found.old_right})."
    )
    if _is_refused(done):
        _tell_lost(done)
    _tell_otherwise(done)
    if Refusal.NOTHING_NEW in done.refusals:
        click.echo("Không có gì mới để học; mô hình đang dùng giữ nguyên.")
    elif done.is_live:
        click.echo(f"Mô hình {done.model_id} đã được đưa vào dùng.")
    elif not _is_refused(done):
        click.echo(f"Mô hình {done.model_id} được giữ lại, chưa đưa vào dùng.")


def _tell_lost(done: Trained) -> None:
    """Name the questions that were lost and the sentences that may have done it."""
    for one in done.lost[:SHOWN]:
        click.echo(f"  Câu kiểm tra bị hiểu sai: “{one.question}” → {one.code or '?'}")
        for suspect in one.suspects[:SHOWN]:
            click.echo(f"    có thể do câu mẫu: “{suspect}”")


def _tell_otherwise(done: Trained) -> None:
    """Name new sentences that the reader so far was sure to mean something else."""
    for text, code in done.otherwise[:SHOWN]:
        click.echo(f"  Xin xem lại: “{text}” trước giờ được hiểu chắc là {code}.")
