"""What did a webhook body bring, whichever platform sent it?

The readers below are total: whatever JSON holds, they answer with a text, a
mapping, a list or an instant, never with an exception.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.channels.errors import Malformed
from handlers.model import Inbound

OLDEST = timedelta(hours=24)
DEEPEST = 64
LONGEST_ID = 128
LONGEST_KEY = 200
LONGEST_NAME = 48

_WHOLE = re.compile(r"([0-9]{1,18})(?:\.[0-9]*)?")
_WRITTEN = (str, int, float)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class WireEvent:
    """One item of a webhook body, with what storage needs to file it.

    ``index`` is the stable position inside the body. ``account_id`` is the page
    or OA ('' when the event names none), ``user_id`` the citizen's id on the
    platform ('' when none). ``key`` is the natural dedupe text inside (channel,
    account); it never depends on when we received the body. ``app_id`` is the
    app that the event names ('' when none).
    """

    index: int
    account_id: str
    user_id: str
    key: str
    message_id: str
    app_id: str
    inbound: Inbound


def load(body: bytes) -> Mapping[str, object]:
    """Parse a body once, for signature and parser alike; numbers stay text.

    Ids exceed 2^53 and timestamps are signed as written, so no number of a
    platform may pass through int or float. Raises Malformed.
    """
    try:
        document = json.loads(body, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise Malformed("json") from None
    if not isinstance(document, dict):
        raise Malformed("object")
    if _nesting(body) > DEEPEST and not _is_shallow(document):
        raise Malformed("depth")
    return document


def _nesting(body: bytes) -> int:
    return body.count(b"{") + body.count(b"[")


def _is_shallow(document: object) -> bool:
    """Walk level by level, because a recursive walk is what must be prevented."""
    level: list[object] = [document]
    for _ in range(DEEPEST):
        level = [child for node in level for child in _children(node)]
        if not level:
            return True
    return False


def _children(node: object) -> Sequence[object]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else ()


def document_of(body: bytes | Mapping[str, object]) -> Mapping[str, object]:
    """Return what ``load`` gives, or the mapping itself if already loaded."""
    return load(body) if isinstance(body, bytes) else body


def text(value: object) -> str:
    """Return a text or a number as text, without what no database can hold."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return _digits(value) if is_number else ""


def _digits(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than sys.get_int_max_str_digits allows
        return ""


def identity(value: object) -> str:
    """Return an id, or '' when the value cannot be one."""
    written = text(value).strip()
    return written if len(written) <= LONGEST_ID else ""


def first(*values: object) -> str:
    """Return the first value that is an id, or ''."""
    return next((found for value in values if (found := identity(value))), "")


def mapping(value: object) -> Mapping[str, object]:
    """Return the value if it is a JSON object, else an empty one."""
    if isinstance(value, dict):  # the usual case; the abstract check is slow
        return value
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[object]:
    """Return the value if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else ()


def names(value: object) -> tuple[str, ...]:
    """Return the ids of an array, each once, in order."""
    found = (identity(one) for one in items(value))
    return tuple(dict.fromkeys(one for one in found if one))


def is_true(value: object) -> bool:
    """Whether a flag is set, written as a boolean or as a word."""
    return value is True or text(value).lower() in {"true", "1"}


def whole(value: object) -> int | None:
    """Return a non-negative whole number, or None."""
    match = _WHOLE.fullmatch(text(value).strip())
    return int(match.group(1)) if match else None


def size(value: object) -> int:
    """Return a size in bytes, 0 when not told."""
    return whole(value) or 0


def instant(
    value: object, received_at: datetime, *, per_second: int = 1000
) -> datetime:
    """Read the platform's clock (UTC), clamped to the day before ``received_at``.

    Missing or future times become ``received_at``: a platform that is ahead of
    us must not open a message window that is not yet there.
    """
    ticks = whole(value)
    latest = received_at.astimezone(UTC)
    if ticks is None:
        return latest
    seconds = min(ticks / per_second, latest.timestamp())
    told = datetime.fromtimestamp(seconds, UTC)
    return min(max(told, latest - OLDEST), latest)


def watermark(value: object, received_at: datetime) -> datetime | None:
    """Read "everything up to here" in ms (UTC); None when not told.

    Only the future is clamped: lifting an old mark would claim that somebody
    has read what was sent later.
    """
    ticks = whole(value)
    if ticks is None:
        return None
    latest = received_at.astimezone(UTC)
    return datetime.fromtimestamp(min(ticks / 1000, latest.timestamp()), UTC)


def digest(item: object) -> str:
    """Return the SHA-256 (hex) of an item, whatever the order of its keys."""
    written = json.dumps(item, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def key_of_message(message_id: str, prefix: str = "") -> str:
    """Return the dedupe text of an event which has a platform id of its own.

    The prefix keeps a receipt or echo of a message apart from the message.
    """
    written = f"{prefix}:{message_id}" if prefix else message_id
    return written if len(written) <= LONGEST_KEY else f"sha256:{digest(written)}"


def key_of_item(name: str, user_id: str, timestamp: object, item: object) -> str:
    """Return the dedupe text of an event without an id: who, when and what."""
    when = whole(timestamp)
    moment = "" if when is None else str(when)
    return f"{text(name)[:LONGEST_NAME]}:{user_id}:{moment}:{digest(item)}"
