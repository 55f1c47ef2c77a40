"""Which built dossiers may not lie here any longer? Old ones, and those of the erased.

A built dossier shows people as they were when somebody asked for it. Once one of the
unit was erased after that, it is destroyed whoever it was about: it can be made again.
"""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.installation import Installation
from storage import dossier
from storage.errors import StorageError
from storage.file_folder import FileFolder

LIFE_MS: Final = 24 * 3_600_000

log = structlog.get_logger("dossier")


async def sweep(house: Installation, unit_id: str) -> int:
    """Destroy what is older than a day or knows somebody erased; return how many.

    Raises StorageError for the database; a file that cannot be deleted is logged and
    waits for the next time.
    """
    old = house.clock.now_ms() - LIFE_MS
    gone = await house.database.read(lambda c: dossier.stale(c, unit_id, old))
    folder, number = FileFolder(house.files_folder), 0
    for job_id, name in gone:
        try:
            await asyncio.to_thread(folder.delete, f"{unit_id}.dossier", [name])
        except (StorageError, OSError) as error:
            log.warning("dossier_not_swept", error=type(error).__name__)
            continue
        await house.database.write(
            lambda c, job_id=job_id: dossier.move_job(  # type: ignore[misc]
                c, unit_id, job_id, file_mac=None, size=0
            )
        )
        number += 1
    return number
