"""Where does the evidence log go besides the database? Section ``evidence``."""

from __future__ import annotations

from pydantic import Field

from bot.config_section import HTTP_URL, Secret, Section


class S3(Section):
    """S3-compatible storage: ``endpoint`` without the bucket, e.g. https://s3.vn."""

    endpoint: str = Field(pattern=HTTP_URL)
    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.\-]{1,62}$")
    access_key: Secret
    secret_key: Secret
    region: str = Field(default="us-east-1", pattern=r"^[a-z0-9\-]{1,40}$")
    prefix: str = Field(default="", pattern=r"^[A-Za-z0-9/_\-]{0,100}$")


class Mail(Section):
    """A mail box of another agency, and the server that takes our mail."""

    to: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    sender: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    host: str
    port: int = Field(default=587, ge=1, le=65535)
    starttls: bool = True
    username: str = ""
    password: str = ""


class Evidence(Section):
    """All optional; what fails here never holds up the bot.

    ``copy_to`` is a folder (another disk, a share); ``s3`` and ``mail`` are further
    copies; ``timestamp_url`` an RFC 3161 service asked once a day, ``timestamp_ca`` a
    PEM file with the roots it must lead to; ``publish_entries`` lets anybody read the
    leaves.
    """

    copy_to: str = ""
    s3: S3 | None = None
    mail: Mail | None = None
    timestamp_url: str = Field(default="", pattern=r"^(https?://[^\s/]+\S*)?$")
    timestamp_ca: str = ""
    publish_entries: bool = False
