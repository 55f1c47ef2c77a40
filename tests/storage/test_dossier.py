"""Are papers and jobs kept as they were at a size of the log, on both engines?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from handlers.staff.evidence.live import check
from handlers.staff.evidence.trust import Trust
from storage import dossier, evidence
from storage.database import Database
from storage.evidence import checkpoints
from storage.keys import KeyRing
from storage.tables import person
from tests.conftest import MASTER
from tests.storage.evidence.log import AT, UNIT, entry, sequencer

KEYS = KeyRing(MASTER).unit(UNIT)


def paper(number: int) -> dict[str, Any]:
    """Return a paper that entry ``number`` filed."""
    return {
        "unit_id": UNIT,
        "paper_id": f"p{number}",
        "criterion": "I.1.a",
        "state": dossier.FILED,
        "day": "2026-11-20",
        "sealed": b"sealed",
        "file_mac": "mac",
        "size": 5,
        "media_type": "image/jpeg",
        "filed_by": "canbo01",
        "filed_at": AT,
        "filed_entry": entry(number).entry_id,
    }


async def test_papers_are_those_of_then(database: Database) -> None:
    """By the place of the entries that filed and removed them."""
    gone = {
        "state": dossier.REMOVED,
        "removed_at": AT,
        "removed_entry": entry(3).entry_id,
    }

    def write(c: Connection) -> bool:
        for number in (0, 1, 2):
            dossier.add_paper(c, paper(number))
        evidence.append(c, [entry(n).row() for n in range(4)])
        return dossier.remove_paper(c, UNIT, "p1", gone)

    assert await database.write(write)
    await sequencer(database).run()

    def names(c: Connection, size: int) -> list[str]:
        return [row["paper_id"] for row in dossier.papers_at(c, UNIT, size)]

    told = await database.read(lambda c: [names(c, size) for size in (0, 1, 3, 4)])
    assert told == [[], ["p0"], ["p0", "p1", "p2"], ["p0", "p2"]]
    assert await database.read(lambda c: dossier.counts(c, UNIT)) == {"I.1.a": 2}
    assert await database.read(lambda c: dossier.is_file_used(c, UNIT, "mac"))


async def test_a_kept_root_stays_and_the_log_is_in_order(database: Database) -> None:
    """What is signed later on the same day does not take its place."""
    log = sequencer(database)
    for number in range(3):
        row = entry(number).row()
        await database.write(lambda c, row=row: evidence.append(c, [row]))  # type: ignore[misc]
        await log.run()
        if number == 1:
            await database.write(lambda c: dossier.keep_newest(c, UNIT, KEYS))
            await database.write(lambda c: dossier.keep_newest(c, UNIT, KEYS))
    found = await database.read(lambda c: checkpoints.all_of(c, UNIT))
    report = await database.read(lambda c: check(c, UNIT, KEYS, Trust()))

    assert [(one.size, one.is_kept) for one in found] == [(2, True), (3, False)]
    assert (report.is_ok, report.faults) == (True, [])


async def test_one_key_for_all_papers(database: Database) -> None:
    """Made once, and bound to the unit."""
    for _ in range(2):
        await database.write(lambda c: dossier.ensure_key(c, UNIT, KEYS, AT))
    one = await database.read(lambda c: dossier.vault(c, UNIT, KEYS))
    two = await database.read(lambda c: dossier.vault(c, UNIT, KEYS))

    assert one is not None
    assert two is not None
    assert two.open(one.seal({"a": 1}, "x"), "x") == {"a": 1}
    assert await database.read(lambda c: dossier.vault(c, "khac", KEYS)) is None


async def test_a_built_file_is_stale_once_old_or_somebody_left(
    database: Database,
) -> None:
    """By the age of the asking, and by the last erasure of the unit at or after it."""
    told = {"state": dossier.DONE, "step": "pack", "done": 1, "total": 1, "size": 1}
    days = {"first_day": "2026-01-01", "last_day": "2026-11-20", "asked_by": "a"}
    whose = {"unit_id": UNIT, "person_id": "p1", "wrapped_key": None}

    def write(c: Connection) -> None:
        for name, at in (("one", AT), ("two", AT + 10)):
            row = {"unit_id": UNIT, "job_id": name, "asked_at": at, "updated_at": at}
            more = {"as_of": at, "file_mac": f"mac-{name}", "summary": None}
            dossier.add_job(c, row | more | told | days)
        dossier.add_job(
            c,
            {"unit_id": UNIT, "job_id": "none", "asked_at": 1, "updated_at": 1}
            | {"as_of": 1, "file_mac": None, "summary": None, **told, **days},
        )

    def names(c: Connection, old: int) -> list[str]:
        return sorted(job for job, _ in dossier.stale(c, UNIT, old))

    await database.write(write)
    by_age = await database.read(lambda c: [names(c, AT + n) for n in (0, 1, 11)])
    gone = whose | {"created_at": 1, "erased_at": AT}
    await database.write(lambda c: c.execute(person.insert(), gone))
    by_erasure = await database.read(lambda c: names(c, 0))

    assert by_age == [[], ["one"], ["one", "two"]]
    assert by_erasure == ["one"]
