"""Did the right keys sign the right roots, and is it the key and tree we trust?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.staff.evidence.report import Report
from handlers.staff.evidence.trust import Trust
from storage.errors import EvidenceError, NoteError
from storage.evidence.checkpoints import KeyRow, Signed, Stamp
from storage.evidence.notes import Note
from storage.evidence.sequencer import in_force, opened
from storage.keys import UnitKeys

NO_KEY = (
    "chưa so với dấu vân tay khóa (--key), nên chưa loại trừ việc ký lại bằng khóa khác"
)
NO_CHECKPOINT = (
    "chưa so với mốc đã in hoặc đã lưu nơi khác (--checkpoint), nên chưa loại trừ việc"
    " cắt bớt phần cuối"
)
NO_STAMP = "chữ ký của bên cấp dấu thời gian: kiểm bằng 'openssl ts -verify'"


def check_signed(
    report: Report,
    origin: str,
    keys: Sequence[KeyRow],
    signed: Sequence[Signed],
    roots: Mapping[int, bytes],
) -> None:
    """Check each checkpoint: root, signature, and who handed over to whom."""
    begun = {0}
    for one in signed:
        try:
            said, note = one.read()
            now = in_force(tuple(keys), one.size)
        except (NoteError, EvidenceError):
            report.fault(f"mốc {one.size} mục không đọc được hoặc không có khóa")
            continue
        if (said.origin, said.size) != (origin, one.size):
            report.fault(f"mốc {one.size} mục là của nhật ký khác hoặc số mục khác")
        if said.root != roots.get(one.size):
            report.fault(f"mốc {one.size} mục: mã gốc không khớp với các mục")
        led = [] if now.number in begun else [row for row in keys if _leads(row, now)]
        _signatures(report, origin, one.size, note, [*led, now])
        begun.add(now.number)
    _led(report, keys, begun)


def _signatures(
    report: Report, origin: str, size: int, note: Note, keys: Sequence[KeyRow]
) -> None:
    wanted = {row.number: row.key(origin) for row in keys}
    if not all(note.is_signed_by(key) for key in wanted.values()):
        report.fault(f"mốc {size} mục: chữ ký sai hoặc thiếu")
    if len(note.signatures) != len(wanted):
        report.fault(f"mốc {size} mục: có chữ ký lạ")


def check_rows(
    report: Report,
    origin: str,
    keys: Sequence[KeyRow],
    signed: Sequence[Signed],
    stamps: Sequence[Stamp],
    ours: UnitKeys,
) -> None:
    """Check what only we can: sealed keys, and the marks beside the notes."""
    for row in keys:
        try:
            opened(ours, row, origin)
        except EvidenceError:
            report.fault(f"khóa số {row.number}: dòng lưu khóa đã bị sửa")
    before = 0
    for one in signed:
        if one.mark != one.marked(ours, before):
            report.fault(f"mốc {one.size} mục: ngày đã bị sửa hoặc mốc trước đã mất")
        before = one.size
    for stamp in stamps:
        if stamp.mark != stamp.marked(ours):
            report.fault(f"dấu thời gian của mốc {stamp.size} mục đã bị sửa")
    for size in {stamp.size for stamp in stamps} - {one.size for one in signed}:
        report.fault(f"dấu thời gian của mốc {size} mục không còn mốc")


def _leads(row: KeyRow, to: KeyRow) -> bool:
    return row.number == to.number - 1


def _led(report: Report, keys: Sequence[KeyRow], begun: set[int]) -> None:
    """Each key is led in by the one before: its first checkpoint has both.

    Of the newest key nothing may be signed yet.
    """
    numbers = [row.number for row in keys]
    if numbers != list(range(len(keys))) or not set(numbers[:-1]) <= begun:
        report.fault("danh sách khóa: có khóa lạ, thiếu hoặc sai thứ tự")
    if keys and keys[0].from_size:
        report.fault("khóa đầu tiên không bắt đầu từ mục đầu tiên")


def check_trust(
    report: Report,
    origin: str,
    keys: Sequence[KeyRow],
    trust: Trust,
    roots: Mapping[int, bytes],
) -> None:
    """Compare with what the checker brought; say what was not brought."""
    known = {row.key(origin).fingerprint for row in keys}
    if not trust.fingerprint:
        report.unchecked.append(NO_KEY)
    elif trust.fingerprint not in known:
        report.fault("nhật ký được ký bằng khóa khác với dấu vân tay đã cho")
    if not trust.checkpoints:
        report.unchecked.append(NO_CHECKPOINT)
    for one in trust.checkpoints:
        if one.origin != origin:
            report.fault(f"mốc đã cho là của nhật ký khác ({one.origin})")
        if one.size > report.entries:
            report.fault(
                f"nhật ký bị cắt bớt: mốc đã cho có {one.size} mục,"
                f" nay còn {report.entries}"
            )
        elif roots.get(one.size) != one.root:
            report.fault(f"nhật ký đã rẽ nhánh trước mốc {one.size} mục đã cho")
