"""What people think of how they were served."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the answers."""
    op.create_table(
        "survey_answer",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("counter", sa.String(length=40), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "about", name=op.f("pk_survey_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_answer_at", "survey_answer", ["unit_id", "at"])
    op.create_index(
        "ix_survey_answer_person", "survey_answer", ["unit_id", "person_id"]
    )
