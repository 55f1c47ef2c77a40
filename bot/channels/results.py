"""What became of a call to a platform, in terms of what to do next?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Reason(StrEnum):
    """Why a platform refused for good, as far as its code tells."""

    WINDOW = "window"
    QUOTA = "quota"
    CONFIG = "config"
    POLICY = "policy"
    INVALID = "invalid"
    MEDIA = "media"
    UNKNOWN_CODE = "unknown_code"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The platform took the message; ``message_id`` is '' when it told none.

    ``quota`` is Zalo's own account of what is left (PLATFORMS §1.7), as text.
    """

    message_id: str
    quota: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Nothing was sent; try later, not before ``after_seconds`` if told."""

    code: str
    after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was sent and the same message will never be; staff must know."""

    code: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Reauthorise:
    """The access token is no longer good: refresh it, then send again."""

    code: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """This citizen blocked us or cannot be reached; respect it, do not retry."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request was written but no clear answer came: it may have been sent."""

    code: str


Failure: TypeAlias = Retry | Refused | Reauthorise | Stopped | Unknown
SendResult: TypeAlias = Accepted | Failure


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file lies with the platform under this id (attachment id or token)."""

    upload_id: str


UploadResult: TypeAlias = Uploaded | Failure


@dataclass(frozen=True, slots=True)
class Fetched:
    """The platform answered a question with this object; numbers are text."""

    data: Mapping[str, object] = field(default_factory=dict)


FetchResult: TypeAlias = Fetched | Failure
