"""How do words of a commune move from one version to the next? Whole, proved, kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.words.errors import WordedMeanwhileError
from storage import wording

SHOWN = 200
Entries = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """One version; ``at`` is UTC ms, ``by`` a code, ``key`` what was changed."""

    version_id: str
    at: int
    by: str
    key: str
    entries: Entries


def entries(connection: Connection, unit_id: str, layer: str) -> dict[str, Any]:
    """Return what a unit wrote itself; empty for nothing."""
    _, body = wording.current(connection, unit_id, layer)
    return dict(json.loads(body)) if body else {}


async def change(
    desk: Desk,
    layer: str,
    key: str,
    tag: Tag,
    work: Callable[[dict[str, Any]], Mapping[str, Any]],
    *,
    needs: Action = Action.EDIT_SENTENCES,
    seen: str | None = None,
) -> bool:
    """Write the next version: ``work`` gets the entries in force, returns the new ones.

    ``seen`` is the version a form showed, None when it does not matter. Returns whether
    anything changed. Raises WordedMeanwhileError, NotAllowedError, StrangerError, and
    what the work raises; then nothing is written.
    """

    def written(connection: Connection) -> bool:
        old, body = wording.current(connection, desk.unit_id, layer)
        if seen not in (None, old):
            raise WordedMeanwhileError
        before = dict(json.loads(body)) if body else {}
        after = dict(work(dict(before)))
        if after == before:
            return False
        text = json.dumps(after, ensure_ascii=False, sort_keys=True)
        note = json.dumps({"by": desk.by, "key": key})
        new = wording.Version(desk.ids.new(), desk.now_ms(), note, text)
        if not wording.put(connection, desk.unit_id, layer, new, old):
            raise WordedMeanwhileError
        desk.prove(connection, tag, new.version_id, key=key, entries=len(after))
        return True

    return await desk.change(needs, written)


async def versions(desk: Desk, layer: str) -> list[Version]:
    """Return the versions, newest first."""
    rows = await desk.look(
        Action.SEE_CATALOGUE,
        lambda c: wording.versions(c, desk.unit_id, layer, SHOWN),
    )
    return [_version(row) for row in rows]


def _version(row: wording.Version) -> Version:
    note = json.loads(row.note)
    by, key = str(note.get("by", "")), str(note.get("key", ""))
    return Version(row.version_id, row.made_at, by, key, json.loads(row.body))
