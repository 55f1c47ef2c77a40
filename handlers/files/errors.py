"""What can be wrong with a citizen's file; each docstring is the message."""

from __future__ import annotations


class UnreadablePictureError(Exception):
    """The picture is cut or malformed."""
