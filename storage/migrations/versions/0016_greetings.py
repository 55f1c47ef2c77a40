"""Greetings and who was greeted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create greetings and the people each was planned for."""
    op.create_table(
        "greeting",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("greeting_id", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("tone", sa.String(length=16), nullable=False),
        sa.Column("reach", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=True),
        sa.Column("page_state", sa.String(length=12), nullable=False),
        sa.Column("page_ref", sa.String(length=80), nullable=True),
        sa.Column("cursor", sa.String(length=32), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "greeting_id", name=op.f("pk_greeting")),
        sa.UniqueConstraint(
            "unit_id", "occasion", "day", name=op.f("uq_greeting_unit_id_occasion_day")
        ),
    )
    op.create_index("ix_greeting_state", "greeting", ["unit_id", "state", "due_at"])
    op.create_table(
        "greeting_person",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("greeting_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.String(length=32), nullable=True),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "greeting_id", "person_id", name=op.f("pk_greeting_person")
        ),
    )
    op.create_index(
        "ix_greeting_person_person", "greeting_person", ["unit_id", "person_id"]
    )
