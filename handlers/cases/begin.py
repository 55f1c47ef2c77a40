"""How does a case begin? In the queue of whoever is on duty, its clocks running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from handlers.cases.actions import CITIZEN, STAFF, SYSTEM, Act, Actor
from handlers.cases.case import (
    QUEUE,
    Case,
    Clock,
    Ended,
    Goal,
    Link,
    Source,
    State,
)
from handlers.cases.change import Change, HistoryEntry, Notice
from handlers.cases.moments import LOCAL, local_day
from handlers.cases.opening import Opening
from handlers.cases.scene import CASE, FILE
from handlers.model import Event, Tag


@dataclass(frozen=True, slots=True)
class Birth:
    """Where a new case belongs: ids of our own, the channel it came on."""

    unit_id: str
    case_id: str
    person_id: str
    channel: str


def opened(opening: Opening, birth: Birth, at: datetime) -> Change:
    """Return a new case with the first entry of its history."""
    case = Case(
        unit_id=birth.unit_id,
        case_id=birth.case_id,
        code=opening.code,
        kind=opening.kind,
        state=State.RECEIVED,
        person_id=birth.person_id,
        channel=birth.channel,
        source=opening.source,
        owner=QUEUE,
        received_at=opening.received_at,
        clocks=opening.clocks,
        seq=1,
        links=_links(opening),
        updated_at=at,
    )
    return Change(case, (_first(opening, case, at),), notices=_notices(opening))


def _links(opening: Opening) -> tuple[Link, ...]:
    twin = (Link(CASE, opening.twin),) if opening.twin else ()
    return (*(Link(FILE, name) for name in opening.files), *twin)


def _notices(opening: Opening) -> tuple[Notice, ...]:
    """A case that is said to be the same as another is for staff to merge, or not."""
    recorded = Notice("case_recorded", opening.kind) if opening.recorded_by else None
    joined = Notice("case_joined", opening.twin) if opening.twin else None
    return tuple(one for one in (recorded, joined) if one is not None)


def _first(opening: Opening, case: Case, at: datetime) -> HistoryEntry:
    by = opening.recorded_by
    actor = Actor(by, STAFF) if by else Actor("citizen", CITIZEN)
    data: dict[str, str | int | bool] = {
        "code": case.code,
        "kind": case.kind,
        "source": case.source.value,
        "by": actor.name,
    }
    if case.answer_clock is not None and case.answer_clock.date is not None:
        data["due"] = case.answer_clock.date.isoformat()
    texts = {"text": opening.text, **opening.contact}
    event = Event(Tag.CASE_RECORDED if by else Tag.CASE_OPENED, data, texts)
    return HistoryEntry(
        1,
        Act.OPEN,
        actor,
        at,
        event,
        is_internal=False,
        template=opening.template,
        template_version=opening.template_version,
    )


def guided(unit_id: str, case_id: str, kind: str, at: datetime) -> Case:
    """Return the record that guidance was given: no person, no words, only the day.

    A denouncer's identity is protected (Luật Tố cáo Điều 9, 56): what could lead from
    the record to a person, an exact time above all, is not in it; its id is random.
    """
    day = local_day(at)
    noon = datetime.combine(day, time(12), LOCAL).astimezone(UTC)
    told = Clock(
        goal=Goal.GUIDE,
        rule="",
        is_law=False,
        started_at=noon,
        date=day,
        at=noon,
        stopped_at=noon,
        ended=Ended.IN_TIME,
    )
    return Case(
        unit_id=unit_id,
        case_id=case_id,
        code=f"HD-{day:%y%m%d}-{case_id[:8]}",
        kind=kind,
        state=State.GUIDED,
        person_id="",
        channel="",
        source=Source.MESSAGE,
        owner=QUEUE,
        received_at=noon,
        clocks=(told,),
        seq=1,
        updated_at=noon,
        closed_at=noon,
    )


GUIDE = Actor("bot", SYSTEM)
