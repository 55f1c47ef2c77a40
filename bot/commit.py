"""How do the planned rows of one event reach the database? Together or not at all."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from bot.clock import from_ms
from bot.consent_rows import LEARNING
from bot.planner import Commit, Row
from storage import (
    case_lookups,
    cases,
    consent,
    conversations,
    evidence,
    files,
    inbox,
    learning,
    outbox,
    people,
)
from storage.outbox import State

KEEP_LOOKUPS = timedelta(days=2)


def write(
    connection: Connection,
    rows: Commit,
    *,
    owner: str,
    lease_until: int,
    release: bool,
    offer_until: int | None = None,
) -> Row | None:
    """Write all rows of one event in the caller's transaction.

    With ``offer_until`` (UTC ms) the first message is claimed for our own sender at
    once and returned, unless an earlier one to the same citizen is on its way.

    Raises ConflictError when the conversation changed, LeaseLostError when the lane
    is another worker's; either way nothing of this event remains.
    """
    if release:
        rows.more = inbox.complete_last(connection, rows.event, owner=owner)
    else:
        inbox.complete(connection, rows.event, owner=owner, lease_until=lease_until)
    if rows.person_row is not None and rows.identity_row is not None:
        people.add_person(connection, rows.person_row, rows.identity_row)
    if rows.conversation_row is not None:
        conversations.save(connection, rows.conversation_row, rows.seen_version)
    if rows.seal is not None:
        rows.seal(connection)
    people.add_items(connection, rows.items)
    files.want(connection, rows.files)
    evidence.append(connection, rows.entries + _receipts(connection, rows))
    _cases(connection, rows)
    if rows.survey is not None:
        rows.survey.write(connection)
    offered = _offered(connection, rows, owner, offer_until)
    outbox.plan(connection, rows.sends)
    _settle_by_echo(connection, rows)
    if rows.handover_row is not None:
        conversations.open_handover(connection, rows.handover_row)
    if rows.drops is not None:
        rows.drops.write(connection)
    if rows.comment is not None:
        rows.comment.write(connection)
    if rows.consents is not None:
        rows.consents.write(connection)
    _learn(connection, rows)
    return offered


def _cases(connection: Connection, rows: Commit) -> None:
    """What waited for this contact goes before the replies, so it is planned first."""
    plan, unit_id, talk = rows.cases, rows.event["unit_id"], rows.conversation_row
    if talk is not None and plan.told_later is not None:
        mine = (unit_id, talk["person_id"], talk["channel"])
        found = cases.release(connection, *mine, rows.now)
        evidence.append(connection, [plan.told_later(one) for one in found])
    for case in plan.cases:
        cases.write(connection, case)
    if plan.lookups:
        hour = from_ms(rows.now)
        case_lookups.count(connection, unit_id, plan.lookups, f"{hour:%Y-%m-%dT%H}")
        old = f"{hour - KEEP_LOOKUPS:%Y-%m-%dT%H}"
        case_lookups.forget(connection, unit_id, old)


def _learn(connection: Connection, rows: Commit) -> None:
    """Counts come last: their rows are the only ones that citizens share."""
    if rows.forgets_lessons and rows.conversation_row is not None:
        person_id = rows.conversation_row["person_id"]
        learning.drop_of_person(connection, rows.event["unit_id"], person_id)
    if rows.lessons and not _may_learn(connection, rows):
        gone = {lesson["item_id"] for lesson in rows.lessons}
        people.drop_items(connection, rows.event["unit_id"], sorted(gone))
        rows.lessons = []
    learning.add_candidates(connection, rows.lessons)
    learning.count_use(connection, rows.usage)


def _may_learn(connection: Connection, rows: Commit) -> bool:
    """A child's words, and those of who withdrew this purpose, teach nothing."""
    unit_id, person_id = rows.event["unit_id"], rows.lessons[0]["person_id"]
    return not consent.forbids(connection, unit_id, person_id, LEARNING, rows.now)


def _offered(
    connection: Connection, rows: Commit, owner: str, until: int | None
) -> Row | None:
    if rows.offer is None or until is None:
        return None
    first = rows.sends[0]
    person = (first["unit_id"], first["person_id"], first["channel"])
    if outbox.has_active(connection, *person):
        return None
    state = State.SENDING if rows.may_send else State.CLAIMED
    claim = {"state": state.value, "owner": owner, "lease_until": until}
    claim["attempt"] = int(rows.may_send)
    first.update(claim)
    return rows.offer | claim


def _receipts(connection: Connection, rows: Commit) -> list[Row]:
    if rows.receipt is None:
        return []
    macs, entry = rows.receipt
    found = outbox.by_message(connection, rows.event["unit_id"], macs)
    return [entry(row["row_id"]) for row in found]


def _settle_by_echo(connection: Connection, rows: Commit) -> None:
    if rows.echo is None:
        return
    row_id, mac, proof = rows.echo
    unit_id = rows.event["unit_id"]
    if outbox.confirm(connection, unit_id, row_id, message_mac=mac, now=rows.now):
        evidence.append(connection, [proof])
