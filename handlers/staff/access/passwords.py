"""Is this password good enough, and is it the right one?

NIST SP 800-63B: length and a list of common ones, no rules about kinds of characters.
Hashes are argon2id with the library's defaults (RFC 9106, low-memory profile).
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from handlers.staff.access.errors import WeakPasswordError
from nlu.normalise import fold

SHORTEST = 10
LONGEST = 200
FEWEST_DIFFERENT = 5
AT_ONCE = 2
"""Hashing takes 64 MiB each time; a burst of log-ins must not take the machine."""
LITTLE = 5
"""Characters beside a known word that do not make it a new password."""
ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)


class Hasher:
    """Makes and checks hashes in a thread, few at once."""

    def __init__(self, made: PasswordHasher | None = None) -> None:
        self._made = made or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """Return the argon2id hash."""
        async with self._turns:
            return await asyncio.to_thread(self._made.hash, _plain(password))

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; takes as long where there is none."""
        async with self._turns:
            return await asyncio.to_thread(self._check, kept, _plain(password))

    def is_old(self, kept: str) -> bool:
        """Whether a hash was made with other settings than today's."""
        return self._made.check_needs_rehash(kept)

    def _check(self, kept: str | None, password: str) -> bool:
        if self._nobody is None:
            self._nobody = self._made.hash("nobody")
        try:
            self._made.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None


def check(password: str, known_words: Sequence[str] = ()) -> None:
    """Raise WeakPasswordError for what is short, common, a row, or a known word.

    ``known_words`` are the person's code and name and the unit's name.
    """
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise WeakPasswordError(f"Dạ, mật khẩu cần ít nhất {SHORTEST} ký tự ạ.")
    if len(plain) > LONGEST:
        raise WeakPasswordError(f"Dạ, mật khẩu dài nhất {LONGEST} ký tự ạ.")
    bare = _bare(plain)
    if len(set(bare)) < FEWEST_DIFFERENT or _is_row(bare):
        raise WeakPasswordError("Dạ, mật khẩu lặp lại hoặc theo dãy nên dễ đoán ạ.")
    words = {*common(), *(w for w in map(_bare, known_words) if len(w) > 1)}
    if any(_is_made_of(bare, word) for word in words):
        raise WeakPasswordError


@cache
def common() -> frozenset[str]:
    """Return the common passwords and words, folded."""
    source = files("handlers.staff.access") / "data" / "common_passwords.txt"
    lines = source.read_text("utf-8").splitlines()
    return frozenset(_bare(line) for line in lines if line and line[0] != "#")


def _is_made_of(bare: str, word: str) -> bool:
    rest = bare.replace(word, "")
    return rest != bare and len(rest) < LITTLE


def _is_row(bare: str) -> bool:
    both = [*ROWS, *(row[::-1] for row in ROWS)]
    return any(bare in row * 2 for row in both)


def _bare(text: str) -> str:
    return re.sub(r"[\s._\-@]+", "", fold(text.lower()))


def _plain(password: str) -> str:
    # Two keyboards may write the same Vietnamese letter in two ways.
    return unicodedata.normalize("NFC", password)
