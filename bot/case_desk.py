"""What may one citizen hear about cases? Loaded only when a handler asks for it.

The handlers run with an empty desk first. What they asked for is looked up, numbers are
taken, and they run again; a number once taken stays with its event, however often a
conflict makes that run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot import nearby
from bot.ahead import Consultation
from bot.clock import Clock
from bot.planner import Person
from bot.runtime import ServicesHolder, UnitRuntime
from handlers.cases.blind import BlindDesk
from handlers.cases.case import Case, State
from handlers.cases.moments import local_day
from handlers.cases.nearby import Near
from handlers.cases.ports import Found
from handlers.cases.rows import case_of, digits_mac
from handlers.model import Event, Inbound, Outcome
from handlers.ports import Services
from nlu.ports import Ahead
from storage import case_lookups, cases
from storage.database import Database

TRIES_OF_PERSON = 5
TRIES_OF_CODE = 20
"""Wrong digits in an hour or two; ten thousand are needed to be sure of a hit."""
HOUR = timedelta(hours=1)
ROUNDS = 3

Asked = tuple[str, str]


@dataclass(slots=True)
class Known:
    """What has been looked up for one event."""

    mine: tuple[Case, ...] | None = None
    found: dict[Asked, Found] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    nearby: dict[nearby.Asked, tuple[Near, ...]] = field(default_factory=dict)


class Desk(BlindDesk):
    """Serves what is known, and remembers what is not."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self._known = known
        self._served = 0
        self.neighbourhood = nearby.Neighbourhood(known.nearby)

    @property
    def was_asked(self) -> bool:
        """Whether a handler could not do without a desk that knows."""
        return super().was_asked or bool(self.neighbourhood.asked)

    def mine(self) -> tuple[Case, ...]:
        """Return the citizen's own newest cases."""
        return super().mine() if self._known.mine is None else self._known.mine

    def find(self, code: str, digits: str) -> Found:
        """Return what a code leads to."""
        found = self._known.found.get((code, digits))
        return super().find(code, digits) if found is None else found

    def number(self) -> int:
        """Return the next number of today."""
        self._served += 1
        if self._served > len(self._known.numbers):
            return super().number()
        return self._known.numbers[self._served - 1]


@dataclass(frozen=True, slots=True)
class AtDesk:
    """The services of a unit with the desk of one citizen."""

    inner: ServicesHolder
    desk: Desk

    @property
    def services(self) -> Services:
        """The services in force, with this desk."""
        return replace(
            self.inner.services,
            cases=self.desk,
            nearby=self.desk.neighbourhood,
        )

    @property
    def aheads(self) -> tuple[Ahead, ...]:
        """The servers to ask before the reader."""
        return self.inner.aheads


class Counter:
    """Handles one event; implements the dispatcher's side of a consultation."""

    def __init__(self, asking: Consultation, database: Database, clock: Clock) -> None:
        self._asking = asking
        self._database = database
        self._clock = clock
        self._numbers: list[int] = []

    @property
    def uses(self) -> tuple[Event, ...]:
        """What left this process for a language model."""
        return self._asking.uses

    async def respond(
        self, unit: UnitRuntime, inbound: Inbound, person: Person
    ) -> Outcome:
        """Return the outcome; raises what the handlers raise, and StorageError."""
        known = Known(numbers=self._numbers)
        for _ in range(ROUNDS):
            desk = Desk(known)
            at_desk = replace(unit, holder=AtDesk(unit.holder, desk))
            outcome = await self._asking.respond(at_desk, inbound, person.conversation)
            if not desk.was_asked:
                return outcome
            await self._look_up(unit, person, desk, known)
        return await self._asking.respond(at_desk, inbound, person.conversation)

    async def _look_up(
        self, unit: UnitRuntime, person: Person, desk: Desk, known: Known
    ) -> None:
        if desk.numbers:
            day = local_day(self._clock.now()).isoformat()
            known.numbers += await self._database.write(
                lambda c: [
                    cases.reserve(c, unit.unit_id, day) for _ in range(desk.numbers)
                ]
            )
        if desk.wants_mine or desk.wanted or desk.neighbourhood.asked:
            await self._database.read(
                lambda c: self._read(c, unit, person, desk, known)
            )

    def _read(
        self,
        connection: Connection,
        unit: UnitRuntime,
        person: Person,
        desk: Desk,
        known: Known,
    ) -> None:
        person_id = person.vault.person_id
        if desk.wants_mine:
            rows = cases.of_person(connection, unit.unit_id, person_id)
            known.mine = _cases(connection, unit.unit_id, rows)
        for place in desk.neighbourhood.asked:
            now = self._clock.now()
            known.nearby[place] = nearby.look(connection, unit, place, now)
        for asked in desk.wanted:
            known.found[asked] = self._find(connection, unit, person_id, asked)

    def _find(
        self, connection: Connection, unit: UnitRuntime, person_id: str, asked: Asked
    ) -> Found:
        code, digits = asked
        keys = unit.vault.keys
        row = cases.by_code(connection, unit.unit_id, code)
        rows = [row] if row is not None and row["state"] != State.ERASED else []
        case = next(iter(_cases(connection, unit.unit_id, rows)), None)
        if case is not None and case.person_id == person_id:
            return Found(case, is_mine=True)
        if self._is_locked(connection, unit, person_id, code):
            return Found(is_locked=True)
        is_right = case is not None and bool(digits) and bool(case.contact_mac)
        if case is None or not is_right:
            return Found()
        return Found(
            case if case.contact_mac == digits_mac(code, digits, keys) else None
        )

    def _is_locked(
        self, connection: Connection, unit: UnitRuntime, person_id: str, code: str
    ) -> bool:
        subject = unit.vault.keys.mac("case-code", code)
        since = hour_of(self._clock, back=1)
        tries = case_lookups.failed(
            connection, unit.unit_id, [person_id, subject], since
        )
        is_person = tries.get(person_id, 0) >= TRIES_OF_PERSON
        return is_person or tries.get(subject, 0) >= TRIES_OF_CODE


def hour_of(clock: Clock, back: int = 0) -> str:
    """Return the UTC hour, some hours back, as it is counted."""
    return f"{clock.now() - back * HOUR:%Y-%m-%dT%H}"


def _cases(
    connection: Connection, unit_id: str, rows: Sequence[cases.Row]
) -> tuple[Case, ...]:
    clocks = cases.clocks(connection, unit_id, [row["case_id"] for row in rows])
    return tuple(case_of(row, clocks.get(row["case_id"], ())) for row in rows)
