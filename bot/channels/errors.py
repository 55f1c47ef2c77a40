"""What can go wrong on the wire; each docstring is the message."""

from __future__ import annotations


class ChannelError(Exception):
    """The platform and we do not understand each other."""

    def __init__(self, code: str = "") -> None:
        self.code = code
        text = (self.__doc__ or "").strip()
        super().__init__(f"{text} ({code})" if code else text)


class Malformed(ChannelError):  # noqa: N818  the name is part of the contract
    """The body is not the JSON object which this platform sends."""


class RefreshRefusedError(ChannelError):
    """The platform refused the refresh token; the OA admin must consent again."""


class RefreshUnavailableError(ChannelError):
    """The token was not exchanged; the same refresh token may be tried later."""


class RefreshUncertainError(ChannelError):
    """Nobody knows whether the single-use refresh token was spent."""
