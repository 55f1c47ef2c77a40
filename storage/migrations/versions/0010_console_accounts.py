"""Passwords, second factors, sessions and invitations of staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create accounts, recovery codes, one-time links, sessions and failed tries."""
    op.create_table(
        "console_account",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=160), nullable=True),
        sa.Column(
            "must_change", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
        sa.Column("blocked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("factor", sa.LargeBinary(), nullable=True),
        sa.Column("factor_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "staff_id", name=op.f("pk_console_account")),
    )
    op.create_table(
        "console_recovery",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("code_mac", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "staff_id", "code_mac", name=op.f("pk_console_recovery")
        ),
    )
    op.create_table(
        "console_link",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("token_mac", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "token_mac", name=op.f("pk_console_link")),
    )
    op.create_index("ix_console_link_staff", "console_link", ["unit_id", "staff_id"])
    op.create_table(
        "console_session",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("session_mac", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "session_mac", name=op.f("pk_console_session")
        ),
    )
    op.create_index(
        "ix_console_session_staff", "console_session", ["unit_id", "staff_id"]
    )
    op.create_table(
        "console_attempt",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject_mac", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=False),
        sa.Column("open_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "kind", "subject_mac", name=op.f("pk_console_attempt")
        ),
    )
