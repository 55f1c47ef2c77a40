"""What does the console say of a letter's digital signature, and how is it made?"""

from __future__ import annotations

from typing import Final

from bot.console.visit import Visit
from bot.letters_signing import PadesSealer
from handlers.model import Media
from handlers.staff.files.errors import FilesError
from handlers.staff.letters import sealing
from handlers.staff.letters.batch import Signed as SignedPapers
from handlers.staff.letters.batch import rendered
from handlers.staff.letters.errors import LetterStepError
from handlers.staff.letters.keeping import Kept
from handlers.staff.letters.ports import Level, Signed
from handlers.staff.letters.room import LetterRoom
from messages.documents.errors import DocumentError
from messages.letters.compose import Letter
from messages.letters.errors import LetterError

REASONS: Final = {
    "": "",
    "stamp_away": "dịch vụ dấu thời gian đang ngừng nên chữ ký ở mức B-B",
    "certificate": "chưa mở được chứng thư số; xin kiểm tra tệp và mật khẩu",
    "certificate_expired": "chứng thư số chưa tới hạn dùng hoặc đã hết hạn",
    "pkcs11_missing": "máy chủ chưa cài phần dùng thiết bị ký (python-pkcs11)",
    "not_signed": "thiết bị hoặc chứng thư chưa ký được",
    "disk_full": "ổ đĩa đầy nên chưa lưu được bản ký số",
}


async def seal(at: Visit, room: LetterRoom, letter_id: str) -> str:
    """Sign a letter digitally if there is a certificate; return what to tell."""
    house = at.house
    sealer = PadesSealer(house.config.signing, house.clock.now)
    papers = house.service.letters.papers(at.unit_id)

    def render(one: Kept, letter: Letter) -> SignedPapers:
        return rendered(room, one, letter, house.config.server.public_url)

    try:
        done = await sealing.put(room, letter_id, sealer, papers, render)
    except (LetterStepError, LetterError, DocumentError) as error:
        return f" Chưa ký số được: {error}"
    return _told(done) if done is not None else ""


def _told(done: Signed) -> str:
    why = REASONS.get(done.reason, "")
    if done.level is Level.NONE:
        return f" Thư chưa được ký số: {why}."
    return f" Đã ký số mức {done.level.value}{f'; {why}' if why else ''}."


async def state(at: Visit, room: LetterRoom, one: Kept) -> dict[str, str]:
    """Return level and reason for the page of a letter; {} when never tried."""
    row = await at.house.database.read(lambda c: sealing.of(c, room, one))
    if row is None:
        return {}
    return {
        "level": str(row["level"]),
        "why": REASONS.get(str(row["reason"] or ""), ""),
    }


async def signed_papers(at: Visit, room: LetterRoom, one: Kept) -> SignedPapers | None:
    """Return the papers that were signed digitally, None when there are none."""
    row = await at.house.database.read(lambda c: sealing.of(c, room, one))
    if row is None or not row["file_id"]:
        return None
    pdf = await _read(at, str(row["file_id"]))
    form = await _read(at, str(row["form_file_id"])) if row["form_file_id"] else None
    return (pdf, form) if pdf is not None else None


async def _read(at: Visit, file_id: str) -> bytes | None:
    reader = at.house.service.letters.reader(at.unit_id, at.staff_id)
    try:
        return (await reader.read(Media("file", stored=file_id))).data
    except FilesError:
        return None
