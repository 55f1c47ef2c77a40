"""How do tests start many processes? From one that has imported everything.

An interpreter takes a second to import the service; a fork of a prepared server takes
a few milliseconds, and is a process like any other: with its own memory, files, signals
and end.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import runpy
import sys
from collections.abc import Callable
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

PREPARED = [
    "bot.__main__",
    "bot.cli.migrate",
    "bot.cli.service",
    "bot.sandbox.__main__",
    "tests.bot.sealer_to_kill",
    "tests.handlers.staff.catalogue.import_to_kill",
    "tests.scheduler.escalation.sweeper_to_kill",
]
PATIENCE = 60
"""Seconds."""


def exit_code(work: Callable[..., None], *told: Any) -> int | None:
    """Run in a process of its own; return how it ended, minus the signal that did."""
    child = _context().Process(target=work, args=told)
    child.start()
    child.join(PATIENCE)
    return child.exitcode


class Child:
    """A process that runs a module, spoken to as one of asyncio's."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, minus the signal that did; None while it runs."""
        return self._process.exitcode

    def send_signal(self, signal: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, signal)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    async def wait(self) -> int:
        """Wait for its end; return how."""
        await asyncio.to_thread(self._process.join)
        assert self._process.exitcode is not None
        return self._process.exitcode


async def forked(module: str, *arguments: str) -> Child:
    """Start what ``python -m module`` starts, without its output."""
    process = _context().Process(target=_run, args=(module, arguments), daemon=True)
    process.start()
    return Child(process)


def _run(module: str, arguments: tuple[str, ...]) -> None:
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PREPARED)
    return context
