"""How does somebody begin to work for the unit?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people import sealing
from handlers.staff.people.contacts import set_routes
from handlers.staff.people.desk import Desk
from handlers.staff.people.errors import (
    BadCodeError,
    CodeTakenError,
    KnownCodeError,
    NameMissingError,
)
from handlers.staff.people.listing import active
from handlers.staff.people.model import CODE, OPERATOR, Member, Profile, Route, State
from handlers.staff.people.roles import grant
from handlers.staff.permissions import Action, Role
from storage import staff


@dataclass(frozen=True, slots=True)
class NewMember:
    """Who comes, as told by the one who adds them."""

    staff_id: str
    profile: Profile
    roles: frozenset[Role] = frozenset({Role.OFFICER})
    routes: Mapping[Route, str] = field(default_factory=lambda: MappingProxyType({}))
    is_public: bool = False


async def add(desk: Desk, new: NewMember, *, is_known: bool = False) -> Member:
    """Add a member and return them.

    ``is_known`` confirms that a code in use elsewhere, or by somebody who left, is
    this same person. Raises BadCodeError, NameMissingError, BadContactError,
    CodeTakenError, KnownCodeError, RouteTakenError, and what ``grant`` raises.
    """
    new = _checked(new)

    def work(connection: Connection) -> Member:
        _enter(connection, desk, new, is_known=is_known)
        set_routes(connection, desk, new.staff_id, new.routes)
        grant(connection, desk, new.staff_id, new.roles)
        desk.prove(
            connection,
            Tag.STAFF_ADDED,
            new.staff_id,
            roles=",".join(sorted(new.roles)),
            routes=",".join(sorted(new.routes)),
            public=new.is_public,
        )
        return active(connection, desk, new.staff_id)

    return await desk.change(Action.MANAGE_STAFF, work)


def _checked(new: NewMember) -> NewMember:
    if not CODE.fullmatch(new.staff_id) or new.staff_id == OPERATOR:
        raise BadCodeError
    told = new.profile
    profile = Profile(
        sealing.one_line(told.name),
        sealing.one_line(told.title),
        sealing.public_phone(told.public_phone),
    )
    if not profile.name:
        raise NameMissingError
    routes = {kind: sealing.address(kind, text) for kind, text in new.routes.items()}
    return NewMember(new.staff_id, profile, new.roles, routes, new.is_public)


def _enter(
    connection: Connection, desk: Desk, new: NewMember, *, is_known: bool
) -> None:
    before = staff.member(connection, desk.unit_id, new.staff_id)
    if before is not None and before["state"] == State.ACTIVE:
        raise CodeTakenError
    if not is_known and staff.units_of(connection, new.staff_id):
        raise KnownCodeError
    row = _row(desk, new)
    if before is None:
        staff.add(connection, row | {"version": 1, "added_at": desk.now_ms()})
    else:
        staff.change(connection, desk.unit_id, new.staff_id, before["version"], row)


def _row(desk: Desk, new: NewMember) -> dict[str, Any]:
    return {
        "unit_id": desk.unit_id,
        "staff_id": new.staff_id,
        "state": State.ACTIVE.value,
        "sealed": sealing.sealed_profile(
            desk.keys, desk.unit_id, new.staff_id, new.profile
        ),
        "is_public": new.is_public,
        "changed_at": desk.now_ms(),
        "left_at": None,
    }
