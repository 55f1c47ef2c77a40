"""Files that citizens send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of received files."""
    op.create_table(
        "received_file",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("content_mac", sa.String(length=32), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "file_id", name=op.f("pk_received_file")),
        sa.UniqueConstraint(
            "unit_id",
            "event_id",
            "position",
            name=op.f("uq_received_file_unit_id_event_id_position"),
        ),
    )
    _indexes()


def _indexes() -> None:
    op.create_index(
        "ix_received_file_wanted",
        "received_file",
        ["available_at"],
        sqlite_where=sa.text("state = 'wanted'"),
        postgresql_where=sa.text("state = 'wanted'"),
    )
    op.create_index(
        "ix_received_file_person",
        "received_file",
        ["unit_id", "person_id", "file_id"],
    )
    op.create_index(
        "ix_received_file_content", "received_file", ["unit_id", "content_mac"]
    )
