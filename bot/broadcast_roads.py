"""Over which OA are a unit's articles published, and with whose token?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.channels.results import (
    Accepted,
    Failure,
    Reauthorise,
    Retry,
    SendResult,
)
from bot.channels.zalo import articles
from bot.channels.zalo.articles import Article
from bot.channels.zalo.client import ZaloClient

T = TypeVar("T")
WAIT: Retry = Retry("no_token")


class Tokens(Protocol):
    """Who holds the OA's token (bot.tokens)."""

    async def access(self) -> str | None:
        """Return the token in force, None while there is none."""
        ...

    def reject(self, token: str) -> None:
        """The platform refused it: it is to be renewed."""
        ...


@dataclass(frozen=True, slots=True)
class OaArticles:
    """One Official Account (bot.broadcast_article.ArticleRoad)."""

    client: ZaloClient
    keeper: Tokens
    author: str
    cover_url: str

    def article(self, title: str, paragraphs: list[str]) -> Article:
        """Return what would be published."""
        return Article(title, self.author, self.cover_url, paragraphs)

    async def create(self, article: Article) -> SendResult:
        """Hand it over; Accepted holds the token of its making."""
        return await self._with(lambda t: articles.create(self.client, t, article))

    async def verify(self, token: str) -> SendResult:
        """Return the article's id by that token."""
        return await self._with(lambda t: articles.verify(self.client, t, token))

    async def find(self, title: str, since_ms: int) -> Accepted | Failure | None:
        """Look for an article by its title."""
        return await self._with(
            lambda t: articles.find(self.client, t, title, since_ms)
        )

    async def broadcast(self, article_id: str) -> SendResult:
        """Send it to all followers."""
        return await self._with(
            lambda t: articles.broadcast(self.client, t, article_id)
        )

    async def _with(self, call: Callable[[str], Awaitable[T]]) -> T | Retry:
        """A token that is refused is renewed, and the call made later."""
        token = await self.keeper.access()
        if token is None:
            return WAIT
        told = await call(token)
        if isinstance(told, Reauthorise):
            self.keeper.reject(token)
            return WAIT
        return told
