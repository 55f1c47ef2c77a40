"""How do we get the next pair of Zalo tokens? (PLATFORMS §1.3)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import aiohttp

from bot.channels import wire
from bot.channels.errors import (
    RefreshRefusedError,
    RefreshUnavailableError,
    RefreshUncertainError,
)
from bot.channels.results import Failure, Unknown
from bot.channels.transport import Answer, by_status, error_code, exchange, time_limits
from bot.channels.zalo.errors_table import RATE_LIMIT

ACCESS_LIFE_SECONDS = 90_000  # 25 hours, the documented life
_LONGEST_TOKEN = 4096
_HALF_WAY = frozenset({"http-500", "http-502"})

RefreshError: TypeAlias = (
    RefreshRefusedError | RefreshUnavailableError | RefreshUncertainError
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A new pair; the old one died the moment this one was made.

    The caller stores it before anything else: the refresh token is single-use.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in_seconds: int


class ZaloOAuth:
    """The token endpoint for one app."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        oauth_base: str,
        app_id: str,
        app_secret: str,
        *,
        timeout: aiohttp.ClientTimeout | None = None,
    ) -> None:
        self._session = session
        self._url = oauth_base.rstrip("/") + "/v4/oa/access_token"
        self._app_id = app_id
        self._app_secret = app_secret
        self._limits = timeout or time_limits()

    async def refresh(self, refresh_token: str) -> Tokens:
        """Spend the refresh token for a new pair; one caller at a time per OA.

        Raises RefreshRefusedError (a person must consent again),
        RefreshUnavailableError (the token was not spent) or
        RefreshUncertainError (it may have been: try the same one once more, and
        treat a refusal then as a lost pair).
        """
        form = {
            "refresh_token": refresh_token,
            "app_id": self._app_id,
            "grant_type": "refresh_token",
        }
        answer = await exchange(
            self._session,
            "POST",
            self._url,
            limits=self._limits,
            headers={"secret_key": self._app_secret},
            data=form,
        )
        if not isinstance(answer, Answer):
            raise _by_failure(answer)
        return _tokens(answer)


def _tokens(answer: Answer) -> Tokens:
    """A pair counts whatever else the answer says: it is the only copy."""
    document = answer.document or {}
    access, renewed = (
        _token(document, "access_token"),
        _token(document, "refresh_token"),
    )
    if access and renewed:
        life = wire.whole(document.get("expires_in")) or ACCESS_LIFE_SECONDS
        return Tokens(access, renewed, life)
    raise _error(error_code(document.get("error")), answer)


def _token(document: Mapping[str, object], name: str) -> str:
    told = wire.text(document.get(name))
    is_header_safe = told.isascii() and told.isprintable()
    return told if is_header_safe and len(told) <= _LONGEST_TOKEN else ""


def _error(code: str, answer: Answer) -> RefreshError:
    """Zalo's token codes are not published: only a rate limit is not final."""
    if code == RATE_LIMIT:
        return RefreshUnavailableError(code)
    if code not in {"", "0"}:
        return RefreshRefusedError(code)
    return _by_failure(by_status(answer) or Unknown("garbage"))


def _by_failure(failure: Failure) -> RefreshError:
    """Without a code of Zalo's own the consent is not lost, the answer is.

    A server that broke down half-way may have spent the token already.
    """
    if isinstance(failure, Unknown) or failure.code in _HALF_WAY:
        return RefreshUncertainError(failure.code)
    return RefreshUnavailableError(failure.code)
