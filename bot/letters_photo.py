"""How does a picture taken at the door come to be kept? As other received files.

Recognised by its bytes, measured, scanned, sealed under the key of the letter's person.
"""

from __future__ import annotations

import asyncio

from bot.config_files import Files
from bot.fetch_intake import MEGABYTE
from bot.fetch_scan import ScannerAwayError, scanner_of
from bot.letters_sealed import Kept, SealedFiles
from handlers.files.kinds import HEIC, JPEG, PNG, WEBP, type_of
from handlers.staff.letters.errors import PhotoRefusedError
from storage.errors import FilesFullError
from storage.vault import PersonVault

LARGEST_MB = 12
TYPES = (JPEG, PNG, WEBP, HEIC)
SECONDS = 20.0


async def kept_photo(
    files: SealedFiles, sizes: Files, vault: PersonVault, data: bytes
) -> Kept:
    """Return the sealed picture; raises PhotoRefusedError with the reason."""
    kind = type_of(data[:512], data)
    if kind not in TYPES or kind is None:
        raise PhotoRefusedError("chỉ nhận ảnh JPEG, PNG, WebP, HEIC")
    most = min(LARGEST_MB, sizes.image_mb)
    if len(data) > most * MEGABYTE:
        raise PhotoRefusedError(f"ảnh lớn hơn {most} MB")
    try:
        async with asyncio.timeout(SECONDS):
            is_clean = await scanner_of(sizes).is_clean(iter([data]))
        if not is_clean:
            raise PhotoRefusedError("tệp có mã độc nên đã chặn")
        return await files.keep(vault, data, f"giao-thu{kind.suffix}", kind.media_type)
    except (ScannerAwayError, TimeoutError) as error:
        raise PhotoRefusedError("bộ quét mã độc chưa trả lời") from error
    except FilesFullError as error:
        raise PhotoRefusedError("ổ đĩa đã đầy") from error
