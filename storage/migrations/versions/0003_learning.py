"""Learning: candidates, approved examples, counts of use, models."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of learning."""
    _candidates()
    _examples()
    _counts()
    _models()


def _candidates() -> None:
    op.create_table(
        "lesson_candidate",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("lesson_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "lesson_id", name=op.f("pk_lesson_candidate")
        ),
    )
    op.create_index(
        "ix_lesson_candidate_person", "lesson_candidate", ["unit_id", "person_id"]
    )
    op.create_index(
        "ix_lesson_candidate_created", "lesson_candidate", ["unit_id", "created_at"]
    )


def _examples() -> None:
    op.create_table(
        "lesson_example",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("example_id", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("is_intent", sa.Boolean(), nullable=False),
        sa.Column("text_mac", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=False),
        sa.Column("approved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "example_id", name=op.f("pk_lesson_example")
        ),
    )
    op.create_index(
        "uq_lesson_example_text", "lesson_example", ["unit_id", "text_mac"], unique=True
    )


def _counts() -> None:
    op.create_table(
        "usage_count",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sign", sa.String(length=8), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "day", "code", "sign", "slot", name=op.f("pk_usage_count")
        ),
    )


def _models() -> None:
    op.create_table(
        "nlu_model",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("model_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("metrics", sa.LargeBinary(), nullable=False),
        sa.Column("lesson_hash", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column(
            "rolled_back", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
        sa.Column("trained_at", sa.BigInteger(), nullable=False),
        sa.Column("live_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "model_id", name=op.f("pk_nlu_model")),
    )
    op.create_index(
        "uq_nlu_model_live",
        "nlu_model",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text("status = 'live'"),
        postgresql_where=sa.text("status = 'live'"),
    )
