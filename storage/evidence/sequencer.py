"""How do waiting entries become part of a signed tree? In small steps, each whole.

A crash between two steps loses nothing: entries without a place still wait, a tree
without a signature is signed in the next round. Before it signs, the sequencer makes
sure that the tree it signed last is the begin of the one it sees.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from storage.database import Database
from storage.errors import EvidenceError, NoteError
from storage.evidence import checkpoints, order
from storage.evidence.checkpoints import KeyRow, Signed
from storage.evidence.merkle import root_at
from storage.evidence.notes import Checkpoint, Signer, sign
from storage.evidence.order import Lease
from storage.keys import KEY_BYTES, InvalidTag, UnitKeys

BATCH = 256
"""Entries a transaction: it holds the lock of the database for a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What there is to sign."""

    origin: str
    size: int
    root: bytes
    keys: tuple[KeyRow, ...]
    last: Signed | None


class Sequencer:
    """Orders and signs the log of one unit; ``origin`` counts only for a new log."""

    def __init__(
        self,
        database: Database,
        unit_id: str,
        keys: UnitKeys,
        origin: str,
        now_ms: Callable[[], int],
        day: Callable[[], str],
    ) -> None:
        self._database = database
        self.unit_id = unit_id
        self._keys = keys
        self._origin = origin
        self._now_ms = now_ms
        self._day = day

    async def run(self, lease: Lease | None = None) -> Signed | None:
        """Order all that waits and sign it; return a new checkpoint, if any.

        Raises EvidenceError when the log is not what was signed before, and
        StorageUnavailableError.
        """
        await self.integrate(lease)
        return await self.publish()

    async def integrate(self, lease: Lease | None = None) -> int:
        """Order all that waits; return how many entries."""
        unit_id, total = self.unit_id, 0
        if not await self._database.read(lambda c: order.is_waiting(c, unit_id)):
            return 0
        if await self._database.read(lambda c: order.head(c, unit_id)) is None:
            await self.begin()
        step = partial(order.integrate, unit_id=unit_id, limit=BATCH, lease=lease)
        while done := await self._database.write(step):
            total += done
        return total

    async def begin(self) -> None:
        """Make head and first key of a log that has none."""
        row = self._new_key(0, 0)

        def work(connection: Connection) -> None:
            order.begin(connection, self.unit_id, self._origin)
            checkpoints.add_key(connection, self.unit_id, row)

        await self._database.write(work)

    async def publish(self) -> Signed | None:
        """Sign the tree when it grew; return the new checkpoint, if any."""
        tree = await self._database.read(self._tree)
        if tree is None or (tree.last is not None and tree.last.size == tree.size):
            return None
        signers = self._signers(tree)
        said = Checkpoint(tree.origin, tree.size, tree.root)
        note = sign(said.text(), *signers)
        is_kept = len(signers) > 1
        signed = Signed(tree.size, self._day(), note, self._now_ms(), is_kept)

        def work(connection: Connection) -> bool:
            return checkpoints.save(connection, self.unit_id, signed, self._keys)

        return signed if await self._database.write(work) else None

    async def rotate(self) -> KeyRow:
        """Make a key that signs from the next entry on; the old one hands over.

        Raises EvidenceError when the newest key has not signed anything yet.
        """
        await self.begin()
        await self.run()
        tree = await self._database.read(self._tree)
        if tree is None or tree.last is None or tree.keys[-1].from_size > tree.size:
            raise EvidenceError("key not in use yet")
        row = self._new_key(tree.keys[-1].number + 1, tree.size + 1)
        await self._database.write(lambda c: checkpoints.add_key(c, self.unit_id, row))
        return row

    def signer(self, key: KeyRow, origin: str) -> Signer:
        """Open a key; raises EvidenceError when its row was changed."""
        return opened(self._keys, key, origin)

    def _tree(self, connection: Connection) -> Tree | None:
        head = order.head(connection, self.unit_id)
        if head is None or not head.size:
            return None
        read = order.nodes(connection, self.unit_id)
        last = checkpoints.newest(connection, self.unit_id)
        try:
            root = root_at(head.size, read)
            if last is not None and last.size != head.size:
                said, _ = last.read()
                is_same = said.size <= head.size and said.root == root_at(
                    said.size, read
                )
                if not is_same:
                    raise EvidenceError(f"size {said.size}")
        except (LookupError, NoteError) as error:
            raise EvidenceError from error
        found = tuple(checkpoints.keys(connection, self.unit_id))
        return Tree(head.origin, head.size, root, found, last)

    def _signers(self, tree: Tree) -> list[Signer]:
        """Return who signs: the key in force, and before it the one it follows."""
        now = in_force(tree.keys, tree.size)
        before = in_force(tree.keys, tree.last.size) if tree.last else now
        rows = [now] if before == now else [before, now]
        return [self.signer(row, tree.origin) for row in rows]

    def _new_key(self, number: int, from_size: int) -> KeyRow:
        seed = os.urandom(KEY_BYTES)
        public = Signer.of(self._origin, seed).key.public
        row = KeyRow(number, public, b"", from_size, self._now_ms())
        return replace(row, sealed_seed=self._keys.box.seal(seed, _context(row)))


def opened(keys: UnitKeys, row: KeyRow, origin: str) -> Signer:
    """Return the signer of a key; raises EvidenceError when its row was changed."""
    try:
        seed = keys.box.open(row.sealed_seed, _context(row))
    except InvalidTag as error:
        raise EvidenceError(f"key {row.number}") from error
    return Signer.of(origin, seed)


def _context(row: KeyRow) -> str:
    """All that the row says besides: a changed one cannot be opened."""
    said = f"{row.number}:{row.from_size}:{row.created_at}:{row.public.hex()}"
    return f"evidence-key:{said}"


def in_force(keys: tuple[KeyRow, ...], size: int) -> KeyRow:
    """Return the key that signs a tree of a size; raises EvidenceError."""
    fitting = [key for key in keys if key.from_size <= size]
    if not fitting:
        raise EvidenceError("no key")
    return fitting[-1]
