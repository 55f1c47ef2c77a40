"""Is a time stamp believed only when its chain leads to a root we configured?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from rfc3161_client import TimestampRequestBuilder

from handlers.staff.evidence.errors import BadRootsError
from handlers.staff.evidence.report import Report
from handlers.staff.evidence.stamps import Stamps, of_bundle, read_roots
from tests.conftest import START

NOTE = b"nhat-ky\n3\nAAAA\n"


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs_keys: bool = False) -> x509.KeyUsage:
    unused = ("key_encipherment", "data_encipherment", "key_agreement", "crl_sign")
    others = dict.fromkeys((*unused, "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(
        digital_signature=not signs_keys,
        content_commitment=False,
        key_cert_sign=signs_keys,
        **others,
    )


@dataclass(frozen=True, slots=True)
class Notary:
    """A root authority and the time stamp service that it vouches for."""

    root: bytes
    stamper: DummyTimeStamper

    def stamp(self, note: bytes) -> bytes:
        """Return the answer about a note."""
        asked = TimestampRequestBuilder().data(note).build()
        made = tsp.TimeStampReq.load(asked.as_bytes())
        answer: bytes = self.stamper.request_tsa_response(made).dump()
        return answer


def notary(name: str) -> Notary:
    """Return a notary with keys of its own."""
    top, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    span = (START - timedelta(days=1), START + timedelta(days=9))

    def certificate(
        subject: str, public: rsa.RSAPublicKey, *usages: x509.ExtensionType
    ) -> x509.Certificate:
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name(name))
            .public_key(public)
            .serial_number(len(subject))
            .not_valid_before(span[0])
            .not_valid_after(span[1])
        )
        for usage in usages:
            made = made.add_extension(usage, critical=True)
        return made.sign(top, hashes.SHA256())

    is_ca = x509.BasicConstraints(ca=True, path_length=None)
    root = certificate(name, top.public_key(), is_ca, _usage(signs_keys=True))
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    leaf = certificate(f"{name} tsa", key.public_key(), usage, _usage())
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(leaf.public_bytes(serialization.Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(der),
        fixed_dt=START,
    )
    return Notary(root.public_bytes(serialization.Encoding.PEM), stamper)


@pytest.fixture(scope="module")
def ours() -> Notary:
    """The notary whose root is configured."""
    return notary("goc")


def found(stamps: Stamps, token: bytes, note: bytes | None = NOTE) -> Report:
    """Check one stamp of a log."""
    report = Report()
    stamps.check(report, [(3, token, note)])
    return report


def test_a_chain_to_our_root_holds(ours: Notary) -> None:
    """A good stamp has no fault; of another note, or without one, it has."""
    stamps, token = Stamps(ours.root), ours.stamp(NOTE)
    assert found(stamps, token).is_ok
    assert not found(stamps, token, NOTE + b"x").is_ok
    assert not found(stamps, token, None).is_ok


def test_nobody_elses_root_will_do(ours: Notary) -> None:
    """The very same names with another key are found out, and named."""
    report = found(Stamps(ours.root), notary("goc").stamp(NOTE))
    assert not report.is_ok
    assert "mốc 3" in report.faults[0]


def test_every_changed_byte_of_a_stamp_is_no_worse_than_a_fault(ours: Notary) -> None:
    """Nothing raises; what the signature covers is found."""
    stamps, token = Stamps(ours.root), ours.stamp(NOTE)
    for at in range(0, len(token), 97):
        changed = bytearray(token)
        changed[at] ^= 0x41
        found(stamps, bytes(changed))
    assert not found(stamps, token[:-1]).is_ok


def test_without_roots_it_says_what_was_not_checked(ours: Notary) -> None:
    """Never "right" for what nobody looked at."""
    report = found(read_roots(None), ours.stamp(NOTE))
    assert report.is_ok
    assert "1 dấu thời gian" in report.unchecked[0]


def test_a_bundles_stamps_and_bad_roots(ours: Notary, tmp_path: Path) -> None:
    """Stamps are read beside their notes; a file that is no certificate is refused."""
    for folder in ("stamps", "checkpoints"):
        (tmp_path / folder).mkdir()
    token = ours.stamp(NOTE)
    (tmp_path / "stamps" / "000000000003.tsr").write_bytes(token)
    (tmp_path / "checkpoints" / "000000000003.note").write_bytes(NOTE)
    assert of_bundle(tmp_path) == [(3, token, NOTE)]
    for wrong in (b"khong phai", b"-----BEGIN CERTIFICATE-----\nAA\n"):
        with pytest.raises(BadRootsError):
            Stamps(wrong)
