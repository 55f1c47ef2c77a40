"""What does an installation say about itself? ``config.yml``, typed and strict.

An unknown key, a missing secret or a bad value stops the start and names the key.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.addresses import is_near, is_plain
from bot.config_calendar import own_calendar
from bot.config_city import CityChannel
from bot.config_errors import describe
from bot.config_evidence import Evidence
from bot.config_monitoring import Monitoring
from bot.config_section import Section
from bot.errors import ConfigError, ConfigMissingError
from scheduler.errors import SchedulerError
from scheduler.office_hours import WeeklyHours

Secret = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{1,30}$")]
UNIT_ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,39}$")
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
HTTP_URL = r"^https?://[^\s/]+"
CLAMD = r"^(/.+|[^\s/:]+:[0-9]{1,5})?$"
FILE_HOST = re.compile(r"^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$")
ZALO_FILE_HOSTS = ("*.zdn.vn", "*.zadn.vn", "*.dlfl.vn", "*.flchat.vn", "*.dlmd.me")
FACEBOOK_FILE_HOSTS = ("*.fbcdn.net", "*.fbsbx.com")
LONGEST_READING = 5.0
"""Seconds for all who are asked about one message (see bot.ahead)."""


class Server(Section):
    """Where the service listens, and how citizens' browsers reach it."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""


class StorageSection(Section):
    """The database; keys, spool and files lie beside it unless named."""

    url: str = Field(
        default="sqlite:///data/than-thien.db",
        pattern=r"^(sqlite:///.+|postgresql://.+)",
    )
    key_file: str = ""
    spool: str = ""
    files: str = ""


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


class PhoneNumber(Section):
    """A published number."""

    label: str
    number: str


class Unit(Section):
    """One commune."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    full_name: str = ""
    place: str = ""
    portal_url: str = "https://dichvucong.gov.vn"
    reception: str = ""
    office_hours: dict[str, list[str]] = Field(default_factory=dict)
    days_off: list[str] = Field(default_factory=list)
    working_days: list[str] = Field(default_factory=list)
    calendar_file: str = ""
    phones: list[PhoneNumber] = Field(default_factory=list)
    texts: dict[str, str] = Field(default_factory=dict)
    abbreviations: dict[str, str] = Field(default_factory=dict)
    hamlets: list[
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    ] = Field(default_factory=list, max_length=99)
    city_channels: list[CityChannel] = Field(default_factory=list)
    channels: Channels

    @model_validator(mode="after")
    def _readable_hours(self) -> Unit:
        try:
            WeeklyHours.parse(
                self.office_hours,
                days_off=self.days_off,
                working_days=self.working_days,
            )
        except SchedulerError as error:
            raise ValueError(f"office_hours: {error}") from error
        return self

    @field_validator("channels")
    @classmethod
    def _some_channel(cls, value: Channels) -> Channels:
        if not any(getattr(value, name) for name in Channels.model_fields):
            raise ValueError("cần ít nhất một kênh (zalo, facebook, …)")
        return value


class Rasa(Section):
    """A Rasa server trained from `thanthien nlu export`; used by backend rasa."""

    url: str = Field(default="http://127.0.0.1:5005", pattern=HTTP_URL)
    timeout_seconds: float = Field(default=0.5, ge=0.05, le=5)
    token: str = ""


class Ai(Section):
    """A language model that helps to read and never speaks (docs/adr/0013)."""

    url: str = Field(pattern=HTTP_URL)
    model: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)
    ]
    api_key: str = ""
    purpose: list[Literal["rerank", "rewrite"]] = Field(
        default=["rerank", "rewrite"], min_length=1
    )
    timeout_seconds: float = Field(default=1.5, ge=0.1, le=3)
    daily_calls: int = Field(default=500, ge=1)
    daily_tokens: int = Field(default=300_000, ge=1)

    @field_validator("url")
    @classmethod
    def _sealed_on_the_way(cls, value: str) -> str:
        if not is_plain(value):
            raise ValueError("địa chỉ không được có tài khoản, dấu ? hoặc #")
        if not value.startswith("https://") and not is_near(value):
            raise ValueError("ngoài mạng nội bộ thì phải là địa chỉ https://")
        return value


class Nlu(Section):
    """Who reads the texts: our engine, and what may be asked beside it."""

    backend: Literal["embedded", "rasa"] = "embedded"
    rasa: Rasa = Rasa()
    ai: Ai | None = None

    @model_validator(mode="after")
    def _in_time(self) -> Nlu:
        if self.backend != "rasa" or self.ai is None:
            return self
        if self.rasa.timeout_seconds + self.ai.timeout_seconds > LONGEST_READING:
            raise ValueError(
                "rasa.timeout_seconds và ai.timeout_seconds cộng lại"
                f" tối đa {LONGEST_READING:g} giây"
            )
        return self


class Privacy(Section):
    """What the privacy notice says (Luật 91/2025/QH15)."""

    retention: str = ""


class Files(Section):
    """How large a citizen's file may be, and who looks for viruses in it."""

    image_mb: int = Field(default=20, ge=1, le=100)
    audio_mb: int = Field(default=25, ge=1, le=500)
    video_mb: int = Field(default=100, ge=1, le=2000)
    file_mb: int = Field(default=25, ge=1, le=500)
    timeout_seconds: float = Field(default=120, ge=5, le=900)
    clamd: str = Field(default="", pattern=CLAMD)
    scan_command: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_scanner(self) -> Files:
        if self.clamd and self.scan_command:
            raise ValueError("chỉ đặt một trong hai: clamd hoặc scan_command")
        return self


class Config(Section):
    """The whole file."""

    server: Server
    storage: StorageSection
    units: dict[str, Unit] = Field(min_length=1)
    nlu: Nlu = Nlu()
    privacy: Privacy = Privacy()
    files: Files = Files()
    monitoring: Monitoring = Monitoring()
    evidence: Evidence = Evidence()

    @field_validator("units")
    @classmethod
    def _unit_ids(cls, value: dict[str, Unit]) -> dict[str, Unit]:
        for unit_id in value:
            if not UNIT_ID.match(unit_id):
                raise ValueError(f"mã đơn vị '{unit_id}': chỉ dùng a-z, 0-9 và dấu -")
        return value

    @field_validator("units")
    @classmethod
    def _accounts_once(cls, value: dict[str, Unit]) -> dict[str, Unit]:
        """An event is routed by OA id or page id: no two units may share one."""
        owners: dict[str, str] = {}
        for unit_id, unit in value.items():
            for account in _accounts(unit.channels):
                first = owners.setdefault(account, unit_id)
                if first != unit_id:
                    raise ValueError(f"{account} có ở cả hai đơn vị {first}, {unit_id}")
        return value


def _accounts(channels: Channels) -> list[str]:
    zalo = [f"oa_id {channels.zalo.oa_id}"] if channels.zalo else []
    page = [f"page_id {channels.facebook.page_id}"] if channels.facebook else []
    return zalo + page


def load_config(path: Path) -> Config:
    """Read and check a file; raises ConfigError with the name of the bad key."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigMissingError(f"Không tìm thấy tệp cấu hình {path.name}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Không đọc được tệp cấu hình {path.name}.") from error
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(
            f"Tệp {path.name} không phải YAML hợp lệ{_line(error)}."
        ) from error
    return parse_config(raw, os.environ, path.resolve().parent)


def parse_config(raw: Any, environment: Any, folder: Path) -> Config:
    """Check a mapping; relative sqlite paths are beside the file."""
    if not isinstance(raw, dict):
        raise ConfigError(
            "Tệp cấu hình phải bắt đầu bằng các khóa server, storage, units."
        )
    try:
        config = Config.model_validate(_resolve(raw, environment, ""))
    except ValidationError as error:
        raise ConfigError(describe(error)) from error
    return _absolute(config, folder)


def _resolve(value: Any, environment: Any, where: str) -> Any:
    if isinstance(value, dict):
        return {
            str(key): _resolve(part, environment, f"{where}.{key}".lstrip("."))
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_resolve(part, environment, where) for part in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda m: _variable(m[1], environment, where), value)
    return value


def _variable(name: str, environment: Any, where: str) -> str:
    found = environment.get(name)
    if not found:
        raise ConfigError(
            f"Khóa {where} cần biến môi trường {name} nhưng biến này chưa có.",
            f"Xin đặt {name} trước khi chạy (ví dụ trong tệp môi trường của dịch vụ).",
        )
    return str(found)


def _absolute(config: Config, folder: Path) -> Config:
    prefix = "sqlite:///"
    url = config.storage.url
    if url.startswith(prefix):
        url = prefix + str((folder / url.removeprefix(prefix)).absolute())
    places = {
        name: str((folder / value).absolute())
        for name in ("key_file", "spool", "files")
        if (value := getattr(config.storage, name))
    }
    storage = config.storage.model_copy(update={"url": url, **places})
    units = {
        key: unit.model_copy(
            update={"calendar_file": own_calendar(unit.calendar_file, folder, key)}
        )
        for key, unit in config.units.items()
    }
    return config.model_copy(update={"storage": storage, "units": units})


def _line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" (dòng {mark.line + 1})" if mark else ""
