"""What is over by the rules, and how does it end? Counted first, then one by one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.erasure import erase
from bot.installation import Installation
from handlers.staff.privacy.rules import Rule
from storage import retention

PAGE = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """What a rule found, and what was ended."""

    rule: str
    days: int
    name: str
    due: int
    ended: int


async def keep(
    opened: Installation, unit_id: str, rule: Rule, *, is_dry: bool, by: str
) -> Kept:
    """Carry out one rule, or only count; each person goes in a transaction of theirs.

    May be stopped anywhere and started again. Raises StorageError.
    """
    before = rule.before(opened.clock.now_ms())
    due = await opened.database.read(
        lambda c: retention.count_quiet(c, unit_id, rule.group, before)
    )
    ended = 0 if is_dry else await _end(opened, unit_id, rule, before, by)
    return Kept(rule.code, rule.days, rule.name, due, ended)


async def _end(
    opened: Installation, unit_id: str, rule: Rule, before: int, by: str
) -> int:
    if rule.group not in retention.PEOPLE:
        return await opened.database.write(
            lambda c: retention.drop_rows(c, unit_id, rule.group, before)
        )
    ended = 0
    while people := await opened.database.read(
        lambda c: retention.quiet_people(c, unit_id, rule.group, before, PAGE)
    ):
        for person_id in people:
            await erase(opened, unit_id, person_id, f"retention:{rule.code}", by)
        ended += len(people)
    return ended
