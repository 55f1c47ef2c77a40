"""Do Zalo's tokens rotate, and do the old ones die at once?"""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.sandbox.model import ZaloAccount
from bot.sandbox.tokens import ZaloTokens
from tests.bot.sandbox.support import Start, World

ACCOUNT = ZaloAccount()
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .rstrip(b"=")
    .decode()
)


async def _token(world: World, secret: str = "", **form: str) -> Any:
    account = world.sandbox.config.zalo
    url = world.server.make_url("/v4/oa/access_token")
    headers = {"secret_key": secret or account.app_secret}
    body = {"app_id": account.app_id, **form}
    async with world.http.post(url, data=body, headers=headers) as answer:
        assert answer.status == 200
        return await answer.json()


async def _refresh(world: World, token: str) -> Any:
    return await _token(world, grant_type="refresh_token", refresh_token=token)


async def _error(world: World, token: str) -> int:
    return int((await world.zalo("/v3.0/oa/message/cs", {}, token=token))["error"])


async def test_refresh_rotates_both(world: World) -> None:
    """A refresh gives a new pair in strings, kills the old access and refresh token."""
    first = await _refresh(world, ACCOUNT.refresh_token)
    second = await _refresh(world, first["refresh_token"])
    used = await _refresh(world, first["refresh_token"])
    codes = [await _error(world, one["access_token"]) for one in (first, second)]

    assert first["expires_in"] == "90000"
    assert first["refresh_token"] != second["refresh_token"]
    assert codes == [-220, -201]
    assert used["error"] == -14014


async def test_access_tokens_age(start: Start) -> None:
    """After its life an access token is expired; a foreign one is invalid."""
    world = await start(zalo=ZaloAccount(access_seconds=10))
    pair = await _refresh(world, ACCOUNT.refresh_token)
    world.clock.forward(seconds=9)
    young = await _error(world, pair["access_token"])
    world.clock.forward(seconds=1)
    old = await _error(world, pair["access_token"])

    assert [young, old] == [-201, -220]
    assert await _error(world, "else") == -216


@pytest.mark.parametrize(
    ("form", "secret", "code"),
    [
        ({"grant_type": "refresh_token", "app_id": "1"}, "", -14002),
        ({"grant_type": "refresh_token"}, "wrong", -14004),
        ({"grant_type": "refresh_token"}, "", -14014),
        ({"grant_type": "authorization_code", "code": "x"}, "", -14006),
        ({"grant_type": "password"}, "", -14001),
    ],
)
async def test_bad_token_calls(
    world: World, form: dict[str, str], secret: str, code: int
) -> None:
    """App, secret, grant and token are all checked; errors come with HTTP 200."""
    assert code == (await _token(world, secret, **form))["error"]


async def _consent(world: World, **query: str) -> tuple[int, str]:
    account = world.sandbox.config.zalo
    asked = {
        "app_id": account.app_id,
        "redirect_uri": "https://a.vn/back",
        "code_challenge": CHALLENGE,
        "state": "s1",
        **query,
    }
    url = world.server.make_url("/v4/oa/permission")
    call = world.http.get(url, params=asked, allow_redirects=False)
    async with call as answer:
        return answer.status, answer.headers.get("Location", await answer.text())


async def _code(world: World) -> str:
    _, location = await _consent(world)
    return parse_qs(urlsplit(location).query)["code"][0]


async def test_consent_gives_a_code_for_one_use(world: World) -> None:
    """The consent page leads back with a code that works once, with its verifier."""
    code = await _code(world)
    form = {"grant_type": "authorization_code", "code": code}
    pair = await _token(world, **form, code_verifier=VERIFIER)
    again = await _token(world, **form, code_verifier=VERIFIER)
    form["code"] = await _code(world)
    wrong = await _token(world, **form, code_verifier="w" * 43)

    assert await _error(world, pair["access_token"]) == -201
    assert [again["error"], wrong["error"]] == [-14006, -14006]


async def test_codes_live_ten_minutes(world: World) -> None:
    """A code is dead after ten minutes."""
    code = await _code(world)
    world.clock.forward(minutes=10)
    form = {"grant_type": "authorization_code", "code": code}

    assert (await _token(world, **form, code_verifier=VERIFIER))["error"] == -14006


async def test_consent_checks_who_asks(world: World) -> None:
    """A foreign app or an address that is none gets no code."""
    _, foreign = await _consent(world, app_id="1")
    _, nowhere = await _consent(world, redirect_uri="javascript:alert(1)")

    assert "-14002" in foreign
    assert "-14003" in nowhere


class TokenMachine(RuleBasedStateMachine):
    """Refresh with the right and wrong tokens in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = ZaloTokens(ACCOUNT)
        self.refresh = [ACCOUNT.refresh_token]
        self.access: list[str] = []

    @rule(pick=st.integers(0, 5))
    def try_refresh(self, pick: int) -> None:
        """Use one of the refresh tokens ever seen; only the last one works."""
        token = self.refresh[pick % len(self.refresh)]
        form = {
            "app_id": ACCOUNT.app_id,
            "grant_type": "refresh_token",
            "refresh_token": token,
        }
        answer = self.tokens.exchange(form, ACCOUNT.app_secret, 0)
        assert ("access_token" in answer) == (token == self.refresh[-1])
        if "access_token" in answer:
            self.refresh.append(answer["refresh_token"])
            self.access.append(answer["access_token"])

    @invariant()
    def only_the_last_lives(self) -> None:
        """All access tokens but the newest are expired."""
        codes = [self.tokens.refusal(one, 0) for one in self.access]
        assert [-220] * (len(codes) - 1) + [0] * bool(codes) == codes


TestTokenMachine = TokenMachine.TestCase
TestTokenMachine.settings = settings(max_examples=30, stateful_step_count=15)
