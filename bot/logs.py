"""What does a log line look like? One JSON object; never a text, phone or secret.

A traceback is cut to places in the code: exception messages may hold what a
citizen wrote.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def configure(*, quiet: bool = False) -> None:
    """Set up structlog and the standard library's logging, once a process."""
    is_terminal = sys.stderr.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer()
        if is_terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            _level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            places_only,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if quiet else logging.INFO
        ),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.ERROR, handlers=[_Places()], force=True)


def places_only(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace exception information by file, line and function names."""
    info = event.pop("exc_info", None)
    if info:
        error = info if isinstance(info, BaseException) else sys.exc_info()[1]
        if error is not None:
            event["error"] = type(error).__name__
            event["places"] = places(error)
    return event


def places(error: BaseException) -> list[str]:
    """Return the last frames of an exception as ``file:line function``."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{f.filename.rsplit('/', 2)[-1]}:{f.lineno} {f.name}" for f in frames]


def _level(
    _logger: object, name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    event["level"] = "error" if name == "exception" else name
    return event


class _Places(logging.Handler):
    """Other libraries' errors, in the same form and without their messages."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger(record.name).error(
            "library_error",
            error=type(error).__name__ if error else record.levelname,
            places=places(error) if error else [f"{record.module}:{record.lineno}"],
        )
