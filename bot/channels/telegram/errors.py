"""What does our transport raise inside the library? Only this, caught by the client."""

from __future__ import annotations

from telegram.error import TelegramError

from bot.channels.results import Failure


class CallFailedError(TelegramError):
    """The call to Telegram came to nothing, or nobody knows what came of it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure
