"""How does each end of a fetch become rows, evidence and words, in one transaction?"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.fetch_results import Fetched, Later, Lost, Unfit
from bot.fetch_told import Told
from handlers.model import Tag
from storage import files, operations
from storage.database import Database
from storage.evidence import Entry, append
from storage.file_states import FileState
from storage.files import Row
from storage.ids import Ids
from storage.vault import PersonVault, commit

ATTEMPTS = 12
"""With the waits below about two hours; the platforms' links live about that long."""
BACKOFF_MS = 5_000
BACKOFF_LIMIT_MS = 900_000
AGAIN = ("host", "gave_up")
"""Reasons that somebody may mend (storage.files.want_again)."""
TROUBLE = {"disk_full": "files_disk_full", "scanner_away": "files_scanner_away"}
"""What hinders every file alike: told to staff once, not for each file."""
ALARMING = {"virus": "file_virus", "host": "file_host_unknown"}


class FetchLog:
    """Writes what became of a file; every write proves that it is still ours."""

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, owner: str, told: Told
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._owner = owner
        self._told = told

    async def stored(
        self, row: Row, vault: PersonVault, source: Mapping[str, Any], got: Fetched
    ) -> None:
        """It is on the disk: the row, and evidence with a salted hash."""
        now = self._clock.now_ms()
        promise = commit(got.sha256)
        facts = {
            "name": source.get("name", ""),
            "texts": {"sha256": got.sha256},
            "salts": {"sha256": promise.salt.hex()},
        }
        sealed = vault.seal(facts, row["item_id"])
        entry = self._entry(
            row,
            Tag.FILE_RECEIVED,
            now,
            {"size": got.size, "type": got.media_type},
            {"sha256": promise.digest},
        )

        def work(connection: Connection) -> None:
            files.store(
                connection,
                row,
                owner=self._owner,
                now=now,
                sealed=sealed,
                size=got.size,
                content_mac=got.name,
                media_type=got.media_type,
            )
            append(connection, [entry])

        await self._database.write(work)

    async def refused(
        self, row: Row, vault: PersonVault, source: Mapping[str, Any], why: Unfit
    ) -> None:
        """It is not kept: evidence, and one sentence to the citizen or to staff."""
        now = self._clock.now_ms()
        sealed = vault.seal(_left(source, why.reason), row["item_id"])
        entry = self._entry(row, Tag.FILE_REFUSED, now, {"code": why.reason})
        sentence = await self._told.prepare(self._database, row, vault, why, now)

        def work(connection: Connection) -> bool:
            self._end(connection, row, sealed, FileState.REFUSED, why.reason, now)
            append(connection, [entry])
            if why.reason in ALARMING:
                self._notice(connection, row, ALARMING[why.reason], why.detail, now)
            return self._told.write(connection, sentence)

        if await self._database.write(work):
            self._told.wake(row["channel"])

    async def gone(
        self, row: Row, vault: PersonVault, source: Mapping[str, Any], why: Lost
    ) -> None:
        """The platform no longer has it: evidence, and staff are told."""
        now = self._clock.now_ms()
        sealed = vault.seal(_left(source, why.reason), row["item_id"])
        entry = self._entry(row, Tag.FILE_GONE, now, {"code": why.reason})

        def work(connection: Connection) -> None:
            self._end(connection, row, sealed, FileState.GONE, why.reason, now)
            append(connection, [entry])
            self._notice(connection, row, "file_gone", why.reason, now)

        await self._database.write(work)

    async def later(self, row: Row, why: Later) -> None:
        """Try again; what hinders every file uses up no tries and is told once."""
        now = self._clock.now_ms()

        def work(connection: Connection) -> None:
            files.later(
                connection,
                row,
                owner=self._owner,
                now=now,
                available_at=now + _wait_ms(row["attempts"], why.after_seconds),
                reason=why.reason,
                attempts=row["attempts"] - (not why.counts),
            )
            if why.reason in TROUBLE:
                self._trouble(connection, row["unit_id"], why.reason, now)

        await self._database.write(work)

    def _end(
        self,
        connection: Connection,
        row: Row,
        sealed: bytes,
        state: FileState,
        reason: str,
        now: int,
    ) -> None:
        files.end(
            connection,
            row,
            owner=self._owner,
            now=now,
            sealed=sealed,
            state=state,
            reason=reason,
        )

    def _entry(
        self,
        row: Row,
        tag: Tag,
        now: int,
        data: Mapping[str, str | int | bool],
        sealed: Mapping[str, str] | None = None,
    ) -> Row:
        shared = {"channel": row["channel"], "kind": row["kind"]}
        shared["event"] = row["event_id"]
        return Entry(
            unit_id=row["unit_id"],
            entry_id=self._ids.new(),
            at=now,
            tag=tag.value,
            subject=row["file_id"],
            person=row["person_id"],
            item=row["item_id"],
            data={**shared, **data},
            sealed=sealed or {},
        ).row()

    def _notice(
        self, connection: Connection, row: Row, kind: str, detail: str, now: int
    ) -> None:
        notice = {
            "unit_id": row["unit_id"],
            "notice_id": self._ids.new(),
            "kind": kind,
            "subject": row["file_id"],
            "detail": detail[:200],
            "created_at": now,
        }
        operations.add_notice(connection, notice)

    def _trouble(
        self, connection: Connection, unit_id: str, reason: str, now: int
    ) -> None:
        notice = {
            "unit_id": unit_id,
            "notice_id": self._ids.new(),
            "kind": TROUBLE[reason],
            "subject": "files",
            "detail": "tệp của người dân đang chờ, sẽ tự tải lại",
            "created_at": now,
        }
        operations.add_notice_once(connection, notice)


def _left(source: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """The address goes, unless a person may want to try once more."""
    kept = ("name", "url") if reason.startswith(AGAIN) else ("name",)
    return {name: source[name] for name in kept if name in source}


def _wait_ms(attempt: int, after_seconds: float | None) -> int:
    if after_seconds is not None:
        return int(after_seconds * 1000)
    base = min(BACKOFF_MS * 2 ** max(0, attempt - 1), BACKOFF_LIMIT_MS)
    return int(base * random.uniform(0.7, 1.0))  # noqa: S311  jitter, not a secret
