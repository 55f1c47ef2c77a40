"""Does somebody else approve what a leader wrote, and does erasure reach all ways?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.staff.letters import occasions, steps, writing
from handlers.staff.letters.errors import NotSignedError, OwnLetterError
from handlers.staff.letters.occasion_form import OccasionEvent, Told
from handlers.staff.letters.room import OwnApproval
from handlers.staff.letters.writing import NewLetter
from handlers.staff.permissions import Role
from messages.letters.kinds import shipped
from storage import letters, retention
from storage.tables import letter, occasion, vault_item
from tests.handlers.staff.letters.conftest import COUPLE, LettersOffice


async def test_a_leader_does_not_approve_what_they_wrote(
    letters_office: LettersOffice,
) -> None:
    """With another leader there the writer is refused; alone or by decision not."""
    await letters_office.office.hire("lan", Role.LEADER, Role.OFFICER)
    room = letters_office.room("lan")
    made = await writing.make(room, NewLetter(shipped().named("ket_hon"), COUPLE))
    await steps.check(room, made.letter_id, 1)
    for rule in (OwnApproval.SINGLE, OwnApproval.NEVER):
        own = replace(room, own_approval=rule)
        with pytest.raises(OwnLetterError):
            await steps.approve(own, made.letter_id, 2)
    free = replace(room, own_approval=OwnApproval.ALWAYS)
    await steps.approve(free, made.letter_id, 2)
    await steps.send_back(room, made.letter_id, 3)
    await steps.check(room, made.letter_id, 4)
    await steps.approve(letters_office.leader, made.letter_id, 5)
    assert (await letters_office.row(made.letter_id))["state"] == "signed"


async def test_approved_elsewhere_is_signed_before_it_leaves(
    letters_office: LettersOffice,
) -> None:
    """Approval by a channel gives no number; it cannot be scheduled until signed."""
    letter_id = await letters_office.draft()
    room, leader = letters_office.room(), letters_office.leader
    await steps.check(room, letter_id, 1)
    await room.desk.database.write(
        lambda c: steps.approve_in(c, leader, letter_id, 2, "telegram")
    )
    assert (await letters_office.row(letter_id))["number"] is None
    with pytest.raises(NotSignedError):
        await steps.schedule(room, letter_id, 3)
    await steps.sign(leader, letter_id, 3)
    await steps.schedule(room, letter_id, 4)
    row = await letters_office.row(letter_id)
    assert (row["state"], row["number"]) == ("scheduled", 1)


async def test_an_erased_person_leaves_nothing_in_what_was_told(
    letters_office: LettersOffice,
) -> None:
    """The occasion stays as one of nobody: no key, no mark, nothing to be done."""
    room = letters_office.room()
    await occasions.receive(room, "k", Told(OccasionEvent.DEATH, {"nguoi_mat": "A B"}))
    (row,) = await letters_office.office.rows(occasion)
    person = row["person_id"]
    await room.desk.database.write(
        lambda c: letters.forget(c, room.unit_id, person, room.desk.now_ms())
    )
    (row,) = await letters_office.office.rows(occasion)
    assert row["state"] == "done"
    assert not any(
        row[name] for name in ("person_id", "item_id", "occasion_mac", "subject_mac")
    )
    assert await letters_office.office.rows(letter) == []


async def test_what_was_told_ends_by_the_rule(letters_office: LettersOffice) -> None:
    """A finished occasion goes with its words when its time is over; others stay."""
    room = letters_office.room()
    unit_id, group = room.unit_id, retention.Group.FINISHED_OCCASIONS
    for key, name in (("a", "Lê Văn Thọ"), ("b", "Vũ Văn Tư")):
        told = Told(OccasionEvent.DEATH, {"nguoi_mat": name})
        await occasions.receive(room, key, told)
    done, _ = await occasions.waiting(room)
    assert await occasions.close(room, str(done.row["occasion_id"]))
    now, write = room.desk.now_ms(), room.desk.database.write
    assert await write(lambda c: retention.drop_rows(c, unit_id, group, now)) == 0
    count = await write(lambda c: retention.count_quiet(c, unit_id, group, now + 1))
    assert count == 1
    assert await write(lambda c: retention.drop_rows(c, unit_id, group, now + 1)) == 1
    (left,) = await letters_office.office.rows(occasion)
    assert left["state"] == "waiting"
    kept = [row["item_id"] for row in await letters_office.office.rows(vault_item)]
    assert kept == [left["item_id"]]
