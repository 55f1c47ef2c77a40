"""What can go wrong with the forms of chat; each docstring is the message."""

from __future__ import annotations

from handlers.errors import HandlerError


class BadFormsError(HandlerError):
    """Tệp các phiếu hỏi qua trò chuyện viết chưa đúng."""
