"""Where do random bytes come from? The kernel, fetched a few KiB at a time.

One system call a nonce was a tenth of the road's time on a small machine.
"""

from __future__ import annotations

import os
import threading

CHUNK = 8192


class _Pool:
    """Bytes are handed out once; a forked child starts with an empty pool."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bytes = b""
        self._at = 0
        os.register_at_fork(after_in_child=self.empty)

    def empty(self) -> None:
        """Forget what is left, so that no two processes hand out the same."""
        self._lock = threading.Lock()
        self._bytes, self._at = b"", 0

    def take(self, size: int) -> bytes:
        """Return fresh random bytes."""
        with self._lock:
            if self._at + size > len(self._bytes):
                self._bytes, self._at = os.urandom(max(CHUNK, size)), 0
            start, self._at = self._at, self._at + size
            return self._bytes[start : self._at]


random_bytes = _Pool().take
"""``random_bytes(size)``: cryptographically random, never the same twice."""
