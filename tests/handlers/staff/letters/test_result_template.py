"""Does news of a result leave as approved words, once, where no chat is open?"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot.case_mail import CaseMail
from handlers.staff.letters import occasions, result_notice, steps
from handlers.staff.letters.delivery import send_due
from handlers.staff.letters.occasion_form import OccasionEvent, Told
from handlers.staff.letters.result_template import ANY_PAPER, KIND
from handlers.staff.templates import acts
from storage import tables, templates
from storage.outbox import Priority
from storage.tables import conversation, letter, occasion, vault_item
from tests.handlers.staff.letters.conftest import LettersOffice
from tests.handlers.staff.letters.test_steps import signed

PHONE, UTILITY = "0912345678", "bao_co_ket_qua"
FILE = {"ma_hs": "H21.3-251120-0009", "ten_tthc": "Đăng ký khai sinh"}
LONG_AGO = timedelta(days=30)


async def _told(office: LettersOffice, phone: str = PHONE, **more: str) -> str:
    """Let a result be told; return whose it is."""
    told = Told(OccasionEvent.RESULT, FILE | more, phone)
    await occasions.receive(office.room(), "k1", told)
    (row,) = await office.office.rows(occasion)
    return str(row["person_id"])


async def _wrote(
    office: LettersOffice, person: str, channel: str = "facebook", *, stop: bool = False
) -> None:
    """Give somebody a talk of a month ago."""
    last = office.room().desk.now_ms() - LONG_AGO // timedelta(milliseconds=1)
    row = {
        "unit_id": office.room().unit_id,
        "person_id": person,
        "channel": channel,
        "version": 1,
        "sealed": b"x",
        "opted_out": stop,
        "last_inbound_at": last,
        "updated_at": last,
    }
    await office.room().desk.database.write(
        lambda c: c.execute(conversation.insert(), row)
    )


async def _choose(office: LettersOffice, kind: str) -> None:
    desk = office.leader.desk
    row = {
        "unit_id": desk.unit_id,
        "template_id": "410001",
        "name": "Kết quả hồ sơ đã có",
        "status": "ENABLE",
        "quality": "HIGH",
        "tag": "TRANSACTION",
        "params": json.dumps({"ho_ten": 30, "ma_hs": 30}),
        "by_uid": False,
        "reason": "",
        "read_at": desk.now_ms(),
        "changed_at": desk.now_ms(),
    }
    await desk.database.write(lambda c: templates.keep(c, desk.unit_id, [row]))
    fields = {"ho_ten": "nguoi_nhan", "ma_hs": "ma_hs"}
    await acts.choose(desk, kind, "410001", fields)


async def _content(office: LettersOffice, person: str, item_id: str) -> Any:
    room = office.room()
    sealed = select(vault_item.c.sealed).where(vault_item.c.item_id == item_id)
    key = select(tables.person.c.wrapped_key).where(tables.person.c.person_id == person)
    found = await room.desk.database.read(
        lambda c: (c.execute(key).scalar_one(), c.execute(sealed).scalar_one())
    )
    return room.vault.unwrap(person, found[0]).open(found[1], item_id)


async def test_zalo_goes_first_and_only_once(letters_office: LettersOffice) -> None:
    """By phone, with the words of the file, though Messenger were there as well."""
    office, mail = letters_office, CaseMail()
    person = await _told(office)
    await _wrote(office, person)
    await _choose(office, KIND)
    assert await result_notice.tell_due(office.room(), mail, UTILITY) == {"zalo"}
    assert await result_notice.tell_due(office.room(), mail, UTILITY) == set()
    (send,) = await office.sends()
    assert (send["kind"], send["priority"]) == ("template", Priority.CASE)
    content = await _content(office, person, send["item_id"])
    assert content["to"] == PHONE
    told = {"ho_ten": "anh/chị", "ma_hs": FILE["ma_hs"]}
    assert content["template"] == {"id": "410001", "data": told}


async def test_messenger_tells_paper_and_code_and_is_never_repeated(
    letters_office: LettersOffice,
) -> None:
    """A send of unknown fate stays the only one; a long name of a paper is not cut."""
    office, mail = letters_office, CaseMail()
    person = await _told(office, ten_tthc="Đăng ký " * 40)
    await _wrote(office, person)
    assert await result_notice.tell_due(office.room(), mail) == set()
    assert await result_notice.tell_due(office.room(), mail, UTILITY) == {"facebook"}
    await office.end("unknown")
    assert await result_notice.tell_due(office.room(), mail, UTILITY) == set()
    (send,) = await office.sends()
    assert (send["kind"], send["channel"]) == ("template", "facebook")
    content = await _content(office, person, send["item_id"])
    words = {"paper": ANY_PAPER, "code": FILE["ma_hs"]}
    assert content["template"] == {"id": UTILITY, "data": words}


async def test_a_stranger_and_who_said_stop_get_no_template(
    letters_office: LettersOffice,
) -> None:
    """Without a talk there is nobody to write to; a stop anywhere silences all."""
    office, mail = letters_office, CaseMail()
    person = await _told(office)
    assert await result_notice.tell_due(office.room(), mail, UTILITY) == set()
    await _choose(office, KIND)
    await _wrote(office, person)
    await _wrote(office, person, "zalo", stop=True)
    assert await result_notice.tell_due(office.room(), mail, UTILITY) == set()
    gone = update(conversation).values(opted_out=False)
    await office.room().desk.database.write(lambda c: c.execute(gone))
    assert await result_notice.tell_due(office.room(), mail, UTILITY) == {"zalo"}


async def test_no_letter_leaves_by_the_template_of_results(
    letters_office: LettersOffice,
) -> None:
    """A signed wish to somebody on Messenger waits, whatever stands for results."""
    office = letters_office
    letter_id = await signed(office, phone=PHONE)
    await _choose(office, KIND)
    await _wrote(office, str((await office.office.rows(letter))[0]["person_id"]))
    await steps.schedule(office.room(), letter_id, 3)
    assert await send_due(office.room(), office.post) == set()
    told = await result_notice.tell_due(office.room(), CaseMail(), UTILITY)
    assert (told, await office.sends()) == (set(), [])
