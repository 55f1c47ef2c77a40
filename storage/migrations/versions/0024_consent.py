"""Consent per purpose, and who is not of age yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what was agreed to, and who is a minor."""
    op.create_table(
        "consent_event",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("consent_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("by_guardian", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "consent_id", name=op.f("pk_consent_event")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_consent_event_person",
        "consent_event",
        ["unit_id", "person_id", "purpose", "at"],
    )
    op.create_table(
        "person_minor",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("grown_at", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "person_id", name=op.f("pk_person_minor")),
        sqlite_with_rowid=False,
    )
