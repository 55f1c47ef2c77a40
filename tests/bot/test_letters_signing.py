"""Does pyHanko itself find our signatures whole, and what happens when things fail?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from bot.config_signing import Signing
from bot.letters_signing import PadesSealer
from handlers.staff.letters.ports import Level
from messages.documents.letter import letter_pdf
from messages.letters.compose import compose
from messages.letters.kinds import shipped
from messages.letters.office import Office
from tests.bot.test_evidence_keeper import Notary
from tests.conftest import START

PASSWORD = "mat-khau-thu"
COUPLE = {"chong": "Nguyễn Văn Tám", "vo": "Trần Thị Lụa"}


class Certificate:
    """A self-made certificate in a PKCS#12 file."""

    def __init__(self, folder: Path, days: int = 9) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "UBND xã Mẫu")])
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=True,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(7)
            .not_valid_before(START - timedelta(days=90))
            .not_valid_after(START + timedelta(days=days))
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )
        self.path = folder / "ky.p12"
        secret = serialization.BestAvailableEncryption(PASSWORD.encode())
        self.path.write_bytes(
            pkcs12.serialize_key_and_certificates(b"ky", key, made, None, secret)
        )
        der = made.public_bytes(serialization.Encoding.DER)
        self.root = asn1_x509.Certificate.load(der)

    def section(self, **more: str) -> Signing:
        """Return a configuration with it."""
        told = {"pkcs12_file": str(self.path), "pkcs12_password": PASSWORD}
        return Signing(**(told | more))


def sealer(section: Signing) -> PadesSealer:
    """Return a sealer whose clock stands."""
    return PadesSealer(section, lambda: START)


@pytest.fixture
def pdf() -> bytes:
    """A letter."""
    kind = shipped().named("ket_hon")
    return letter_pdf(compose(kind, COUPLE, Office("xã Mẫu"), START.date()))


@pytest.fixture
async def notary() -> AsyncIterator[tuple[Notary, str]]:
    """A time stamp service on a server."""
    one, app = Notary(), web.Application()
    app.router.add_post("/", one.answer)
    async with TestServer(app) as server:
        yield one, str(server.make_url("/"))


async def checked(pdf: bytes, *roots: asn1_x509.Certificate) -> PdfSignatureStatus:
    """Return what pyHanko says of the only signature."""
    (one,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=list(roots), moment=START)
    stamps = ValidationContext(trust_roots=list(roots), moment=START)
    return await async_validate_pdf_signature(one, context, stamps)


async def test_a_letter_is_signed_with_a_time_stamp(
    tmp_path: Path, pdf: bytes, notary: tuple[Notary, str]
) -> None:
    """Level B-T: whole, by our certificate, with the time of the service."""
    service, url = notary
    own = Certificate(tmp_path)
    done = await sealer(own.section(timestamp_url=url)).sign(pdf, "xã Mẫu")
    assert (done.level, done.reason) == (Level.STAMPED, "")
    assert done.pdf is not None
    status = await checked(done.pdf, own.root, service.stamper.tsa_cert)
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.intact


@pytest.mark.parametrize("mood", ["silent", "lying"])
async def test_a_service_that_is_down_lowers_the_level(
    tmp_path: Path, pdf: bytes, notary: tuple[Notary, str], mood: str
) -> None:
    """Level B-B with the reason, still whole and valid; no service asked for: none."""
    service, url = notary
    service.mood = mood
    own = Certificate(tmp_path)
    done = await sealer(own.section(timestamp_url=url)).sign(pdf, "xã Mẫu")
    assert (done.level, done.reason) == (Level.BASIC, "stamp_away")
    assert done.pdf is not None
    status = await checked(done.pdf, own.root)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    plain = await sealer(own.section()).sign(pdf, "xã Mẫu")
    assert (plain.level, plain.reason) == (Level.BASIC, "")


async def test_a_touched_paper_is_found(tmp_path: Path, pdf: bytes) -> None:
    """One other byte in the signed part and the signature does not hold."""
    own = Certificate(tmp_path)
    done = await sealer(own.section()).sign(pdf, "xã Mẫu")
    assert done.pdf is not None
    touched = bytearray(done.pdf)
    touched[len(pdf) // 2] ^= 1
    (one,) = PdfFileReader(BytesIO(done.pdf)).embedded_signatures
    assert one.compute_integrity_info() is None
    (bad,) = PdfFileReader(BytesIO(bytes(touched))).embedded_signatures
    assert one.compute_digest() != bad.compute_digest()


async def test_what_cannot_sign_says_why_and_raises_nothing(
    tmp_path: Path, pdf: bytes
) -> None:
    """Wrong password, no file, a certificate that is over, no PKCS#11 at hand."""
    own = Certificate(tmp_path)
    token = {
        "pkcs11_library": "/khong/co.so",
        "pkcs11_token": "XA",
        "pkcs11_certificate": "ky",
    }
    cases = [
        (own.section(pkcs12_password="sai"), "certificate"),
        (own.section(pkcs12_file=str(tmp_path / "khong")), "certificate"),
        (Certificate(tmp_path, days=-1).section(), "certificate_expired"),
    ]
    for section, reason in cases:
        done = await sealer(section).sign(pdf, "xã Mẫu")
        assert (done.pdf, done.level, done.reason) == (None, Level.NONE, reason)
    done = await sealer(Signing(**token)).sign(pdf, "xã Mẫu")
    assert done.reason in {"pkcs11_missing", "certificate"}
    assert not sealer(Signing()).is_on
