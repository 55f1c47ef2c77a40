"""How does a case become rows, and rows a case? Words are sealed on the way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.cases.begin import GUIDE
from handlers.cases.case import (
    Case,
    Clock,
    Draft,
    Drafted,
    Ended,
    Extension,
    Goal,
    Link,
    Pause,
    Source,
    State,
)
from handlers.cases.change import Change, HistoryEntry
from handlers.cases.errors import NotYoursError
from handlers.cases.moments import from_ms, to_ms
from storage.cases import NO_DUE, CaseRows
from storage.evidence import Entry, canonical
from storage.ids import Ids
from storage.keys import UnitKeys
from storage.vault import PersonVault, commit

Row = Mapping[str, Any]
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Sealer:
    """What is needed to write down a change: ids, the person's key, the unit's."""

    ids: Ids
    vault: PersonVault
    keys: UnitKeys
    now: int


def rows_of(change: Change, sealer: Sealer) -> CaseRows:
    """Return the rows of a change of a stored case, or of a new one (version 0).

    Raises NotYoursError when the key is not that of the case's person.
    """
    case = change.case
    if case.person_id != sealer.vault.person_id:
        raise NotYoursError
    is_new = case.version == 0
    rows = CaseRows(record={}, seen_version=case.version)
    words = [_entry(rows, case, entry, sealer) for entry in change.history]
    item_id = case.item_id or (words[0] if is_new and words else "")
    mac = case.contact_mac
    if is_new and change.history:
        mac = contact_mac(case.code, change.history[0].texts, sealer.keys)
    rows.record = record(case) | {
        "item_id": item_id or None,
        "contact_mac": mac or None,
    }
    rows.clocks = _clocks(case)
    rows.links = _links(case, sealer.now)
    rows.notices = [
        _notice(case, one.kind, one.detail, sealer) for one in change.notices
    ]
    return rows


def guidance_rows(case: Case) -> CaseRows:
    """Return the rows of a record of guidance; the proof is that guidance was given."""
    at = to_ms(case.received_at)
    line = _history(case, 1, "guide", GUIDE.name, at)
    return CaseRows(
        record=record(case), clocks=_clocks(case), history=[line | {"data": b"{}"}]
    )


def record(case: Case) -> dict[str, Any]:
    """Return the head of a case as a row, one version on."""
    due = case.due
    return {
        "unit_id": case.unit_id,
        "case_id": case.case_id,
        "code": case.code,
        "kind": case.kind,
        "state": case.state.value,
        "person_id": case.person_id or None,
        "channel": case.channel,
        "source": case.source.value,
        "owner": case.owner,
        "received_at": to_ms(case.received_at),
        "due_at": _instant(due.at) if due else NO_DUE,
        "due_goal": due.goal.value if due else None,
        "version": case.version + 1,
        "seq": case.seq,
        "item_id": case.item_id or None,
        "contact_mac": case.contact_mac or None,
        "merged_into": case.merged_into or None,
        "is_waiting": case.is_waiting,
        "facts": _facts(case),
        "updated_at": to_ms(case.updated_at or case.received_at),
        "closed_at": to_ms(case.closed_at) if case.closed_at else None,
    }


def case_of(row: Row, clocks: Iterable[Row] = (), links: Iterable[Row] = ()) -> Case:
    """Return the case of a stored head, with its clocks and links."""
    facts = json.loads(row["facts"])
    return Case(
        unit_id=row["unit_id"],
        case_id=row["case_id"],
        code=row["code"],
        kind=row["kind"],
        state=State(row["state"]),
        person_id=row["person_id"] or "",
        channel=row["channel"],
        source=Source(row["source"]),
        owner=row["owner"],
        received_at=from_ms(row["received_at"]),
        clocks=tuple(map(_clock_of, clocks)),
        version=row["version"],
        seq=row["seq"],
        item_id=row["item_id"] or "",
        contact_mac=row["contact_mac"] or "",
        extensions=tuple(Extension(*one) for one in facts.get("extensions", [])),
        pauses=tuple(_pause_of(one) for one in facts.get("pauses", [])),
        draft=_draft_of(facts.get("draft")),
        receipt=facts.get("receipt", ""),
        merged_into=row["merged_into"] or "",
        links=tuple(Link(link["kind"], link["ref"]) for link in links),
        is_waiting=bool(row["is_waiting"]),
        updated_at=from_ms(row["updated_at"]),
        closed_at=from_ms(row["closed_at"]) if row["closed_at"] else None,
    )


def contact_mac(code: str, texts: Mapping[str, str], keys: UnitKeys) -> str:
    """Return what proves the last four digits of the contact's phone; "" for none."""
    digits = [char for char in texts.get("phone", "") if char in "0123456789"]
    if len(digits) < DIGITS:
        return ""
    return digits_mac(code, "".join(digits[-DIGITS:]), keys)


def digits_mac(code: str, digits: str, keys: UnitKeys) -> str:
    """Return the HMAC of four digits for one case, so that equal ones differ."""
    return keys.mac("case-phone", f"{code}:{digits}")


def item(
    sealer: Sealer, unit_id: str, kind: str, value: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a sealed vault item with an id of its own."""
    item_id = sealer.ids.new()
    return {
        "unit_id": unit_id,
        "item_id": item_id,
        "person_id": sealer.vault.person_id,
        "kind": kind[:24],
        "sealed": sealer.vault.seal(value, item_id),
        "created_at": sealer.now,
    }


def _entry(rows: CaseRows, case: Case, entry: HistoryEntry, sealer: Sealer) -> str:
    """Add a line, its words and its proof; return the item that holds the words."""
    texts = {name: text for name, text in entry.texts.items() if text}
    promises = {name: commit(text) for name, text in texts.items()}
    item_id = ""
    if texts:
        salts = {name: promise.salt.hex() for name, promise in promises.items()}
        made = item(sealer, case.unit_id, "case", {"texts": texts, "salts": salts})
        rows.items.append(made)
        item_id = made["item_id"]
    proof = Entry(
        unit_id=case.unit_id,
        entry_id=sealer.ids.new(),
        at=sealer.now,
        tag=entry.event.tag.value,
        subject=case.case_id,
        person=case.person_id,
        item=item_id,
        data=entry.data,
        sealed={name: promise.digest for name, promise in promises.items()},
    )
    rows.entries.append(proof.row())
    line = _history(case, entry.seq, entry.act, entry.actor.name, to_ms(entry.at))
    rows.history.append(
        line
        | {
            "entry_id": proof.entry_id,
            "item_id": item_id or None,
            "template": entry.template or None,
            "template_version": entry.template_version or None,
            "is_internal": entry.is_internal,
            "data": canonical(entry.data),
        }
    )
    return item_id


def _history(case: Case, seq: int, act: str, actor: str, at: int) -> dict[str, Any]:
    return {
        "unit_id": case.unit_id,
        "case_id": case.case_id,
        "seq": seq,
        "action": str(act),
        "actor": actor,
        "at": at,
        "entry_id": None,
        "item_id": None,
        "template": None,
        "template_version": None,
        "is_internal": True,
    }


def _clocks(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "unit_id": case.unit_id,
            "case_id": case.case_id,
            "number": number,
            "goal": clock.goal.value,
            "rule": clock.rule,
            "is_law": clock.is_law,
            "started_at": to_ms(clock.started_at),
            "due_date": clock.date.isoformat() if clock.date else None,
            "due_at": _instant(clock.at),
            "stopped_at": to_ms(clock.stopped_at) if clock.stopped_at else None,
            "ended": clock.ended.value if clock.ended else None,
        }
        for number, clock in enumerate(case.clocks)
    ]


def _clock_of(row: Row) -> Clock:
    return Clock(
        goal=Goal(row["goal"]),
        rule=row["rule"],
        is_law=bool(row["is_law"]),
        started_at=from_ms(row["started_at"]),
        date=date.fromisoformat(row["due_date"]) if row["due_date"] else None,
        at=from_ms(row["due_at"]) if row["due_at"] != NO_DUE else None,
        stopped_at=from_ms(row["stopped_at"]) if row["stopped_at"] else None,
        ended=Ended(row["ended"]) if row["ended"] else None,
    )


def _links(case: Case, now: int) -> list[dict[str, Any]]:
    """All of them: one that is stored already is not written again."""
    return [
        {
            "unit_id": case.unit_id,
            "case_id": case.case_id,
            "kind": link.kind,
            "ref": link.ref,
            "at": now,
        }
        for link in case.links
    ]


def _notice(case: Case, kind: str, detail: str, sealer: Sealer) -> dict[str, Any]:
    return {
        "unit_id": case.unit_id,
        "notice_id": sealer.ids.new(),
        "kind": kind,
        "subject": case.case_id,
        "detail": detail[:200],
        "created_at": sealer.now,
    }


def _facts(case: Case) -> bytes:
    found: dict[str, Any] = {
        "extensions": [[one.rule, one.code] for one in case.extensions],
        "pauses": [
            [p.rule, p.reason, p.start.isoformat(), p.end.isoformat() if p.end else ""]
            for p in case.pauses
        ],
        "receipt": case.receipt,
    }
    if case.draft is not None:
        found["draft"] = [case.draft.seq, case.draft.by, case.draft.state.value]
    return canonical({name: value for name, value in found.items() if value})


def _pause_of(one: Sequence[str]) -> Pause:
    rule, reason, start, end = one
    last = date.fromisoformat(end) if end else None
    return Pause(rule, reason, date.fromisoformat(start), last)


def _draft_of(one: Sequence[Any] | None) -> Draft | None:
    return Draft(int(one[0]), str(one[1]), Drafted(one[2])) if one else None


def _instant(at: datetime | None) -> int:
    return to_ms(at) if at is not None else NO_DUE
