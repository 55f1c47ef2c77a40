"""Search over the desk without plaintext, and the orders its lists are read in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index of words and the indexes of the lists."""
    op.create_table(
        "desk_search",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "token", "kind", "ref", name=op.f("pk_desk_search")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_desk_search_person", "desk_search", ["unit_id", "person_id"])
    op.create_table(
        "desk_search_mark",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_desk_search_mark")),
    )
    closed = sa.text("closed_at IS NOT NULL")
    op.create_index(
        "ix_case_record_closed",
        "case_record",
        ["unit_id", "closed_at", "case_id"],
        sqlite_where=closed,
        postgresql_where=closed,
    )
    op.create_index(
        "ix_conversation_recent",
        "conversation",
        ["unit_id", "last_inbound_at", "person_id"],
    )
    op.create_index("ix_outbox_item", "outbox", ["unit_id", "item_id"])
