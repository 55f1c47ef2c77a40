"""What does the page's feed say of comments, and how is one answered? (PLATFORMS §3.2)

A comment is told by ``changes[]`` of the field ``feed``. It may be answered once in
private (``recipient: {comment_id}``) and in public under the comment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels import wire
from handlers.model import Attachment, Channel, Inbound, Kind

PRIVATE = "comment:"
"""Before the id of a comment where a private reply to it goes."""
PUBLIC = "public:"
"""Before the id of a comment under which a public reply stands."""
_ID = re.compile(r"[0-9]{1,40}(_[0-9]{1,40}){0,2}")
_KINDS: Mapping[str, Kind] = {
    "add": Kind.COMMENT,
    "edit": Kind.COMMENT_EDITED,
    "edited": Kind.COMMENT_EDITED,
    "remove": Kind.COMMENT_REMOVED,
}
"""Both spellings of an edit are met; hide and the rest are acts of the page."""
_SHOWN = ("photo", "video")
_LONGEST_TEXT = 8000


@dataclass(frozen=True, slots=True)
class Comment:
    """One change of a comment; ``user_id`` is who wrote it, "" for the page itself."""

    user_id: str
    key: str
    inbound: Inbound


def read(item: Mapping[str, object], page: str, at: datetime) -> Comment | None:
    """Return what a change says of a comment; None when it is about something else.

    ``at`` is aware. Where Meta does not tell who wrote (it needs a permission), each
    comment stands for a person of its own, whom its id names.
    """
    value = wire.mapping(item.get("value"))
    kind = _KINDS.get(wire.text(value.get("verb")))
    name = wire.identity(value.get("comment_id"))
    is_comment = item.get("field") == "feed" and value.get("item") == "comment"
    if kind is None or not is_comment or not _ID.fullmatch(name):
        return None
    writer = _writer(value)
    if page and writer == page:
        return None
    inbound = Inbound(
        Channel.FACEBOOK,
        kind,
        at,
        text=wire.text(value.get("message"))[:_LONGEST_TEXT],
        payload=name,
        attachments=_shown(value),
        message_ids=wire.names([value.get("post_id"), value.get("parent_id")]),
    )
    return Comment(writer or f"{PRIVATE}{name}", _key(kind, name, value), inbound)


def _writer(value: Mapping[str, object]) -> str:
    """Return who wrote; older bodies say ``sender_id``."""
    told = wire.mapping(value.get("from")).get("id")
    return wire.first(told, value.get("sender_id"))


def _key(kind: Kind, name: str, value: Mapping[str, object]) -> str:
    """A comment is told once by its id; an edit by its id and what it says now."""
    if kind is Kind.COMMENT_EDITED:
        told = [value.get("message"), value.get("created_time")]
        return wire.key_of_message(f"{name}:{wire.digest(told)[:32]}", kind.value)
    return wire.key_of_message(name, kind.value)


def _shown(value: Mapping[str, object]) -> tuple[Attachment, ...]:
    """Name what hangs on it; a picture of the public page is not fetched."""
    return tuple(
        Attachment("link", wire.text(value.get(name)))
        for name in _SHOWN
        if wire.text(value.get(name))
    )


def recipient(to: str) -> dict[str, str]:
    """Return the recipient of a message: a citizen, or whoever wrote a comment."""
    if to.startswith(PRIVATE):
        return {"comment_id": to.removeprefix(PRIVATE)}
    return {"id": to}
