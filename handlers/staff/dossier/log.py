"""What did the log say in a time, up to a point? Its leaves go by once, in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from handlers.staff.dossier.errors import BrokenLogError
from handlers.staff.evidence.reading import leaves, positions
from storage import reports
from storage.errors import EvidenceError


@dataclass(frozen=True, slots=True)
class Line:
    """One entry; ``at`` is UTC ms."""

    entry_id: str
    at: int
    tag: str
    subject: str
    person: str
    item: str
    data: Mapping[str, Any]


def lines(
    connection: Connection, unit_id: str, size: int, since: int, until: int
) -> Iterator[Line]:
    """Yield the entries below ``size`` of a time (UTC ms); raises BrokenLogError."""
    begin, end = positions(connection, unit_id, size, (since, until))
    try:
        for leaf in leaves(connection, unit_id, begin, end):
            value = json.loads(leaf)
            at = _ms(value["at"])
            if since <= at < until:
                yield _line(value, at)
    except (EvidenceError, ValueError, KeyError) as error:
        raise BrokenLogError from error


def tagged(connection: Connection, unit_id: str, tag: str, since: int) -> list[Line]:
    """Return the entries with one tag from an instant (UTC ms) on, oldest first."""
    found = reports.leaves(connection, unit_id, tag, since, 2**62)
    return [_line(json.loads(leaf)) for _, leaf in found]


def count(
    connection: Connection, unit_id: str, size: int, since: int, until: int
) -> int:
    """Return how many entries ``lines`` goes through, for a progress bar."""
    begin, end = positions(connection, unit_id, size, (since, until))
    return end - begin


def _line(value: Mapping[str, Any], at: int = -1) -> Line:
    return Line(
        value["id"],
        at if at >= 0 else _ms(value["at"]),
        value["tag"],
        value["subject"],
        value.get("person", ""),
        value.get("item", ""),
        value["data"],
    )


def _ms(text: str) -> int:
    at = datetime.fromisoformat(text)
    return round(at.replace(tzinfo=UTC).timestamp() * 1000)
