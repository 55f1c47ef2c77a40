"""Comments under the page's posts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the list of comments: keyed hashes and ids, no word of anybody."""
    op.create_table(
        "page_comment",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("comment_mac", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("event_id", sa.String(length=32), nullable=True),
        sa.Column("handover_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("commented_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "comment_mac", name=op.f("pk_page_comment")),
    )
    op.create_index(
        "ix_page_comment_person",
        "page_comment",
        ["unit_id", "person_id", "answered_at"],
    )
