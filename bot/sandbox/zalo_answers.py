"""How does Zalo refuse? HTTP 200 with ``error`` other than 0 (PLATFORMS 1.10)."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.answers import json_answer
from bot.sandbox.audience import NEVER_WROTE, NOT_FOLLOWING, OUT_OF_QUOTA, WINDOW_OVER
from bot.sandbox.model import JsonObject
from bot.sandbox.rate import FixedWindow
from bot.sandbox.tokens import TOKEN_EXPIRED, TOKEN_INVALID

RATE = -32
EXPIRED_ID = -100
INVALID = -201
TOO_MUCH = -210
BAD_TYPE = -233
SHUT_DOWN = -240
BAD_PROOF = -242
PROCESSING = -214
ARTICLE_QUOTA = -223
NIGHT = -234
NOT_BY_UID = -249
BAD_PHONE = -108
BAD_TEMPLATE = -109
BAD_VALUE = -132
NO_DAILY = -144

MESSAGES = {
    RATE: "Your application reached limit call api",
    EXPIRED_ID: "attachment_id was expired",
    INVALID: "{field} is invalid!",
    TOO_MUCH: "Parameter exceeds allowable limit",
    OUT_OF_QUOTA: "Out of quota",
    NOT_FOLLOWING: "User has not followed OA",
    TOKEN_INVALID: "Access token is invalid",
    TOKEN_EXPIRED: "access_token is expired or removed",
    WINDOW_OVER: "User has not interacted with the OA in the past 7 days",
    NEVER_WROTE: (
        "User has not interacted with the OA, or the last interaction has expired"
    ),
    BAD_TYPE: "message type is invalid or not support",
    SHUT_DOWN: "MessageV2 API has been shut down, please switch to MessageV3",
    PROCESSING: "Article is being processed",
    ARTICLE_QUOTA: "Your OA has reach the limit quota create article",
    NIGHT: "This message cannot be sent at night (10:00PM - 6:00AM)",
    NOT_BY_UID: "Template does not support send via UID",
    BAD_PHONE: "Phone number is invalid",
    BAD_TEMPLATE: "Template is invalid",
    BAD_VALUE: "Parameter {field} is invalid",
    NO_DAILY: "OA has reached the daily limit of ZBS messages",
    BAD_PROOF: "Invalid appsecret_proof provided in the API argument",
}


class ZaloRefusal(Exception):  # noqa: N818  a value of the emulation, not our fault
    """Zalo refuses a call with a code."""

    def __init__(self, code: int, field: str = "") -> None:
        super().__init__(code, field)
        self.code = code
        self.field = field


def refuse(refusal: ZaloRefusal, rate: FixedWindow) -> web.Response:
    """Return the envelope of an error."""
    message = MESSAGES[refusal.code].format(field=refusal.field)
    body = {"error": refusal.code, "message": message}
    left = 0 if refusal.code == RATE else rate.left
    return json_answer(body, headers=_rate_headers(rate, left))


def accept(data: JsonObject | list[JsonObject], rate: FixedWindow) -> web.Response:
    """Return the envelope of a success."""
    body = {"data": data, "error": 0, "message": "Success"}
    return json_answer(body, headers=_rate_headers(rate, rate.left))


def _rate_headers(rate: FixedWindow, left: int) -> dict[str, str]:
    return {"X-RateLimit-Limit": str(rate.limit), "X-RateLimit-Remain": str(left)}
