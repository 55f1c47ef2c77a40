"""Which other systems may tell us of occasions? Each has a token, shown once.

The token is ``tt1.<unit>.<secret>``; the database has its keyed hash.
"""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.letters.errors import (
    BadTokenNameError,
    NoSuchTokenError,
    TokenNameTakenError,
)
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from storage import letters_occasions
from storage.keys import UnitKeys

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")
SHAPE: Final = re.compile(r"tt1\.([a-z0-9][a-z0-9-]{0,39})\.([A-Za-z0-9_-]{43})")
BYTES: Final = 32


async def make(desk: Desk, name: str) -> str:
    """Return a new token; it cannot be shown again.

    Raises BadTokenNameError, TokenNameTakenError, NotAllowedError.
    """
    if not NAME.fullmatch(name):
        raise BadTokenNameError
    token = f"tt1.{desk.unit_id}.{secrets.token_urlsafe(BYTES)}"

    def work(connection: Connection) -> None:
        row = {
            "unit_id": desk.unit_id,
            "name": name,
            "token_mac": _mac(desk.keys, token),
            "created_by": desk.by,
            "created_at": desk.now_ms(),
            "ended_at": None,
        }
        if not letters_occasions.add_token(connection, row):
            raise TokenNameTakenError
        desk.prove(connection, Tag.API_TOKEN_MADE, name)

    await desk.change(Action.CHANGE_SETTINGS, work)
    return token


async def end(desk: Desk, name: str) -> None:
    """End a token at once; raises NoSuchTokenError, NotAllowedError."""

    def work(connection: Connection) -> None:
        now = desk.now_ms()
        if not letters_occasions.end_token(connection, desk.unit_id, name, now):
            raise NoSuchTokenError
        desk.prove(connection, Tag.API_TOKEN_ENDED, name)

    await desk.change(Action.CHANGE_SETTINGS, work)


async def listed(desk: Desk) -> list[dict[str, Any]]:
    """Return names and times of the tokens, newest first; raises NotAllowedError."""
    return await desk.look(
        Action.CHANGE_SETTINGS, lambda c: letters_occasions.tokens(c, desk.unit_id)
    )


def unit_of(token: str) -> str:
    """Return the unit that a token names, "" for what is no token."""
    found = SHAPE.fullmatch(token)
    return found[1] if found else ""


def name_of(
    connection: Connection, unit_id: str, keys: UnitKeys, token: str
) -> str | None:
    """Return the name of a token in use, None for any other."""
    return letters_occasions.token_name(connection, unit_id, _mac(keys, token))


def _mac(keys: UnitKeys, token: str) -> str:
    return keys.mac("api-token", token)
