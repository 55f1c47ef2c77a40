"""Staff and their shifts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _members()
    _roles()
    _routes()
    _head()
    _shifts()
    _standby()
    _leave()
    _swaps()


def _members() -> None:
    op.create_table(
        "staff_member",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "staff_id", name=op.f("pk_staff_member")),
    )
    op.create_index("ix_staff_member_id", "staff_member", ["staff_id"])


def _roles() -> None:
    op.create_table(
        "staff_role",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("granted_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "staff_id", "role", name=op.f("pk_staff_role")
        ),
    )


def _routes() -> None:
    op.create_table(
        "staff_route",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("address_mac", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "staff_id", "kind", name=op.f("pk_staff_route")
        ),
    )
    op.create_index(
        "uq_staff_route_address",
        "staff_route",
        ["unit_id", "kind", "address_mac"],
        unique=True,
    )


def _head() -> None:
    op.create_table(
        "staff_head",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_staff_head")),
    )


def _shifts() -> None:
    op.create_table(
        "roster_shift",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("shift_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("deputy", sa.String(length=40), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "shift_id", name=op.f("pk_roster_shift")),
    )
    op.create_index(
        "uq_roster_shift_slot",
        "roster_shift",
        ["unit_id", "day", "part", "channel", "field"],
        unique=True,
    )


def _standby() -> None:
    op.create_table(
        "roster_standby",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "position", name=op.f("pk_roster_standby")),
    )


def _leave() -> None:
    op.create_table(
        "staff_leave",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("leave_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.String(length=10), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "leave_id", name=op.f("pk_staff_leave")),
    )
    op.create_index("ix_staff_leave_last_day", "staff_leave", ["unit_id", "last_day"])


def _swaps() -> None:
    op.create_table(
        "roster_swap",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("swap_id", sa.String(length=32), nullable=False),
        sa.Column("shift_id", sa.String(length=32), nullable=False),
        sa.Column("back_id", sa.String(length=32), nullable=True),
        sa.Column("asker", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "swap_id", name=op.f("pk_roster_swap")),
    )
    op.create_index(
        "ix_roster_swap_state", "roster_swap", ["unit_id", "state", "asked_at"]
    )
