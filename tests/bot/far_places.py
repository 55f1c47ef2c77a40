"""Storage and a mail server of other people, as real local servers with moods."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from typing import Self

from aiohttp import web

from bot.sigv4 import Account, signed_headers


@dataclass
class Storage:
    """S3 as far as it is asked here; it works out each signature again."""

    account: Account
    objects: dict[str, bytes] = field(default_factory=dict)
    mood: str = "well"
    asked: int = 0

    async def answer(self, request: web.Request) -> web.Response:
        """Serve GET and PUT of an object."""
        self.asked += 1
        if self.mood == "dead":
            return web.Response(status=503)
        body = await request.read()
        if not self._is_signed(request, body):
            return web.Response(status=403)
        name = request.path.removeprefix("/minh-chung/")
        if request.method == "PUT":
            self.objects[name] = body
            return web.Response()
        found = self.objects.get(name)
        return web.Response(status=404) if found is None else web.Response(body=found)

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        got = request.headers
        at = datetime.strptime(got["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        url = f"http://{got['Host']}{request.path}"
        made = signed_headers(self.account, request.method, url, body, at)
        is_body = got["x-amz-content-sha256"] == hashlib.sha256(body).hexdigest()
        return is_body and got["Authorization"] == made["Authorization"]


@dataclass
class PostOffice:
    """An SMTP server that takes letters, or refuses them."""

    letters: list[Message] = field(default_factory=list)
    refuses: bool = False
    port: int = 0
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                text = await reader.readuntil(b"\r\n.\r\n")
                self.letters.append(message_from_bytes(text[:-5]))
            elif word == b"MAIL" and self.refuses:
                writer.write(b"451 later\r\n")
                continue
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            writer.write(b"250 ok\r\n")
        writer.close()
