"""Which message templates did Zalo approve, what stands for a letter kind, who feeds?

Nothing here is about a citizen: names of templates and their parameters.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, Text

from storage.tables.base import instant, key, metadata, text, unit

zbs_template = Table(
    "zbs_template",
    metadata,
    unit(),
    key("template_id", 40),
    text("name", 120),
    text("status", 20),
    text("quality", 12),
    text("tag", 24),
    Column("params", Text, nullable=False),
    Column("by_uid", Boolean, nullable=False),
    Column("price_uid", Integer, nullable=True),
    Column("price_phone", Integer, nullable=True),
    text("reason", 200),
    instant("read_at"),
    instant("changed_at"),
)

zbs_choice = Table(
    "zbs_choice",
    metadata,
    unit(),
    key("kind", 40),
    text("template_id", 40),
    Column("fields", Text, nullable=False),
    text("by", 40),
    instant("at"),
)

zbs_quota = Table(
    "zbs_quota",
    metadata,
    unit(),
    Column("daily", Integer, nullable=True),
    Column("remaining", Integer, nullable=True),
    text("quality", 12),
    instant("read_at"),
)

calendar_feed = Table(
    "calendar_feed",
    metadata,
    unit(),
    key("feed_id"),
    text("staff_id", 40),
    text("secret_mac", 64),
    instant("created_at"),
    instant("revoked_at", nullable=True),
)

greeting_article = Table(
    "greeting_article",
    metadata,
    unit(),
    key("greeting_id"),
    text("state", 16),
    text("token", 200, nullable=True),
    text("article_id", 80, nullable=True),
    text("message_id", 80, nullable=True),
    text("code", 64),
    Column("tries", Integer, nullable=False),
    Column("mark", Integer, nullable=False),
    instant("since"),
    instant("at"),
)
