"""How much has a unit spent on a language model today, and may it spend more?

Days are local, ISO. A restart or a second process changes nothing: the row counts.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage.database import insert
from storage.tables import ai_spending


def take(
    connection: Connection,
    unit_id: str,
    day: str,
    tokens: int,
    *,
    most_calls: int,
    most_tokens: int,
) -> bool:
    """Add one call and its tokens, both or none; False when a cap would be passed."""
    if most_calls < 1 or tokens > most_tokens:
        return False
    spent = ai_spending.c
    statement = insert(connection, ai_spending).values(
        unit_id=unit_id, day=day, calls=1, tokens=tokens
    )
    done = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id", "day"],
            set_={"calls": spent.calls + 1, "tokens": spent.tokens + tokens},
            where=(spent.calls < most_calls) & (spent.tokens + tokens <= most_tokens),
        )
    )
    return done.rowcount == 1


def settle(connection: Connection, unit_id: str, day: str, tokens: int) -> None:
    """Add tokens to a day; negative ones come back."""
    mine = (ai_spending.c.unit_id == unit_id, ai_spending.c.day == day)
    connection.execute(
        update(ai_spending).where(*mine).values(tokens=ai_spending.c.tokens + tokens)
    )


def spent(connection: Connection, unit_id: str, day: str) -> tuple[int, int]:
    """Return the calls and tokens of a day."""
    row = connection.execute(
        select(ai_spending.c.calls, ai_spending.c.tokens).where(
            ai_spending.c.unit_id == unit_id, ai_spending.c.day == day
        )
    ).one_or_none()
    return (row.calls, row.tokens) if row else (0, 0)
