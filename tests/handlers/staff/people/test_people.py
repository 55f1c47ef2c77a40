"""Are people added, changed and let go with proof, nothing of theirs in the open?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import select

from handlers.staff.people import errors
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.change import Changes, change
from handlers.staff.people.departure import leave
from handlers.staff.people.listing import listed
from handlers.staff.people.model import Profile, Route, State
from handlers.staff.people.roles import set_roles
from handlers.staff.permissions import Action, Role
from storage import staff
from storage.keys import KeyRing
from storage.tables import metadata
from tests.handlers.staff.office import StaffOffice

FULL = NewMember(
    "canbo01",
    Profile("  Nguyễn   Thị An ", "Công chức Văn phòng", "0220 3812 345"),
    frozenset({Role.ADMIN, Role.OFFICER}),
    {
        Route.TELEGRAM: "123456789",
        Route.PHONE: "+84 912 345 678",
        Route.EMAIL: "an@thanhha.example",
    },
    is_public=True,
)
SECRETS = ("Nguyễn", "Công chức", "3812", "123456789", "912345678", "an@thanhha")


async def test_somebody_is_added(staff_office: StaffOffice) -> None:
    """What was told comes back in one form; the log says codes, never a name."""
    member = await add(staff_office.desk, FULL)

    assert member.profile.name == "Nguyễn Thị An"
    assert member.roles == {Role.ADMIN, Role.OFFICER}
    assert member.routes[Route.PHONE] == "+84912345678"
    assert member.is_active
    assert member.is_reachable
    assert await listed(staff_office.desk) == [member]
    ((tag, data),) = await staff_office.proofs()
    assert tag == "staff:member:added"
    assert data == {
        "by": "cli",
        "roles": "admin,officer",
        "routes": "email,phone,telegram",
        "public": True,
    }


async def test_nothing_personal_lies_in_the_open(staff_office: StaffOffice) -> None:
    """No column of any table holds a name, a title, a number or an address."""
    await add(staff_office.desk, FULL)
    heap = b""
    for table in metadata.sorted_tables:
        for row in await staff_office.rows(table):
            heap += b"\n".join(
                value if isinstance(value, bytes) else str(value).encode()
                for value in row.values()
            )

    assert [word for word in SECRETS if word.encode() in heap] == []


async def test_another_unit_cannot_open_a_row(
    staff_office: StaffOffice, ring: KeyRing
) -> None:
    """Each unit keeps its people under its own keys."""
    await add(staff_office.desk, FULL)
    (row,) = await staff_office.rows(metadata.tables["staff_member"])

    with pytest.raises(Exception):  # noqa: B017, PT011  InvalidTag of the library
        ring.unit("xa-khac").box.open(row["sealed"], "xa-thu:staff:canbo01")


@pytest.mark.parametrize(
    ("change_of", "error"),
    [
        ({"staff_id": "Cán bộ"}, errors.BadCodeError),
        ({"staff_id": "cli"}, errors.BadCodeError),
        ({"staff_id": "x" * 41}, errors.BadCodeError),
        ({"profile": Profile("  ")}, errors.NameMissingError),
        ({"profile": Profile("An", public_phone="gọi tôi")}, errors.BadContactError),
        ({"routes": {Route.TELEGRAM: "@an"}}, errors.BadContactError),
        ({"routes": {Route.PHONE: "12"}}, errors.BadContactError),
        ({"routes": {Route.EMAIL: "an.example"}}, errors.BadContactError),
        ({"roles": frozenset({Role.AUDITOR, Role.OFFICER})}, errors.RoleClashError),
    ],
)
async def test_what_cannot_be_is_refused(
    staff_office: StaffOffice,
    change_of: Mapping[str, object],
    error: type[errors.PeopleError],
) -> None:
    """A bad code, a missing name, a bad address: one sentence, nothing written."""
    with pytest.raises(error):
        await add(staff_office.desk, replace(FULL, **change_of))  # type: ignore[arg-type]

    assert await listed(staff_office.desk) == []
    assert await staff_office.tags() == []


async def test_a_code_is_one_persons(staff_office: StaffOffice) -> None:
    """A code in use is refused; one in use elsewhere needs a confirmation."""
    await add(staff_office.desk, FULL)
    elsewhere = replace(staff_office.desk, unit_id="xa-khac")

    with pytest.raises(errors.CodeTakenError):
        await add(staff_office.desk, FULL)
    with pytest.raises(errors.KnownCodeError):
        await add(elsewhere, FULL)
    assert (await add(elsewhere, FULL, is_known=True)).staff_id == "canbo01"
    assert await staff_office.desk.database.read(
        lambda c: staff.units_of(c, "canbo01")
    ) == ["xa-khac", "xa-thu"]


async def test_an_account_is_one_persons(staff_office: StaffOffice) -> None:
    """Two members cannot share a Telegram account; a desk phone they can."""
    await staff_office.hire("an", routes={Route.TELEGRAM: "111", Route.PHONE: "0220"})

    with pytest.raises(errors.RouteTakenError):
        await staff_office.hire("binh", routes={Route.TELEGRAM: "111"})
    await staff_office.hire("cuc", routes={Route.PHONE: "0220"})


async def test_somebody_changes(staff_office: StaffOffice) -> None:
    """What is told changes, the rest stays; the log names fields, not values."""
    await add(staff_office.desk, FULL)
    wanted = Changes(
        title="Phó Chánh Văn phòng",
        public_phone="",
        routes={Route.EMAIL: "", Route.ZALO_BOT: "zb-77"},
    )
    member = await change(staff_office.desk, "canbo01", wanted)

    assert member.profile == Profile("Nguyễn Thị An", "Phó Chánh Văn phòng")
    assert set(member.routes) == {Route.TELEGRAM, Route.PHONE, Route.ZALO_BOT}
    assert member.is_public
    assert member.version == 2
    tag, data = (await staff_office.proofs())[-1]
    assert tag == "staff:member:changed"
    assert data["fields"] == "title,public_phone,email,zalo_bot"


async def test_a_name_cannot_be_taken_away(staff_office: StaffOffice) -> None:
    """A member without a name could be nobody."""
    await staff_office.hire("an")

    with pytest.raises(errors.NameMissingError):
        await change(staff_office.desk, "an", Changes(name=" "))


async def test_an_old_view_changes_nothing(staff_office: StaffOffice) -> None:
    """Who looked before somebody else's change is told so."""
    await staff_office.hire("an")
    await change(staff_office.desk, "an", Changes(title="A"), seen=1)

    with pytest.raises(errors.ChangedMeanwhileError):
        await change(staff_office.desk, "an", Changes(title="B"), seen=1)


async def test_changes_at_once_go_one_after_the_other(
    staff_office: StaffOffice,
) -> None:
    """Ten changes of one member at the same time all hold; none is lost."""
    await staff_office.hire("an")
    await asyncio.gather(
        *(
            change(staff_office.desk, "an", Changes(title=f"Chức danh {number}"))
            for number in range(10)
        )
    )
    (member,) = await listed(staff_office.desk)

    assert member.version == 11


async def test_roles_are_set(staff_office: StaffOffice) -> None:
    """A member has exactly the roles told last."""
    await staff_office.hire("an", Role.OFFICER)
    member = await set_roles(staff_office.desk, "an", {Role.HEAD, Role.OFFICER})

    assert member.roles == {Role.HEAD, Role.OFFICER}
    tag, data = (await staff_office.proofs())[-1]
    assert tag == "staff:member:roles_set"
    assert (data["before"], data["roles"]) == ("officer", "head,officer")


async def test_the_last_administrator_stays(staff_office: StaffOffice) -> None:
    """A unit that has an administrator never loses its only one."""
    await staff_office.hire("an", Role.ADMIN)

    with pytest.raises(errors.LastAdminError):
        await set_roles(staff_office.desk, "an", {Role.OFFICER})
    with pytest.raises(errors.LastAdminError):
        await leave(staff_office.desk, "an")
    await staff_office.hire("binh", Role.ADMIN)
    await leave(staff_office.desk, "an")


async def test_two_administrators_cannot_leave_at_once(
    staff_office: StaffOffice,
) -> None:
    """Of two who go at the same moment one is kept."""
    await staff_office.hire("an", Role.ADMIN)
    await staff_office.hire("binh", Role.ADMIN)
    done = await asyncio.gather(
        leave(staff_office.desk, "an"),
        leave(staff_office.desk, "binh"),
        return_exceptions=True,
    )

    assert sum(isinstance(one, errors.LastAdminError) for one in done) == 1


async def test_what_is_sealed_is_for_two(staff_office: StaffOffice) -> None:
    """A third handler of denunciations is refused."""
    for staff_id in ("an", "binh"):
        await staff_office.hire(staff_id, Role.SEALED_HANDLER)

    with pytest.raises(errors.TooManySealedError):
        await staff_office.hire("cuc", Role.SEALED_HANDLER)


async def test_somebody_leaves_and_returns(staff_office: StaffOffice) -> None:
    """Roles and contacts go, the name stays for the record; the code is theirs."""
    await add(staff_office.desk, FULL)
    await staff_office.hire("binh", Role.ADMIN)
    await leave(staff_office.desk, "canbo01")
    everybody = await listed(staff_office.desk, also_left=True)
    gone = next(one for one in everybody if one.staff_id == "canbo01")

    assert gone.state is State.LEFT
    assert gone.profile == Profile("Nguyễn Thị An", "Công chức Văn phòng")
    assert (len(gone.roles), len(gone.routes), gone.is_public) == (0, 0, False)
    assert [one.staff_id for one in await listed(staff_office.desk)] == ["binh"]
    with pytest.raises(errors.MemberLeftError):
        await change(staff_office.desk, "canbo01", Changes(title="x"))
    with pytest.raises(errors.KnownCodeError):
        await add(staff_office.desk, FULL)
    again = await add(staff_office.desk, FULL, is_known=True)
    assert again.is_active
    assert again.left_at is None
    assert again.roles == FULL.roles


async def test_nobody_unknown_is_changed(staff_office: StaffOffice) -> None:
    """A code nobody has is said to be unknown."""
    for work in (
        change(staff_office.desk, "ai-do", Changes(title="x")),
        set_roles(staff_office.desk, "ai-do", {Role.OFFICER}),
        leave(staff_office.desk, "ai-do"),
    ):
        with pytest.raises(errors.MemberUnknownError, match="ai-do"):
            await work


async def test_only_administrators_manage_people(staff_office: StaffOffice) -> None:
    """An officer is refused with who may; a stranger is not somebody of ours."""
    await staff_office.hire("an", Role.ADMIN)
    await staff_office.hire("binh", Role.OFFICER)

    with pytest.raises(errors.NotAllowedError) as refused:
        await set_roles(staff_office.as_("binh"), "binh", {Role.ADMIN})
    assert refused.value.hint == "Việc này dành cho: Quản trị."
    with pytest.raises(errors.StrangerError):
        await listed(staff_office.as_("ai-do"))
    assert len(await listed(staff_office.as_("binh"))) == 2
    assert (await set_roles(staff_office.as_("an"), "binh", {Role.HEAD})).roles
    assert (await staff_office.proofs())[-1][1]["by"] == "an"


async def test_who_left_may_do_nothing(staff_office: StaffOffice) -> None:
    """The code of somebody who left opens no door."""
    for staff_id in ("an", "binh"):
        await staff_office.hire(staff_id, Role.ADMIN)
    await leave(staff_office.desk, "binh")

    with pytest.raises(errors.StrangerError):
        await staff_office.as_("binh").look(Action.SEE_STAFF, lambda _: None)


async def test_the_head_counts_changes(staff_office: StaffOffice) -> None:
    """Whoever keeps a copy sees by one number that it is old; a refusal moves none."""
    desk = staff_office.desk

    async def head() -> int:
        return await desk.database.read(lambda c: staff.head(c, desk.unit_id))

    assert await head() == 0
    await staff_office.hire("an")
    assert await head() == 1
    with pytest.raises(errors.CodeTakenError):
        await staff_office.hire("an")
    assert await head() == 1


async def test_a_desk_refuses_a_name_as_code(staff_office: StaffOffice) -> None:
    """What stands in the log for ever is a code."""
    with pytest.raises(errors.BadCodeError):
        staff_office.as_("Nguyễn An")


async def test_roles_that_no_longer_exist_are_passed_over(
    staff_office: StaffOffice,
) -> None:
    """A row of a later or earlier version does not stop the list."""
    await staff_office.hire("an")
    table = metadata.tables["staff_role"]
    row = {"unit_id": "xa-thu", "staff_id": "an", "role": "wizard"}
    more = {"granted_at": 1, "granted_by": "cli"}
    await staff_office.desk.database.write(
        lambda c: c.execute(table.insert(), row | more)
    )
    (member,) = await listed(staff_office.desk)

    assert member.roles == {Role.OFFICER}
    query = select(table.c.role).where(table.c.role == "wizard")
    assert await staff_office.desk.database.read(lambda c: c.execute(query).scalar())
