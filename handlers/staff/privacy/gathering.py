"""What do we hold of one person? Everything under their key, opened, in one mapping.

Left out: what staff noted for themselves on a case, and what is sealed under another
key (tố cáo, Luật 25/2018/QH14 Điều 56).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from storage.evidence import iso_ms
from storage.keys import InvalidTag
from storage.tables import (
    case_history,
    case_record,
    consent_event,
    conversation,
    greeting_person,
    handover,
    identity,
    letter,
    outbox,
    page_comment,
    person,
    person_minor,
    person_tag,
    received_file,
    survey_answer,
    vault_item,
)
from storage.vault import PersonVault, Vault

CASE_FIELDS = ("code", "kind", "state", "channel", "source")
FILE_FIELDS = ("file_id", "channel", "kind", "state", "size", "media_type")
CONSENT_FIELDS = ("purpose", "is_given", "by_guardian", "channel", "words")
SEND_FIELDS = ("channel", "kind", "state")
GROUP_FIELDS = ("tag", "source", "consent", "consent_day")
LETTER_FIELDS = ("kind", "state", "year", "number", "channel")
HANDOVER_FIELDS = ("channel", "reason", "state")
LEFT_OUT = {
    "apology_proposal": "a note among staff on a case that is listed",
    "case_message": "joins a case that is listed with words that are listed",
    "desk_search": "keyed hashes of words that are listed",
    "lesson_candidate": "its words are listed",
    "letter_birthday": "its words are listed",
    "letter_receipt": "its words are listed",
    "letter_signature": "its file is listed",
    "occasion": "its words are listed",
}
"""Tables that hold nothing of a person beyond what is gathered from others."""


@dataclass(slots=True)
class Held:
    """What is held; ``unreadable`` counts boxes that did not open."""

    person_id: str
    vault: PersonVault
    data: dict[str, Any] = field(default_factory=dict)
    files: list[tuple[str, str]] = field(default_factory=list)
    """(name in the folder, media type) of what can be handed over."""
    unreadable: int = 0

    def opened(self, sealed: bytes, item_id: str) -> Any:
        """Return a value, None (and counted) when it does not open."""
        try:
            return self.vault.open(sealed, item_id)
        except InvalidTag:
            self.unreadable += 1
            return None


def gather(connection: Connection, vault: Vault, person_id: str) -> Held | None:
    """Return all of a person of the vault's unit over one snapshot, None if unknown.

    Raises ErasedError when the person was erased.
    """
    rows = list(_rows(connection, vault.unit_id, person_id, person))
    if not rows:
        return None
    held = Held(person_id, vault.unwrap(person_id, rows[0]["wrapped_key"]))
    at = (connection, vault.unit_id, person_id)
    held.data = {
        "known_since": iso_ms(rows[0]["created_at"]),
        "accounts": _accounts(held, _rows(*at, identity)),
        "talks": _talks(held, _rows(*at, conversation)),
        "words": _words(held, connection, _rows(*at, vault_item)),
        "cases": _cases(_rows(*at, case_record)),
        "files": _all(_rows(*at, received_file), FILE_FIELDS, "created_at"),
        "sent": _all(_rows(*at, outbox), SEND_FIELDS, "created_at"),
        "ratings": _all(_rows(*at, survey_answer), ("kind", "score"), "at"),
        "consents": _all(_rows(*at, consent_event), CONSENT_FIELDS, "at"),
        "groups": _all(_rows(*at, person_tag), GROUP_FIELDS, "added_at"),
        "letters": _all(_rows(*at, letter), LETTER_FIELDS, "created_at"),
        "greetings": _all(_rows(*at, greeting_person), ("why",), "at"),
        "handovers": _all(_rows(*at, handover), HANDOVER_FIELDS, "opened_at"),
        "comments": _all(_rows(*at, page_comment), ("state",), "commented_at"),
        "minor_until": _all(_rows(*at, person_minor), (), "grown_at"),
    }
    held.files = [
        (row["content_mac"], row["media_type"] or "")
        for row in _rows(*at, received_file)
        if row["state"] == "stored" and row["content_mac"]
    ]
    held.data["unreadable"] = held.unreadable
    return held


def _rows(
    connection: Connection, unit_id: str, person_id: str, table: Table
) -> Iterator[Mapping[str, Any]]:
    query = select(table).where(
        table.c.unit_id == unit_id, table.c.person_id == person_id
    )
    order = [c for c in table.c if c.name in ("created_at", "received_at", "at")]
    rows = connection.execute(query.order_by(*order, *table.primary_key.columns))
    yield from (dict(row) for row in rows.mappings())


def _all(
    rows: Iterator[Mapping[str, Any]], names: tuple[str, ...], at: str
) -> list[dict[str, Any]]:
    return [
        {name: row[name] for name in names} | {"at": iso_ms(row[at])} for row in rows
    ]


def _cases(rows: Iterator[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: row[name] for name in CASE_FIELDS}
        | {"at": iso_ms(row["received_at"]), "closed": row["closed_at"] is not None}
        for row in rows
    ]


def _accounts(held: Held, rows: Iterator[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"channel": row["channel"], "id": held.opened(row["sealed_id"], row["id_mac"])}
        for row in rows
    ]


def _talks(held: Held, rows: Iterator[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        name = f"talk:{held.person_id}:{row['channel']}"
        value = held.opened(row["sealed"], name)
        found.append({"channel": row["channel"], "kept": value})
    return found


def _words(
    held: Held, connection: Connection, rows: Iterator[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    notes = _internal(connection, held)
    return [
        {
            "at": iso_ms(row["created_at"]),
            "kind": row["kind"],
            "value": held.opened(row["sealed"], row["item_id"]),
        }
        for row in rows
        if row["item_id"] not in notes
    ]


def _internal(connection: Connection, held: Held) -> frozenset[str]:
    """Notes among staff are about a case, and may name others."""
    unit_id = held.vault.unit_id
    mine = select(case_record.c.case_id).where(
        case_record.c.unit_id == unit_id, case_record.c.person_id == held.person_id
    )
    query = select(case_history.c.item_id).where(
        case_history.c.unit_id == unit_id,
        case_history.c.case_id.in_(mine),
        case_history.c.is_internal.is_(True),
        case_history.c.item_id.is_not(None),
    )
    return frozenset(connection.execute(query).scalars())
