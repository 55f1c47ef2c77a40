"""Occasions told by others, codes, receipts, signatures, own kinds, birthdays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _text(name: str, length: int = 64, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    """Create what comes in by the interface, and how letters are approved and kept."""
    _token()
    _occasion()
    _code()
    _receipt()
    _signature()
    _kind()
    _birthday()


def _token() -> None:
    op.create_table(
        "api_token",
        _text("unit_id", 40),
        _text("name", 24),
        _text("token_mac"),
        _text("created_by", 40),
        _instant("created_at"),
        _instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "name", name=op.f("pk_api_token")),
        sa.UniqueConstraint(
            "unit_id", "token_mac", name=op.f("uq_api_token_unit_id_token_mac")
        ),
    )


def _occasion() -> None:
    op.create_table(
        "occasion",
        _text("unit_id", 40),
        _text("occasion_id", 32),
        _text("event", 24),
        _text("state", 12),
        _text("result", 24),
        _text("source", 32),
        _text("key_mac"),
        _text("body_mac"),
        _text("person_id", 32, nullable=True),
        _text("item_id", 32, nullable=True),
        _text("occasion_mac", 64, nullable=True),
        _text("subject_mac", 64, nullable=True),
        _text("letter_id", 32, nullable=True),
        _text("waits_for", 32, nullable=True),
        _instant("created_at"),
        _instant("updated_at"),
        sa.PrimaryKeyConstraint("unit_id", "occasion_id", name=op.f("pk_occasion")),
        sa.UniqueConstraint(
            "unit_id", "key_mac", name=op.f("uq_occasion_unit_id_key_mac")
        ),
    )
    for name, columns in (
        ("state", ["unit_id", "state", "created_at"]),
        ("person", ["unit_id", "person_id"]),
        ("subject", ["unit_id", "subject_mac"]),
        ("mac", ["unit_id", "occasion_mac"]),
    ):
        op.create_index(f"ix_occasion_{name}", "occasion", columns)


def _code() -> None:
    op.create_table(
        "letter_code",
        _text("unit_id", 40),
        _text("letter_id", 32),
        _text("staff_id", 40),
        _text("code_mac"),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        sa.PrimaryKeyConstraint(
            "unit_id", "letter_id", "staff_id", name=op.f("pk_letter_code")
        ),
    )


def _receipt() -> None:
    op.create_table(
        "letter_receipt",
        _text("unit_id", 40),
        _text("letter_id", 32),
        _text("person_id", 32),
        _text("item_id", 32),
        _text("file_id", 32, nullable=True),
        _text("by", 40),
        _instant("at"),
        sa.PrimaryKeyConstraint("unit_id", "letter_id", name=op.f("pk_letter_receipt")),
    )
    op.create_index(
        "ix_letter_receipt_person", "letter_receipt", ["unit_id", "person_id"]
    )


def _signature() -> None:
    op.create_table(
        "letter_signature",
        _text("unit_id", 40),
        _text("letter_id", 32),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        _text("person_id", 32),
        _text("file_id", 32, nullable=True),
        _text("form_file_id", 32, nullable=True),
        _text("level", 8),
        _text("reason", 32, nullable=True),
        _text("by", 40),
        _instant("at"),
        sa.PrimaryKeyConstraint(
            "unit_id", "letter_id", "version", name=op.f("pk_letter_signature")
        ),
    )
    op.create_index(
        "ix_letter_signature_person", "letter_signature", ["unit_id", "person_id"]
    )


def _kind() -> None:
    op.create_table(
        "letter_own_kind",
        _text("unit_id", 40),
        _text("code", 40),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        _text("by", 40),
        _instant("at"),
        sa.PrimaryKeyConstraint(
            "unit_id", "code", "version", name=op.f("pk_letter_own_kind")
        ),
    )


def _birthday() -> None:
    op.create_table(
        "letter_birthday",
        _text("unit_id", 40),
        _text("birthday_id", 32),
        _text("person_id", 32),
        _text("item_id", 32),
        _text("day_mac"),
        _text("who_mac"),
        _text("source", 12),
        _text("created_by", 40),
        _instant("created_at"),
        _instant("updated_at"),
        sa.PrimaryKeyConstraint(
            "unit_id", "birthday_id", name=op.f("pk_letter_birthday")
        ),
        sa.UniqueConstraint(
            "unit_id", "who_mac", name=op.f("uq_letter_birthday_unit_id_who_mac")
        ),
    )
    for name, column in (("day", "day_mac"), ("person", "person_id")):
        op.create_index(
            f"ix_letter_birthday_{name}", "letter_birthday", ["unit_id", column]
        )
