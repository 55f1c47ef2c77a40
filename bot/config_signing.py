"""With which certificate are letters signed digitally? Section ``signing``."""

from __future__ import annotations

from pydantic import Field, model_validator

from bot.config_section import Section


class Signing(Section):
    """All optional: without a certificate letters are signed by hand.

    ``pkcs12_file`` is a path; passwords come from the environment (``${NAME}``).
    ``pkcs11_*`` name a token instead. ``timestamp_url`` is an RFC 3161 service.
    """

    pkcs12_file: str = ""
    pkcs12_password: str = Field(default="", repr=False)
    pkcs11_library: str = ""
    pkcs11_token: str = ""
    pkcs11_certificate: str = ""
    pkcs11_pin: str = Field(default="", repr=False)
    timestamp_url: str = Field(default="", pattern=r"^(https?://[^\s/]+\S*)?$")

    @property
    def is_on(self) -> bool:
        """Whether there is anything to sign with."""
        return bool(self.pkcs12_file or self.pkcs11_library)

    @model_validator(mode="after")
    def _one_certificate(self) -> Signing:
        if self.pkcs12_file and self.pkcs11_library:
            raise ValueError("chỉ đặt một trong hai: pkcs12_file hoặc pkcs11_library")
        if self.pkcs11_library and not (self.pkcs11_token and self.pkcs11_certificate):
            raise ValueError("pkcs11_library cần cả pkcs11_token, pkcs11_certificate")
        if self.timestamp_url and not self.is_on:
            raise ValueError("timestamp_url cần pkcs12_file hoặc pkcs11_library")
        return self
