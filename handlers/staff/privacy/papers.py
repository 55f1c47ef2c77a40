"""Which papers must lie ready, and what do we know to fill in? Markdown templates.

The register of processing, and what to do when data got out (Luật 91/2025/QH15 Điều 23:
72 hours). Facts are counts and settings; nothing in them leads to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection, func, select

from handlers.cases.moments import LOCAL
from handlers.staff.privacy.purposes import purposes
from handlers.staff.privacy.requests import requests
from handlers.staff.privacy.rules import Rule
from storage.tables import person, received_file, vault_item

HOURS = timedelta(hours=72)
FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Facts:
    """How much is held of how many, at one moment."""

    people: int
    erased: int
    items: int
    files: int
    open_requests: int
    late_requests: int


@dataclass(frozen=True, slots=True)
class Office:
    """What the settings say of a commune."""

    office: str
    channels: Sequence[str]
    retention: str
    has_ai: bool


def facts(connection: Connection, unit_id: str, now: int) -> Facts:
    """Count over one snapshot; ``now`` is UTC ms."""

    def count(*which: object) -> int:
        query = select(func.count()).where(*which)  # type: ignore[arg-type]
        found: int = connection.execute(query).scalar_one()
        return found

    waiting = requests(connection, unit_id)
    mine = person.c.unit_id == unit_id
    stored = received_file.c.state == "stored"
    return Facts(
        people=count(mine, person.c.erased_at.is_(None)),
        erased=count(mine, person.c.erased_at.is_not(None)),
        items=count(vault_item.c.unit_id == unit_id),
        files=count(received_file.c.unit_id == unit_id, stored),
        open_requests=len(waiting),
        late_requests=sum(one.is_late(now) for one in waiting),
    )


def register(known: Facts, of: Office, rules: Sequence[Rule], made: datetime) -> str:
    """Return the register of processing; ``made`` is aware."""
    uses = {"purposes": purposes().all, "minor_under": purposes().minor_under}
    values = asdict(known) | asdict(of) | {"rules": rules, "made": _said(made)} | uses
    return _filled("register.md.j2", values)


def breach(known: Facts, of: Office, found: datetime) -> str:
    """Return the checklist of a breach that was found then (aware)."""
    times = {"found": _said(found), "due": _said(found + HOURS)}
    return _filled("breach.md.j2", asdict(known) | asdict(of) | times)


def _said(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%H:%M ngày %d/%m/%Y}"


def _filled(name: str, values: dict[str, object]) -> str:
    # Markdown for an officer's own editor: there is nothing to escape for.
    engine = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        keep_trailing_newline=True,
    )
    return engine.get_template(name).render(values)
