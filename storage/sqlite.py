"""How does the embedded database write? One thread, two queues, one commit for many.

WAL with synchronous=FULL: a commit is on the disk. Acknowledgements go first, and
no transaction holds the write lock for long, so the platform never waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from storage.database import Work
from storage.errors import AlreadyRunningError, StorageUnavailableError
from storage.sqlite_pairs import seek_pairs

T = TypeVar("T")

HOLD_SECONDS = 0.02
"""A transaction takes no further work after this long (the lock limit is 50 ms)."""
BUSY_MS = 5000
READERS = 3
CHECKPOINT_PAGES = 2000


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class SqliteDatabase:
    """The embedded database: one writer thread, a few readers."""

    is_embedded = True

    def __init__(self, path: Path, *, exclusive: bool = True) -> None:
        self._lock_file = _take_lock(path) if exclusive else None
        self._engine = sqlite_engine(path, pool_size=READERS + 1)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._urgent: deque[_Job] = deque()
        self._ordinary: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="write", daemon=True)
        self._thread.start()

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        """Queue the work for the writer; return after the commit that holds it."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        with self._wake:
            if self._closing:
                raise StorageUnavailableError("closing")
            (self._urgent if urgent else self._ordinary).append(job)
            self._wake.notify()
        result: T = await job.future
        return result

    async def read(self, work: Work[T]) -> T:
        """Run in a reader thread over a WAL snapshot."""
        if self._closing:
            raise StorageUnavailableError("closing")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, work)

    async def truncate_wal(self) -> bool:
        """Copy the log into the file and cut it to nothing; False while it is read."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._truncate_wal)

    async def close(self) -> None:
        """Write what is queued, then close the file and free the lock."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        await asyncio.to_thread(self._thread.join)
        self._readers.shutdown(wait=True)
        self._engine.dispose()
        if self._lock_file is not None:
            self._lock_file.close()

    def _read(self, work: Work[T]) -> T:
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                try:
                    return work(connection)
                finally:
                    connection.exec_driver_sql("ROLLBACK")
        except DBAPIError as error:
            raise _unavailable(error) from error

    def _truncate_wal(self) -> bool:
        try:
            with self._engine.connect() as connection:
                statement = "PRAGMA wal_checkpoint(TRUNCATE)"
                busy = connection.exec_driver_sql(statement).scalar_one()
                return not busy
        except DBAPIError as error:
            raise _unavailable(error) from error

    def _run(self) -> None:
        connection: Connection | None = None
        while self._wait():
            jobs: list[_Job] = []
            try:
                connection = connection or self._engine.connect()
                self._transaction(connection, jobs)
            except (DBAPIError, sqlite3.Error) as error:
                self._fail(jobs, _unavailable(error))
                _dropped(connection)
                connection = None
            except Exception as error:  # noqa: BLE001  the writer must live on
                self._fail(jobs, error)
                _dropped(connection)
                connection = None
            _resolve(jobs)
        _dropped(connection)

    def _wait(self) -> bool:
        with self._wake:
            while not (self._urgent or self._ordinary or self._closing):
                self._wake.wait()
            return bool(self._urgent or self._ordinary)

    def _transaction(self, connection: Connection, jobs: list[_Job]) -> None:
        """Run jobs until the time is over, then commit what all of them wrote.

        The first job has the transaction to itself if it fails; the others are
        guarded by savepoints. Every statement less is one wait less for the
        interpreter lock.
        """
        raw = connection.connection.cursor()
        raw.execute("BEGIN IMMEDIATE")
        until = time.perf_counter() + HOLD_SECONDS
        try:
            while (job := self._next()) is not None:
                jobs.append(job)
                if len(jobs) == 1:
                    _run_first(connection, raw, job)
                else:
                    _run_guarded(connection, raw, job)
                if time.perf_counter() > until:
                    break
            raw.execute("COMMIT")
        except BaseException:
            _rollback(connection)
            raise

    def _next(self) -> _Job | None:
        with self._wake:
            if self._urgent:
                return self._urgent.popleft()
            return self._ordinary.popleft() if self._ordinary else None

    def _fail(self, jobs: list[_Job], error: BaseException) -> None:
        if not jobs and (job := self._next()) is not None:
            jobs.append(job)
        for job in jobs:
            job.error = job.error or error


def sqlite_engine(path: Path, pool_size: int = 2) -> Engine:
    """Return an engine whose connections leave transactions to us."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=2,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False, "cached_statements": 512},
    )
    event.listen(engine, "connect", _prepare)
    seek_pairs(engine)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        "cache_size=-8000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _run_first(connection: Connection, raw: DBAPICursor, job: _Job) -> None:
    _run_job(connection, job)
    if job.error is not None:
        raw.execute("ROLLBACK")
        raw.execute("BEGIN IMMEDIATE")


def _run_guarded(connection: Connection, raw: DBAPICursor, job: _Job) -> None:
    raw.execute("SAVEPOINT job")
    _run_job(connection, job)
    if job.error is not None:
        raw.execute("ROLLBACK TO job")
    raw.execute("RELEASE job")


def _run_job(connection: Connection, job: _Job) -> None:
    try:
        job.result = job.work(connection)
    except DBAPIError as error:
        if _is_fatal(error):
            raise
        job.error = error
    except Exception as error:  # noqa: BLE001  it belongs to the one who asked
        job.error = error


def _dropped(connection: Connection | None) -> None:
    if connection is not None:
        with contextlib.suppress(DBAPIError, sqlite3.Error):
            connection.close()


def _rollback(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK")
    except DBAPIError:
        connection.invalidate()


def _resolve(jobs: list[_Job]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, group in by_loop.items():
        # A loop that ended meanwhile has nobody left to tell.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, group)


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.future.done():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


FATAL_CODES = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_NOTADB,
    }
)


def _is_fatal(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0) or 0
    return (code & 0xFF) in FATAL_CODES


def _unavailable(error: DBAPIError | sqlite3.Error) -> StorageUnavailableError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return StorageUnavailableError(getattr(cause, "sqlite_errorname", "") or "")


def _take_lock(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.with_name(path.name + ".lock.pid").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise AlreadyRunningError(path.name) from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
