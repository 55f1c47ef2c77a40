"""May this go out as an approved template now, to whom, and with which words?

For what may not be written freely any more (PLATFORMS.md 1.7). By UID where it can go
so, else by phone. A value that is too long is never cut: then no template is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from handlers.staff.cases.telling import DESK
from handlers.staff.templates.acts import ADDRESSEE, ENABLED, FIXED, params_of
from storage import templates
from storage.tables import identity
from storage.vault import PersonVault, commit

ZALO: Final = "zalo"
KIND: Final = "template"
"""The kind of a send that needs no open window."""
LOW: Final = "LOW"


@dataclass(frozen=True, slots=True)
class Way:
    """A template to send: ``to`` is "" for the person's own Zalo id, else a phone."""

    template_id: str
    name: str
    data: Mapping[str, str]
    to: str = ""

    def content(self) -> dict[str, Any]:
        """Return what the send holds, sealed later; the words that people can read."""
        lines = [self.name, *(f"{name}: {value}" for name, value in self.data.items())]
        text = "\n".join(lines)
        promise = commit(text)
        return {
            "reply": {"text": text},
            "salts": {"text": promise.salt.hex()},
            "template": {"id": self.template_id, "data": dict(self.data)},
            **({"to": self.to} if self.to else {}),
        }


def way(
    connection: Connection,
    vault: PersonVault,
    kind: str,
    data: Mapping[str, str],
    addressee: str,
) -> Way | None:
    """Return the template that may be sent for a letter of this kind, None for none."""
    unit_id = vault.unit_id
    found = templates.choice(connection, unit_id, kind)
    if found is None or found["status"] != ENABLED or found["quality"] == LOW:
        return None
    quota = templates.quota(connection, unit_id)
    if quota is not None and quota["remaining"] == 0:
        return None
    values = _values(found, data, addressee)
    if values is None:
        return None
    known = _known(connection, vault)
    if found["by_uid"] and ZALO in known:
        return Way(found["template_id"], found["name"], values)
    if phone := known.get(DESK, ""):
        return Way(found["template_id"], found["name"], values, phone)
    return None


def _values(
    found: Mapping[str, Any], data: Mapping[str, str], addressee: str
) -> dict[str, str] | None:
    sources = json.loads(found["fields"])
    made = {}
    for name, longest in params_of(found).items():
        value = _value(str(sources.get(name, "")), data, addressee)
        if not value or (longest and len(value) > longest):
            return None
        made[name] = value
    return made


def _value(source: str, data: Mapping[str, str], addressee: str) -> str:
    if source.startswith(FIXED):
        return source.removeprefix(FIXED).strip()
    return addressee if source == ADDRESSEE else str(data.get(source, ""))


def _known(connection: Connection, vault: PersonVault) -> dict[str, str]:
    """Return the person's ids by channel, unsealed."""
    query = select(identity).where(
        identity.c.unit_id == vault.unit_id,
        identity.c.person_id == vault.person_id,
        identity.c.channel.in_((ZALO, DESK)),
    )
    return {
        row["channel"]: str(vault.open(row["sealed_id"], row["id_mac"])["id"])
        for row in connection.execute(query).mappings()
    }
