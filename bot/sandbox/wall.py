"""What stands for everybody to read: the page's posts, the OA's articles, broadcasts?

PLATFORMS 1.8 and 3.4. An article is made in two steps (a token, then its id) and is
sent to all followers by a broadcast; a broadcast cannot be read back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from bot.sandbox.model import JsonObject

PROCESSING_MS = 1_000
"""An article is being processed so long after its making."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the page; ``at_ms`` is UTC milliseconds."""

    post_id: str
    text: str
    at_ms: int

    def as_json(self) -> JsonObject:
        """Return it for our page."""
        return {"id": self.post_id, "text": self.text, "at_ms": self.at_ms}


@dataclass(slots=True)
class Article:
    """An article of the OA; ``sent_ms`` are the instants of its broadcasts."""

    token: str
    article_id: str
    body: JsonObject
    at_ms: int
    sent_ms: list[int] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its head line."""
        return str(self.body.get("title", ""))

    def as_json(self) -> JsonObject:
        """Return it for our page."""
        return {
            "id": self.article_id,
            "title": self.title,
            "description": str(self.body.get("description", "")),
            "text": "\n\n".join(
                str(part.get("content", ""))
                for part in self.body.get("body", ())
                if part.get("type") == "text"
            ),
            "at_ms": self.at_ms,
            "sent_ms": self.sent_ms,
        }


class Wall:
    """Posts and articles, the newest last."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.posts: list[Post] = []
        self.articles: list[Article] = []

    def post(self, page_id: str, text: str, now_ms: int) -> Post:
        """Put up a post."""
        made = Post(f"{page_id}_{now_ms}{next(self._numbers):03d}", text, now_ms)
        self.posts.append(made)
        return made

    def write(self, body: JsonObject, now_ms: int) -> Article:
        """Take an article; its id is told once it has been processed."""
        number = next(self._numbers)
        made = Article(f"tok{now_ms}{number}", f"bd{now_ms}{number}", body, now_ms)
        self.articles.append(made)
        return made

    def by_token(self, token: str) -> Article | None:
        """Return the article of a token."""
        return next((one for one in self.articles if one.token == token), None)

    def by_id(self, article_id: str) -> Article | None:
        """Return an article."""
        found = (one for one in self.articles if one.article_id == article_id)
        return next(found, None)

    def made_since(self, since_ms: int) -> int:
        """Count the articles of a span of time: the OA's quota."""
        return sum(1 for one in self.articles if one.at_ms >= since_ms)

    def clear(self) -> None:
        """Take everything down."""
        self.posts.clear()
        self.articles.clear()

    def as_json(self) -> JsonObject:
        """Return everything for our page, the newest first."""
        return {
            "posts": [one.as_json() for one in reversed(self.posts)],
            "articles": [one.as_json() for one in reversed(self.articles)],
        }
