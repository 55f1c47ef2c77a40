"""Citizens who wrote to the commune of the console, for the tests of the desk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from bot.case_mail import CaseMail
from handlers.cases.apply import CaseServices
from handlers.model import Tag
from handlers.staff.cases.workroom import Room
from storage import evidence, people
from storage.evidence import Entry
from storage.vault import PersonVault
from tests.bot.console.support import UNIT, Desk
from tests.handlers.staff.cases.commune import Commune


def commune(desk: Desk, by: str = "canbo01") -> Commune:
    """Return the commune of the console: the same database, keys, clock and words."""
    unit = desk.house.units[UNIT]
    services = unit.services
    room = Room(
        database=desk.house.database,
        unit=services.unit,
        vault=unit.vault,
        ids=desk.house.ids,
        clock=desk.clock,
        by=by,
        services=CaseServices(services.kinds, services.deadlines),
        words=services.words,
        mail=CaseMail(),
    )
    return Commune(room, desk.clock)


async def writes(
    desk: Desk, vault: PersonVault, text: str, intent: str = "phan_anh"
) -> None:
    """Keep words of a citizen as the road does: sealed, proved, understood."""
    now, ids = desk.clock.now_ms(), desk.house.ids
    item, event = ids.new(), ids.new()
    row: dict[str, Any] = {
        "unit_id": UNIT,
        "item_id": item,
        "person_id": vault.person_id,
        "kind": Tag.MESSAGE_RECEIVED.value[:24],
        "sealed": vault.seal({"texts": {"text": text}, "salts": {}}, item),
        "created_at": now,
    }
    data: dict[str, str | int | bool] = {
        "intent": intent,
        "decision": "answer",
        "code": "",
        "confidence": 900,
    }
    shared = (UNIT, ids.new(), now, Tag.MESSAGE_RECEIVED.value, event)
    received = Entry(*shared, person=vault.person_id, item=item)
    shared = (UNIT, ids.new(), now, Tag.MESSAGE_UNDERSTOOD.value, event)
    understood = Entry(*shared, person=vault.person_id, data=data)

    def work(connection: Connection) -> None:
        people.add_items(connection, [row])
        evidence.append(connection, [received.row(), understood.row()])

    await desk.house.database.write(work)
