"""Papers filed by hand for the dossier, and the dossiers that are being built."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "dossier_key",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_dossier_key")),
    )
    op.create_table(
        "dossier_paper",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("criterion", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("file_mac", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("filed_by", sa.String(length=40), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("filed_entry", sa.String(length=32), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_entry", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "paper_id", name=op.f("pk_dossier_paper")),
    )
    op.create_index(
        "ix_dossier_paper_criterion", "dossier_paper", ["unit_id", "criterion", "day"]
    )
    op.create_table(
        "dossier_job",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.String(length=10), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file_mac", sa.String(length=32), nullable=True),
        sa.Column("summary", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "job_id", name=op.f("pk_dossier_job")),
    )
    op.create_index("ix_dossier_job_asked", "dossier_job", ["unit_id", "asked_at"])
