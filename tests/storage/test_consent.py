"""Does the newest word count, and of a minor only a guardian's?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from storage import consent
from storage.consent import Consent, Standing
from storage.database import Database

UNIT, WHO, AT = "thanh-ha", "p-lua", 1_790_000_000_000
YES = Consent("c1", WHO, "greetings", "zalo", "privacy.choice:1", AT)
NO = replace(YES, consent_id="c2", at=AT + 5, is_given=False)


def may(connection: Connection, now: int = AT + 10) -> bool:
    """Whether greetings may be sent to Lụa."""
    return consent.allowed(connection, UNIT, WHO, "greetings", now)


async def test_the_newest_word_counts(database: Database) -> None:
    """Silence is no consent; a yes holds for its purpose until it is withdrawn."""
    assert not await database.read(may)

    await database.write(lambda c: consent.give(c, UNIT, YES))
    assert await database.read(may)
    assert not await database.read(
        lambda c: consent.allowed(c, UNIT, WHO, "learning", AT + 10)
    )

    await database.write(lambda c: consent.withdraw(c, UNIT, NO))
    assert not await database.read(may)
    assert await database.read(
        lambda c: consent.forbids(c, UNIT, WHO, "greetings", AT + 10)
    )
    told = await database.read(lambda c: consent.history(c, UNIT, WHO))
    assert told == [YES, NO]
    standing = await database.read(lambda c: consent.standings(c, UNIT, WHO))
    assert standing == {"greetings": Standing.WITHDRAWN}


async def test_of_a_minor_only_a_guardian_agrees(database: Database) -> None:
    """The child's own yes counts from the day they are of age."""
    await database.write(lambda c: consent.give(c, UNIT, YES))
    await database.write(lambda c: consent.note_minor(c, UNIT, WHO, AT + 100, AT))
    await database.write(lambda c: consent.note_minor(c, UNIT, WHO, AT + 50, AT))
    assert not await database.read(lambda c: may(c, AT + 99))
    assert await database.read(
        lambda c: consent.forbids(c, UNIT, WHO, "greetings", AT + 99)
    )
    assert await database.read(lambda c: may(c, AT + 100))

    guarded = replace(YES, consent_id="c3", at=AT + 6, by_guardian=True)
    await database.write(lambda c: consent.give(c, UNIT, guarded))
    assert await database.read(lambda c: may(c, AT + 99))
    await database.write(lambda c: consent.forget(c, UNIT, WHO))
    assert await database.read(lambda c: consent.history(c, UNIT, WHO)) == []
    assert not await database.read(lambda c: consent.is_minor(c, UNIT, WHO, AT))


async def test_a_yes_is_never_written_as_a_no(database: Database) -> None:
    """Giving takes a yes, withdrawing a no; anything else is a mistake of ours."""
    with pytest.raises(ValueError, match="greetings"):
        await database.write(lambda c: consent.give(c, UNIT, NO))
    with pytest.raises(ValueError, match="greetings"):
        await database.write(lambda c: consent.withdraw(c, UNIT, YES))
