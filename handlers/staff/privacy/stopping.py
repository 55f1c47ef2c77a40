"""What stops at once when a consent is taken back? All that waits and rests on it.

What is on its way already cannot be called back. Answers, cases and what the law asks
for go on.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection

from handlers.staff.letters.room import CELEBRATIONS
from messages.letters.kinds import shipped
from storage import greetings, learning, letters, letters_birthdays, segments

WITHDRAWN: Final = "withdrawn"
"""Why a send was refused, or a letter waits for a person."""


def stop(
    connection: Connection,
    unit_id: str,
    person_id: str,
    purposes: Collection[str],
    now: int,
) -> int:
    """Stop what rests on these purposes, in the transaction that writes the no.

    ``now`` is UTC ms. Returns how many sends were held back.
    """
    mine, held = (connection, unit_id, person_id), 0
    if "learning" in purposes:
        learning.drop_of_person(*mine)
    if "greetings" in purposes:
        held += greetings.stop_of_person(*mine, WITHDRAWN, now)
        segments.forget(*mine)
    if "letters" in purposes:
        held += letters.stop_of_person(*mine, _serious(), WITHDRAWN, now)
        letters_birthdays.drop_of_person(*mine)
    return held


def _serious() -> list[str]:
    """Condolence, regret and care are not celebration. Of a kind of the commune's own
    nobody knows the tone here: it goes back to staff.
    """
    return [kind.code for kind in shipped() if kind.tone not in CELEBRATIONS]
