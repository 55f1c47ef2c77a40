"""Which Zalo tokens are alive? Both rotate, the old die at once (PLATFORMS 1.3)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping

from bot.sandbox.model import JsonObject, ZaloAccount

TOKEN_INVALID = -216
TOKEN_EXPIRED = -220
CODE_LIFE_MS = 600_000
BAD_APP = (-14002, "Invalid appId")
BAD_SECRET = (-14004, "Invalid secret key")
BAD_CODE = (-14006, "Invalid authorization code")
BAD_REFRESH = (-14014, "Invalid refresh token")
BAD_GRANT = (-14001, "Invalid grant_type")
"""PLATFORMS 1.3 knows no codes for these but the first: the others are our guess."""


class ZaloTokens:
    """The one living pair of one OA. Times are UTC milliseconds."""

    def __init__(self, account: ZaloAccount) -> None:
        self._account = account
        self._refresh = account.refresh_token
        self._access = account.access_token
        self._access_until = 0
        self._dead: set[str] = set()
        self._codes: dict[str, tuple[int, str]] = {}
        self.refreshes = 0

    def refusal(self, token: str | None, now_ms: int) -> int:
        """Return 0 when the token is good, else the error code."""
        if token and secrets.compare_digest(token.encode(), self._access.encode()):
            return 0 if self._is_fresh(now_ms) else TOKEN_EXPIRED
        return TOKEN_EXPIRED if token in self._dead else TOKEN_INVALID

    def expire(self) -> None:
        """Kill the living access token; only a refresh helps."""
        if self._access:
            self._dead.add(self._access)
            self._access = ""

    def new_code(self, challenge: str, now_ms: int) -> str:
        """Return an authorisation code: ten minutes, one use."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = (now_ms + CODE_LIFE_MS, challenge)
        return code

    def exchange(
        self, form: Mapping[str, str], secret_key: str | None, now_ms: int
    ) -> JsonObject:
        """Answer the token call, for both grants."""
        if form.get("app_id") != self._account.app_id:
            return _error(*BAD_APP)
        if secret_key != self._account.app_secret:
            return _error(*BAD_SECRET)
        grant = form.get("grant_type")
        if grant == "refresh_token":
            return self._by_refresh(form, now_ms)
        if grant == "authorization_code":
            return self._by_code(form, now_ms)
        return _error(*BAD_GRANT)

    def _is_fresh(self, now_ms: int) -> bool:
        """A token given by configuration lives until the first refresh."""
        return not self._access_until or now_ms < self._access_until

    def _by_refresh(self, form: Mapping[str, str], now_ms: int) -> JsonObject:
        told = form.get("refresh_token", "")
        if not told or told != self._refresh:
            return _error(*BAD_REFRESH)
        return self._issue(now_ms)

    def _by_code(self, form: Mapping[str, str], now_ms: int) -> JsonObject:
        until, challenge = self._codes.pop(form.get("code", ""), (0, ""))
        if now_ms >= until or challenge != _challenge(form.get("code_verifier", "")):
            return _error(*BAD_CODE)
        return self._issue(now_ms)

    def _issue(self, now_ms: int) -> JsonObject:
        self.expire()
        self._access = secrets.token_urlsafe(48)
        self._refresh = secrets.token_urlsafe(48)
        self._access_until = now_ms + self._account.access_seconds * 1000
        self.refreshes += 1
        return {
            "access_token": self._access,
            "refresh_token": self._refresh,
            "expires_in": str(self._account.access_seconds),
        }


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _error(code: int, name: str) -> JsonObject:
    return {"error": code, "error_name": name, "error_reason": name, "ref_doc": ""}
