"""How is one entry shown to be in the log? By a C2SP tlog-proof, checked offline."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from sqlalchemy import Connection

from handlers.staff.evidence.errors import LogBrokenError, NotFoundError
from storage.errors import NoteError
from storage.evidence import checkpoints, order
from storage.evidence.checkpoints import Signed
from storage.evidence.proofs import inclusion

FORMAT = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry at its place under a signed root."""

    entry_id: str
    index: int
    leaf: bytes
    path: tuple[bytes, ...]
    signed: Signed

    def text(self, *, with_leaf: bool) -> str:
        """Return the file; with the leaf's bytes as its extra data, or without."""
        extra = [f"extra {_encoded(self.leaf)}"] if with_leaf else []
        lines = [FORMAT, *extra, f"index {self.index}", *map(_encoded, self.path)]
        return "\n".join([*lines, "", self.signed.note])


def prove(connection: Connection, unit_id: str, entry_id: str) -> Proof:
    """Return the proof of an entry; raises NotFoundError, LogBrokenError."""
    found = order.found_entry(connection, unit_id, entry_id)
    signed = checkpoints.newest(connection, unit_id)
    if found is None or signed is None or found[0] >= signed.size:
        raise NotFoundError
    index, leaf = found
    try:
        read = order.nodes_of_path(connection, unit_id, index, signed.size)
        path = inclusion(index, signed.size, read)
    except (LookupError, NoteError) as error:
        raise LogBrokenError from error
    return Proof(entry_id, index, leaf, tuple(path), signed)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
