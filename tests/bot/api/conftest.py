"""The same service as for the console, with its server."""

from __future__ import annotations

from tests.bot.console.conftest import desk

__all__ = ["desk"]
