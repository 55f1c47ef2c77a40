"""Does what is said in chat reach the table of consents, and stop what it must stop?"""

from __future__ import annotations

from functools import partial

from bot.consent_rows import consent_rows, stops_learning
from handlers.model import Event, Tag
from storage import consent
from storage.consent import Standing
from storage.database import Database
from storage.ids import Ids

UNIT, WHO, CHANNEL, AT = "thanh-ha", "p-lua", "zalo", 1_795_000_000_000
GIVEN = Event(
    Tag.CONSENT_GIVEN, {"purposes": "answering learning", "words": "privacy.notice:ab"}
)
NO_GREETINGS = Event(Tag.CONSENT_DECLINED, {"purposes": "greetings", "words": "x:1"})
CHILD = Event(Tag.MINOR_NOTED, {"years": 2})


async def test_facts_become_consents(database: Database, ids: Ids) -> None:
    """Each purpose has its row, with time, channel and version of the words."""
    rows = consent_rows([GIVEN, NO_GREETINGS], UNIT, WHO, CHANNEL, AT, ids)
    assert rows is not None
    await database.write(rows.write)
    standing = await database.read(lambda c: consent.standings(c, UNIT, WHO))
    assert standing == {
        "answering": Standing.GIVEN,
        "learning": Standing.GIVEN,
        "greetings": Standing.WITHDRAWN,
    }
    (first, *_) = await database.read(lambda c: consent.history(c, UNIT, WHO))
    assert (first.channel, first.words, first.at) == (CHANNEL, "privacy.notice:ab", AT)
    assert consent_rows([], UNIT, WHO, CHANNEL, AT, ids) is None


async def test_a_childs_own_yes_counts_later(database: Database, ids: Ids) -> None:
    """Noted until the end of the year in which the child is of age."""
    for facts in ([GIVEN], [CHILD]):
        rows = consent_rows(facts, UNIT, WHO, CHANNEL, AT, ids)
        assert rows is not None
        await database.write(rows.write)
    year = 365 * 24 * 3600 * 1000

    for later, wanted in ((0, False), (year, False), (3 * year, True)):
        asked = partial(consent.allowed, unit_id=UNIT, person_id=WHO)
        found = partial(asked, purpose="answering", now=AT + later)
        assert await database.read(found) is wanted
    assert await database.read(
        lambda c: consent.forbids(c, UNIT, WHO, "learning", AT + 1)
    )


def test_only_the_withdrawal_of_learning_forgets_lessons() -> None:
    """Who wants no greetings may still teach; a plain refusal ends everything."""
    assert not stops_learning([GIVEN, NO_GREETINGS])
    assert stops_learning([Event(Tag.CONSENT_DECLINED, {})])
    both = Event(Tag.CONSENT_DECLINED, {"purposes": "answering learning"})
    assert stops_learning([both])
