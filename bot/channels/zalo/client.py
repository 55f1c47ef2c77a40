"""How do we call Zalo's Open API, and what came of it? (PLATFORMS §1.3, 1.6, 1.8)"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import aiohttp

from bot.channels import wire
from bot.channels.results import (
    Accepted,
    Failure,
    Fetched,
    FetchResult,
    SendResult,
    Unknown,
    Uploaded,
    UploadResult,
)
from bot.channels.transport import (
    Answer,
    by_status,
    error_code,
    exchange,
    repeatable,
    scalars,
    time_limits,
)
from bot.channels.uploads import form_with
from bot.channels.zalo.errors_table import failure_for, is_listed
from bot.channels.zalo.render import render
from handlers.model import Media, Reply

_IMAGE = "image"


class ZaloClient:
    """One OA's Open API. It keeps no token: the caller passes the present one.

    ``app_secret`` switches on ``appsecret_proof`` (§1.3), '' leaves it out.
    ``timeout`` defaults to 5 s for the connection and 15 s for the answer.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_base: str,
        *,
        timeout: aiohttp.ClientTimeout | None = None,
        app_secret: str = "",
    ) -> None:
        self._session = session
        self._base = api_base.rstrip("/")
        self._limits = timeout or time_limits()
        self._app_secret = app_secret

    async def deliver(self, part: Reply, user_id: str, access_token: str) -> SendResult:
        """Send one part of ``plan``; its file, if ours, is uploaded first."""
        upload = await self._upload(part.media, access_token)
        if not isinstance(upload, Uploaded):
            return upload
        body = render(part, user_id, upload=upload.upload_id)
        path = "/v3.0/oa/message/cs"
        judged = await self.call("POST", path, access_token, json=body)
        if not isinstance(judged, Fetched):
            return judged
        return _accepted(judged)

    async def _upload(self, media: Media | None, access_token: str) -> UploadResult:
        if media is None or not (media.path or media.data):
            return Uploaded("")
        if media.kind == _IMAGE:
            return await self.upload_image(media, access_token)
        return await self.upload_file(media, access_token)

    async def upload_image(self, media: Media, access_token: str) -> UploadResult:
        """Upload a JPG or PNG of at most 1 MB; the id lives 7 days (§1.8)."""
        path = "/v2.0/oa/upload/image"
        return await self._put(path, media, access_token, "attachment_id")

    async def upload_file(self, media: Media, access_token: str) -> UploadResult:
        """Upload a PDF, DOC, DOCX or CSV of at most 5 MB; the token lives 7 days."""
        path = "/v2.0/oa/upload/file"
        return await self._put(path, media, access_token, "token")

    async def _put(
        self, path: str, media: Media, access_token: str, name: str
    ) -> UploadResult:
        form = await form_with("file", media)
        if not isinstance(form, aiohttp.FormData):
            return form
        judged = await self.call("POST", path, access_token, data=form)
        if not isinstance(judged, Fetched):
            return repeatable(judged)
        upload_id = wire.text(judged.data.get(name))
        return Uploaded(upload_id) if upload_id else repeatable(Unknown("no-id"))

    async def get_oa(self, access_token: str) -> FetchResult:
        """Ask who we are (``/v2.0/oa/getoa``): the health check of OA and token."""
        judged = await self.call("GET", "/v2.0/oa/getoa", access_token)
        return judged if isinstance(judged, Fetched) else repeatable(judged)

    async def call(
        self, method: str, path: str, access_token: str, **arguments: Any
    ) -> FetchResult:
        """Make one call below the base; ``arguments`` are aiohttp's."""
        answer = await exchange(
            self._session,
            method,
            self._base + path,
            limits=self._limits,
            headers=self._headers(access_token),
            **arguments,
        )
        return judge(answer) if isinstance(answer, Answer) else answer

    def _headers(self, access_token: str) -> dict[str, str]:
        headers = {"access_token": access_token}
        if self._app_secret:
            headers["appsecret_proof"] = _proof(self._app_secret, access_token)
        return headers


def _proof(app_secret: str, access_token: str) -> str:
    mac = hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256)
    return mac.hexdigest()


def judge(answer: Answer) -> FetchResult:
    """Return the answer's ``data``, or what its code or status asks us to do.

    A list stands as ``items``.

    Zalo tells errors with HTTP 200 and ``error`` other than 0 (§1.6).
    """
    document = answer.document or {}
    code = error_code(document.get("error"))
    failure = _failure(code, answer)
    if failure is not None:
        return failure
    if code != "0":
        return Unknown("garbage")
    data = document.get("data")
    if isinstance(data, list):
        return Fetched({"items": data})
    return Fetched(wire.mapping(data))


def _failure(code: str, answer: Answer) -> Failure | None:
    """A listed code is stronger than the status, the status than another code."""
    if is_listed(code):
        return failure_for(code, answer.after_seconds)
    by_http = by_status(answer)
    if by_http is not None or code in {"", "0"}:
        return by_http
    return failure_for(code, answer.after_seconds)


def _accepted(judged: Fetched) -> Accepted:
    data = judged.data
    quota = scalars(data.get("quota"))
    message_id = wire.first(data.get("message_id"), data.get("msg_id"))
    return Accepted(message_id, quota or None)
