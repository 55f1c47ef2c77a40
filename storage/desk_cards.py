"""Which cards on the staff channels have to be drawn anew? Asked with each step.

Whoever makes a step elsewhere than on a staff channel leaves a row in the same
transaction; whoever draws the card takes the row away in theirs.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from storage.database import insert
from storage.desk import OPEN
from storage.tables import desk_card, handover


def ask(connection: Connection, unit_id: str, ref: str, now: int) -> None:
    """Ask for the card of a hand-over that staff were told of; ``now`` is UTC ms."""
    told = select(handover.c.handover_id).where(
        handover.c.unit_id == unit_id,
        handover.c.handover_id == ref,
        handover.c.state.in_(OPEN),
    )
    if connection.execute(told).first() is None:
        return
    row = {"unit_id": unit_id, "ref": ref, "asked_at": now}
    made = insert(connection, desk_card).values(row)
    connection.execute(
        made.on_conflict_do_update(
            index_elements=["unit_id", "ref"], set_={"asked_at": now}
        )
    )


def asked(connection: Connection, unit_id: str, limit: int) -> list[tuple[str, int]]:
    """Return (hand-over, when it was asked for), oldest first."""
    query = (
        select(desk_card.c.ref, desk_card.c.asked_at)
        .where(desk_card.c.unit_id == unit_id)
        .order_by(desk_card.c.asked_at)
        .limit(limit)
    )
    return [(row.ref, row.asked_at) for row in connection.execute(query)]


def drawn(connection: Connection, unit_id: str, ref: str, asked_at: int) -> bool:
    """Take the row away; whether it was there, as it was asked for then."""
    gone = connection.execute(
        delete(desk_card).where(
            desk_card.c.unit_id == unit_id,
            desk_card.c.ref == ref,
            desk_card.c.asked_at == asked_at,
        )
    )
    return gone.rowcount == 1
