"""Style, scripts and fonts: read once, named by their content, kept for a year."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files

from aiohttp import web

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
PACKED = {".woff2"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Static:
    """One file, plain and compressed."""

    kind: str
    plain: bytes
    packed: bytes | None


class Statics:
    """The files of ``bot/console/static``; one hash names them all."""

    def __init__(self) -> None:
        self._files = dict(sorted(_read()))
        whole = hashlib.sha256()
        for name, file in self._files.items():
            whole.update(name.encode() + b"\0" + file.plain)
        self.mark = whole.hexdigest()[:12]

    def url(self, name: str) -> str:
        """Return the address of a file; a name that is not there is our mistake."""
        if name not in self._files:
            raise KeyError(name)
        return f"/console/static/{self.mark}/{name}"

    def size(self, *names: str) -> int:
        """Return the bytes that go over the wire for these files."""
        found = [self._files[name] for name in names]
        return sum(len(file.packed or file.plain) for file in found)

    async def serve(self, request: web.Request) -> web.Response:
        """Return a file; an old mark is answered with what is there now."""
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        is_new = request.match_info["mark"] == self.mark
        headers = {
            "Cache-Control": FOR_EVER if is_new else "no-cache",
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
        }
        body = file.plain
        if file.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = file.packed, "gzip"
        charset = None if file.kind.startswith("font") else "utf-8"
        return web.Response(
            body=body, content_type=file.kind, charset=charset, headers=headers
        )


def _read() -> list[tuple[str, Static]]:
    found = []
    for entry in (files("bot.console") / "static").iterdir():
        kind = next((k for end, k in TYPES.items() if entry.name.endswith(end)), "")
        if kind:
            plain = entry.read_bytes()
            is_packed = any(entry.name.endswith(end) for end in PACKED)
            packed = None if is_packed else gzip.compress(plain, 9, mtime=0)
            found.append((entry.name, Static(kind, plain, packed)))
    return found
