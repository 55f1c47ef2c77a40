"""How long must somebody wait after wrong tries?

A try is counted before it is made and taken back when it was right: a hundred tries
at once are a hundred tries. Accounts that do not exist are counted as well, so that
nobody learns which do. The address of an office is that of many, so it waits later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from handlers.staff.access.errors import LockedOutError
from handlers.staff.access.model import Gate
from storage import accounts

FORGOTTEN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Patience:
    """``free`` tries cost nothing; then ``first`` seconds, doubled up to ``most``."""

    free: int
    first: int = 30
    most: int = 15 * 60

    def delay_ms(self, failures: int) -> int:
        """Return how long to wait after so many failures, in ms."""
        over = failures - self.free
        if over <= 0:
            return 0
        seconds: int = min(self.most, self.first * 2 ** min(over - 1, 12))
        return seconds * 1000


PATIENCE: Mapping[str, Patience] = MappingProxyType(
    {
        "account": Patience(4),
        "factor": Patience(4),
        "address": Patience(24, most=60 * 60),
    }
)


@dataclass(frozen=True, slots=True)
class Try:
    """What one try counts against: (kind, keyed hash) pairs."""

    subjects: tuple[tuple[str, str], ...]


def a_try(gate: Gate, kind: str, name: str, address: str) -> Try:
    """Return what a try to be ``name`` from ``address`` counts against."""
    own = (kind, gate.mac(kind, name))
    if not address:
        return Try((own,))
    return Try((own, ("address", gate.mac("address", address))))


def count(connection: Connection, gate: Gate, one: Try) -> None:
    """Count a try as failed; raises LockedOutError when it must not be made yet."""
    now = gate.now_ms()
    known = {
        (row["kind"], row["subject_mac"]): row
        for row in accounts.attempts(connection, gate.unit_id, one.subjects)
    }
    wait = max(row["open_at"] - now for row in known.values())
    if wait > 0:
        raise LockedOutError(-(-wait // 1000))
    for kind, mac in one.subjects:
        failures = _failures(known[kind, mac], now) + 1
        _keep(connection, gate, kind, mac, failures)


def forgive(connection: Connection, gate: Gate, one: Try) -> None:
    """Take a try back because it was right; the person starts afresh."""
    (kind, mac), *shared = one.subjects
    accounts.drop_attempt(connection, gate.unit_id, kind, mac)
    for row in accounts.attempts(connection, gate.unit_id, shared):
        left = max(0, row["failures"] - 1)
        _keep(connection, gate, row["kind"], row["subject_mac"], left)


def _failures(row: Mapping[str, Any], now: int) -> int:
    if row["failed_at"] <= now - FORGOTTEN / timedelta(milliseconds=1):
        return 0
    failures: int = row["failures"]
    return failures


def _keep(
    connection: Connection, gate: Gate, kind: str, mac: str, failures: int
) -> None:
    now = gate.now_ms()
    accounts.set_attempt(
        connection,
        {
            "unit_id": gate.unit_id,
            "kind": kind,
            "subject_mac": mac,
            "failures": failures,
            "failed_at": now,
            "open_at": now + PATIENCE[kind].delay_ms(failures),
        },
    )
