"""Letters of the one-stop system, codes, signatures."""

from __future__ import annotations

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create nothing yet."""
