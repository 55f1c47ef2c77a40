"""How does a file of ours get into a multipart upload?"""

from __future__ import annotations

import asyncio
import mimetypes
import re
from pathlib import Path

import aiohttp

from bot.channels.results import Reason, Refused
from handlers.model import Media

_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/]')
_BINARY = "application/octet-stream"


async def form_with(
    field: str, media: Media, values: dict[str, str] | None = None
) -> aiohttp.FormData | Refused:
    """Return a form with the file under ``field``, after the plain values.

    The file is read outside the event loop; one that cannot be read is a
    refusal, because trying again will not bring it back.
    """
    try:
        content = media.data or await asyncio.to_thread(Path(media.path).read_bytes)
    except (OSError, ValueError):
        return Refused("file", Reason.MEDIA)
    # Citizens see the name: it goes as UTF-8, not percent-quoted.
    form = aiohttp.FormData(quote_fields=False, charset="utf-8")
    for key, value in (values or {}).items():
        form.add_field(key, value)
    name = file_name(media)
    kind = content_type(media.path or name)
    form.add_field(field, content, filename=name, content_type=kind)
    return form


def file_name(media: Media) -> str:
    """Return the name that the citizen sees, with the file's own ending."""
    path = Path(media.path)
    name = media.name or path.name
    ending = "" if name.lower().endswith(path.suffix.lower()) else path.suffix
    return _UNSAFE.sub("_", name + ending)


def content_type(path: str) -> str:
    """Return the MIME type that the file's ending stands for."""
    return mimetypes.guess_type(path)[0] or _BINARY
