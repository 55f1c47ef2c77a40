"""What do the pages for everybody share? Their headers, templates and style sheets."""

from __future__ import annotations

from importlib.resources import files

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def templates() -> Environment:
    """Return the templates; every value in them is escaped, a missing one an error."""
    return Environment(
        loader=PackageLoader("bot.public", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style_sheet(name: str) -> web.Response:
    """Return a style sheet of the pages by its file name."""
    source = (files("bot.public") / "pages" / name).read_text("utf-8")
    return web.Response(text=source, content_type="text/css", headers=HEADERS)
