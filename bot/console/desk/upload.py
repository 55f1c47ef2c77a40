"""How does a file that somebody attaches at the console come to be kept and sent?

Recognised by its bytes, scanned, sealed under the citizen's key, renamed. What no row
names is swept, so a message that is refused leaves nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.console.errors import BadFormError
from bot.console.guard import Page
from bot.console.visit import Visit
from bot.desk.kept_file import entry_of, kept_file
from bot.desk.staff_files import MOST_BYTES, OUTGOING, SECONDS
from bot.fetch_intake import Intake
from bot.fetch_results import UnfitFileError
from bot.fetch_scan import ScannerAwayError, scanner_of
from bot.fetcher import vault_name
from handlers.files.kinds import FileType
from handlers.model import Channel, Media
from handlers.staff.desk_list.errors import FileRefusedError
from storage import desk_files, evidence, people
from storage.errors import FilesFullError
from storage.file_folder import Draft
from storage.vault import PersonVault

LARGEST = 6 * 1024 * 1024
"""Bytes of a form with a file; the platforms take less of some kinds."""
TOO_BIG = "Tệp lớn hơn mức nền tảng cho gửi."
BAD_TYPE = "Chỉ gửi được ảnh JPEG, PNG hoặc tệp PDF."


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file: what is sent, and what writes its rows with the message."""

    media: Media
    keep: Callable[[Connection], None]


def closing(page: Page) -> Page:
    """Let go of the files of a form when its page is done, whatever became of it."""

    async def wrapped(at: Visit) -> web.StreamResponse:
        try:
            return await page(at)
        finally:
            for one in (await at.form()).values():
                if isinstance(one, web.FileField):
                    one.file.close()

    return wrapped


async def attached(
    at: Visit, vault: PersonVault, channel: str, once: str
) -> Upload | None:
    """Return the file of the form, None when there is none.

    Raises FileRefusedError with the reason, BadFormError.
    """
    given = (await at.form()).get("file")
    if not isinstance(given, web.FileField):
        return None
    data = await asyncio.to_thread(given.file.read)
    if not data and not given.filename:
        return None
    if channel not in set(Channel):
        raise BadFormError
    try:
        async with asyncio.timeout(SECONDS):
            return await _kept(at, vault, Channel(channel), once, data)
    except UnfitFileError as error:
        is_size = error.unfit.reason == "too_big"
        raise FileRefusedError(TOO_BIG if is_size else BAD_TYPE) from error
    except (ScannerAwayError, TimeoutError) as error:
        raise FileRefusedError("Bộ quét mã độc chưa trả lời.") from error
    except FilesFullError as error:
        raise FileRefusedError("Ổ đĩa đã đầy.") from error


async def _kept(
    at: Visit, vault: PersonVault, channel: Channel, once: str, data: bytes
) -> Upload:
    folder = at.house.service.staff.files[at.unit_id].folder
    scanner = scanner_of(at.house.config.files)
    draft = await asyncio.to_thread(folder.draft)
    try:
        kind = await _taken(at, draft, data, channel)
        name = vault_name(at.house.units[at.unit_id], vault, draft.sha256)
        await asyncio.to_thread(draft.finish, vault, name)
        if not await scanner.is_clean(draft.read(vault, name)):
            raise FileRefusedError("Tệp có mã độc nên đã chặn.")
        await asyncio.to_thread(folder.publish, draft, at.unit_id, name)
        return _upload(at, vault, once, draft, name, kind)
    finally:
        await asyncio.to_thread(draft.drop)


async def _taken(at: Visit, draft: Draft, data: bytes, channel: Channel) -> FileType:
    intake = Intake(draft, "file", at.house.config.files)
    await intake.take(data)
    kind = await intake.end()
    if kind not in OUTGOING:
        raise FileRefusedError(BAD_TYPE)
    if len(data) > MOST_BYTES.get((channel, kind.group), len(data)):
        raise FileRefusedError(TOO_BIG)
    return kind


def _upload(
    at: Visit,
    vault: PersonVault,
    once: str,
    draft: Draft,
    name: str,
    kind: FileType,
) -> Upload:
    ids, now = at.house.ids, at.house.clock.now_ms()
    kept = kept_file(
        vault,
        draft,
        name,
        kind,
        event_id=once,
        channel="console",
        ids=ids,
        now=now,
    )
    entry = entry_of(kept, at.staff_id, ids, now)

    def keep(connection: Connection) -> None:
        people.add_items(connection, [kept.item])
        desk_files.keep(connection, kept.row)
        evidence.append(connection, [entry.row()])

    return Upload(kept.media, keep)
