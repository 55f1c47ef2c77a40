"""Did somebody we trust stamp these roots? The whole chain, up to configured roots.

A stamp binds to the bytes of a checkpoint's note (RFC 3161); the certificates need to
have been valid when it was made, not today.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from handlers.staff.evidence.errors import BadRootsError
from handlers.staff.evidence.report import Report

Pair = tuple[int, bytes, bytes | None]
"""(size of the tree, the service's answer in DER, the note it is about or None)."""


class Stamps:
    """Checks stamps against root certificates; None of them: says so, checks none."""

    def __init__(self, roots: bytes = b"") -> None:
        """Read PEM certificates (roots, and those in between); BadRootsError."""
        try:
            found = x509.load_pem_x509_certificates(roots) if roots else []
        except ValueError as error:
            raise BadRootsError from error
        self._build = VerifierBuilder() if found else None
        for one in found:
            self._add(one)

    @property
    def has_roots(self) -> bool:
        """Whether there is anything to check against."""
        return self._build is not None

    def fault(self, token: bytes, note: bytes) -> str:
        """Return what is wrong with a stamp over a note, "" for nothing."""
        if self._build is None:
            return ""
        try:
            answer = decode_timestamp_response(token)
            self._build.build().verify_message(answer, note)
        except (ValueError, VerificationError) as error:
            return str(error).partition("\n")[0][:120] or type(error).__name__
        return ""

    def check(self, report: Report, pairs: Iterable[Pair]) -> None:
        """Note every stamp that does not hold, or how many could not be checked."""
        number = 0
        for size, token, note in pairs:
            number += 1
            if note is None:
                report.fault(f"dấu thời gian của mốc {size} không có mốc")
            elif fault := self.fault(token, note):
                report.fault(f"dấu thời gian của mốc {size} không đúng: {fault}")
        if number and not self.has_roots:
            report.unchecked.append(
                f"{number} dấu thời gian: chưa có chứng thư gốc (evidence.timestamp_ca)"
            )

    def _add(self, one: x509.Certificate) -> None:
        if self._build is None:
            return
        is_root = one.issuer == one.subject
        add = (
            self._build.add_root_certificate
            if is_root
            else self._build.add_intermediate_certificate
        )
        self._build = add(one)


def read_roots(path: Path | None) -> Stamps:
    """Read a PEM file; None: no roots. Raises BadRootsError."""
    if path is None:
        return Stamps()
    try:
        return Stamps(path.read_bytes())
    except OSError as error:
        raise BadRootsError from error


def of_bundle(folder: Path) -> list[Pair]:
    """Return the stamps of a bundle with the notes they are about."""
    pairs: list[Pair] = []
    for path in sorted((folder / "stamps").glob("*.tsr")):
        note = folder / "checkpoints" / f"{path.stem}.note"
        said = note.read_bytes() if note.is_file() else None
        size = int(path.stem) if path.stem.isdecimal() else 0
        pairs.append((size, path.read_bytes(), said))
    return pairs
