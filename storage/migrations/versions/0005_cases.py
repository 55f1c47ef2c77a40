"""Cases: heads, clocks, history, links, messages, numbers, look-ups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of cases."""
    _record()
    _clock()
    _history()
    _link()
    _message()
    _number()
    _lookup()


def _record() -> None:
    op.create_table(
        "case_record",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("due_goal", sa.String(length=16), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("contact_mac", sa.String(length=32), nullable=True),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column(
            "is_waiting", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "case_id", name=op.f("pk_case_record")),
    )
    op.create_index(
        "ix_case_record_due",
        "case_record",
        ["unit_id", "due_at", "case_id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_case_record_kind", "case_record", ["unit_id", "kind", "due_at", "case_id"]
    )
    op.create_index(
        "ix_case_record_owner",
        "case_record",
        ["unit_id", "owner", "due_at", "case_id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_case_record_person", "case_record", ["unit_id", "person_id", "received_at"]
    )
    op.create_index(
        "ix_case_record_state", "case_record", ["unit_id", "state", "due_at", "case_id"]
    )
    op.create_index(
        "uq_case_record_code", "case_record", ["unit_id", "code"], unique=True
    )


def _clock() -> None:
    op.create_table(
        "case_clock",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("is_law", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("due_date", sa.String(length=10), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("ended", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint(
            "unit_id", "case_id", "number", name=op.f("pk_case_clock")
        ),
    )
    op.create_index(
        "ix_case_clock_due",
        "case_clock",
        ["unit_id", "due_at", "case_id"],
        sqlite_where=sa.text("stopped_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL"),
    )


def _history() -> None:
    op.create_table(
        "case_history",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=48), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=True),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("template", sa.String(length=64), nullable=True),
        sa.Column("template_version", sa.String(length=16), nullable=True),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "case_id", "seq", name=op.f("pk_case_history")
        ),
    )


def _link() -> None:
    op.create_table(
        "case_link",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("ref", sa.String(length=48), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "case_id", "kind", "ref", name=op.f("pk_case_link")
        ),
    )
    op.create_index("ix_case_link_ref", "case_link", ["unit_id", "ref"])


def _message() -> None:
    op.create_table(
        "case_message",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("human", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "message_id", name=op.f("pk_case_message")),
    )
    op.create_index(
        "ix_case_message_case", "case_message", ["unit_id", "case_id", "message_id"]
    )
    op.create_index(
        "ix_case_message_waiting",
        "case_message",
        ["unit_id", "person_id", "channel", "message_id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _number() -> None:
    op.create_table(
        "case_number",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_case_number")),
    )


def _lookup() -> None:
    op.create_table(
        "case_lookup",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("hour", sa.String(length=13), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "subject", "hour", name=op.f("pk_case_lookup")
        ),
    )
    op.create_index("ix_case_lookup_hour", "case_lookup", ["unit_id", "hour"])
