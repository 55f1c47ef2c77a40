"""Letters, occasions and their approval."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create letters, their steps, their numbers, and the stop of celebrations."""
    _letter()
    op.create_table(
        "letter_step",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "letter_id", "position", name=op.f("pk_letter_step")
        ),
    )
    op.create_table(
        "letter_number",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "year", name=op.f("pk_letter_number")),
    )
    op.create_table(
        "letter_switch",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_letter_switch")),
    )


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("source_ref", sa.String(length=48), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("occasion_mac", sa.String(length=64), nullable=True),
        sa.Column("subject_mac", sa.String(length=64), nullable=True),
        sa.Column("words", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("waits_for", sa.String(length=32), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "letter_id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "unit_id", "occasion_mac", name=op.f("uq_letter_unit_id_occasion_mac")
        ),
        sa.UniqueConstraint(
            "unit_id", "year", "number", name=op.f("uq_letter_unit_id_year_number")
        ),
    )
    for name, columns in (
        ("state", ["unit_id", "state", "due_at"]),
        ("person", ["unit_id", "person_id"]),
        ("subject", ["unit_id", "subject_mac"]),
        ("source", ["unit_id", "source", "source_ref"]),
    ):
        op.create_index(f"ix_letter_{name}", "letter", columns)
