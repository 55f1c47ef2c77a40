"""The main road."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


SQLITE_TRIGGER = """
CREATE TRIGGER evidence_entry_no_{action} BEFORE {action} ON evidence_entry
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION evidence_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'evidence is append-only'; END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER evidence_entry_no_change
BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_entry
FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only()
"""


def upgrade() -> None:
    """Create the tables, then forbid change of evidence in the database itself."""
    create_tables()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_FUNCTION)
        op.execute(POSTGRES_TRIGGER)
    else:
        for action in ("update", "delete"):
            op.execute(SQLITE_TRIGGER.format(action=action))


def create_tables() -> None:
    """Create every table of the first version."""
    op.create_table(
        "catalogue_document",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "digest", name=op.f("pk_catalogue_document")
        ),
    )
    op.create_table(
        "catalogue_head",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("layer", sa.String(length=16), nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "layer", name=op.f("pk_catalogue_head")),
    )
    op.create_table(
        "catalogue_import",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("layer", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "import_id", name=op.f("pk_catalogue_import")
        ),
    )
    op.create_table(
        "catalogue_row",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "import_id", "code", name=op.f("pk_catalogue_row")
        ),
    )
    op.create_table(
        "conversation",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("opted_out", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("muted_until", sa.BigInteger(), nullable=True),
        sa.Column("last_inbound_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "sent_since_inbound", sa.Integer(), server_default="0", nullable=False
        ),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "person_id", "channel", name=op.f("pk_conversation")
        ),
    )
    op.create_table(
        "day_key",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_day_key")),
    )
    op.create_table(
        "evidence_entry",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=48), nullable=True),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "entry_id", name=op.f("pk_evidence_entry")),
    )
    op.create_index(
        "ix_evidence_entry_at", "evidence_entry", ["unit_id", "at"], unique=False
    )
    op.create_index(
        "ix_evidence_entry_subject",
        "evidence_entry",
        ["unit_id", "subject"],
        unique=False,
    )
    op.create_table(
        "handover",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("handover_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "handover_id", name=op.f("pk_handover")),
    )
    op.create_index(
        "ix_handover_state", "handover", ["unit_id", "state", "due_at"], unique=False
    )
    op.create_table(
        "identity",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("id_mac", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("sealed_id", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "channel", "id_mac", name=op.f("pk_identity")
        ),
    )
    op.create_index(
        "ix_identity_person", "identity", ["unit_id", "person_id"], unique=False
    )
    op.create_table(
        "inbox_body",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("body_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "body_id", name=op.f("pk_inbox_body")),
    )
    op.create_table(
        "inbox_event",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("body_id", sa.String(length=32), nullable=False),
        sa.Column("body_index", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("dedupe", sa.String(length=32), nullable=False),
        sa.Column("lane", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=False),
        sa.Column("platform_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "event_id", name=op.f("pk_inbox_event")),
        sa.UniqueConstraint(
            "unit_id",
            "channel",
            "dedupe",
            name=op.f("uq_inbox_event_unit_id_channel_dedupe"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_inbox_event_body", "inbox_event", ["unit_id", "body_id"], unique=False
    )
    op.create_index(
        "ix_inbox_event_failed",
        "inbox_event",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "ix_inbox_event_pending",
        "inbox_event",
        ["unit_id", "lane", "platform_at", "event_id"],
        unique=False,
        sqlite_where=sa.text("state = 'received'"),
        postgresql_where=sa.text("state = 'received'"),
    )
    op.create_table(
        "lane",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.String(length=32), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=True),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "lane", name=op.f("pk_lane")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_lane_held",
        "lane",
        ["owner"],
        unique=False,
        sqlite_where=sa.text("owner IS NOT NULL"),
        postgresql_where=sa.text("owner IS NOT NULL"),
    )
    op.create_index(
        "ix_lane_ready",
        "lane",
        ["ready_at"],
        unique=False,
        sqlite_where=sa.text("ready_at IS NOT NULL"),
        postgresql_where=sa.text("ready_at IS NOT NULL"),
    )
    op.create_table(
        "notice",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "notice_id", name=op.f("pk_notice")),
    )
    op.create_index(
        "ix_notice_open", "notice", ["unit_id", "seen_at", "created_at"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("human", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("cause", sa.String(length=48), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("message_mac", sa.String(length=32), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("resend_of", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "row_id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "unit_id",
            "cause",
            "position",
            name=op.f("uq_outbox_unit_id_cause_position"),
        ),
        sa.UniqueConstraint(
            "unit_id", "resend_of", name=op.f("uq_outbox_unit_id_resend_of")
        ),
    )
    op.create_index(
        "ix_outbox_active",
        "outbox",
        ["channel", "priority", "row_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('planned', 'claimed', 'sending', 'retry')"),
        postgresql_where=sa.text("state IN ('planned', 'claimed', 'sending', 'retry')"),
    )
    op.create_index(
        "ix_outbox_lane",
        "outbox",
        ["unit_id", "person_id", "channel", "row_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('planned', 'claimed', 'sending', 'retry')"),
        postgresql_where=sa.text("state IN ('planned', 'claimed', 'sending', 'retry')"),
    )
    op.create_index(
        "ix_outbox_message", "outbox", ["unit_id", "message_mac"], unique=False
    )
    op.create_index(
        "ix_outbox_updated", "outbox", ["unit_id", "state", "updated_at"], unique=False
    )
    op.create_table(
        "person",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "person_id", name=op.f("pk_person")),
    )
    op.create_table(
        "security_event",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("hour", sa.String(length=13), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "kind", "hour", name=op.f("pk_security_event")
        ),
    )
    op.create_table(
        "token",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("seed_mac", sa.String(length=32), nullable=False),
        sa.Column("access_expires_at", sa.BigInteger(), nullable=False),
        sa.Column("refresh_issued_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "channel", name=op.f("pk_token")),
    )
    op.create_table(
        "token_intent",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("seed_mac", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "channel", name=op.f("pk_token_intent")),
    )
    op.create_table(
        "vault_item",
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "item_id", name=op.f("pk_vault_item")),
    )
    op.create_index(
        "ix_vault_item_person",
        "vault_item",
        ["unit_id", "person_id", "created_at"],
        unique=False,
    )
