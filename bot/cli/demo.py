"""``thanthien demo``: the whole road with made-up people, in one command."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import click
from aiohttp import web

from bot import installation
from bot.app import Service, build
from bot.cli.common import run
from bot.cli.migrate import seed_all
from bot.cli.service import hear, running, settle_heap
from bot.clock import SystemClock
from bot.config import Config, parse_config
from bot.console.demo_people import demo_links
from bot.console.house import gates
from bot.desk.directory import Listed
from bot.installation import Installation
from bot.logs import configure
from bot.sandbox.answers import SANDBOX
from bot.sandbox.facebook_utility import RESULT
from bot.sandbox.model import (
    FacebookAccount,
    SandboxConfig,
    StaffPlatform,
    TelegramAccount,
    ZaloAccount,
    ZaloBotAccount,
)
from bot.sandbox.officers import OFFICERS
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import add_phone_routes, create_sandbox
from bot.server import application, listen, port_of
from bot.services import load_services
from bot.trace import EvidenceTrace
from handlers.model import Channel
from handlers.staff.access.passwords import Hasher
from handlers.staff.desk import Colleague

UNIT = "thanh-ha"
OA_NAME = "UBND xã Thanh Hà"


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ mạng.")
@click.option("--port", default=8080, show_default=True, help="Cổng của dịch vụ.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Thư mục giữ dữ liệu; bỏ trống thì dùng thư mục tạm.",
)
@click.option("--verbose", is_flag=True, help="In nhật ký từng tin.")
def demo_command(host: str, port: int, folder: Path | None, *, verbose: bool) -> None:
    """Chạy thử: dịch vụ, Zalo và Facebook giả lập, và trang điện thoại /sandbox/."""
    configure(quiet=not verbose)
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        click.echo(f"Đang chuẩn bị dữ liệu dùng thử trong {folder} …")
        run(_demo(host, port, folder.absolute()))


async def _demo(host: str, port: int, folder: Path) -> None:
    sandbox_app = create_sandbox(_platforms(host, port), SystemClock())
    sandbox_runner = await listen(sandbox_app, host, 0)
    config = demo_config(folder, host, port, port_of(sandbox_runner))
    # The page is served by the service; files lie with the platforms, as outside.
    sandbox_app[SANDBOX].public_url = f"http://{host}:{port_of(sandbox_runner)}"
    await asyncio.to_thread(installation.prepare, config)
    await seed_all(config)
    async with installation.open_installation(config, exclusive=True) as opened:
        services = await load_services(
            config, opened.database, opened.clock, opened.ring
        )
        service = build(opened, services, {UNIT: _staff()})
        sandbox = sandbox_app[SANDBOX]
        hear(service.failed)
        async with running(service):
            runner = await _serve(service, opened, sandbox, host, port)
            settle_heap()
            await _announce(service, sandbox, runner, sandbox_runner, host)
            await service.failed.wait()
            await runner.cleanup()
    await sandbox_runner.cleanup()


async def _serve(
    service: Service, opened: Installation, sandbox: Sandbox, host: str, port: int
) -> web.AppRunner:
    units = list(opened.config.units)
    sandbox.trace = EvidenceTrace(opened.database, opened.ring, units)

    def extend(app: web.Application) -> None:
        add_phone_routes(app, sandbox)
        app.router.add_get("/", _to_phone)

    return await listen(application(service, extend), host, port)


async def _announce(
    service: Service,
    sandbox: Sandbox,
    runner: web.AppRunner,
    sandbox_runner: web.AppRunner,
    host: str,
) -> None:
    address = f"http://{host}:{port_of(runner)}"
    sandbox.service_url = address
    with suppress(OSError):
        await service.set_profiles()
    click.echo(f"Dịch vụ:            {address}")
    click.echo(f"Điện thoại dùng thử: {address}/sandbox/")
    click.echo(f"Nhóm cán bộ:        {address}/sandbox/staff")
    click.echo(f"Nền tảng giả lập:    http://{host}:{port_of(sandbox_runner)}")
    click.echo(f"Bàn làm việc:       {address}/console/")
    door = gates(service, Hasher())[UNIT]
    for role, name, url in await demo_links(door, address):
        click.echo(f"  {role} ({name}), vào một lần: {url}")
    click.echo("Nhấn Ctrl+C để dừng.")


async def _to_phone(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/sandbox/")


def _platforms(host: str, port: int) -> SandboxConfig:
    return SandboxConfig(
        service_url=f"http://{host}:{port}",
        zalo=ZaloAccount(name=OA_NAME),
        facebook=FacebookAccount(name=OA_NAME),
    )


def demo_config(folder: Path, host: str, port: int, sandbox_port: int) -> Config:
    """Return the configuration of the made-up commune."""
    base = f"http://{host}:{sandbox_port}"
    raw: dict[str, Any] = {
        "server": {"host": host, "port": port},
        "storage": {"url": "sqlite:///demo.db"},
        "privacy": {"retention": "24 tháng (dữ liệu dùng thử)"},
        "units": {UNIT: _commune() | {"channels": _channels(base)}},
    }
    return parse_config(raw, {}, folder)


def _staff() -> Listed:
    """Return who is who among the made-up officers."""
    known = [one for one in OFFICERS if one.is_known]
    return Listed(
        {
            (Channel(platform.value), one.user_id(platform)): one.key
            for one in known
            for platform in StaffPlatform
        },
        tuple(Colleague(one.key, one.name, frozenset({one.role})) for one in known),
    )


def _commune() -> dict[str, Any]:
    return {
        "name": "xã Thanh Hà",
        "full_name": "Ủy ban nhân dân xã Thanh Hà, thành phố Hải Phòng",
        "place": "Trung tâm Phục vụ hành chính công xã Thanh Hà (địa chỉ dùng thử)",
        "office_hours": {"t2-t6": ["07:30-11:30", "13:30-17:00"]},
        "phones": [
            {"label": "Đường dây nóng (số dùng thử)", "number": "0225 000 0000"}
        ],
        "reception": "Chủ tịch UBND xã tiếp công dân sáng thứ Năm (lịch dùng thử)",
    }


def _channels(base: str) -> dict[str, Any]:
    zalo, facebook = ZaloAccount(), FacebookAccount()
    telegram, zalo_bot = TelegramAccount(), ZaloBotAccount()
    return {
        "zalo": {
            "oa_id": zalo.oa_id,
            "app_id": zalo.app_id,
            "app_secret": zalo.app_secret,
            "oa_secret_key": zalo.oa_secret_key,
            "refresh_token": zalo.refresh_token,
            "api_base": base,
            "oauth_base": base,
            "zbs_base": base,
        },
        "facebook": {
            "page_id": facebook.page_id,
            "app_id": facebook.app_id,
            "app_secret": facebook.app_secret,
            "verify_token": facebook.verify_token,
            "page_access_token": facebook.page_access_token,
            "result_template": RESULT,
            "graph_base": base,
        },
        "telegram": {
            "bot_token": telegram.bot_token,
            "chat_id": telegram.chat_id,
            "secret_token": telegram.secret_token,
            "api_base": base,
        },
        "zalo_bot": {
            "bot_token": zalo_bot.bot_token,
            "secret_token": zalo_bot.secret_token,
            "api_base": base,
        },
    }
