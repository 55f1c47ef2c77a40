"""Who looks at what, how far a recount is, which cards are to be drawn anew.

Hours and days off need no table: they are a layer on the shelves of the catalogue.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the leases, the cards and the place of a recount."""
    op.create_table(
        "console_lease",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "name", "holder", name=op.f("pk_console_lease")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_card",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "ref", name=op.f("pk_desk_card")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_recount",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_case_recount")),
        sqlite_with_rowid=False,
    )
