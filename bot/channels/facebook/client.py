"""How do we call the Graph API for our page, and what came of it? (PLATFORMS §3.3)"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from bot.channels import wire
from bot.channels.facebook import comments
from bot.channels.facebook.errors_table import failure_for, is_listed
from bot.channels.facebook.profile import REQUIRED_FIELDS
from bot.channels.facebook.render import attachment_type, render, render_utility
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
    time_limits,
)
from bot.channels.uploads import form_with
from handlers.model import Media, Reply


class FacebookClient:
    """One page's Graph API, under its long-lived page token.

    ``version`` is like "v25.0". ``app_secret`` switches on ``appsecret_proof``,
    '' leaves it out. ``timeout`` defaults to 5 s for the connection and 15 s for
    the answer.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        graph_base: str,
        version: str,
        page_access_token: str,
        *,
        timeout: aiohttp.ClientTimeout | None = None,
        app_secret: str = "",
        page_id: str = "me",
    ) -> None:
        self._session = session
        self._base = f"{graph_base.rstrip('/')}/{version}/"
        self._page = page_id
        self._limits = timeout or time_limits()
        self._params = _credentials(page_access_token, app_secret)

    async def deliver(
        self, part: Reply, user_id: str, *, reference: str = "", human: bool = False
    ) -> SendResult:
        """Send one part of ``plan``; its file, if ours, is uploaded first.

        ``reference`` comes back in the echo; ``human`` only for a text that a
        person of the commune wrote.
        """
        if user_id.startswith(comments.PUBLIC):
            return await self._under(user_id.removeprefix(comments.PUBLIC), part)
        upload = await self._upload(part.media)
        if not isinstance(upload, Uploaded):
            return upload
        body = render(
            part, user_id, reference=reference, upload=upload.upload_id, human=human
        )
        return await self._send(body)

    async def deliver_utility(
        self, name: str, words: Sequence[str], user_id: str, *, reference: str = ""
    ) -> SendResult:
        """Send an approved utility template; ``words`` fill its places in order."""
        return await self._send(
            render_utility(name, words, user_id, reference=reference)
        )

    async def _send(self, body: Mapping[str, object]) -> SendResult:
        judged = await self._call("POST", f"{self._page}/messages", json=body)
        if not isinstance(judged, Fetched):
            return judged
        message_id = wire.text(judged.data.get("message_id"))
        return Accepted(message_id) if message_id else Unknown("garbage")

    async def _under(self, comment_id: str, part: Reply) -> SendResult:
        """Answer under a comment, for everybody to read."""
        body = {"message": part.text}
        judged = await self._call("POST", f"{comment_id}/comments", json=body)
        if not isinstance(judged, Fetched):
            return judged
        name = wire.text(judged.data.get("id"))
        return Accepted(name) if name else Unknown("garbage")

    async def publish(self, text: str) -> SendResult:
        """Post a text on the page at once, for everybody to read (§3.4)."""
        judged = await self._call("POST", f"{self._page}/feed", json={"message": text})
        if not isinstance(judged, Fetched):
            return judged
        name = wire.text(judged.data.get("id"))
        return Accepted(name) if name else Unknown("garbage")

    async def find_post(self, text: str) -> SendResult | None:
        """Return the post of the page with this text, None when it is not there.

        It is looked for among the newest 50; a failure says that nobody could look.
        """
        params = {**self._params, "fields": "id,message,created_time", "limit": "50"}
        judged = await self._call("GET", f"{self._page}/feed", params=params)
        if not isinstance(judged, Fetched):
            return repeatable(judged)
        posts = [wire.mapping(one) for one in wire.items(judged.data.get("data"))]
        wanted = _squeezed(text)
        names = (
            wire.text(one.get("id"))
            for one in posts
            if _squeezed(wire.text(one.get("message"))) == wanted
        )
        name = next(names, "")
        return Accepted(name) if name else None

    async def _upload(self, media: Media | None) -> UploadResult:
        if media is None or not (media.path or media.data):
            return Uploaded("")
        return await self.upload(media)

    async def upload(self, media: Media) -> UploadResult:
        """Upload a file of ours, or have Meta fetch ``media.url``; safe to repeat."""
        path = f"{self._page}/message_attachments"
        message = _attachment_message(media)
        if not (media.path or media.data):
            judged = await self._call("POST", path, json={"message": message})
            return _uploaded(judged)
        form = await form_with("filedata", media, {"message": json.dumps(message)})
        if not isinstance(form, aiohttp.FormData):
            return form
        return _uploaded(await self._call("POST", path, data=form))

    async def typing(self, user_id: str) -> Failure | None:
        """Show that an answer is being written; None when shown."""
        body = {"recipient": {"id": user_id}, "sender_action": "typing_on"}
        judged = await self._call("POST", f"{self._page}/messages", json=body)
        return None if isinstance(judged, Fetched) else judged

    async def set_profile(self, profile: Mapping[str, object]) -> Failure | None:
        """Set what ``build_profile`` made; None when set. Safe to repeat."""
        body = dict(profile)
        judged = await self._call("POST", "me/messenger_profile", json=body)
        return None if isinstance(judged, Fetched) else repeatable(judged)

    async def missing_fields(self, app_id: str = "") -> frozenset[str] | Failure:
        """Return the webhook fields the page should send our app but does not.

        Without ``app_id`` all apps that the token may see count. Empty is well:
        after an hour of failures Meta unsubscribes the app without a word.
        """
        judged = await self._call("GET", f"{self._page}/subscribed_apps")
        if not isinstance(judged, Fetched):
            return repeatable(judged)
        return REQUIRED_FIELDS - _subscribed(judged.data, app_id)

    async def _call(self, method: str, path: str, **arguments: Any) -> FetchResult:
        answer = await exchange(
            self._session,
            method,
            self._base + path,
            limits=self._limits,
            **{"params": self._params, **arguments},
        )
        return judge(answer) if isinstance(answer, Answer) else answer


def _squeezed(text: str) -> str:
    """Platforms keep words, not every blank between them."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _credentials(token: str, app_secret: str) -> dict[str, str]:
    """The address carries the token (§3.3); so no result ever names an address."""
    if not app_secret:
        return {"access_token": token}
    proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256)
    return {"access_token": token, "appsecret_proof": proof.hexdigest()}


def _attachment_message(media: Media) -> dict[str, object]:
    source = {} if media.path else {"url": media.url}
    payload = {**source, "is_reusable": True}
    return {"attachment": {"type": attachment_type(media), "payload": payload}}


def _uploaded(judged: FetchResult) -> UploadResult:
    if not isinstance(judged, Fetched):
        return repeatable(judged)
    upload_id = wire.text(judged.data.get("attachment_id"))
    return Uploaded(upload_id) if upload_id else repeatable(Unknown("no-id"))


def _subscribed(data: Mapping[str, object], app_id: str) -> frozenset[str]:
    apps = [wire.mapping(app) for app in wire.items(data.get("data"))]
    return frozenset(
        name
        for app in apps
        if not app_id or wire.identity(app.get("id")) == app_id
        for name in wire.names(app.get("subscribed_fields"))
    )


def judge(answer: Answer) -> FetchResult:
    """Return the answer, or what its error object or status asks us to do.

    An error object counts with HTTP 200 too: that was met in the wild (§3.3).
    """
    document = answer.document or {}
    failure = _failure(wire.mapping(document.get("error")), answer)
    if failure is not None:
        return failure
    is_error = answer.document is None or "error" in document
    return Unknown("garbage") if is_error else Fetched(document)


def _failure(error: Mapping[str, object], answer: Answer) -> Failure | None:
    """A listed code is stronger than the status, the status than another code."""
    code = error_code(error.get("code"))
    subcode = error_code(error.get("error_subcode"))
    by_http = by_status(answer)
    if is_listed(code, subcode) or (code and not _is_server_trouble(answer)):
        return failure_for(code, subcode, answer.after_seconds)
    return by_http


def _is_server_trouble(answer: Answer) -> bool:
    return answer.status == 429 or answer.status >= 500  # noqa: PLR2004  HTTP classes
