"""What does a checker bring along that the log cannot have made up since?

A fingerprint of a key, and checkpoints that were printed or kept elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.staff.evidence.errors import BadFileError
from storage.errors import NoteError
from storage.evidence.notes import Checkpoint, read_checkpoint

LINES = 3
FINGERPRINT = 64


@dataclass(frozen=True, slots=True)
class Trust:
    """``fingerprint`` is 64 hex digits or ""; checkpoints may be none."""

    fingerprint: str = ""
    checkpoints: tuple[Checkpoint, ...] = ()

    @property
    def sizes(self) -> list[int]:
        """The sizes at which roots are asked for."""
        return [one.size for one in self.checkpoints]


def fingerprint_of(text: str) -> str:
    """Read a fingerprint as people type it; raises BadFileError."""
    found = "".join(text.split()).replace(":", "").lower()
    if len(found) != FINGERPRINT or set(found) - set("0123456789abcdef"):
        raise BadFileError(
            "Dấu vân tay của khóa phải có 64 chữ số hệ 16.",
            "Xin chép lại từ trang in có mã QR.",
        )
    return found


def checkpoint_of(text: str) -> Checkpoint:
    """Read a note, or only its three lines as printed; raises BadFileError."""
    lines = [line.strip() for line in text.replace("\ufeff", "").splitlines()[:LINES]]
    try:
        return read_checkpoint("\n".join(lines) + "\n")
    except NoteError as error:
        raise BadFileError from error
