"""How does a dossier become one file? A ZIP that says what is in it and can be checked.

Times are fixed and the order is the dossier's own, so the same dossier is the same
bytes. The list of contents is signed by the key of the log, as a bundle's is.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection

from handlers.cases.moments import from_ms
from handlers.staff.dossier import verify_dossier
from handlers.staff.dossier.build import FOREVER, PACK, Built, Progress, Unit
from handlers.staff.dossier.errors import BrokenLogError
from handlers.staff.dossier.page import index, page
from handlers.staff.dossier.sheet import as_xlsx
from handlers.staff.evidence.bundle import export
from handlers.staff.evidence.errors import EvidenceDeskError
from messages.documents.dossier import dossier_pdf, published_pdf
from messages.documents.dossier_word import dossier_docx
from storage.errors import EvidenceError, FileDamagedError
from storage.evidence import checkpoints
from storage.evidence.notes import sign
from storage.evidence.sequencer import in_force, opened

HERE: Final = Path(__file__).parent
LOG: Final = "nhat-ky"
GUIDE: Final = "HUONG-DAN.txt"
FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
PIECE: Final = 1 << 20
_PACKED: Final = (".pdf", ".jpg", ".png", ".webp", ".heic", ".docx", ".xlsx")
"""What is compressed already is stored as it is."""


@dataclass(slots=True)
class _Zip:
    archive: zipfile.ZipFile
    lines: list[str] = field(default_factory=list)

    def put(self, name: str, data: bytes, *, is_listed: bool = True) -> None:
        self.archive.writestr(_info(name), data, compresslevel=6)
        if is_listed:
            self._note(name, hashlib.sha256(data).hexdigest(), len(data))

    def copy(self, name: str, path: Path) -> None:
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as source, self.archive.open(_info(name), "w") as target:
            while piece := source.read(PIECE):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self._note(name, digest.hexdigest(), size)

    def _note(self, name: str, digest: str, size: int) -> None:
        self.lines.append(f"file {digest} {size} {name}")


def _info(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, FIRST_DAY)
    is_packed = name.endswith(_PACKED)
    made.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    made.external_attr = 0o644 << 16
    return made


def pack(
    connection: Connection,
    unit: Unit,
    built: Built,
    out: BinaryIO,
    progress: Progress,
) -> None:
    """Write the dossier; raises BrokenLogError, FileDamagedError, OSError."""
    files = [file for one in built.sections for file in one.evidence]
    total = len(files) + 4
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        made = _Zip(archive)
        progress(PACK, 0, total)
        for name, data in _papers(built, unit):
            made.put(name, data)
        progress(PACK, 2, total)
        papers = []
        for number, file in enumerate(files, start=3):
            made.put(file.path, file.file.make())
            if file.file.log:
                papers.append(f"paper {file.file.log} {file.file.salt} {file.path}")
            progress(PACK, number, total)
        _log(connection, unit, built, made)
        made.put(GUIDE, (HERE / GUIDE).read_bytes())
        text = _manifest(unit, built, [*sorted(made.lines), *sorted(papers)])
        note = _signed(connection, unit, built, text)
        made.put(verify_dossier.MANIFEST, note, is_listed=False)
        made.put(verify_dossier.SELF, _self(), is_listed=False)
        progress(PACK, total, total)


def _papers(built: Built, unit: Unit) -> Iterator[tuple[str, bytes]]:
    data, at = page(built, unit), from_ms(built.point.at // 1000 * 1000)
    yield "dossier.pdf", dossier_pdf(data, at)
    yield "dossier.docx", dossier_docx(data, at)
    yield "index.xlsx", as_xlsx(index(built), links=True)
    yield "cong-khai-dieu-13.pdf", published(data, at)


def published(data: dict[str, object], at: datetime) -> bytes:
    """Return the list of Điều 13 as a paper."""
    kept = {name: data[name] for name in ("agency", "quarters")}
    title = "Danh sách nội dung đã công khai"
    return published_pdf(kept | {"title": title}, at)


def _log(connection: Connection, unit: Unit, built: Built, made: _Zip) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / LOG
        folder.mkdir()
        between = (built.ask.since, FOREVER)
        keys = unit.vault.keys
        try:
            export(connection, unit.unit_id, keys, folder, between, built.point.past)
        except EvidenceDeskError as error:
            raise BrokenLogError from error
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                made.copy(f"{LOG}/{path.relative_to(folder).as_posix()}", path)


def _manifest(unit: Unit, built: Built, lines: list[str]) -> str:
    head = [
        verify_dossier.FORMAT,
        f"unit {unit.unit_id}",
        f"days {built.ask.first} {built.ask.last}",
        f"point {built.point.size} {built.point.root}",
    ]
    return "\n".join([*head, *lines, ""])


def _signed(connection: Connection, unit: Unit, built: Built, text: str) -> bytes:
    keys = checkpoints.keys(connection, unit.unit_id)
    kept = tuple(key for key in keys if key.from_size <= built.point.size)
    try:
        row = in_force(kept, built.point.size)
        return sign(text, opened(unit.vault.keys, row, built.point.origin)).encode()
    except EvidenceError as error:
        raise BrokenLogError from error


def _self() -> bytes:
    return (HERE / verify_dossier.SELF).read_bytes()


__all__ = ["FileDamagedError", "pack", "published"]
