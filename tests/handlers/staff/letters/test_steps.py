"""Does each step of a letter need its person, its version and its proof?"""

from __future__ import annotations

from typing import Any

import pytest

from handlers.model import Tag
from handlers.staff.letters import steps, writing
from handlers.staff.letters.errors import (
    AutomaticError,
    DuplicateLetterError,
    LetterChangedError,
    LetterStepError,
    NotSureError,
    OneByOneError,
    OptedOutError,
    StoppedError,
)
from handlers.staff.letters.keeping import load, written
from handlers.staff.letters.writing import NewLetter
from handlers.staff.people.errors import NotAllowedError
from messages.letters.errors import MissingDataError
from messages.letters.kinds import shipped
from storage.tables import letter_step
from tests.handlers.staff.letters.conftest import COUPLE, LettersOffice

DEAD = {"nguoi_mat": "Cụ Lê Văn Thọ", "tuoi": "85", "ngay_mat": "2026-11-21"}


async def signed(office: LettersOffice, kind: str = "ket_hon", **more: Any) -> str:
    """Return a letter that the leader signed."""
    letter_id = await office.draft(kind, **more)
    await steps.check(office.room(), letter_id, 1)
    await steps.approve(office.leader, letter_id, 2)
    return letter_id


async def test_a_letter_goes_from_draft_to_the_register(
    letters_office: LettersOffice,
) -> None:
    """Checked by an officer, approved and signed by the leader, each step proven."""
    letter_id = await signed(letters_office)
    row = await letters_office.row(letter_id)
    assert (row["state"], row["approved"], row["number"]) == ("signed", 1, 1)
    tags = await letters_office.office.tags()
    assert tags[-4:] == [
        Tag.LETTER_MADE,
        Tag.LETTER_CHECKED,
        Tag.LETTER_APPROVED,
        Tag.LETTER_SIGNED,
    ]
    taken = await letters_office.office.rows(letter_step)
    assert [(one["act"], one["by"]) for one in taken] == [
        ("check", "an"),
        ("approve", "dung"),
        ("sign", "dung"),
    ]
    room = letters_office.room()
    one = await room.desk.database.read(lambda c: load(c, room, letter_id))
    assert written(room, one).signature.name == "Phạm Văn Dũng"


async def test_an_officer_may_not_approve(letters_office: LettersOffice) -> None:
    """Writing and approving are for two different roles."""
    letter_id = await letters_office.draft()
    await steps.check(letters_office.room(), letter_id, 1)
    with pytest.raises(NotAllowedError):
        await steps.approve(letters_office.room(), letter_id, 2)
    assert (await letters_office.row(letter_id))["state"] == "checked"


async def test_an_edit_voids_the_approval_and_keeps_the_number(
    letters_office: LettersOffice,
) -> None:
    """What was approved is one version; after an edit it must be approved again."""
    letter_id = await signed(letters_office)
    room = letters_office.room()
    await writing.edit(room, letter_id, 3, COUPLE | {"ngay": "2026-11-22"})
    row = await letters_office.row(letter_id)
    assert (row["state"], row["version"], row["approved"]) == ("draft", 2, 0)
    with pytest.raises(LetterStepError):
        await steps.schedule(room, letter_id, 4)
    await steps.check(room, letter_id, 4)
    await steps.approve(letters_office.leader, letter_id, 5)
    assert (await letters_office.row(letter_id))["number"] == 1


async def test_a_page_that_is_old_approves_nothing(
    letters_office: LettersOffice,
) -> None:
    """The leader read another version than the one that is there now."""
    letter_id = await letters_office.draft()
    await steps.check(letters_office.room(), letter_id, 1)
    await writing.edit(letters_office.room(), letter_id, 2, COUPLE | {"ngay": ""})
    with pytest.raises(LetterChangedError):
        await steps.approve(letters_office.leader, letter_id, 2)


async def test_a_scheduled_letter_is_called_back(letters_office: LettersOffice) -> None:
    """Before it leaves, officer and leader alike may stop it; approval is gone."""
    letter_id = await signed(letters_office)
    await steps.schedule(letters_office.room(), letter_id, 3)
    await steps.send_back(letters_office.leader, letter_id, 4)
    row = await letters_office.row(letter_id)
    assert (row["state"], row["approved"], row["due_at"]) == ("draft", 0, None)


async def test_one_letter_for_one_occasion(letters_office: LettersOffice) -> None:
    """The same couple and day in other spelling is the same occasion."""
    letter_id = await letters_office.draft()
    again = COUPLE | {"chong": "anh NGUYỄN VĂN TÁM", "ngay": "20/11/2026"}
    with pytest.raises(DuplicateLetterError):
        await letters_office.draft(data=again)
    await steps.archive(letters_office.room(), letter_id, 1)
    assert await letters_office.draft(data=again) != letter_id


async def test_the_same_order_twice_is_one_letter(
    letters_office: LettersOffice,
) -> None:
    """A reference of another system makes one letter, however often it comes."""
    new = NewLetter(shipped().named("ket_hon"), COUPLE, source="api", ref="mc-77")
    first = await writing.make(letters_office.room(), new)
    second = await writing.make(letters_office.room(), new)
    assert (first.letter_id, first.is_new, second.is_new) == (
        second.letter_id,
        True,
        False,
    )


async def test_condolence_needs_a_person_who_looked(
    letters_office: LettersOffice,
) -> None:
    """Never from a machine, and by hand only when somebody vouches for the case."""
    with pytest.raises(AutomaticError):
        await letters_office.draft("chia_buon", data=DEAD, source="api")
    with pytest.raises(NotSureError):
        await letters_office.draft("chia_buon", data=DEAD)
    assert await letters_office.draft("chia_buon", data=DEAD, is_sure=True)


async def test_nobody_wishes_the_dead_a_long_life(
    letters_office: LettersOffice,
) -> None:
    """A wish to a name we mourned waits until a person says it is somebody else."""
    await letters_office.draft("chia_buon", data=DEAD, is_sure=True)
    alive = {"ten": "Lê Văn Thọ", "tuoi": "90"}
    with pytest.raises(NotSureError):
        await letters_office.draft("chuc_tho", data=alive)
    assert await letters_office.draft("chuc_tho", data=alive, is_sure=True)


async def test_who_asked_for_silence_gets_no_wishes(
    letters_office: LettersOffice,
) -> None:
    """Opted out on every channel: no letter of joy, found by the phone."""
    from datetime import timedelta  # noqa: PLC0415

    first = await letters_office.draft(phone="0912000111")
    await letters_office.reached_on(first, "zalo", timedelta(hours=1), opted_out=True)
    wish = {"ten": "Nguyễn Văn Tám", "tuoi": "70"}
    with pytest.raises(OptedOutError):
        await letters_office.draft("chuc_tho", data=wish, phone="0912 000 111")


async def test_a_lot_is_approved_at_once_but_not_condolence(
    letters_office: LettersOffice,
) -> None:
    """Kinds made by rule go together; what needs reading is left."""
    wedding = await letters_office.draft()
    mourning = await letters_office.draft("chia_buon", data=DEAD, is_sure=True)
    for letter_id in (wedding, mourning):
        await steps.check(letters_office.room(), letter_id, 1)
    refused = await steps.approve_many(
        letters_office.leader, [(wedding, 2), (mourning, 2)]
    )
    assert {key: type(error) for key, error in refused.items()} == {
        mourning: OneByOneError
    }
    assert (await letters_office.row(wedding))["state"] == "signed"


async def test_the_stop_holds_joy_and_lets_condolence_pass(
    letters_office: LettersOffice,
) -> None:
    """One switch of the leader; letters of mourning go on."""
    wedding = await signed(letters_office)
    mourning = await signed(letters_office, "chia_buon", data=DEAD, is_sure=True)
    await steps.stop_celebrations(letters_office.leader, is_stopped=True)
    with pytest.raises(StoppedError):
        await steps.schedule(letters_office.room(), wedding, 3)
    await steps.schedule(letters_office.room(), mourning, 3)
    await steps.stop_celebrations(letters_office.leader, is_stopped=False)
    await steps.schedule(letters_office.room(), wedding, 3)
    await steps.stop_celebrations(letters_office.leader, is_stopped=True)
    with pytest.raises(StoppedError):
        await steps.put_on_paper(letters_office.room(), [wedding], lambda _: b"")


async def test_bad_data_writes_nothing(letters_office: LettersOffice) -> None:
    """A missing name is told; no row, no person, no proof is left."""
    before = await letters_office.office.tags()
    with pytest.raises(MissingDataError):
        await letters_office.draft(data={"chong": "Nguyễn Văn Tám"})
    assert await letters_office.office.tags() == before


async def test_paper_is_handed_over_with_a_name(letters_office: LettersOffice) -> None:
    """A printed letter is on its way by hand until somebody notes its end."""
    letter_id = await signed(letters_office)
    await steps.schedule(letters_office.room(), letter_id, 3)
    made = await steps.put_on_paper(
        letters_office.room(), [letter_id], lambda found: str(len(found)).encode()
    )
    assert made == b"1"
    await steps.handed(letters_office.room(), letter_id, 5, is_received=True)
    row = await letters_office.row(letter_id)
    assert (row["state"], row["channel"]) == ("delivered", "print")
    tags = await letters_office.office.tags()
    assert tags[-2:] == [Tag.LETTER_PRINTED, Tag.LETTER_HANDED]
