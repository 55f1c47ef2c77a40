"""Which rows does a file of an officer become, once its bytes are on the disk?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.files.kinds import FileType
from handlers.model import Media, Tag
from storage.evidence import Entry
from storage.file_folder import Draft
from storage.file_states import FileState
from storage.ids import Ids
from storage.vault import PersonVault, commit

NAMES: Mapping[str, str] = {"image": "anh", "file": "van-ban"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the disk with the rows that say so; ``media`` is what is sent."""

    media: Media
    row: dict[str, Any]
    item: dict[str, Any]
    sha256: str


def kept_file(
    vault: PersonVault,
    draft: Draft,
    name: str,
    kind: FileType,
    *,
    event_id: str,
    channel: str,
    ids: Ids,
    now: int,
) -> Kept:
    """Return the rows of a published draft under the citizen's key; ``now`` UTC ms.

    ``name`` is its name in the folder; what the citizen sees is one of ours.
    """
    file_id, item_id = ids.new(), ids.new()
    shown, promise = NAMES[kind.group] + kind.suffix, commit(draft.sha256)
    facts = {
        "name": shown,
        "texts": {"sha256": draft.sha256},
        "salts": {"sha256": promise.salt.hex()},
    }
    shared = {"unit_id": vault.unit_id, "person_id": vault.person_id}
    item = shared | {
        "item_id": item_id,
        "kind": "file",
        "sealed": vault.seal(facts, item_id),
        "created_at": now,
    }
    row: dict[str, Any] = shared | {
        "file_id": file_id,
        "item_id": item_id,
        "event_id": event_id,
        "position": 0,
        "channel": channel,
        "kind": kind.group,
        "state": FileState.STORED.value,
        "attempts": 1,
        "available_at": now,
        "owner": None,
        "size": draft.size,
        "content_mac": name,
        "media_type": kind.media_type,
        "reason": None,
        "created_at": now,
        "updated_at": now,
    }
    media = Media(kind.group, name=shown, stored=file_id)
    return Kept(media, row, item, promise.digest)


def entry_of(kept: Kept, who: str, ids: Ids, now: int, ref: str = "") -> Entry:
    """Return the proof that an officer sent a file: size, type, salted hash.

    ``ref`` is the matter on a staff channel, "" in the console.
    """
    row = kept.row
    about = {"ref": ref} if ref else {}
    return Entry(
        unit_id=row["unit_id"],
        entry_id=ids.new(),
        at=now,
        tag=Tag.FILE_KEPT.value,
        subject=row["file_id"],
        person=row["person_id"],
        item=row["item_id"],
        data={"by": who, "size": row["size"], "type": row["media_type"], **about},
        sealed={"sha256": kept.sha256},
    )
