"""Which birthdays are near, and is there a draft for each that may have one?

A draft is all a machine makes here: people check it and a leader approves it. What
speaks against one is told on the page, so that nobody is forgotten in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from handlers.staff.letters.birthday_form import anniversary
from handlers.staff.letters.birthdays import Birthday, day_mac, opened
from handlers.staff.letters.errors import LetterStepError
from handlers.staff.letters.keeping import Kept
from handlers.staff.letters.room import LetterRoom
from handlers.staff.letters.writing import NewLetter, check, made_in
from handlers.staff.permissions import Action
from handlers.staff.privacy.purposes import purposes
from messages.letters.compose import Letter, compose
from messages.letters.errors import LetterError
from messages.letters.facts import NOMINAL
from messages.letters.kinds import LetterKind
from storage import letters, letters_birthdays

SOURCE: Final = "birthday"
BIRTHDAY: Final = "sinh_nhat"
LONG_LIFE: Final = "chuc_tho"
FEBRUARY, LAST, LEAP = 2, 28, 29


class AgeCustom(StrEnum):
    """How a commune counts the age of a longevity letter: full years, or from one."""

    FULL = "full"
    NOMINAL = "nominal"


@dataclass(frozen=True, slots=True)
class BirthdayRule:
    """How many local days ahead drafts are proposed, and how ages are counted."""

    days_ahead: int = 7
    age: AgeCustom = AgeCustom.FULL


@dataclass(frozen=True, slots=True)
class Near:
    """A birthday that is near: the local day, its letter ("" for none) or why not."""

    birthday: Birthday
    day: date
    age: int
    kind: LetterKind
    letter_id: str = ""
    why: str = ""


async def propose(room: LetterRoom, rule: BirthdayRule) -> int:
    """Write the drafts that are missing, in the name of the room; return how many.

    None while celebration is stopped. May run again and again.
    """

    def work(connection: Connection) -> int:
        if letters.is_stopped(connection, room.unit_id):
            return 0
        near = _near(connection, room, rule)
        return sum(_written(connection, room, rule, one) for one in near)

    return await room.desk.database.write(work)


async def near(room: LetterRoom, rule: BirthdayRule) -> list[Near]:
    """Return the birthdays of the next days with their letters, soonest first."""

    def work(connection: Connection) -> list[Near]:
        return _near(connection, room, rule)

    return await room.desk.look(Action.SEE_LETTERS, work)


def day_of(one: Kept) -> date | None:
    """Return the local day for which a letter was proposed, None for other letters."""
    if one.row["source"] != SOURCE or not one.row["source_ref"]:
        return None
    digits = str(one.row["source_ref"]).rpartition(":")[2]
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _near(connection: Connection, room: LetterRoom, rule: BirthdayRule) -> list[Near]:
    days = [room.today() + timedelta(days=n) for n in range(rule.days_ahead + 1)]
    marks = [day_mac(room, *one) for day in days for one in _born_on(day)]
    rows = letters_birthdays.on_days(connection, room.unit_id, marks)
    people = [one for row in rows if (one := opened(connection, room, row))]
    found = [_one(connection, room, rule, one, _day(one, days)) for one in people]
    return sorted(found, key=lambda one: (one.day, one.birthday.name))


def _born_on(day: date) -> list[tuple[int, int]]:
    """Return the days of birth that are kept on a day."""
    tomorrow = day + timedelta(days=1)
    is_short = (day.month, day.day) == (FEBRUARY, LAST) and tomorrow.day == 1
    here = [(day.month, day.day)]
    return [*here, (FEBRUARY, LEAP)] if is_short else here


def _day(one: Birthday, days: list[date]) -> date:
    wanted = {anniversary(one.born, day.year) for day in days}
    return next(day for day in days if day in wanted)


def _one(
    connection: Connection,
    room: LetterRoom,
    rule: BirthdayRule,
    one: Birthday,
    day: date,
) -> Near:
    age = day.year - one.born.year + (rule.age is AgeCustom.NOMINAL)
    long_life = room.kinds.named(LONG_LIFE)
    kind = long_life if age in long_life.ages else room.kinds.named(BIRTHDAY)
    found = Near(one, day, age, kind)
    row = letters.by_source(connection, room.unit_id, SOURCE, _ref(found))
    if row is not None:
        return replace(found, letter_id=str(row["letter_id"]))
    return replace(found, why=_why_not(connection, room, rule, found))


def _why_not(
    connection: Connection, room: LetterRoom, rule: BirthdayRule, near: Near
) -> str:
    if not near.birthday.is_allowed:
        return "chưa có đồng ý, hoặc đã rút đồng ý"
    try:
        check(connection, room, *_order(room, rule, near))
    except (LetterError, LetterStepError) as error:
        return str(error)
    return ""


def _written(
    connection: Connection, room: LetterRoom, rule: BirthdayRule, near: Near
) -> bool:
    if near.letter_id or near.why:
        return False
    try:
        return made_in(connection, room, *_order(room, rule, near)).is_new
    except LetterStepError:  # two alike among those of one morning
        return False


def _order(
    room: LetterRoom, rule: BirthdayRule, near: Near
) -> tuple[NewLetter, Letter]:
    data = _data(rule, near)
    new = NewLetter(
        near.kind, data, source=SOURCE, ref=_ref(near), vault=near.birthday.vault
    )
    return new, compose(near.kind, data, room.office, room.today())


def _data(rule: BirthdayRule, near: Near) -> dict[str, str]:
    """Return the data of the letter; the day is told where it is the very day."""
    born, day = near.birthday.born, near.day
    data = dict(near.birthday.data) | {"tuoi": str(near.age)}
    if (born.month, born.day) == (day.month, day.day):
        data["ngay"] = day.isoformat()
    if near.age < purposes().minor_under:
        data.setdefault("ong_ba", "cháu")
    if rule.age is AgeCustom.NOMINAL and near.kind.code == LONG_LIFE:
        data["cach_tinh_tuoi"] = NOMINAL
        data.pop("ngay", None)
    return data


def _ref(near: Near) -> str:
    return f"{near.birthday.birthday_id}:{near.day:%Y%m%d}"
