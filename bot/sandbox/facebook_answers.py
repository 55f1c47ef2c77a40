"""How does the Graph API refuse? HTTP 4xx with an error object (PLATFORMS 3.3)."""

from __future__ import annotations

import secrets

from aiohttp import web

from bot.sandbox.answers import json_answer
from bot.sandbox.audience import NOT_RECEIVING, OUTSIDE_WINDOW

TOKEN = (190, 0)
NO_USER = (100, 2018001)
PARAMETER = (100, 0)
TOO_BIG = (100, 2018109)
RATE = (613, 0)
TEMPORARY = (2, 0)
REPLIED = (10900, 0)
"""A second private reply to a comment, or one too late; from memory, unverified."""
MESSAGES = {
    TOKEN: ("OAuthException", "Invalid OAuth access token."),
    NO_USER: ("OAuthException", "(#100) No matching user found"),
    PARAMETER: ("OAuthException", "(#100) Invalid parameter"),
    TOO_BIG: ("OAuthException", "(#100) Attachment size exceeds allowable limit"),
    REPLIED: ("OAuthException", "(#10900) Activity already replied to"),
    RATE: ("OAuthException", "(#613) Calls to this api have exceeded the rate limit."),
    TEMPORARY: ("OAuthException", "(#2) Service temporarily unavailable"),
    OUTSIDE_WINDOW: (
        "OAuthException",
        "(#10) This message is sent outside of allowed window.",
    ),
    NOT_RECEIVING: (
        "OAuthException",
        "(#551) This person isn't available right now.",
    ),
}
STATUS = {TOKEN: 401, TEMPORARY: 500}


class GraphRefusal(Exception):  # noqa: N818  a value of the emulation, not our fault
    """Facebook refuses a call with a code and a subcode."""

    def __init__(
        self, pair: tuple[int, int], detail: str = "", status: int = 0
    ) -> None:
        super().__init__(pair, detail)
        self.pair = pair
        self.detail = detail
        self.status = status or STATUS.get(pair, 400)


def refuse(refusal: GraphRefusal) -> web.Response:
    """Return the error object."""
    kind, message = MESSAGES[refusal.pair]
    code, subcode = refusal.pair
    error: dict[str, object] = {
        "message": f"{message} {refusal.detail}".strip(),
        "type": kind,
        "code": code,
        "fbtrace_id": secrets.token_urlsafe(8),
    }
    if subcode:
        error["error_subcode"] = subcode
    is_fast = refusal.status == web.HTTPTooManyRequests.status_code
    headers = {"Retry-After": "1"} if is_fast else None
    return json_answer({"error": error}, status=refusal.status, headers=headers)
