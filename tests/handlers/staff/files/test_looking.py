"""Can staff look at a file, only as they may, and never without a trace?"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers.staff.files.desk import FilesDesk
from handlers.staff.files.errors import (
    DamagedError,
    FilesError,
    NoSuchFileError,
    NotStoredError,
    OriginalOnlyError,
)
from handlers.staff.files.looking import Narrowed, listed, opened, want_again
from storage import files, people
from storage.database import Database
from storage.file_folder import FileFolder
from storage.file_states import FileState
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import evidence_entry, person, received_file
from storage.vault import Vault
from tests.conftest import FakeClock
from tests.handlers.files.samples import PLACE, SAMPLES

UNIT = "xa-thu"
PHOTO = SAMPLES["image/jpeg"]


class Office:
    """A desk, and a citizen whose files lie in its folder."""

    def __init__(
        self, database: Database, ring: KeyRing, ids: Ids, clock: FakeClock, root: Path
    ) -> None:
        self.database, self.ids, self.root = database, ids, root
        vault = Vault(UNIT, ring.unit(UNIT))
        self.person = vault.create("p-lua")
        self.desk = FilesDesk(
            database, vault, FileFolder(root), ids, clock.now_ms, "canbo01"
        )

    async def settle(self) -> None:
        """Write the person."""
        shared = {"unit_id": UNIT, "person_id": "p-lua"}
        identity = shared | {"channel": "zalo", "id_mac": "m", "sealed_id": b"x"}
        row = shared | {"wrapped_key": self.person.wrapped_key, "created_at": 1}
        await self.database.write(lambda c: people.add_person(c, row, identity))

    async def put(
        self,
        data: bytes,
        media_type: str = "image/jpeg",
        state: FileState = FileState.STORED,
        **facts: Any,
    ) -> str:
        """Keep a file as the fetcher does; return its id."""
        file_id, digest = self.ids.new(), hashlib.sha256(data).hexdigest()
        name = digest[:32]
        draft = self.desk.folder.draft()
        draft.write(data)
        draft.finish(self.person, name)
        self.desk.folder.publish(draft, UNIT, name)
        known = {"name": "anh.jpg", "texts": {"sha256": digest}} | facts
        shared = {"unit_id": UNIT, "person_id": "p-lua", "created_at": 1000}
        item = shared | {
            "item_id": f"i-{file_id[2:]}",
            "kind": "citizen:file:received",
        }
        row = shared | {
            "file_id": file_id,
            "item_id": item["item_id"],
            "event_id": file_id,
            "position": 0,
            "channel": "zalo",
            "kind": "image",
            "state": FileState.WANTED.value,
            "attempts": 1,
            "available_at": 1000,
            "updated_at": 1000,
        }

        def work(connection: Connection) -> None:
            sealed = self.person.seal(known, str(item["item_id"]))
            people.add_items(connection, [item | {"sealed": sealed}])
            files.want(connection, [row])
            connection.execute(
                received_file.update()
                .where(received_file.c.file_id == file_id)
                .values(
                    state=state,
                    size=len(data),
                    content_mac=name,
                    media_type=media_type,
                )
            )

        await self.database.write(work)
        return file_id

    async def trace(self) -> list[tuple[str, dict[str, Any]]]:
        """Return tag and data of every entry, oldest first."""
        query = evidence_entry.select().order_by(evidence_entry.c.entry_id)
        rows = await self.database.read(lambda c: c.execute(query).all())
        return [(row.tag, json.loads(row.leaf)["data"]) for row in rows]


@pytest.fixture
async def office(
    database: Database, ring: KeyRing, ids: Ids, clock: FakeClock, tmp_path: Path
) -> Office:
    """An office on each engine in turn."""
    made = Office(database, ring, ids, clock, tmp_path / "files")
    await made.settle()
    return made


async def test_a_look_shows_the_picture_without_its_place(office: Office) -> None:
    """The copy has no place; the original has; both looks are on record."""
    file_id = await office.put(PHOTO)
    look = await opened(office.desk, file_id)
    copy = b"".join(look.chunks)
    original = await opened(office.desk, file_id, original=True)

    assert PLACE not in copy
    assert (look.media_type, look.suffix, look.name) == (
        "image/jpeg",
        ".jpg",
        "anh.jpg",
    )
    assert b"".join(original.chunks) == PHOTO
    assert original.sha256 == hashlib.sha256(PHOTO).hexdigest()
    size = len(PHOTO)
    assert await office.trace() == [
        ("staff:file:read", {"by": "canbo01", "original": False, "size": size}),
        ("staff:file:read", {"by": "canbo01", "original": True, "size": size}),
    ]


async def test_a_list_is_on_record_too(office: Office) -> None:
    """Codes only, narrowed, counted."""
    file_id = await office.put(PHOTO)
    await office.put(PHOTO, state=FileState.GONE)
    rows = await listed(office.desk, Narrowed(state="stored"))

    assert [row["file_id"] for row in rows] == [file_id]
    assert "sealed" not in rows[0]
    assert await office.trace() == [
        ("staff:file:listed", {"by": "canbo01", "count": 1})
    ]


@pytest.mark.parametrize("state", [FileState.WANTED, FileState.REFUSED, FileState.GONE])
async def test_only_a_stored_file_is_opened(office: Office, state: FileState) -> None:
    """Anything else says so, and leaves no trace of a look that was none."""
    file_id = await office.put(PHOTO, state=state)
    with pytest.raises(NotStoredError):
        await opened(office.desk, file_id)
    with pytest.raises(NoSuchFileError):
        await opened(office.desk, "khong-co")
    assert await office.trace() == []


async def test_heic_is_shown_only_as_the_original(office: Office) -> None:
    """Its place cannot be cut out."""
    heic = SAMPLES["image/heic"]
    file_id = await office.put(heic, "image/heic")
    with pytest.raises(OriginalOnlyError):
        await opened(office.desk, file_id)
    look = await opened(office.desk, file_id, original=True)
    assert b"".join(look.chunks) == heic


async def test_a_cut_picture_is_shown_only_as_the_original(office: Office) -> None:
    """What cannot be followed to its end could hide a place."""
    file_id = await office.put(PHOTO[:-300])
    look = await opened(office.desk, file_id)
    with pytest.raises(OriginalOnlyError):
        list(look.chunks)


async def test_a_tampered_file_is_not_shown(office: Office) -> None:
    """A changed byte on the disk, or a missing file."""
    file_id = await office.put(PHOTO)
    (place,) = [p for p in office.root.rglob("*") if p.is_file() and p.name != ".lock"]
    data = bytearray(place.read_bytes())
    data[-1] ^= 1
    place.write_bytes(bytes(data))
    for _ in range(2):
        look = await opened(office.desk, file_id)
        with pytest.raises(DamagedError):
            list(look.chunks)
        place.unlink(missing_ok=True)


async def test_a_person_who_was_erased_has_no_files(office: Office) -> None:
    """Without the key the row means nothing; another's key opens nothing."""
    file_id = await office.put(PHOTO)
    stranger = office.desk.vault.create("p-son").wrapped_key
    for key, error in ((stranger, DamagedError), (None, NoSuchFileError)):
        values = {"wrapped_key": key}
        await office.database.write(
            lambda c: c.execute(person.update().values(values))  # noqa: B023  at once
        )
        with pytest.raises(error):
            await opened(office.desk, file_id)


async def test_only_what_has_its_address_is_fetched_again(office: Office) -> None:
    """The others would only fail once more."""
    kept = await office.put(PHOTO, state=FileState.REFUSED, url="https://a.zdn.vn/1")
    dead = await office.put(PHOTO, state=FileState.GONE)
    stored = await office.put(PHOTO, url="https://a.zdn.vn/2")
    asked = [kept, dead, stored, "khong-co"]

    assert await want_again(office.desk, asked) == 1
    row = await office.database.read(lambda c: files.get(c, UNIT, kept))
    assert row is not None
    assert (row["state"], row["attempts"]) == ("wanted", 0)
    assert (await office.trace())[0][0] == "staff:file:retried"


def test_a_name_is_no_staff_code(office: Office) -> None:
    """The log holds codes, never names."""
    with pytest.raises(FilesError):
        replace(office.desk, by="Nguyễn Văn A")
