"""ZBS templates, articles, segments, calendar feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them, and the index by which a week's messages to a person are counted."""
    op.create_table(
        "person_tag",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("tag", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("source_ref", sa.String(length=64), nullable=False),
        sa.Column("consent", sa.String(length=12), nullable=False),
        sa.Column("consent_day", sa.String(length=10), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "person_id", "tag", name=op.f("pk_person_tag")
        ),
    )
    op.create_index("ix_person_tag_tag", "person_tag", ["unit_id", "tag", "person_id"])
    op.create_table(
        "zbs_template",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("template_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("quality", sa.String(length=12), nullable=False),
        sa.Column("tag", sa.String(length=24), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("by_uid", sa.Boolean(), nullable=False),
        sa.Column("price_uid", sa.Integer(), nullable=True),
        sa.Column("price_phone", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "template_id", name=op.f("pk_zbs_template")),
    )
    op.create_table(
        "zbs_choice",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("template_id", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "kind", name=op.f("pk_zbs_choice")),
    )
    op.create_table(
        "zbs_quota",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("daily", sa.Integer(), nullable=True),
        sa.Column("remaining", sa.Integer(), nullable=True),
        sa.Column("quality", sa.String(length=12), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_zbs_quota")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("feed_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("secret_mac", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "feed_id", name=op.f("pk_calendar_feed")),
    )
    op.create_table(
        "greeting_article",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("greeting_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("token", sa.String(length=200), nullable=True),
        sa.Column("article_id", sa.String(length=80), nullable=True),
        sa.Column("message_id", sa.String(length=80), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "greeting_id", name=op.f("pk_greeting_article")
        ),
    )
    op.add_column(
        "greeting",
        sa.Column(
            "audience",
            sa.String(length=80),
            nullable=False,
            server_default=sa.text("''"),
        ),
    )
    op.create_index(
        "ix_outbox_started",
        "outbox",
        ["unit_id", "person_id", "created_at"],
        sqlite_where=sa.text("kind IN ('letter', 'greeting', 'template')"),
        postgresql_where=sa.text("kind IN ('letter', 'greeting', 'template')"),
    )
