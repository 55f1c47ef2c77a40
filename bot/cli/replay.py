"""``thanthien replay``: look at messages that were set aside, and try them again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bot.cli.common import config_option, open_installation, run, show_json
from bot.clock import from_ms
from bot.errors import BotError
from storage import inbox_failed


@click.command("replay")
@config_option
@click.option("--event", "event_id", help="Chỉ một tin, theo mã.")
@click.option("--all", "everything", is_flag=True, help="Tất cả tin đang gác lại.")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def replay_command(
    config_path: Path, event_id: str | None, *, everything: bool, as_json: bool
) -> None:
    """Liệt kê tin bị gác lại; --event hoặc --all để xử lý lại."""
    rows, count = run(_replay(config_path, event_id, everything=everything))
    if as_json:
        show_json({"failed": rows, "replayed": count})
        return
    for row in rows:
        click.echo(f"{row['event']}  {row['received_at']}  {row['error']}")
    click.echo(f"{len(rows)} tin đang gác lại; đã đưa {count} tin vào hàng xử lý.")


async def _replay(
    config_path: Path, event_id: str | None, *, everything: bool
) -> tuple[list[dict[str, Any]], int]:
    async with open_installation(config_path) as opened:
        failed = await opened.database.read(inbox_failed.failed)
        chosen = [row for row in failed if everything or row["event_id"] == event_id]
        if event_id is not None and not chosen:
            raise BotError(
                "Không có tin nào đang gác lại với mã này.",
                "Xin chạy 'thanthien replay' để xem các mã.",
            )
        now = opened.clock.now_ms()
        if chosen:
            await opened.database.write(lambda c: inbox_failed.replay(c, chosen, now))
    return [_shown(row) for row in failed], len(chosen)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "unit": row["unit_id"],
        "event": row["event_id"],
        "channel": row["channel"],
        "attempts": row["attempts"],
        "error": row["error"],
        "received_at": from_ms(row["received_at"]).isoformat(),
    }
