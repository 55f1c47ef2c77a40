"""What can go wrong in storage; each docstring is the message."""

from __future__ import annotations


class StorageError(Exception):
    """The database refused the work."""

    def __init__(self, detail: str = "") -> None:
        text = (self.__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)


class StorageUnavailableError(StorageError):
    """The database is away, locked for too long, or the disk is full."""


class ConflictError(StorageError):
    """Somebody changed the row first; read again and decide again."""


class LeaseLostError(StorageError):
    """The lane or row is no longer ours; another worker has it."""


class AlreadyRunningError(StorageError):
    """Another process holds this embedded database."""


class SchemaError(StorageError):
    """The database has another schema version; run 'thanthien migrate'."""


class KeyFileError(StorageError):
    """The vault key file is missing, damaged or readable by others."""


class ErasedError(StorageError):
    """The person was erased; their key no longer exists."""


class SpoolFullError(StorageError):
    """The spool folder cannot take another file."""


class CorruptFileError(StorageError):
    """The spool file cannot be read."""


class FilesFullError(StorageError):
    """The folder of received files cannot take another file."""


class FileDamagedError(StorageError):
    """The sealed file is missing, cut, moved or changed."""


class NoteError(StorageError):
    """The signed note is not written as the format demands."""


class EvidenceError(StorageError):
    """The evidence log does not agree with what it said before."""


class BackupError(StorageError):
    """The backup cannot be used as it is."""


class BackupKeyError(BackupError):
    """The backup was sealed under another master key."""


class BackupVersionError(BackupError):
    """The backup was made by another version of the program."""


class NotEmptyError(StorageError):
    """There is data already where the backup should go."""
