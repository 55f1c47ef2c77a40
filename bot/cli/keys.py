"""``thanthien keys``: replace the master key while the service runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click
from sqlalchemy import Connection, select

from bot.cli.common import config_option, json_option, open_installation, run, show_json
from bot.cli.staff_room import by_option, desks
from bot.errors import BotError, DatabaseError
from bot.installation import KEYS_IN, Installation, key_file
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.tags import Tag
from storage.errors import StorageError
from storage.key_text import KeyText, write_keys
from storage.keys import rotated
from storage.rotation import Rewrapped, left, rewrap
from storage.tables import person

GRACE_MS = 10 * 60 * 1000
"""Whoever sealed under the old key just before it was replaced has long finished."""


@click.group("keys")
def keys() -> None:
    """Khóa chính của kho dữ liệu: xem, thay, bỏ khóa cũ."""


@keys.command("status")
@config_option
@by_option
@json_option
def status_command(config_path: Path, by: str, *, as_json: bool) -> None:
    """Nói khóa nào đang dùng và còn bao nhiêu mục dưới khóa cũ."""
    mark, old, number = run(_status(config_path, by))
    if as_json:
        show_json({"fingerprint": mark, "has_old": old, "left": number})
        return
    click.echo(f"Khóa đang dùng: {mark}.")
    click.echo(
        f"Còn khóa cũ, {number} mục chưa chuyển." if old else "Không còn khóa cũ."
    )


@keys.command("rotate")
@config_option
@by_option
@json_option
def rotate_command(config_path: Path, by: str, *, as_json: bool) -> None:
    """Thay khóa chính; bị ngắt giữa chừng thì chạy lại. Dịch vụ cứ chạy."""
    done = run(_rotate(config_path, by))
    if as_json:
        shown = {"seen": done.seen, "changed": done.changed}
        show_json(shown | {"damaged": done.damaged})
        return
    click.echo(f"Đã chuyển {done.changed} trong {done.seen} mục sang khóa mới.")
    if done.damaged:
        click.echo(f"{done.damaged} mục hỏng từ trước, không khóa nào mở được.")
    click.echo("Khóa cũ vẫn còn. Sau 10 phút xin chạy: thanthien keys retire")


@keys.command("retire")
@config_option
@by_option
@click.option("--despite-damaged", is_flag=True, help="Chấp nhận mục đã hỏng.")
@json_option
def retire_command(
    config_path: Path, by: str, *, despite_damaged: bool, as_json: bool
) -> None:
    """Bỏ khóa cũ khi không còn gì cần nó."""
    text = run(_retire(config_path, by, despite_damaged=despite_damaged))
    if as_json:
        show_json({"retired": True, "in_file": not text})
        return
    click.echo("Đã bỏ khóa cũ, có ghi minh chứng." if not text else _environment(text))
    click.echo("Bản sao lưu làm trước đó chỉ mở bằng khóa cũ: xin sao lưu lại ngay.")


@keys.command("new")
@config_option
@by_option
def new_command(config_path: Path, by: str) -> None:
    """In bộ khóa mới để đặt vào biến môi trường (khi khóa không ở trong tệp)."""
    click.echo(_environment(run(_new(config_path, by)).text()))


@asynccontextmanager
async def _keepers(
    config_path: Path, by: str
) -> AsyncIterator[tuple[Installation, tuple[Desk, ...]]]:
    """Open the installation for somebody who may keep its keys."""
    async with open_installation(config_path) as opened, desks(opened, by) as units:
        for desk in units:
            await desk.look(Action.KEEP_BACKUPS, lambda _: None)
        try:
            yield opened, units
        except StorageError as error:
            raise DatabaseError from error
        except OSError as error:
            raise BotError(
                f"Không ghi được tệp khóa ({error.strerror}).", "Khóa cũ vẫn nguyên."
            ) from error


async def _status(config_path: Path, by: str) -> tuple[str, bool, int]:
    async with _keepers(config_path, by) as (opened, _):
        ring = opened.ring
        found = await _left(opened)
        return ring.fingerprint, ring.keys.old is not None, found.changed


async def _rotate(config_path: Path, by: str) -> Rewrapped:
    async with _keepers(config_path, by) as (opened, units):
        if opened.ring.keys.old is None:
            await _replace(opened)
        done = Rewrapped()
        for unit_id in await _units(opened):
            one = await rewrap(opened.database, unit_id, opened.ring.unit(unit_id).box)
            done.seen += one.seen
            done.changed += one.changed
            done.damaged += one.damaged
        await _prove(units, Tag.MASTER_KEY_ROTATED, done.changed)
        return done


async def _retire(config_path: Path, by: str, *, despite_damaged: bool) -> str:
    """Return the text for the environment, "" when the file was changed."""
    async with _keepers(config_path, by) as (opened, units):
        known, now = opened.ring.keys, opened.clock.now_ms()
        if known.old is None:
            raise BotError(
                "Không có khóa cũ để bỏ.", "Xin xem 'thanthien keys status'."
            )
        if now - known.old.since < GRACE_MS:
            raise BotError("Vừa thay khóa, chưa bỏ khóa cũ.", "Xin đợi đủ 10 phút.")
        _refuse_left(await _left(opened), despite_damaged=despite_damaged)
        new = known.without_old()
        if opened.ring.is_in_file:
            await asyncio.to_thread(write_keys, key_file(opened.config), new)
        await _prove(units, Tag.MASTER_KEY_RETIRED, 0)
        return "" if opened.ring.is_in_file else new.text()


def _refuse_left(found: Rewrapped, *, despite_damaged: bool) -> None:
    if found.changed:
        raise BotError(
            f"Còn {found.changed} mục dưới khóa cũ.",
            "Xin chạy lại 'thanthien keys rotate'.",
        )
    if found.damaged and not despite_damaged:
        raise BotError(
            f"{found.damaged} mục không khóa nào mở được, nên chưa bỏ khóa cũ.",
            "Xin báo đơn vị hỗ trợ; chấp nhận mất các mục ấy: --despite-damaged.",
        )


async def _new(config_path: Path, by: str) -> KeyText:
    async with _keepers(config_path, by) as (opened, _):
        return await _made(opened)


async def _replace(opened: Installation) -> None:
    if not opened.ring.is_in_file:
        raise BotError(
            f"Khóa nằm ở biến môi trường {KEYS_IN}, lệnh không tự thay được.",
            "Xin chạy 'thanthien keys new', đặt biến, khởi động lại, rồi chạy lại.",
        )
    new = await _made(opened)
    await asyncio.to_thread(write_keys, key_file(opened.config), new)


async def _made(opened: Installation) -> KeyText:
    now = opened.clock.now_ms()
    return rotated(opened.ring.keys, await _units(opened), now)


async def _units(opened: Installation) -> list[str]:
    """Those of the configuration, and those that have people from before."""
    query = select(person.c.unit_id).distinct()
    found = await opened.database.read(lambda c: list(c.execute(query).scalars()))
    return sorted({*opened.config.units, *found})


async def _left(opened: Installation) -> Rewrapped:
    def count(connection: Connection) -> Rewrapped:
        total = Rewrapped()
        for unit_id in units:
            one = left(connection, unit_id, opened.ring.unit(unit_id).box)
            total.changed += one.changed
            total.damaged += one.damaged
        return total

    units = await _units(opened)
    return await opened.database.read(count)


async def _prove(units: tuple[Desk, ...], tag: Tag, changed: int) -> None:
    for desk in units:

        def work(connection: Connection, desk: Desk = desk) -> None:
            desk.prove(connection, tag, "", changed=changed)

        await desk.database.write(work)


def _environment(text: str) -> str:
    return f"{KEYS_IN}={text.strip().replace(chr(10), ';')}"
