"""When must a letter not be written, or not without a second look?

No joy for somebody we mourned, for a house in mourning, or for who asked us to be
silent; condolence is never written by a machine (FEATURES.md C, kinds.yml ``guards``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection

from handlers.staff.letters.errors import (
    AutomaticError,
    NotSureError,
    OptedOutError,
)
from handlers.staff.letters.room import CELEBRATIONS, LetterRoom
from messages.letters import address
from messages.letters.kinds import LetterKind, Tone
from messages.letters.text import plain
from storage import consent, letters, letters_occasions

MOURNING = timedelta(days=100)
"""Tốt khốc, the end of the first mourning: until then no letter of joy to the house."""
CONDOLENCE = "chia_buon"
FORM = "form"
PURPOSE = "letters"
"""What a person may have withdrawn (handlers/staff/privacy/data/purposes.yml)."""
_MAIN = ("nguoi_mat", "ten", "ten_to_chuc", "chong", "vo", "bo", "me", "ten_con")
_OCCASION = ("ngay", "ngay_sinh", "ngay_mat", "tuoi", "ma_hs", "so_quyet_dinh")
_OCCASION_MORE = ("ngay_qd", "ngay_hen_goc", "dong_gop_cu_the", "hoan_canh")
_PEOPLE = ("nguoi_mat", "ten", "chong", "vo", "bo", "me")


def occasion_mac(room: LetterRoom, kind: LetterKind, data: Mapping[str, str]) -> str:
    """Return the mark of kind, person and occasion; the same for other spellings.

    Without a date the local year is the occasion: one wish for one thing a year.
    """
    who = [bare(data.get(name, "")) for name in _MAIN]
    dated = [plain(data.get(name, "")) for name in (*_OCCASION, *_OCCASION_MORE)]
    when = dated if any(dated) else [str(room.today().year)]
    return room.desk.keys.mac("letter", "|".join([kind.code, *who, *when]))


def letter_of(connection: Connection, room: LetterRoom, mac: str) -> str:
    """Return the id of the letter for an occasion, "" for none."""
    row = letters.by_occasion(connection, room.unit_id, mac)
    return str(row["letter_id"]) if row is not None else ""


def subject_mac(room: LetterRoom, kind: LetterKind, data: Mapping[str, str]) -> str:
    """Return the mark of the first person a letter is about."""
    del kind
    first = next((data[name] for name in _PEOPLE if data.get(name)), "")
    return _mark(room, first)


def check(
    connection: Connection,
    room: LetterRoom,
    kind: LetterKind,
    data: Mapping[str, str],
    person_id: str,
    *,
    source: str,
    is_sure: bool,
) -> None:
    """Raise AutomaticError, OptedOutError or NotSureError, if one of them is due."""
    if kind.guards and source != FORM:
        raise AutomaticError
    if kind.guards and not is_sure:
        raise NotSureError(
            "người mất không phải trẻ em, không do tự vẫn, vụ án, tạm giữ, "
            "và danh tính đã được xác nhận"
        )
    if kind.tone not in CELEBRATIONS:
        return
    told = letters.talks(connection, room.unit_id, person_id)
    if told and all(row["opted_out"] for row in told):
        raise OptedOutError
    now = room.desk.now_ms()
    if consent.forbids(connection, room.unit_id, person_id, PURPOSE, now):
        raise OptedOutError
    if not is_sure:
        _grief(connection, room, kind, data, person_id)


def _grief(
    connection: Connection,
    room: LetterRoom,
    kind: LetterKind,
    data: Mapping[str, str],
    person_id: str,
) -> None:
    """Names repeat in a commune: a person decides whether it is the same one."""
    for name in _PEOPLE:
        if not data.get(name):
            continue
        mark = _mark(room, data[name])
        if letters.mourned(connection, room.unit_id, mark, CONDOLENCE):
            raise NotSureError(f"đã có thư chia buồn về người tên {data[name]}")
        if letters_occasions.is_dead(connection, room.unit_id, mark):
            raise NotSureError(f"một cửa đã báo tử về người tên {data[name]}")
    since = room.desk.now_ms() - MOURNING // timedelta(milliseconds=1)
    if _is_feast(kind) and letters.mourns(
        connection, room.unit_id, person_id, CONDOLENCE, since
    ):
        raise NotSureError("gia đình người nhận đang có tang")


def is_mourned(
    connection: Connection,
    room: LetterRoom,
    kind: LetterKind,
    data: Mapping[str, str],
    person_id: str,
    since: int,
) -> bool:
    """Whether somebody a letter names, or its house, is mourned since then (UTC ms)."""
    unit_id = room.unit_id
    for name in filter(None, map(data.get, _PEOPLE)):
        mark = _mark(room, name)
        if letters.mourned(connection, unit_id, mark, CONDOLENCE, since):
            return True
        if letters_occasions.is_dead(connection, unit_id, mark, since):
            return True
    is_told = letters.mourns(connection, unit_id, person_id, CONDOLENCE, since)
    return is_told and _is_feast(kind)


def _is_feast(kind: LetterKind) -> bool:
    return kind.tone is Tone.JOY or bool(kind.ages)


def _mark(room: LetterRoom, name: str) -> str:
    return room.desk.keys.mac("letter-person", bare(name))


def bare(name: str) -> str:
    """Return a name for comparing, without its form of address."""
    return plain(_bare(name))


def _bare(name: str) -> str:
    return address.stripped(name)[1]
