"""What stands under the page's posts, and what may be answered to it? (PLATFORMS 3.2)

One private reply a comment, within seven days; any number in public.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from bot.sandbox import events_facebook
from bot.sandbox.citizens import Citizen
from bot.sandbox.errors import NoSuchEventError
from bot.sandbox.model import Act, ActKind, FacebookAccount, JsonObject

WEEK_MS = 7 * 24 * 3_600_000
ACTS = frozenset({ActKind.COMMENT, ActKind.COMMENT_EDITED, ActKind.COMMENT_REMOVED})
POST = "1001"


@dataclass(slots=True)
class PageComment:
    """One comment; ``at_ms`` is UTC ms, ``replies`` stand in public under it."""

    comment_id: str
    citizen: Citizen
    text: str
    at_ms: int
    is_removed: bool = False
    has_private_reply: bool = False
    replies: list[str] = field(default_factory=list)


class Feed:
    """The comments under the newest post of the page."""

    def __init__(self, account: FacebookAccount) -> None:
        self._account = account
        self._numbers = count(1)
        self._comments: dict[str, PageComment] = {}

    def act(self, citizen: Citizen, act: Act, now_ms: int) -> tuple[str, JsonObject]:
        """Write, change or remove; return the comment's id and the change to tell.

        A change or a removal names the comment in ``payload``, else means the newest.
        Raises NoSuchEventError.
        """
        if act.kind is ActKind.COMMENT:
            name = f"{POST}_{now_ms}{next(self._numbers):04d}"
            self._comments[name] = PageComment(name, citizen, act.text, now_ms)
        found = self._comments.get(act.payload or next(reversed(self._comments), ""))
        if found is None or found.citizen != citizen or found.is_removed:
            raise NoSuchEventError
        if act.kind is ActKind.COMMENT_REMOVED:
            found.is_removed = True
        found.text = act.text
        return found.comment_id, self._change(found, act.kind)

    def get(self, comment_id: str) -> PageComment | None:
        """Return a comment that still stands."""
        found = self._comments.get(comment_id)
        return found if found and not found.is_removed else None

    def may_reply(self, comment: PageComment, now_ms: int) -> bool:
        """Whether the page may still write to who wrote it, because of it."""
        is_late = now_ms - comment.at_ms > WEEK_MS
        return not comment.has_private_reply and not is_late

    def clear(self) -> None:
        """Forget everything."""
        self._comments.clear()

    def _change(self, one: PageComment, kind: ActKind) -> JsonObject:
        post = f"{self._account.page_id}_{POST}"
        return events_facebook.comment(
            VERBS[kind],
            one.comment_id,
            post,
            (one.citizen.facebook_id, one.citizen.name),
            one.text,
            one.at_ms,
        )


VERBS = {
    ActKind.COMMENT: "add",
    ActKind.COMMENT_EDITED: "edited",
    ActKind.COMMENT_REMOVED: "remove",
}
