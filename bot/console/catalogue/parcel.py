"""How does a file wait for "yes" between two pages? Sealed, inside the page itself.

So no file of a commune lies about in a folder, and any process can take the answer.
"""

from __future__ import annotations

import base64
import tempfile
import zlib
from binascii import Error as NotBase64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp.web import FileField

from bot.console.errors import BadFormError
from bot.console.visit import Visit
from storage.keys import InvalidTag

LARGEST_FILE = 3 * 1024 * 1024
LARGEST_FORM = 8 * 1024 * 1024
TOO_LARGE = "Dạ, tệp lớn quá 3 MB nên bàn làm việc chưa nhận được."
CUT_HINT = "Xin chia nhỏ tệp, hoặc nhờ người quản trị máy chủ nhập bằng lệnh."
EMPTY = "Dạ, chưa chọn tệp nào."


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file as it came; ``name`` has no folders in it."""

    name: str
    data: bytes

    def sealed(self, at: Visit) -> str:
        """Return it as text for a hidden field, for this session alone."""
        plain = self.name.encode() + b"\0" + self.data
        box = at.gate.keys.box.seal(zlib.compress(plain, 6), _context(at))
        return base64.b64encode(box).decode()

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Lay it into a folder of its own, gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="thanthien-") as folder:
            path = Path(folder) / self.name
            path.write_bytes(self.data)
            yield path


async def uploaded(at: Visit, field: str = "file") -> Parcel:
    """Return the file of a form; raises BadFormError."""
    found = (await at.form()).get(field)
    if not isinstance(found, FileField) or not found.filename:
        raise BadFormError(EMPTY, "Xin chọn một tệp rồi gửi lại.")
    with found.file as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise BadFormError(TOO_LARGE, CUT_HINT)
    return Parcel(_bare(found.filename), data)


async def returned(at: Visit, field: str = "parcel") -> Parcel:
    """Return the file that the page before held; raises BadFormError."""
    try:
        box = base64.b64decode(await at.text(field, LARGEST_FORM), validate=True)
        opened = zlib.decompressobj()
        plain = opened.decompress(
            at.gate.keys.box.open(box, _context(at)), LARGEST_FILE + 300
        )
    except (NotBase64, InvalidTag, ValueError, zlib.error) as error:
        raise BadFormError(EMPTY, "Xin chọn lại tệp rồi xem trước lần nữa.") from error
    name, _, data = plain.partition(b"\0")
    return Parcel(_bare(name.decode(errors="replace")), data)


def _bare(name: str) -> str:
    """Return a name without folders and of a sane length; the ending stays."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "").lstrip(".")
    return last[-80:] or "tep"


def _context(at: Visit) -> str:
    return f"console:parcel:{at.keys.token}"
