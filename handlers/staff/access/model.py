"""What do we know of an account, a link and a session of the console?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handlers.staff.access.passwords import Hasher
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import Member
from storage.database import Database
from storage.ids import Ids
from storage.keys import UnitKeys

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
FACTOR_TIME = timedelta(minutes=10)
"""Between the password and the code of the second factor."""
SEEN_EVERY = timedelta(minutes=5)
"""How often the use of a session is written down."""
LINK_LIFE = timedelta(hours=72)
FIRST_LIFE = timedelta(hours=24)


class Purpose(StrEnum):
    """What a one-time link is for."""

    INVITE = "invite"
    RESET = "reset"
    FIRST = "first"
    DEMO = "demo"


class Stage(StrEnum):
    """How far somebody got in."""

    FACTOR = "factor"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Gate:
    """One unit's door: what is needed to let somebody in."""

    database: Database
    unit_id: str
    keys: UnitKeys
    ids: Ids
    now_ms: Callable[[], int]
    hasher: Hasher
    unit_name: str = ""

    def desk(self, by: str) -> Desk:
        """Return the desk of somebody; raises BadCodeError."""
        return Desk(self.database, self.unit_id, self.keys, self.ids, self.now_ms, by)

    def mac(self, kind: str, value: str) -> str:
        """Return the keyed hash under which something is known."""
        return self.keys.mac(f"console:{kind}", value)


@dataclass(frozen=True, slots=True)
class Caller:
    """Where somebody comes from; ``address`` is kept as a keyed hash only, "" unknown.

    ``device`` is a coarse name ("Chrome, Android"), never the whole header.
    """

    address: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A new session; ``token`` is told once and kept nowhere."""

    token: str
    staff_id: str
    stage: Stage
    must_change: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a session belongs to, as of now."""

    member: Member
    session_mac: str
    stage: Stage
    must_change: bool
    has_factor: bool
    ends_at: int

    @property
    def staff_id(self) -> str:
        """The code."""
        return self.member.staff_id


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One session in a list; times are UTC ms."""

    session_mac: str
    device: str
    begun_at: int
    seen_at: int


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link that is still good."""

    purpose: Purpose
    staff_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AccountState:
    """How far the account of a member is, for the list of people."""

    has_password: bool = False
    has_factor: bool = False
    is_blocked: bool = False
    must_change: bool = False
    invited_until: int | None = None
