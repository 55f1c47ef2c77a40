"""How does a PDF get a digital signature (PAdES)? B-T with a time stamp, else B-B.

A stamping service that is down lowers the level; a certificate that does not work is a
reason, never an exception. pyHanko is imported only where something is signed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import structlog

from bot.channels.transport import time_limits
from bot.config_signing import Signing
from handlers.staff.letters.ports import Level, Signed

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper

FIELD: Final = "ChuKySo"
STAMP_SECONDS: Final = 10.0
MOST_BYTES: Final = 64 * 1024
NO_CERTIFICATE, EXPIRED, NO_LIBRARY, NOT_SIGNED, NO_STAMP = (
    "certificate",
    "certificate_expired",
    "pkcs11_missing",
    "not_signed",
    "stamp_away",
)

_ONE_AT_A_DEVICE = threading.Lock()

log = structlog.get_logger("signing")


class PadesSealer:
    """Signs with the certificate of the configuration; ``now`` is aware."""

    def __init__(self, section: Signing, now: Callable[[], datetime]) -> None:
        self._section = section
        self._now = now

    @property
    def is_on(self) -> bool:
        """Whether there is anything to sign with."""
        return self._section.is_on

    async def sign(self, pdf: bytes, place: str) -> Signed:
        """Return the signed PDF, or why there is none; ``place`` is the commune.

        Works in a thread of its own: signing takes a core for a while.
        """
        return await asyncio.to_thread(lambda: asyncio.run(self._signed(pdf, place)))

    async def _signed(self, pdf: bytes, place: str) -> Signed:
        with _opened(self._section) as (signer, reason):
            if signer is None:
                return Signed(None, Level.NONE, reason)
            if not _is_valid(signer, self._now()):
                return Signed(None, Level.NONE, EXPIRED)
            return await self._best(pdf, place, signer)

    async def _best(self, pdf: bytes, place: str, signer: Signer) -> Signed:
        if self._section.timestamp_url:
            stamper = _stamper(self._section.timestamp_url)
            done = await _try(pdf, place, signer, stamper)
            if done is not None:
                return Signed(done, Level.STAMPED)
        done = await _try(pdf, place, signer, None)
        if done is None:
            return Signed(None, Level.NONE, NOT_SIGNED)
        reason = NO_STAMP if self._section.timestamp_url else ""
        return Signed(done, Level.BASIC, reason)


@contextmanager
def _opened(section: Signing) -> Iterator[tuple[Signer | None, str]]:
    """Give what signs, or why there is none; a device is let go afterwards.

    A device knows one log-in for a whole process, so they take turns.
    """
    if not section.pkcs11_library:
        yield _of_file(section)
        return
    with _ONE_AT_A_DEVICE, ExitStack() as stack:
        yield _of_token(section, stack)


def _of_file(section: Signing) -> tuple[Signer | None, str]:
    from pyhanko.sign import signers  # noqa: PLC0415  heavy, rarely needed

    try:
        data = Path(section.pkcs12_file).read_bytes()
        found = signers.SimpleSigner.load_pkcs12_data(
            data, other_certs=(), passphrase=section.pkcs12_password.encode()
        )
    except Exception as error:  # noqa: BLE001  a bad file may fail in any way
        log.warning("certificate_unreadable", error=type(error).__name__)
        return None, NO_CERTIFICATE
    return found, "" if found is not None else NO_CERTIFICATE


def _is_valid(signer: Signer, now: datetime) -> bool:
    """A signature by a certificate out of its time is worth nothing."""
    cert = signer.signing_cert
    if cert is None:
        return False
    return bool(cert.not_valid_before <= now <= cert.not_valid_after)


def _of_token(section: Signing, stack: ExitStack) -> tuple[Signer | None, str]:
    try:
        from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415
        from pyhanko.sign import pkcs11  # noqa: PLC0415  needs python-pkcs11
    except ImportError:
        return None, NO_LIBRARY
    try:
        session = pkcs11.open_pkcs11_session(
            section.pkcs11_library,
            token_criteria=TokenCriteria(label=section.pkcs11_token),
            user_pin=section.pkcs11_pin or None,
        )
        stack.callback(session.close)
        label = section.pkcs11_certificate
        made = pkcs11.PKCS11Signer(session, cert_label=label)
        cert = made.signing_cert
        if cert is not None and cert.public_key.algorithm == "ec":
            # Many devices sign with elliptic curves only what was hashed outside.
            made = pkcs11.PKCS11Signer(
                session, cert_label=label, use_raw_mechanism=True
            )
    except Exception as error:  # noqa: BLE001  drivers fail in any way
        log.warning("token_unreadable", error=type(error).__name__)
        return None, NO_CERTIFICATE
    return made, ""


async def _try(
    pdf: bytes, place: str, signer: Signer, stamper: TimeStamper | None
) -> bytes | None:
    from pyhanko.pdf_utils.incremental_writer import (  # noqa: PLC0415
        IncrementalPdfFileWriter,
    )
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        location=place,
    )
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        made = signers.PdfSigner(meta, signer=signer, timestamper=stamper)
        out = await made.async_sign_pdf(writer)
    except Exception as error:  # noqa: BLE001  network, token and library alike
        stamped = stamper is not None
        log.warning("not_signed", error=type(error).__name__, with_stamp=stamped)
        return None
    return bytes(out.getvalue())


def _stamper(url: str) -> TimeStamper:
    from asn1crypto import tsp  # type: ignore[import-untyped]  # noqa: PLC0415
    from pyhanko.sign.timestamps import TimeStamper  # noqa: PLC0415

    class OverHttp(TimeStamper):
        """Asks a service by aiohttp, with limits of ours."""

        async def async_request_tsa_response(self, req: Any) -> Any:
            headers = {"Content-Type": "application/timestamp-query"}
            limits = time_limits(answer_seconds=STAMP_SECONDS)
            async with (
                aiohttp.ClientSession(timeout=limits) as session,
                session.post(url, data=req.dump(), headers=headers) as answer,
            ):
                answer.raise_for_status()
                found = tsp.TimeStampResp.load(await answer.content.read(MOST_BYTES))
            _same(req, found)
            return found

    return OverHttp()  # type: ignore[no-untyped-call]


def _same(asked: Any, found: Any) -> None:
    """PyHanko believes whatever was stamped; raise ValueError unless it is ours."""
    signed = found["time_stamp_token"]["content"]["encap_content_info"]["content"]
    if signed.parsed["message_imprint"].native != asked["message_imprint"].native:
        raise ValueError
