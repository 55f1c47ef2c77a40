"""How were people served, in their own opinion? One row an answer.

``about`` makes an answer unique: one for each case, one a day and person for the
service as a whole, one for each paper at a counter. Words are vault items.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, SmallInteger, Table

from storage.tables.base import instant, key, metadata, text, unit

survey_answer = Table(
    "survey_answer",
    metadata,
    unit(),
    key("about", 80),
    text("kind", 12),
    text("channel", 16),
    text("case_id", 32, nullable=True),
    text("person_id", 32, nullable=True),
    text("counter", 40, nullable=True),
    text("item_id", 32, nullable=True),
    Column("score", SmallInteger, nullable=False),
    instant("at"),
    Index("ix_survey_answer_at", "unit_id", "at"),
    Index("ix_survey_answer_person", "unit_id", "person_id"),
    sqlite_with_rowid=False,
)
