"""The evidence log: places, tiles, keys, checkpoints, time stamps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQLITE_TRIGGER = """
CREATE TRIGGER evidence_position_no_{action} BEFORE {action} ON evidence_position
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END
"""
SQLITE_REPLACE = """
CREATE TRIGGER evidence_position_no_replace BEFORE INSERT ON evidence_position
WHEN EXISTS (
    SELECT 1 FROM evidence_position
    WHERE unit_id = NEW.unit_id AND position = NEW.position
) OR EXISTS (
    SELECT 1 FROM evidence_position
    WHERE unit_id = NEW.unit_id AND entry_id = NEW.entry_id
)
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER evidence_position_no_change
BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_position
FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only()
"""
EVERYTHING_WAITS = """
INSERT INTO evidence_waiting (unit_id, entry_id)
SELECT unit_id, entry_id FROM evidence_entry
"""


def upgrade() -> None:
    """Create the tables; what was written before waits for its place."""
    _order()
    _log()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_TRIGGER)
    else:
        for action in ("update", "delete"):
            op.execute(SQLITE_TRIGGER.format(action=action))
        op.execute(SQLITE_REPLACE)
    op.execute(EVERYTHING_WAITS)


def _order() -> None:
    op.create_table(
        "evidence_waiting",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "entry_id", name=op.f("pk_evidence_waiting")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evidence_position",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "position", name=op.f("pk_evidence_position")
        ),
        sa.UniqueConstraint("unit_id", "entry_id", name="uq_evidence_position_entry"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evidence_head",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("signed", sa.BigInteger(), nullable=False),
        sa.Column("stamps", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(length=48), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_evidence_head")),
    )


def _log() -> None:
    op.create_table(
        "evidence_tile",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "level", "number", name=op.f("pk_evidence_tile")
        ),
    )
    op.create_table(
        "evidence_key",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=False),
        sa.Column("from_size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "number", name=op.f("pk_evidence_key")),
    )
    op.create_table(
        "evidence_checkpoint",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "size", name=op.f("pk_evidence_checkpoint")),
    )
    op.create_index(
        "ix_evidence_checkpoint_day", "evidence_checkpoint", ["unit_id", "day"]
    )
    op.create_table(
        "evidence_stamp",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "size", name=op.f("pk_evidence_stamp")),
    )
