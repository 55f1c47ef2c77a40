"""What does an installation say about itself? ``config.yml``, typed and strict.

An unknown key, a missing secret or a bad value stops the start and names the key.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.config_calendar import own_calendar
from bot.config_channels import Channels
from bot.config_city import CityChannel
from bot.config_dossier import Dossier
from bot.config_errors import describe
from bot.config_evidence import Evidence
from bot.config_files import Files
from bot.config_letters import Letters
from bot.config_monitoring import Monitoring
from bot.config_nlu import Nlu
from bot.config_section import Section
from bot.config_signing import Signing
from bot.errors import ConfigError, ConfigMissingError
from scheduler.errors import SchedulerError
from scheduler.office_hours import WeeklyHours

UNIT_ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,39}$")
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


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


class Privacy(Section):
    """What the privacy notice says (Luật 91/2025/QH15)."""

    retention: str = ""


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
    dossier: Dossier = Dossier()
    letters: Letters = Letters()
    signing: Signing = Signing()

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
    own = config.dossier.criteria
    criteria = str((folder / own).absolute()) if own else ""
    dossier = config.dossier.model_copy(update={"criteria": criteria})
    units = {
        key: unit.model_copy(
            update={"calendar_file": own_calendar(unit.calendar_file, folder, key)}
        )
        for key, unit in config.units.items()
    }
    told = {"storage": storage, "units": units, "dossier": dossier}
    return config.model_copy(update=told)


def _line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" (dòng {mark.line + 1})" if mark else ""
