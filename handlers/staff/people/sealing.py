"""How does what is personal of a member lie in a row, and come back?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from handlers.staff.people.errors import BadContactError
from handlers.staff.people.model import CHAT_ROUTES, Member, Profile, Route, State
from handlers.staff.permissions import Role
from storage.keys import UnitKeys

Row = Mapping[str, Any]
_FORMS: Mapping[Route, re.Pattern[str]] = {
    Route.TELEGRAM: re.compile(r"[1-9][0-9]{2,19}"),
    Route.ZALO_BOT: re.compile(r"[A-Za-z0-9_\-]{3,64}"),
    Route.PHONE: re.compile(r"\+?[0-9]{3,15}"),
    Route.EMAIL: re.compile(
        r"[^\s@<>\"',;]{1,64}@[A-Za-z0-9.\-]{1,120}\.[A-Za-z]{2,24}"
    ),
}
_NOISE = re.compile(r"[\s.\-()]")
NAME_LIMIT = 80


def one_line(text: str) -> str:
    """Return a name or title without line breaks and doubled blanks, cut short."""
    return " ".join(text.split())[:NAME_LIMIT]


def address(kind: Route, text: str) -> str:
    """Return an address in its one form; raises BadContactError."""
    bare = text.strip()
    plain = _NOISE.sub("", bare) if kind is Route.PHONE else bare
    if not _FORMS[kind].fullmatch(plain):
        raise BadContactError
    return plain


def public_phone(text: str) -> str:
    """Return a number as it is published; "" stays. Raises BadContactError."""
    shown = one_line(text)
    if shown:
        address(Route.PHONE, shown)
    return shown


def sealed_profile(
    keys: UnitKeys, unit_id: str, staff_id: str, profile: Profile
) -> bytes:
    """Return a profile sealed under the unit's key, bound to its row."""
    plain = json.dumps(asdict(profile), ensure_ascii=False).encode()
    return keys.box.seal(plain, _profile_context(unit_id, staff_id))


def route_row(
    keys: UnitKeys, unit_id: str, staff_id: str, kind: Route, found: str
) -> dict[str, Any]:
    """Return the row of one way to reach a member."""
    context = _route_context(unit_id, staff_id, kind)
    return {
        "unit_id": unit_id,
        "staff_id": staff_id,
        "kind": kind.value,
        "address_mac": address_mac(keys, kind, found, staff_id),
        "sealed": keys.box.seal(found.encode(), context),
    }


def address_mac(keys: UnitKeys, kind: Route, found: str, staff_id: str = "") -> str:
    """Return the keyed hash of an address; a desk phone may be that of several."""
    owner = "" if kind in CHAT_ROUTES else staff_id
    return keys.mac(f"staff:{kind}", f"{owner}\0{found}")


def opened(
    keys: UnitKeys, row: Row, roles: Iterable[str], routes: Iterable[Row]
) -> Member:
    """Return a member from their rows; a role that no longer exists is left out."""
    unit_id, staff_id = row["unit_id"], row["staff_id"]
    plain = keys.box.open(row["sealed"], _profile_context(unit_id, staff_id))
    known = {
        Route(one["kind"]): keys.box.open(
            one["sealed"], _route_context(unit_id, staff_id, one["kind"])
        ).decode()
        for one in routes
        if one["staff_id"] == staff_id
    }
    return Member(
        staff_id=staff_id,
        profile=Profile(**json.loads(plain)),
        roles=frozenset(role for role in Role if role in set(roles)),
        routes=known,
        state=State(row["state"]),
        is_public=row["is_public"],
        version=row["version"],
        left_at=row["left_at"],
    )


def _profile_context(unit_id: str, staff_id: str) -> str:
    return f"{unit_id}:staff:{staff_id}"


def _route_context(unit_id: str, staff_id: str, kind: str) -> str:
    return f"{unit_id}:staff:{staff_id}:route:{kind}"
