"""Does an approved letter reach its citizen's channel, picture and all?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from bot.codec import load_reply
from bot.letters_keeper import LettersKeeper, room_of
from bot.stored_files import UnitFiles
from handlers.model import Channel
from handlers.staff.letters import steps
from handlers.staff.letters.writing import NewLetter, make
from handlers.staff.people.model import OPERATOR
from messages.letters.kinds import shipped
from storage import letters, people
from storage.file_folder import FileFolder
from storage.tables import conversation, identity, letter, outbox
from tests.bot.console.support import UNIT, Desk
from tests.bot.console.test_letters import COUPLE

PNG = b"\x89PNG\r\n"


async def test_a_letter_is_planned_for_its_channel(desk: Desk) -> None:
    """Words and a picture that opens for the sender; its channel is woken once."""
    opened = desk.service.letters._opened
    room = room_of(opened, UNIT, OPERATOR)
    made = await make(room, NewLetter(shipped().named("ket_hon"), COUPLE))
    await steps.check(room, made.letter_id, 1)
    await steps.approve(room, made.letter_id, 2)
    await steps.schedule(room, made.letter_id, 3)
    (row,) = await desk.rows(letter)
    await _writes_on_zalo(desk, row["person_id"])
    woken: list[str] = []
    keeper = LettersKeeper(opened, woken.append)

    await keeper.once()
    await keeper.once()

    assert woken == ["zalo"]
    sends = await desk.rows(outbox)
    replies = [await _reply(desk, row, send) for send in sends]
    assert any("Trần Thị Lụa" in one.text for one in replies)
    (media,) = (one.media for one in replies if one.media is not None)
    files = UnitFiles(
        opened.database,
        room.vault,
        FileFolder(opened.files_folder),
        opened.ids,
        opened.clock.now_ms,
        Channel.ZALO.value,
    )
    assert (await files.read(media)).data.startswith(PNG)


async def _reply(desk: Desk, row: dict[str, Any], send: dict[str, Any]) -> Any:
    room = room_of(desk.service.letters._opened, UNIT, OPERATOR)
    key = await desk.service.database.read(
        lambda c: people.get_items(c, UNIT, [send["item_id"]])
    )
    kept = await desk.service.database.read(
        lambda c: letters.get(c, UNIT, row["letter_id"])
    )
    assert kept is not None
    vault = room.vault.unwrap(row["person_id"], kept["wrapped_key"])
    item = key[send["item_id"]]
    return load_reply(vault.open(item["sealed"], send["item_id"])["reply"])


async def _writes_on_zalo(desk: Desk, person_id: str) -> None:
    last = desk.clock.now_ms() - timedelta(hours=2) // timedelta(milliseconds=1)
    shared = {"unit_id": UNIT, "person_id": person_id, "channel": "zalo"}
    talk = shared | {
        "version": 1,
        "sealed": b"x",
        "opted_out": False,
        "last_inbound_at": last,
        "updated_at": last,
    }
    known = shared | {"id_mac": "mac-zalo", "sealed_id": b"x"}
    await desk.service.database.write(
        lambda c: (
            c.execute(insert(conversation), talk),
            c.execute(insert(identity), known),
        )
    )
