"""What does an emulated platform look like: accounts, limits, people, acts, traces?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol, TypedDict

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from bot.sandbox.errors import SandboxConfigError

STRICT = ConfigDict(extra="forbid")
PAGE_INBOX_APP = 263902037430900
"""The app id of Facebook's own page inbox (PLATFORMS 3.2)."""

JsonObject = dict[str, Any]
"""A body of a platform: its shape is checked field by field where it is read."""


def _made_up(name: str) -> str:
    return f"sandbox-{name}"


class Platform(StrEnum):
    """The two platforms of citizens that are emulated."""

    ZALO = "zalo"
    FACEBOOK = "facebook"


class StaffPlatform(StrEnum):
    """The two on which the commune's own people are told and answer."""

    TELEGRAM = "telegram"
    ZALO_BOT = "zalo_bot"


AnyPlatform = Platform | StaffPlatform


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class ZaloAccount:
    """An OA and its app. ``mac_key``/``mac_id`` say how webhooks are signed (1.4)."""

    oa_id: str = "3886132808788086451"
    app_id: str = "3608465249409039671"
    app_secret: str = field(default=_made_up("zalo-app"), repr=False)
    oa_secret_key: str = field(default=_made_up("zalo-oa"), repr=False)
    refresh_token: str = field(default=_made_up("zalo-refresh"), repr=False)
    access_token: str = field(default="", repr=False)
    access_seconds: int = 90_000
    mac_key: Literal["oa_secret", "app_secret"] = "oa_secret"
    mac_id: Literal["app_id", "oa_id"] = "app_id"
    name: str = "Chính quyền thân thiện"
    path: str = "/webhooks/zalo"
    per_minute: int = 4_000
    package_quota: int = 100_000
    article_quota: int = 10
    broadcast_quota: int = 10
    list_template: bool = False

    @property
    def signing_id(self) -> str:
        """The first term of the mac."""
        return self.oa_id if self.mac_id == "oa_id" else self.app_id

    @property
    def signing_secret(self) -> str:
        """The last term of the mac."""
        return self.app_secret if self.mac_key == "app_secret" else self.oa_secret_key


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class FacebookAccount:
    """A page and its app. ``per_second`` is the Send API's rate for text (3.3)."""

    page_id: str = "104857600123456"
    app_id: str = "151777648186011"
    app_secret: str = field(default=_made_up("facebook-app"), repr=False)
    verify_token: str = field(default=_made_up("facebook-verify"), repr=False)
    page_access_token: str = field(default=_made_up("facebook-page"), repr=False)
    name: str = "Chính quyền thân thiện"
    path: str = "/webhooks/facebook"
    per_second: int = 300


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class TelegramAccount:
    """A bot and its group of staff (PLATFORMS 4.1); limits in messages."""

    bot_token: str = field(default="7001:" + _made_up("telegram"), repr=False)
    chat_id: str = "-1001700170017"
    secret_token: str = field(default=_made_up("telegram-hook"), repr=False)
    name: str = "Tổ trực Thân Thiện"
    path: str = "/webhooks/telegram/thanh-ha"
    is_forum: bool = True
    per_second: int = 30
    group_per_minute: int = 20


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class ZaloBotAccount:
    """A bot of the Zalo Bot platform (PLATFORMS 2); its rate is our guess."""

    bot_token: str = field(default="8001:" + _made_up("zalo-bot"), repr=False)
    secret_token: str = field(default=_made_up("zalo-bot-hook"), repr=False)
    name: str = "Bot Tổ trực"
    path: str = "/webhooks/zalo-bot/thanh-ha"
    per_minute: int = 120


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class FaultRule:
    """When a fault strikes: always, for the next calls, or by chance (0..1).

    ``channel`` limits it to one platform; ``seconds`` is how long "slow" lasts.
    """

    on: bool = False
    next_calls: int = 0
    probability: float = 0.0
    channel: str = ""
    seconds: float = 3.0


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """One sandbox. ``time_compression`` divides the waits of the retry ladders.

    ``accept_any_user`` treats every decimal id as a citizen who has just written,
    for load generators that post their own events. ``echoes`` and ``receipts``
    are the webhooks which follow an accepted send.
    """

    service_url: str = "http://127.0.0.1:8080"
    zalo: ZaloAccount = ZaloAccount()
    facebook: FacebookAccount = FacebookAccount()
    telegram: TelegramAccount = TelegramAccount()
    zalo_bot: ZaloBotAccount = ZaloBotAccount()
    public_url: str = ""
    echoes: bool = True
    receipts: bool = True
    enforce_windows: bool = True
    accept_any_user: bool = False
    time_compression: float = 60.0
    seed: int = 1
    faults: Mapping[str, FaultRule] = field(default_factory=dict)


def config_from_json(text: str | bytes) -> SandboxConfig:
    """Read a configuration; raises SandboxConfigError naming the bad key."""
    try:
        return TypeAdapter(SandboxConfig).validate_json(text)
    except ValidationError as error:
        places = (".".join(map(str, e["loc"])) or "?" for e in error.errors())
        raise SandboxConfigError(", ".join(places)) from None


class ActKind(StrEnum):
    """What a citizen (or the commune's staff) does on the platform."""

    TEXT = "text"
    IMAGE = "image"
    FILE = "file"
    AUDIO = "audio"
    LOCATION = "location"
    STICKER = "sticker"
    LIKE = "like"
    TAP = "tap"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    REFERRAL = "referral"
    HUMAN_REPLY = "human_reply"
    COMMENT = "comment"
    COMMENT_EDITED = "comment_edited"
    COMMENT_REMOVED = "comment_removed"


@dataclass(frozen=True, slots=True)
class Act:
    """One act, in terms no platform owns.

    ``payload`` is a button's payload, a link's ref or a comment's id; ``quick`` tells
    Messenger's quick replies from its postback buttons. ``url``, ``name``, ``size``
    (bytes) and ``checksum`` describe a file; ``latitude``/``longitude`` are degrees.
    """

    kind: ActKind = ActKind.TEXT
    text: str = ""
    payload: str = ""
    quick: bool = False
    url: str = ""
    name: str = ""
    size: int = 0
    checksum: str = ""
    latitude: str = ""
    longitude: str = ""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A webhook as the platform posts it: raw bytes, headers, path."""

    body: bytes
    headers: dict[str, str]
    path: str


class Step(TypedDict):
    """What the service did with a message; ``at`` is ISO 8601 with its zone."""

    step: str
    at: str
    data: JsonObject


class Trace(Protocol):
    """Asks the service what became of a citizen's message."""

    async def steps(self, channel: str, message_id: str) -> Sequence[Step]:
        """Return the steps so far: received, understood, decided, sent, evidenced."""
        ...
