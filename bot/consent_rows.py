"""Which consents does an event of the road become? Read off its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.clock import from_ms, to_ms
from handlers.model import Event, Tag
from handlers.staff.privacy import stopping
from storage import consent
from storage.consent import Consent
from storage.ids import Ids

GIVES = {Tag.CONSENT_GIVEN: True, Tag.CONSENT_DECLINED: False}
LEARNING = "learning"
MOST_YEARS = 30


@dataclass(frozen=True, slots=True)
class ConsentRows:
    """What one event says of consents; ``grown_at`` (UTC ms) is set for a minor."""

    unit_id: str
    person_id: str
    at: int
    consents: tuple[Consent, ...] = ()
    grown_at: int | None = None

    def write(self, connection: Connection) -> None:
        """Write in the caller's transaction; what rests on a no stops with it."""
        yes = [one for one in self.consents if one.is_given]
        no = [one for one in self.consents if not one.is_given]
        consent.give(connection, self.unit_id, *yes)
        consent.withdraw(connection, self.unit_id, *no)
        ended = {one.purpose for one in no}
        stopping.stop(connection, self.unit_id, self.person_id, ended, self.at)
        if self.grown_at is not None:
            note = (self.unit_id, self.person_id, self.grown_at, self.at)
            consent.note_minor(connection, *note)


def consent_rows(
    facts: Sequence[Event],
    unit_id: str,
    person_id: str,
    channel: str,
    now: int,
    ids: Ids,
) -> ConsentRows | None:
    """Return what the facts say, None for nothing; ``now`` is UTC ms."""
    said = [
        Consent(
            consent_id=ids.new(),
            person_id=person_id,
            purpose=purpose,
            channel=channel,
            words=str(fact.data.get("words", "")),
            at=now,
            is_given=GIVES[fact.tag],
            by_guardian=bool(fact.data.get("guardian", False)),
        )
        for fact in facts
        if fact.tag in GIVES
        for purpose in str(fact.data.get("purposes", "")).split()
    ]
    years = [int(f.data["years"]) for f in facts if f.tag is Tag.MINOR_NOTED]
    if not said and not years:
        return None
    grown = _after(now, max(years)) if years else None
    return ConsentRows(unit_id, person_id, now, tuple(said), grown)


def stops_learning(facts: Sequence[Event]) -> bool:
    """Whether what may be learnt must go: all was declined, or this purpose was."""
    declined = [fact.data for fact in facts if fact.tag is Tag.CONSENT_DECLINED]
    return any(
        LEARNING in str(data.get("purposes", LEARNING)).split() for data in declined
    )


def _after(now: int, years: int) -> int:
    """The end of the year is the latest day on which somebody can be of age."""
    year = from_ms(now).year + min(years, MOST_YEARS)
    return to_ms(datetime(year, 12, 31, tzinfo=UTC))
