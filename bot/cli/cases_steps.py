"""``thanthien cases take|assign|…``: one command for each step of a case."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import click

from bot.cli.cases_room import (
    by_option,
    code_argument,
    room,
    say,
)
from bot.cli.common import (
    config_option,
    json_option,
    run,
    unit_option,
)
from handlers.cases import actions
from handlers.cases.actions import Action
from handlers.staff.cases import answer, merge
from handlers.staff.cases.act import Done, act
from handlers.staff.cases.workroom import Room

Work = Callable[[Room, str], Coroutine[Any, Any, Done]]


def text_option(help_text: str, *, required: bool = True) -> Callable[[Any], Any]:
    """Return the option for what a person writes."""
    return click.option("--text", required=required, default="", help=help_text)


def step(name: str) -> Callable[[Callable[..., Work]], click.Command]:
    """Make a command of a function that turns its own options into the work."""

    def made(function: Callable[..., Work]) -> click.Command:
        def command(
            config_path: Path,
            unit: str | None,
            by: str,
            code: str,
            *,
            as_json: bool,
            **options: Any,
        ) -> None:
            done = run(_carried(config_path, unit, by, code, function(**options)))
            say(done, as_json=as_json)

        command.__doc__ = function.__doc__
        # click keeps the options of a function beside it until it becomes a command.
        options = getattr(function, "__click_params__", [])
        vars(command)["__click_params__"] = options
        whole: Any = command
        for option in (json_option, by_option, unit_option, config_option):
            whole = option(whole)
        return click.command(name)(code_argument(whole))

    return made


async def _carried(
    config_path: Path, unit: str | None, by: str, code: str, work: Work
) -> Done:
    async with room(config_path, unit, by) as here:
        return await work(here, code)


def _acts(action: Action) -> Work:
    return lambda here, code: act(here, code, action)


@step("take")
def take() -> Work:
    """Nhận hồ sơ về mình."""
    return _acts(actions.Take())


@step("assign")
@click.option("--to", required=True, help="Mã cán bộ nhận; on_duty là bộ phận trực.")
@text_option("Lời dặn.", required=False)
def assign(to: str, text: str) -> Work:
    """Giao hồ sơ cho một cán bộ."""
    return _acts(actions.Assign(to, text))


@step("note")
@text_option("Ghi chú nội bộ.")
@click.option("--mention", "mentions", multiple=True, help="Mã cán bộ cần xem.")
def note(text: str, mentions: tuple[str, ...]) -> Work:
    """Ghi chú nội bộ, người dân không thấy."""
    return _acts(actions.Note(text, mentions))


@step("classify")
@click.option("--kind", required=True, help="Loại hồ sơ đúng.")
@text_option("Lý do.", required=False)
def classify(kind: str, text: str) -> Work:
    """Phân loại; đổi loại thì hạn được tính lại từ ngày nhận."""
    return _acts(actions.Classify(kind, text))


@step("accept")
@text_option("Ghi chú.", required=False)
def accept(text: str) -> Work:
    """Nhận xử lý."""
    return _acts(actions.Accept(text))


@step("return")
@text_option("Lý do và cách bổ sung, bằng lời lịch sự.")
def give_back(text: str) -> Work:
    """Trả lại kèm lý do."""
    return _acts(actions.Return(text))


@step("begin")
def begin() -> Work:
    """Bắt đầu xử lý."""
    return _acts(actions.Begin())


@step("answer")
@text_option("Nội dung trả lời.", required=False)
@click.option("--send", is_flag=True, help="Gửi bản lãnh đạo đã duyệt.")
def answer_(text: str, *, send: bool) -> Work:
    """Trả lời người dân; loại cần duyệt thì lưu bản chờ lãnh đạo."""
    if send:
        return answer.send_approved
    return lambda here, code: answer.answer(here, code, text)


@step("approve")
@click.option("--reject", "is_rejected", is_flag=True, help="Không duyệt.")
@text_option("Điều cần sửa khi không duyệt.", required=False)
@click.option("--no-send", is_flag=True, help="Duyệt nhưng chưa gửi.")
def approve(text: str, *, is_rejected: bool, no_send: bool) -> Work:
    """Lãnh đạo duyệt (hoặc không duyệt) bản trả lời."""
    if is_rejected:
        return lambda here, code: answer.reject(here, code, text)
    return lambda here, code: answer.approve(here, code, send=not no_send)


@step("close")
@text_option("Lời nhắn cuối.", required=False)
def close(text: str) -> Work:
    """Kết thúc hồ sơ."""
    return _acts(actions.Close(text))


@step("reopen")
@text_option("Lý do mở lại.")
def reopen(text: str) -> Work:
    """Mở lại hồ sơ."""
    return _acts(actions.Reopen(text))


@step("transfer")
@click.option("--agency", required=True, help="Cơ quan giải quyết.")
@click.option("--receipt", default="", help="Số tiếp nhận của cơ quan đó.")
def transfer(agency: str, receipt: str) -> Work:
    """Chuyển cơ quan có trách nhiệm giải quyết."""
    return _acts(actions.Transfer(agency, receipt))


@step("receipt")
@click.option("--number", required=True, help="Số tiếp nhận.")
def receipt(number: str) -> Work:
    """Ghi số tiếp nhận của cơ quan đã chuyển tới."""
    return _acts(actions.Receipt(number))


@step("merge")
@click.option("--into", required=True, help="Mã hồ sơ được giữ lại.")
def merge_(into: str) -> Work:
    """Nhập vào một hồ sơ cùng nội dung."""
    return lambda here, code: merge.merge(here, code, into)


@step("link")
@click.option("--other", required=True, help="Mã hồ sơ liên quan.")
def link(other: str) -> Work:
    """Nối hai hồ sơ liên quan."""
    return lambda here, code: merge.link(here, code, other)


@step("extend")
@click.option("--case", "extension", required=True, help="Mã trường hợp gia hạn.")
@text_option("Lý do.")
def extend(extension: str, text: str) -> Work:
    """Gia hạn theo quy định của loại hồ sơ."""
    return _acts(actions.Extend(extension, text))


@step("pause")
@click.option("--reason", required=True, help="Mã lý do tạm dừng.")
@text_option("Lý do bằng lời.")
def pause(reason: str, text: str) -> Work:
    """Tạm dừng tính hạn vì lý do được phép."""
    return _acts(actions.Suspend(reason, text))


@step("resume")
def resume() -> Work:
    """Tiếp tục tính hạn."""
    return _acts(actions.Resume())


STEPS: tuple[click.Command, ...] = (
    take,
    assign,
    note,
    classify,
    accept,
    give_back,
    begin,
    answer_,
    approve,
    close,
    reopen,
    transfer,
    receipt,
    merge_,
    link,
    extend,
    pause,
    resume,
)
