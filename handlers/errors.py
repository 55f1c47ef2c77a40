"""What can go wrong in the use cases; each docstring is the message."""

from __future__ import annotations


class HandlerError(Exception):
    """Việc xử lý tin nhắn không thực hiện được."""

    def __init__(self, detail: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)


class BadPayloadError(HandlerError):
    """Nội dung gắn với nút bấm không viết được theo quy ước."""
