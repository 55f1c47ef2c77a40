"""By which ways can a member be reached?"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from handlers.staff.people import sealing
from handlers.staff.people.desk import Desk
from handlers.staff.people.errors import RouteTakenError
from handlers.staff.people.model import CHAT_ROUTES, Route
from storage import staff


def set_routes(
    connection: Connection, desk: Desk, staff_id: str, routes: Mapping[Route, str]
) -> None:
    """Keep these addresses (checked before); "" forgets one. Raises RouteTakenError."""
    for kind, found in routes.items():
        if not found:
            staff.drop_routes(connection, desk.unit_id, staff_id, [kind])
            continue
        row = sealing.route_row(desk.keys, desk.unit_id, staff_id, kind, found)
        if kind in CHAT_ROUTES and _is_of_another(connection, row):
            raise RouteTakenError
        staff.set_route(connection, row)


def _is_of_another(connection: Connection, row: Mapping[str, str]) -> bool:
    owner = staff.reached_by(
        connection, row["unit_id"], row["kind"], row["address_mac"]
    )
    return owner not in (None, row["staff_id"])
