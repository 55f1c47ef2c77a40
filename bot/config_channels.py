"""How is a unit reached? Section ``channels``: the platforms and their secrets."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bot.addresses import is_near, is_plain
from bot.config_section import HTTP_URL, Secret, Section

Id = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{1,30}$")]
FILE_HOST = re.compile(r"^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$")
ZALO_FILE_HOSTS = ("*.zdn.vn", "*.zadn.vn", "*.dlfl.vn", "*.flchat.vn", "*.dlmd.me")
FACEBOOK_FILE_HOSTS = ("*.fbcdn.net", "*.fbsbx.com")
TEMPLATE_NAME = r"^[a-z0-9_]{0,512}$"


def _file_host(value: str) -> str:
    """A host, all below it (``*.``), or the full address of an emulator at home."""
    if FILE_HOST.match(value) or (is_plain(value) and is_near(value)):
        return value
    raise ValueError("chỉ ghi tên miền, ví dụ *.zdn.vn")


FileHosts = list[Annotated[str, AfterValidator(_file_host)]]


class Zalo(Section):
    """A Zalo Official Account (PLATFORMS.md 1); conflicting facts are settings."""

    oa_id: Id
    app_id: Id
    app_secret: Secret
    oa_secret_key: str = ""
    refresh_token: str = ""
    api_base: str = Field(default="https://openapi.zalo.me", pattern=HTTP_URL)
    oauth_base: str = Field(default="https://oauth.zaloapp.com", pattern=HTTP_URL)
    zbs_base: str = Field(default="https://business.openapi.zalo.me", pattern=HTTP_URL)
    mac_key: Literal["oa_secret", "app_secret"] = "oa_secret"
    mac_id: Literal["app_id", "oa_id"] = "app_id"
    per_minute: int = Field(default=4000, ge=1)
    article_cover: str = Field(default="", pattern=rf"^$|{HTTP_URL}")
    file_hosts: FileHosts = Field(default_factory=lambda: list(ZALO_FILE_HOSTS))

    @model_validator(mode="after")
    def _signing_secret(self) -> Zalo:
        if self.mac_key == "oa_secret" and not self.oa_secret_key:
            raise ValueError(
                "oa_secret_key: thiếu giá trị (hoặc đặt mac_key: app_secret)"
            )
        return self

    @property
    def signing_secret(self) -> str:
        """The secret Zalo signs webhooks with, as configured."""
        return self.oa_secret_key if self.mac_key == "oa_secret" else self.app_secret

    @property
    def signing_id(self) -> str:
        """The first term of the signature, as configured."""
        return self.app_id if self.mac_id == "app_id" else self.oa_id


class Facebook(Section):
    """A Facebook page (PLATFORMS.md 3)."""

    page_id: Id
    app_secret: Secret
    verify_token: Secret
    page_access_token: Secret
    app_id: str = ""
    graph_base: str = Field(default="https://graph.facebook.com", pattern=HTTP_URL)
    graph_version: str = Field(default="v25.0", pattern=r"^v[0-9]+\.[0-9]+$")
    per_second: int = Field(default=300, ge=1)
    file_hosts: FileHosts = Field(default_factory=lambda: list(FACEBOOK_FILE_HOSTS))
    thank_comments: bool = False
    result_template: str = Field(default="", pattern=TEMPLATE_NAME)


class Telegram(Section):
    """The staff group on Telegram."""

    bot_token: Secret
    chat_id: str
    secret_token: Secret
    api_base: str = Field(default="https://api.telegram.org", pattern=HTTP_URL)
    content: Literal["masked", "full"] = "masked"


class ZaloBot(Section):
    """A bot of the Zalo Bot platform, for staff."""

    bot_token: Secret
    secret_token: Secret
    api_base: str = Field(default="https://bot-api.zaloplatforms.com", pattern=HTTP_URL)


class Web(Section):
    """The chat on the commune's own page."""

    enabled: bool = True


class Channels(Section):
    """The platforms of one unit."""

    zalo: Zalo | None = None
    facebook: Facebook | None = None
    telegram: Telegram | None = None
    zalo_bot: ZaloBot | None = None
    web: Web | None = None
