"""What does the work with files need, and how is every look proved?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.model import Tag
from handlers.staff.files.errors import FilesError
from handlers.staff.people.model import CODE
from handlers.staff.proof import proof
from storage.database import Database
from storage.evidence import Entry
from storage.file_folder import FileFolder
from storage.ids import Ids
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class FilesDesk:
    """One unit, its folder, and the person who looks: a code, never a name."""

    database: Database
    vault: Vault
    folder: FileFolder
    ids: Ids
    now_ms: Callable[[], int]
    by: str

    def __post_init__(self) -> None:
        """Refuse anything that the log must not hold."""
        if not CODE.fullmatch(self.by):
            raise FilesError(
                "Mã cán bộ chỉ gồm chữ không dấu, số và các dấu . _ -",
                "Ví dụ: --by canbo01",
            )

    @property
    def unit_id(self) -> str:
        """The unit."""
        return self.vault.unit_id

    def proof(
        self, tag: Tag, subject: str, person: str = "", **data: str | int | bool
    ) -> Entry:
        """Return the evidence of one look: codes and numbers only."""
        return proof(self, tag, subject, person, **data)
