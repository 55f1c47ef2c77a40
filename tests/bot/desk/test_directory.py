"""Do the stored people of a unit, and only they, act on the staff channels?"""

from __future__ import annotations

from bot.desk.directory import StoredDirectory
from handlers.model import Channel
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.departure import leave
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import Profile, Route
from handlers.staff.permissions import Role
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from tests.conftest import FakeClock

UNIT = "thanh-ha"


async def hire(desk: Desk, code: str, role: Role, **routes: str) -> None:
    """Add somebody with staff accounts."""
    known = {Route(kind): address for kind, address in routes.items()}
    profile = Profile(f"Người {code}", "Công chức")
    await add(desk, NewMember(code, profile, frozenset({role}), known))


async def test_those_who_may_answer_are_known_by_their_account(
    database: Database, ring: KeyRing, ids: Ids, clock: FakeClock
) -> None:
    """An officer is known on both platforms; an auditor and a stranger are not."""
    keys = ring.unit(UNIT)
    desk = Desk(database, UNIT, keys, ids, clock.now_ms)
    await hire(desk, "mai", Role.OFFICER, telegram="5550000001", zalo_bot="6ede01")
    await hire(desk, "nam", Role.AUDITOR, telegram="5550000002")
    directory = StoredDirectory(UNIT, keys)
    assert directory.member(Channel.TELEGRAM, "5550000001") is None
    await directory.refresh(database)

    assert directory.member(Channel.TELEGRAM, "5550000001") == "mai"
    assert directory.member(Channel.ZALO_BOT, "6ede01") == "mai"
    assert directory.member(Channel.TELEGRAM, "5550000002") is None
    assert directory.member(Channel.TELEGRAM, "5550000009") is None
    assert directory.addresses(Channel.ZALO_BOT) == ("6ede01",)


async def test_who_leaves_is_a_stranger_at_once(
    database: Database, ring: KeyRing, ids: Ids, clock: FakeClock
) -> None:
    """The next look sees that somebody left, and who came instead."""
    keys = ring.unit(UNIT)
    desk = Desk(database, UNIT, keys, ids, clock.now_ms)
    await hire(desk, "mai", Role.OFFICER, telegram="5550000001")
    await hire(desk, "an", Role.ADMIN, telegram="5550000003")
    directory = StoredDirectory(UNIT, keys)
    await directory.refresh(database)
    await leave(desk, "mai")
    await hire(desk, "tuan", Role.HEAD, telegram="5550000002")
    await directory.refresh(database)

    assert directory.member(Channel.TELEGRAM, "5550000001") is None
    assert directory.member(Channel.TELEGRAM, "5550000002") == "tuan"
