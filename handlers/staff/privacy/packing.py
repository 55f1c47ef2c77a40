"""What is in the file that a person takes home? One zip: JSON, pages, their files."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import BinaryIO

from handlers.files.kinds import SUFFIXES
from handlers.staff.privacy.errors import FileLostError
from handlers.staff.privacy.gathering import Held
from handlers.staff.privacy.handing import as_json, as_pdf
from storage.errors import FileDamagedError
from storage.file_folder import FileFolder


def pack(
    to: BinaryIO, held: Held, folder: FileFolder, office: str, made: datetime
) -> None:
    """Write the zip (``made`` is aware); raises FileLostError, DocumentError."""
    pages = as_pdf(held.data, office, made)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("du-lieu.json", as_json(held.data))
        box.writestr("du-lieu.pdf", pages)
        for number, (name, media_type) in enumerate(held.files, 1):
            suffix = SUFFIXES.get(media_type, ".bin")
            _add(box, held, folder, name, f"{number:03d}{suffix}")


def _add(
    box: zipfile.ZipFile, held: Held, folder: FileFolder, name: str, shown: str
) -> None:
    try:
        with box.open(f"tep/{shown}", "w") as file:
            for piece in folder.read(held.vault, name):
                file.write(piece)
    except FileDamagedError as error:
        raise FileLostError from error
