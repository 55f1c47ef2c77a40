"""What do the tests of the sealed queue share? A commune that hears denunciations.

``everything_opened`` looks into every row with every key but the sealed one, as a thief
of all of them could: AES-GCM is decrypted without its tag, so no context is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import Connection, select

from bot.sandbox.webhook import zalo_event
from bot.seal_plan import sealers
from bot.seal_sweep import SealSweep
from handlers.citizen.router import respond
from handlers.model import Conversation, Inbound, Outcome
from handlers.ports import Services
from handlers.staff.sealed.words import Opened, opened
from nlu.model import Decision, Intent, Memory, Understanding
from storage.keys import KEY_BYTES, NONCE_BYTES, Box, MasterBox, UnitKeys
from storage.tables import metadata, person, sealed_entry
from tests.bot.support import LANH, UNIT, Road, platforms
from tests.handlers.citizen import talk

MARK = "zqx4711"
"""Stands in everything that must be found nowhere."""
EARLIER = f"ong truong thon nhan tien cua toi {MARK}"
NOW = f"toi to cao ong truong thon {MARK}"
LATER = f"ong ay con lay dat nua {MARK}"
TAG_BYTES = 16


class Ears:
    """Hears a denunciation in words that say so; knows nothing else."""

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the reading."""
        del memory
        if text.startswith("toi to cao"):
            return talk.reading(Intent.TO_CAO)
        return talk.reading(decision=Decision.UNKNOWN)


def hears(inbound: Inbound, conversation: Conversation, services: Services) -> Outcome:
    """Answer with the real use cases of a small commune."""
    del services
    known = talk.services()
    ours = Services(
        known.unit, known.clock, Ears(), known.catalogue, known.hours, known.words
    )
    return respond(inbound, conversation, ours)


def sweep_of(road: Road) -> SealSweep:
    """Return the sweep of a road."""
    planners = sealers(road.units, road.day_keys)
    return SealSweep(road.database.inner, planners, road.clock)


async def writes(road: Road, text: str, user_id: str = LANH.zalo_id) -> None:
    """Let a citizen write on Zalo; a second passes before."""
    road.clock.advance(ms=1000)
    at = road.clock.now_ms()
    name = f"m{at}"
    request = zalo_event(platforms(), user_id, text, at_ms=at, message_id=name)
    assert await road.post(request) == 200


async def entries(road: Road) -> list[Opened]:
    """Open the sealed queue."""
    rows = await road.rows(sealed_entry)
    return [opened(road.ring.unit(UNIT).sealed, row) for row in rows]


def keys_of(connection: Connection, road: Road) -> list[bytes]:
    """Return all keys there are but those of the sealed queue."""
    unit = road.ring.unit(UNIT)
    found = [_key(unit.box)]
    for row in connection.execute(select(person)).mappings():
        if row["wrapped_key"] is not None:
            context = f"person:{row['person_id']}"
            found.append(unit.box.open(row["wrapped_key"], context))
    found += [_key(box) for box in road.day_keys._boxes.values()]
    return found


def everything_opened(
    connection: Connection, keys: list[bytes]
) -> Iterator[tuple[str, bytes]]:
    """Yield (table, bytes) of every value, as it lies there and under every key."""
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)):
            for value in row:
                if isinstance(value, str):
                    yield table.name, value.encode()
                elif isinstance(value, bytes):
                    yield table.name, value
                    yield from ((table.name, plain(key, value)) for key in keys)


def found_in(connection: Connection, keys: list[bytes]) -> set[str]:
    """Return the tables in which the mark stands."""
    mark = MARK.encode()
    return {
        name for name, value in everything_opened(connection, keys) if mark in value
    }


def plain(key: bytes, value: bytes) -> bytes:
    """Decrypt what Box sealed, whatever it was bound to; noise with a wrong key."""
    if len(key) != KEY_BYTES or len(value) < NONCE_BYTES + TAG_BYTES:
        return b""
    counter = value[:NONCE_BYTES] + (2).to_bytes(4)
    cipher = Cipher(algorithms.AES(key), modes.CTR(counter)).decryptor()
    return cipher.update(value[NONCE_BYTES:-TAG_BYTES]) + cipher.finalize()


def sealed_key(unit: UnitKeys) -> bytes:
    """Return the one key that opens the queue."""
    return _key(unit.sealed.box)


def _key(box: Box) -> bytes:
    return (box._known()[0] if isinstance(box, MasterBox) else box)._key
