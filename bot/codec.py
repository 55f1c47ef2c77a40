"""How do our values become sealed JSON and come back?"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from handlers.model import Conversation, Reply

_CONVERSATION = TypeAdapter(Conversation)
_REPLY = TypeAdapter(Reply)


def dump_conversation(value: Conversation) -> dict[str, Any]:
    """Return a JSON object; what is at its default is left out."""
    dumped: dict[str, Any] = _CONVERSATION.dump_python(
        value, mode="json", exclude_defaults=True
    )
    return dumped


def load_conversation(value: Any) -> Conversation:
    """Read a conversation; fields of an older version take their defaults."""
    known = {k: v for k, v in value.items() if k in Conversation.__dataclass_fields__}
    return _CONVERSATION.validate_python(known)


def dump_reply(value: Reply) -> dict[str, Any]:
    """Return a JSON object."""
    dumped: dict[str, Any] = _REPLY.dump_python(
        value, mode="json", exclude_defaults=True
    )
    return dumped


def load_reply(value: Any) -> Reply:
    """Read a reply."""
    return _REPLY.validate_python(value)
