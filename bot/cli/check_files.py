"""What does ``thanthien check`` say of citizens' files: is there room, who scans?"""

from __future__ import annotations

from bot.cli.findings import ERROR, OK, WARNING, Finding
from bot.config import Config
from bot.fetch_scan import NoScanner, ScannerAwayError, scanner_of
from bot.installation import files_folder
from storage.errors import FilesFullError
from storage.file_folder import FileFolder

PART = "tệp người dân gửi"


async def received(config: Config) -> list[Finding]:
    """Write an empty file, and let the scanner look at a few bytes."""
    place = files_folder(config)
    try:
        FileFolder(place).draft().drop()
    except FilesFullError:
        return [Finding(PART, ERROR, f"{place} không ghi được")]
    return [Finding(PART, OK, f"{place} ghi được"), await _scanner(config)]


async def _scanner(config: Config) -> Finding:
    scanner = scanner_of(config.files)
    if isinstance(scanner, NoScanner):
        return Finding(PART, OK, "không quét vi-rút (chưa đặt files.clamd)")
    try:
        is_clean = await scanner.is_clean(iter([b"than thien"]))
    except ScannerAwayError:
        text = "phần mềm diệt vi-rút không trả lời, tệp sẽ phải chờ"
        return Finding(PART, WARNING, text)
    if not is_clean:
        return Finding(PART, WARNING, "phần mềm diệt vi-rút chặn cả tệp thử vô hại")
    return Finding(PART, OK, "phần mềm diệt vi-rút trả lời")
