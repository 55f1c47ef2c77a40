"""What changes about a member: name, title, contacts, what citizens may read?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people import sealing
from handlers.staff.people.contacts import set_routes
from handlers.staff.people.desk import Desk
from handlers.staff.people.errors import ChangedMeanwhileError, NameMissingError
from handlers.staff.people.listing import active
from handlers.staff.people.model import Member, Profile, Route
from handlers.staff.permissions import Action
from storage import staff


@dataclass(frozen=True, slots=True)
class Changes:
    """New values; None leaves what is there, "" takes it away (never the name)."""

    name: str | None = None
    title: str | None = None
    public_phone: str | None = None
    is_public: bool | None = None
    routes: Mapping[Route, str] = field(default_factory=lambda: MappingProxyType({}))

    def names(self) -> tuple[str, ...]:
        """Return what is told, for the log: never the values."""
        own = ("name", "title", "public_phone", "is_public")
        told = [name for name in own if getattr(self, name) is not None]
        return (*told, *sorted(self.routes))


async def change(
    desk: Desk, staff_id: str, wanted: Changes, *, seen: int | None = None
) -> Member:
    """Change a member and return them; ``seen`` is the version that was looked at.

    Raises NameMissingError, BadContactError, MemberUnknownError, MemberLeftError,
    RouteTakenError, ChangedMeanwhileError.
    """
    routes = {
        kind: sealing.address(kind, text) if text.strip() else ""
        for kind, text in wanted.routes.items()
    }

    def work(connection: Connection) -> Member:
        now = active(connection, desk, staff_id)
        if seen is not None and seen != now.version:
            raise ChangedMeanwhileError
        _write(connection, desk, now, wanted)
        set_routes(connection, desk, staff_id, routes)
        fields = ",".join(wanted.names())
        desk.prove(connection, Tag.STAFF_CHANGED, staff_id, fields=fields)
        return active(connection, desk, staff_id)

    return await desk.change(Action.MANAGE_STAFF, work)


def _write(connection: Connection, desk: Desk, now: Member, wanted: Changes) -> None:
    profile = _profile(now.profile, wanted)
    public = now.is_public if wanted.is_public is None else wanted.is_public
    values = {
        "sealed": sealing.sealed_profile(
            desk.keys, desk.unit_id, now.staff_id, profile
        ),
        "is_public": public,
        "changed_at": desk.now_ms(),
    }
    staff.change(connection, desk.unit_id, now.staff_id, now.version, values)


def _profile(now: Profile, wanted: Changes) -> Profile:
    name = now.name if wanted.name is None else sealing.one_line(wanted.name)
    if not name:
        raise NameMissingError
    return Profile(
        name,
        now.title if wanted.title is None else sealing.one_line(wanted.title),
        now.public_phone
        if wanted.public_phone is None
        else sealing.public_phone(wanted.public_phone),
    )
