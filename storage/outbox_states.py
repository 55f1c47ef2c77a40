"""Where can a message we send stand, and who goes first?"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a row stands; the last three are final."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    RETRY = "retry"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Priority(IntEnum):
    """Who goes first on a channel; a reply never waits for a greeting."""

    REPLY = 0
    STAFF = 1
    CASE = 2
    LETTER = 3
    BULK = 4


ACTIVE = (State.PLANNED, State.CLAIMED, State.SENDING, State.RETRY)
FINAL = (State.ACCEPTED, State.REFUSED, State.UNKNOWN)
