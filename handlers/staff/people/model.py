"""What do we know of a person who works for a unit?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from handlers.staff.permissions import Role

OPERATOR = "cli"
"""Who works at the machine itself: no account, may do everything, and is named so."""
CODE = re.compile(r"[A-Za-z0-9._\-]{1,40}")
"""A code never says a name: it stands in the log for ever."""


class State(StrEnum):
    """Whether somebody still works for the unit."""

    ACTIVE = "active"
    LEFT = "left"


class Route(StrEnum):
    """A way to reach a person of the commune; never shown to citizens."""

    TELEGRAM = "telegram"
    ZALO_BOT = "zalo_bot"
    PHONE = "phone"
    EMAIL = "email"


CHAT_ROUTES = frozenset({Route.TELEGRAM, Route.ZALO_BOT})
"""An account of one person: no two members of a unit share it."""
ALERT_ROUTES = frozenset({Route.TELEGRAM, Route.ZALO_BOT, Route.PHONE})
"""By these somebody on duty hears of a matter within minutes."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Personal data, sealed in storage; ``public_phone`` is shown to citizens."""

    name: str
    title: str = ""
    public_phone: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a unit; ``is_public``: citizens may read name and title.

    ``version`` grows with each change; ``left_at`` is UTC ms.
    """

    staff_id: str
    profile: Profile
    roles: frozenset[Role] = frozenset()
    routes: Mapping[Route, str] = field(default_factory=lambda: MappingProxyType({}))
    state: State = State.ACTIVE
    is_public: bool = False
    version: int = 1
    left_at: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether they work for the unit now."""
        return self.state is State.ACTIVE

    @property
    def is_reachable(self) -> bool:
        """Whether somebody on duty can be alerted."""
        return not ALERT_ROUTES.isdisjoint(self.routes)
