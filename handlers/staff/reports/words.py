"""What did people say in words about how they were served? Read by few, and proven."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.reports.book import Rated
from storage import reports
from storage.vault import Vault


async def read(desk: Desk, vault: Vault, ratings: Sequence[Rated]) -> dict[str, str]:
    """Return the words of these ratings, by what each is about.

    Only who works on cases may; that somebody read, and how many, is written down.
    Raises StrangerError, NotAllowedError.
    """
    wanted = {one.item_id: one.about for one in ratings if one.item_id}
    if not wanted:
        return {}

    def work(connection: Connection) -> dict[str, str]:
        found = reports.words(connection, desk.unit_id, list(wanted))
        told = {
            wanted[row["item_id"]]: str(
                vault.unwrap(row["person_id"], row["wrapped_key"])
                .open(row["sealed"], row["item_id"])
                .get("words", "")
            )
            for row in found
        }
        if told:
            desk.prove(connection, Tag.RATINGS_READ, "survey", count=len(told))
        return told

    return await desk.change(Action.SEE_CASES, work)
