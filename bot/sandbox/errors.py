"""What can go wrong inside the sandbox itself (not on purpose)?"""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox cannot do that."""

    def __str__(self) -> str:
        """Return the text given, or the sentence of the class."""
        return super().__str__() or (self.__doc__ or "").strip()


class SandboxConfigError(SandboxError):
    """The configuration of the sandbox is not valid."""


class NoSuchCitizenError(SandboxError):
    """There is no such made-up citizen on that platform."""


class NoSuchEventError(SandboxError):
    """That platform has no such event."""


class TooLargeError(SandboxError):
    """The file is larger than the platform allows."""
