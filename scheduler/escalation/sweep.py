"""What does the clock do about cases each minute? Plan what moved, tell what is due.

Every step of it may be repeated: a plan is compared with what is stored, a step that
ran is no longer due, and a notice's id is made of its step and addressee. Transactions
are short, and a sweep does so much at most; the rest waits a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.case import Case, Ended, Goal
from handlers.cases.rows import case_of
from handlers.model import Tag
from scheduler.escalation import apology, chain
from scheduler.escalation.notices import last_day, notice_id
from scheduler.escalation.office import Office
from scheduler.escalation.planning import Moves, moved, wanted
from scheduler.escalation.telling import People, told
from scheduler.jobs import Clock, Meter, Silent
from storage import apologies, cases, escalation, evidence, operations
from storage.database import Database
from storage.evidence import Entry
from storage.ids import Ids

Row = Mapping[str, Any]
PLAN_AT_ONCE: Final = 50
PLAN_A_SWEEP: Final = 800
TELL_AT_ONCE: Final = 20
TELL_A_SWEEP: Final = 400
OWE_A_SWEEP: Final = 200
NOTICES: Final[Mapping[str, str]] = {
    "due_soon": "case_due_soon",
    "due_today": "case_due_today",
    "missed": "case_step_missed",
    "missed_1": "case_step_missed",
}
OVERDUE: Final = "case_overdue"


@dataclass(slots=True)
class Swept:
    """What one sweep did."""

    planned: int = 0
    told: int = 0
    superseded: int = 0
    apologies: int = 0

    def __str__(self) -> str:
        return f"p{self.planned} t{self.told} s{self.superseded} a{self.apologies}"


class Sweep:
    """Sweeps the cases of units."""

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, meter: Meter | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._meter = meter or Silent()

    async def sweep(self, office: Office) -> Swept:
        """Bring the steps of a unit up to now; raises StorageUnavailableError."""
        done = Swept()
        while done.planned < PLAN_A_SWEEP:
            number = await self._plan(office, done)
            done.planned += number
            if number < PLAN_AT_ONCE:
                break
        await self._tell(office, done)
        await self._apologise(office, done)
        return done

    async def _plan(self, office: Office, done: Swept) -> int:
        """Plan some of the cases that moved; return how many there were."""
        unit_id = office.unit_id

        def read(c: Connection) -> tuple[list[dict[str, Any]], Any, Any]:
            heads = escalation.unplanned(c, unit_id, PLAN_AT_ONCE)
            ids = [head["case_id"] for head in heads]
            return (
                heads,
                cases.clocks(c, unit_id, ids),
                escalation.steps(c, unit_id, ids),
            )

        heads, clocks, stored = await self._database.read(read)
        if not heads:
            return 0
        plans = [
            _Planned.of(office, head, clocks, stored, self._clock) for head in heads
        ]

        def write(c: Connection) -> int:
            now = self._clock.now_ms()
            for found in {p.chain.chain_id: p.chain for p in plans}.values():
                data = found.dump()
                escalation.save_chain(c, unit_id, found.chain_id, data, now)
            escalation.add_steps(c, [row for p in plans for row in p.moves.add])
            escalation.move_steps(c, [row for p in plans for row in p.moves.move])
            escalation.save_plans(c, [p.row(now) for p in plans])
            owed = [row for p in plans for row in p.owed()]
            return apology.propose(c, office, owed, self._ids, self._clock)

        done.apologies += await self._database.write(write)
        return len(heads)

    async def _tell(self, office: Office, done: Swept) -> None:
        unit_id, now = office.unit_id, self._clock.now_ms()
        first = await self._database.read(lambda c: escalation.due(c, unit_id, now, 1))
        if not first:
            return
        hours, at = office.work.hours, self._clock.now()
        people = await self._database.read(
            lambda c: People.read(c, unit_id, office.keys, hours, at)
        )
        while done.told < TELL_A_SWEEP:
            found = await self._database.write(
                lambda c: self._some(c, office, people, now)
            )
            done.told += len(found.ran)
            done.superseded += found.superseded
            for row in found.ran:
                self._meter.escalated(row["step"])
            if found.seen < TELL_AT_ONCE:
                return

    def _some(
        self, connection: Connection, office: Office, people: People, now: int
    ) -> _Told:
        """Tell some due steps, each with its proof."""
        unit_id = office.unit_id
        rows = escalation.due(connection, unit_id, now, TELL_AT_ONCE)
        cases_due = sorted({row["case_id"] for row in rows})
        stored = escalation.steps(connection, unit_id, cases_due)
        notices: list[dict[str, Any]] = []
        proofs: list[dict[str, Any]] = []
        ran, superseded = [], 0
        for row in _last_due(rows, stored, now):
            kind, rungs = office.kinds.get(row["kind"]), row["rungs"].split(",")
            codes = told(rungs, row, kind, people, office.chains)
            if not escalation.run(connection, unit_id, row, codes, now):
                continue
            superseded += escalation.supersede(connection, unit_id, row, now)
            ran.append(row)
            notices += _notices(office, row, codes, now)
            proofs.append(self._proof(office, row, codes, now))
        operations.add_notices(connection, notices)
        evidence.append(connection, proofs)
        return _Told(len(rows), ran, superseded)

    def _proof(
        self, office: Office, row: Row, codes: Sequence[str], now: int
    ) -> dict[str, Any]:
        return Entry(
            unit_id=office.unit_id,
            entry_id=self._ids.new(),
            at=now,
            tag=Tag.CASE_ESCALATED.value,
            subject=row["case_id"],
            data={
                "code": row["code"],
                "goal": row["goal"],
                "step": row["step"],
                "round": row["round"],
                "due": last_day(row["term_at"]).isoformat(),
                "to": ",".join(codes)[:400],
                "late_s": max(0, (now - row["due_at"]) // 1000),
            },
        ).row()

    async def _apologise(self, office: Office, done: Swept) -> None:
        now = self._clock.now_ms()
        owed = await self._database.read(
            lambda c: apologies.owed(c, office.unit_id, now, OWE_A_SWEEP)
        )
        for start in range(0, len(owed), PLAN_AT_ONCE):
            part = owed[start : start + PLAN_AT_ONCE]

            def write(c: Connection, part: list[dict[str, Any]] = part) -> int:
                return apology.propose(c, office, part, self._ids, self._clock)

            done.apologies += await self._database.write(write)


@dataclass(frozen=True, slots=True)
class _Told:
    """How many due rows were seen, what was told, how many others that stood for."""

    seen: int
    ran: list[Row]
    superseded: int


def _last_due(rows: Sequence[Row], stored: Mapping[str, Any], now: int) -> list[Row]:
    """Return of each clock the last step that is due: it tells for those before it."""
    found: dict[tuple[str, int], Row] = {}
    for row in rows:
        due = [
            one
            for one in stored.get(row["case_id"], ())
            if one["number"] == row["number"]
            and one["state"] == escalation.StepState.DUE
            and one["due_at"] <= now
        ]
        last = max(due, key=lambda one: one["rank"], default=row)
        found[row["case_id"], row["number"]] = dict(row) | dict(last)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Planned:
    """A case with its chain, and how its steps move."""

    case: Case
    chain: chain.Chain
    moves: Moves

    @classmethod
    def of(
        cls, office: Office, head: Row, clocks: Any, stored: Any, clock: Clock
    ) -> _Planned:
        case_id = head["case_id"]
        case = case_of(head, clocks.get(case_id, ()))
        frozen = chain.load(head["chain"]) if head["chain"] else None
        # Another kind is another matter: it begins with the chain of that kind.
        if frozen is None or frozen.kind != case.kind:
            frozen = office.chains.of(case.kind)
        is_closed = case.closed_at is not None
        running = () if is_closed else case.clocks
        wishes = wanted(frozen, running, office.work)
        rows = stored.get(case_id, ())
        moves = moved(case.unit_id, case_id, rows, wishes, clock.now())
        return cls(case, frozen, moves)

    def row(self, now: int) -> dict[str, Any]:
        """What is remembered of having planned this version."""
        return {
            "unit_id": self.case.unit_id,
            "case_id": self.case.case_id,
            "chain_id": self.chain.chain_id,
            "seen_version": self.case.version,
            "is_live": self.case.closed_at is None,
            "planned_at": now,
        }

    def owed(self) -> Iterator[dict[str, Any]]:
        """Yield the clocks of the answer that ended late, for an apology."""
        case = self.case
        for number, one in enumerate(case.clocks):
            is_late = one.goal is Goal.ANSWER and one.ended is Ended.OVERDUE
            if is_late and case.person_id and one.date is not None:
                yield {
                    "case_id": case.case_id,
                    "number": number,
                    "due_date": one.date.isoformat(),
                    "is_law": one.is_law,
                    "code": case.code,
                    "kind": case.kind,
                    "person_id": case.person_id,
                }


def _notices(
    office: Office, row: Row, codes: Sequence[str], now: int
) -> Iterator[dict[str, Any]]:
    """Yield one notice for each addressee; for everybody when there is none."""
    step = (row["case_id"], row["number"], row["step"], row["round"])
    for code in codes or ("",):
        yield {
            "unit_id": office.unit_id,
            "notice_id": notice_id("escalation", *step, code),
            "kind": NOTICES.get(row["step"], OVERDUE),
            "subject": row["case_id"],
            "detail": f"{row['code']}, hạn {last_day(row['term_at']):%d/%m/%Y}",
            "created_at": now,
            "addressee": code or None,
        }
