"""Is the log in the database still what was written and signed? Every byte again.

Each leaf is hashed and read; its columns must say the same; places, tiles, head and
checkpoints are worked out again from the leaves alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from handlers.staff.evidence.report import Report
from handlers.staff.evidence.signed import check_rows, check_signed, check_trust
from handlers.staff.evidence.stamps import Stamps
from handlers.staff.evidence.trust import Trust
from handlers.staff.evidence.typed import check_types
from storage.evidence import canonical, checkpoints, order
from storage.evidence.growing import Growing
from storage.evidence.merkle import leaf_hash
from storage.keys import UnitKeys
from storage.tables import (
    evidence_entry,
    evidence_position,
    evidence_tile,
    evidence_waiting,
)

CHUNK = 500
"""Entries a statement and a reading: more at once cost the garbage collector more."""
UNREADABLE = (ValueError, TypeError, KeyError, RecursionError)
STRAYS = 20


def check(
    connection: Connection,
    unit_id: str,
    ours: UnitKeys,
    trust: Trust,
    roots: Stamps | None = None,
) -> Report:
    """Check the whole log of a unit over one snapshot; ``roots`` for its stamps."""
    report = Report()
    if not check_types(connection, unit_id, report):
        return report
    signed = checkpoints.all_of(connection, unit_id)
    tiles = _Tiles(connection, unit_id, report)
    tree = Growing([*(s.size for s in signed), *trust.sizes], tiles.compare)
    _entries(connection, unit_id, tree, report)
    report.entries, root = tree.size, tree.end()
    report.root = root.hex()
    tiles.count()
    _head(connection, unit_id, report)
    _strays(connection, unit_id, report)
    keys = checkpoints.keys(connection, unit_id)
    head = order.head(connection, unit_id)
    origin = head.origin if head else ""
    check_signed(report, origin, keys, signed, tree.roots)
    check_trust(report, origin, keys, trust, tree.roots)
    stamps = checkpoints.stamps(connection, unit_id)
    check_rows(report, origin, keys, signed, stamps, ours)
    notes = {one.size: one.note.encode() for one in signed}
    pairs = [(one.size, one.token, notes.get(one.size)) for one in stamps]
    (roots or Stamps()).check(report, pairs)
    if head and head.stamps != len(stamps):
        report.fault(f"đầu nhật ký ghi {head.stamps} dấu thời gian, có {len(stamps)}")
    last = signed[-1].size if signed else 0
    if head and head.signed != last:
        report.fault(f"đầu nhật ký ghi đã ký {head.signed} mục, mốc cuối có {last}")
    if report.entries > last:
        report.unchecked.append(f"{report.entries - last} mục cuối chưa có mốc ký")
    return report


def _entries(
    connection: Connection, unit_id: str, tree: Growing, report: Report
) -> None:
    size = 0
    for rows in _chunks(connection, unit_id):
        are_sound = _agree(unit_id, rows)
        for row in rows:
            position, entry_id, leaf = row[0], row[1], row[5]
            if position != size:
                report.fault(f"thiếu mục ở vị trí {size} (kế tiếp là {position})")
                return
            if leaf is None:
                report.fault(f"mục {entry_id} ở vị trí {position} đã mất")
                return
            if not isinstance(leaf, bytes):
                report.fault(f"mục {entry_id} ở vị trí {position}: cột bị đổi kiểu")
                leaf = str(leaf).encode(errors="replace")
            digest = leaf_hash(leaf)
            if digest != row[6]:
                report.fault(f"mục {entry_id} ở vị trí {position}: mã băm không khớp")
            if not are_sound:
                _leaf(unit_id, row, leaf, report)
            tree.add(digest)
            size += 1


def _chunks(connection: Connection, unit_id: str) -> Iterator[Sequence[Any]]:
    """Yield place, id and the entry's columns (None when it is gone)."""
    place, entry = evidence_position.c, evidence_entry.c
    query = (
        select(
            place.position,
            place.entry_id,
            entry.at,
            entry.tag,
            entry.subject,
            entry.leaf,
            entry.leaf_hash,
        )
        .outerjoin(
            evidence_entry,
            (entry.unit_id == place.unit_id) & (entry.entry_id == place.entry_id),
        )
        .where(place.unit_id == unit_id)
        .order_by(place.position)
        .limit(CHUNK)
    )
    last = -(2**62)
    while rows := connection.execute(query.where(place.position > last)).all():
        yield rows
        last = rows[-1][0]


def _agree(unit_id: str, rows: Sequence[Any]) -> bool:
    """Whether all leaves are canonical and say what their columns say, read as one.

    False only means: look at each. Read together they cost half, and none can hide
    behind another: no JSON text holds a bare newline, and where no leaf has an array
    and each begins with a brace, a comma before one stands between two leaves. So as
    many values as leaves are those leaves.
    """
    leaves = [row[5] for row in rows]
    if not all(isinstance(leaf, bytes) for leaf in leaves):
        return False
    joined = b",\n".join(leaves)
    if b"[" in joined or joined.count(b",\n{") != len(leaves) - 1:
        return False
    try:
        values = json.loads(f"[{joined.decode()}]")
        said = [_columns(value) for value in values]
        are_canonical = canonical(values) == b"[" + b",".join(leaves) + b"]"
    except UNREADABLE:
        return False
    return are_canonical and said == [_kept(unit_id, row) for row in rows]


def _leaf(unit_id: str, row: Any, leaf: bytes, report: Report) -> None:
    fault = _fault(unit_id, row, leaf)
    if fault:
        report.fault(f"mục {row[1]} ở vị trí {row[0]}: {fault}")


def _fault(unit_id: str, row: Any, leaf: bytes) -> str:
    """Return what is wrong with a leaf or its columns."""
    try:
        value = json.loads(leaf.decode())
        said = _columns(value)
        is_canonical = canonical(value) == leaf
    except UNREADABLE:
        return "nội dung không đọc được"
    if not is_canonical:
        return "nội dung không ở dạng chuẩn"
    if said != _kept(unit_id, row):
        return "cột dữ liệu khác nội dung đã băm"
    return ""


def _columns(value: Any) -> tuple[Any, ...]:
    # Reading a time takes a tenth of writing one; its form is in the hash.
    at = round(datetime.fromisoformat(value["at"]).timestamp() * 1000)
    return (value["id"], value["unit"], at, value["tag"], value["subject"])


def _kept(unit_id: str, row: Any) -> tuple[Any, ...]:
    return (row[1], unit_id, row[2], row[3], row[4] or "")


@dataclass(slots=True)
class _Tiles:
    connection: Connection
    unit_id: str
    report: Report
    number: int = 0

    def compare(self, level: int, number: int, hashes: bytes) -> None:
        self.number += 1
        if order.tile(self.connection, self.unit_id, level, number) != hashes:
            self.report.fault(f"mảnh băm {level}/{number} không khớp với các mục")

    def count(self) -> None:
        mine = evidence_tile.c.unit_id == self.unit_id
        query = select(func.count()).select_from(evidence_tile).where(mine)
        if self.connection.execute(query).scalar_one() != self.number:
            self.report.fault("có mảnh băm thừa hoặc thiếu")


def _head(connection: Connection, unit_id: str, report: Report) -> None:
    head = order.head(connection, unit_id)
    size = head.size if head else 0
    if size != report.entries:
        report.fault(f"đầu nhật ký ghi {size} mục nhưng có {report.entries} mục")


def _strays(connection: Connection, unit_id: str, report: Report) -> None:
    """Entries that have no place and wait for none were put in by another way."""
    entry, place, waiting = evidence_entry.c, evidence_position.c, evidence_waiting.c
    report.waiting = order.count_waiting(connection, unit_id)
    total = select(func.count()).select_from(evidence_entry)
    found = connection.execute(total.where(entry.unit_id == unit_id)).scalar_one()
    if found == report.entries + report.waiting and report.is_ok:
        return
    placed = select(place.entry_id).where(
        place.unit_id == unit_id, place.entry_id == entry.entry_id
    )
    waits = select(waiting.entry_id).where(
        waiting.unit_id == unit_id, waiting.entry_id == entry.entry_id
    )
    query = select(entry.entry_id).where(
        entry.unit_id == unit_id, ~placed.exists(), ~waits.exists()
    )
    for (entry_id,) in connection.execute(query.limit(STRAYS)):
        report.fault(f"mục {entry_id} được chèn vào ngoài nhật ký")
    known = select(entry.entry_id).where(
        entry.unit_id == unit_id, entry.entry_id == waiting.entry_id
    )
    gone = select(waiting.entry_id).where(waiting.unit_id == unit_id, ~known.exists())
    for (entry_id,) in connection.execute(gone.limit(STRAYS)):
        report.fault(f"mục {entry_id} đang chờ vào nhật ký đã mất")
    if report.is_ok:
        report.fault(f"có {found} mục, nhưng nhật ký và hàng chờ ghi số khác")
