"""Which papers were filed by hand for a criterion, and which dossiers are being built?

Title, number and note of a paper are sealed under a key of the unit of their own, and
so is its file: another master key seals that one key anew.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table

from storage.tables.base import instant, key, metadata, sealed, text, unit
from storage.tables.staff import STAFF_CODE

dossier_key = Table(
    "dossier_key",
    metadata,
    unit(),
    sealed("wrapped_key"),
    instant("created_at"),
)

dossier_paper = Table(
    "dossier_paper",
    metadata,
    unit(),
    key("paper_id"),
    text("criterion", 24),
    text("state", 12),
    text("day", 10),
    sealed("sealed"),
    text("file_mac", 32),
    Column("size", BigInteger, nullable=False),
    text("media_type", 80),
    text("filed_by", STAFF_CODE),
    instant("filed_at"),
    text("filed_entry", 32),
    instant("removed_at", nullable=True),
    text("removed_entry", 32, nullable=True),
    Index("ix_dossier_paper_criterion", "unit_id", "criterion", "day"),
)

dossier_job = Table(
    "dossier_job",
    metadata,
    unit(),
    key("job_id"),
    text("state", 12),
    text("step", 40),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    text("asked_by", STAFF_CODE),
    text("first_day", 10),
    text("last_day", 10),
    instant("as_of", nullable=True),
    instant("asked_at"),
    instant("updated_at"),
    Column("size", BigInteger, nullable=False),
    text("file_mac", 32, nullable=True),
    Column("summary", LargeBinary, nullable=True),
    Index("ix_dossier_job_asked", "unit_id", "asked_at"),
)
