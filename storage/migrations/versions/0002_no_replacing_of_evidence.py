"""No replacing of evidence: INSERT OR REPLACE deletes without a DELETE trigger."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


SQLITE_TRIGGER = """
CREATE TRIGGER evidence_entry_no_replace BEFORE INSERT ON evidence_entry
WHEN EXISTS (
    SELECT 1 FROM evidence_entry
    WHERE unit_id = NEW.unit_id AND entry_id = NEW.entry_id
)
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END
"""


def upgrade() -> None:
    """Refuse a second entry under a known id; PostgreSQL has no REPLACE."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_TRIGGER)
