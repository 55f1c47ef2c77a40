"""Denunciations under a key of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the sealed queue and the list of events whose words are kept nowhere."""
    op.create_table(
        "sealed_entry",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("person_mac", sa.String(length=32), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("closed_by", sa.String(length=40), nullable=True),
        sa.Column("closed_day", sa.String(length=10), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "entry_id", name=op.f("pk_sealed_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sealed_entry_person", "sealed_entry", ["unit_id", "person_mac"])
    op.create_index(
        "ix_sealed_entry_state", "sealed_entry", ["unit_id", "state", "day"]
    )
    op.create_table(
        "sealed_source",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("source_mac", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "source_mac", name=op.f("pk_sealed_source")),
        sqlite_with_rowid=False,
    )
