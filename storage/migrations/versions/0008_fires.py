"""Work that the clock starts: fires, escalations, proposed apologies, addressees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; a notice may be for one member, in words of its own."""
    _fire()
    _chain()
    _plan()
    _step()
    _apology()
    op.add_column("notice", sa.Column("addressee", sa.String(length=40), nullable=True))
    op.add_column("notice", sa.Column("words", sa.String(length=2000), nullable=True))


def _fire() -> None:
    op.create_table(
        "schedule_fire",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("schedule", sa.String(length=24), nullable=False),
        sa.Column("occurrence", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.String(length=48), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=80), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint(
            "unit_id", "schedule", "occurrence", name=op.f("pk_schedule_fire")
        ),
    )
    op.create_index(
        "ix_schedule_fire_open",
        "schedule_fire",
        ["unit_id", "state", "lease_until"],
        sqlite_where=sa.text("state IN ('claimed', 'asked')"),
        postgresql_where=sa.text("state IN ('claimed', 'asked')"),
    )


def _chain() -> None:
    op.create_table(
        "escalation_chain",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("chain_id", sa.String(length=32), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "chain_id", name=op.f("pk_escalation_chain")
        ),
    )


def _plan() -> None:
    op.create_table(
        "escalation_plan",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("chain_id", sa.String(length=32), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "case_id", name=op.f("pk_escalation_plan")),
    )
    op.create_index(
        "ix_escalation_plan_live",
        "escalation_plan",
        ["unit_id", "case_id"],
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )


def _step() -> None:
    op.create_table(
        "case_escalation",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(length=16), nullable=False),
        sa.Column("rungs", sa.String(length=64), nullable=False),
        sa.Column("term_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id",
            "case_id",
            "number",
            "step",
            "round",
            name=op.f("pk_case_escalation"),
        ),
    )
    op.create_index(
        "ix_case_escalation_due",
        "case_escalation",
        ["unit_id", "due_at", "case_id"],
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )


def _apology() -> None:
    op.create_table(
        "apology_proposal",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("due_date", sa.String(length=10), nullable=False),
        sa.Column("is_law", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("proposed_to", sa.String(length=160), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "case_id", "number", name=op.f("pk_apology_proposal")
        ),
    )
    op.create_index(
        "ix_apology_proposal_person", "apology_proposal", ["unit_id", "person_id"]
    )
    op.create_index(
        "ix_apology_proposal_state",
        "apology_proposal",
        ["unit_id", "state", "proposed_at"],
    )
