"""Does what waits stop when its consent is taken back, and nothing else?"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, insert

from handlers.staff.letters import birthdays
from handlers.staff.letters.delivery import send_due, settle
from handlers.staff.privacy.stopping import stop
from storage import consent, letters_birthdays, outbox
from storage.database import Database
from storage.keys import KeyRing
from storage.tables import lesson_candidate, letter_birthday, person_tag, vault_item
from storage.tables import outbox as outbox_table
from tests.handlers.staff.letters.conftest import LettersOffice, letters_office
from tests.handlers.staff.letters.test_birthdays import keep
from tests.handlers.staff.letters.test_delivery import scheduled
from tests.storage.lessons import candidate, person
from tests.storage.rows import UNIT, send

__all__ = ["letters_office"]
HOUR = timedelta(hours=1)
ALL = ["answering", "survey", "learning", "letters", "greetings", "home_health"]


def no(office: LettersOffice, person_id: str) -> consent.Consent:
    """Return the no to letters, as said in chat."""
    desk = office.office.desk
    at = desk.now_ms()
    said = (desk.ids.new(), person_id, "letters", "zalo", "x:1", at)
    return consent.Consent(*said, is_given=False)


async def withdraw(office: LettersOffice, letter_id: str) -> int:
    """Take the consent of a letter's reader back, as the road does."""
    desk = office.office.desk
    person_id = (await office.row(letter_id))["person_id"]
    said = no(office, person_id)

    def work(connection: Connection) -> int:
        consent.withdraw(connection, desk.unit_id, said)
        return stop(connection, desk.unit_id, person_id, ["letters"], said.at)

    return await desk.database.write(work)


async def test_an_approved_letter_does_not_leave_after_a_no(
    letters_office: LettersOffice,
) -> None:
    """It may have waited for weeks: consent is asked again when it would leave."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    assert await withdraw(office, letter_id) == 0

    assert await send_due(office.room(), office.post) == set()
    row = await office.row(letter_id)
    assert (row["state"], row["waits_for"]) == ("scheduled", "withdrawn")
    assert await office.sends() == []


async def test_a_letter_on_its_way_to_the_platform_is_held(
    letters_office: LettersOffice,
) -> None:
    """Its planned sends are refused; staff see why the letter came back."""
    office = letters_office
    letter_id = await scheduled(office, "zalo", HOUR)
    await send_due(office.room(), office.post)
    sends = await office.sends()

    assert await withdraw(office, letter_id) == len(sends) > 0
    assert {(s["state"], s["code"]) for s in await office.sends()} == {
        ("refused", "withdrawn")
    }
    assert await settle(office.room()) == 1
    row = await office.row(letter_id)
    assert (row["state"], row["waits_for"]) == ("refused", "withdrawn")


async def test_a_birthday_goes_with_the_consent(letters_office: LettersOffice) -> None:
    """The row and its words; with "rút đồng ý" at the birthdays' page as well."""
    await keep(letters_office)
    room = letters_office.room()
    (one,) = await birthdays.listed(room)
    person_id = str(one.row["person_id"])
    before = len(await letters_office.office.rows(vault_item))
    now = room.desk.now_ms()
    await room.desk.database.write(
        lambda c: stop(c, room.unit_id, person_id, ["letters"], now)
    )

    assert await letters_office.office.rows(letter_birthday) == []
    assert len(await letters_office.office.rows(vault_item)) == before - 1


async def test_only_what_rests_on_the_purpose_stops(
    database: Database, ring: KeyRing
) -> None:
    """Greetings, groups, lessons of who said no; answers and other people go on."""

    def fill(connection: Connection) -> None:
        for name in ("p1", "p2"):
            person(connection, ring, name)
            rows = [
                send(f"{name}-g", name, kind="greeting"),
                send(f"{name}-sent", name, kind="greeting", state="accepted"),
                send(f"{name}-r", name),
            ]
            outbox.plan(connection, rows)
            tag = {"person_id": name, "tag": "hoi-nong-dan", "source": "import"}
            said = {"source_ref": "", "consent": "paper", "consent_day": "2026-01-01"}
            more = {"unit_id": UNIT, "added_by": "an", "added_at": 1}
            connection.execute(insert(person_tag), tag | said | more)
        candidate(connection, person(connection, ring, "p3"), "1", "cho cháu lên sổ")

    await database.write(fill)
    for name in ("p1", "p3"):
        held = await database.write(lambda c, name=name: stop(c, UNIT, name, ALL, 9))  # type: ignore[misc]
        assert held == (name == "p1")

    def left(connection: Connection) -> list[tuple[str, str]]:
        rows = connection.execute(outbox_table.select()).mappings()
        return sorted((row["row_id"], row["state"]) for row in rows)

    states = dict(await database.read(left))
    assert [row for row, state in states.items() if state == "refused"] == ["p1-g"]
    tags = await database.read(lambda c: c.execute(person_tag.select()).all())
    assert [row.person_id for row in tags] == ["p2"]
    assert (
        await database.read(lambda c: c.execute(lesson_candidate.select()).all()) == []
    )
    assert await database.read(lambda c: letters_birthdays.listed(c, UNIT)) == []
