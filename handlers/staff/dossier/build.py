"""How does a dossier come to be? One pass over the log, then row by row.

Pure reading over one snapshot: the same point, time, criteria and program give the
same sections. ``Progress`` is told how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.moments import from_ms, local_day
from handlers.model import Tag
from handlers.staff.dossier import log
from handlers.staff.dossier.draw import Collector, Days, Entries, lacking
from handlers.staff.dossier.draw_cases import Cases, Letters
from handlers.staff.dossier.draw_roster import Duty, Roster, duty_of
from handlers.staff.dossier.draw_talks import Open, Talks
from handlers.staff.dossier.draw_work import Online, Replies, Survey
from handlers.staff.dossier.errors import BadPeriodError
from handlers.staff.dossier.finding import Attachment, Found, Section, judged
from handlers.staff.dossier.letter_copies import opener
from handlers.staff.dossier.log import Line
from handlers.staff.dossier.paper import Paper, opened
from handlers.staff.dossier.point import Point
from handlers.staff.dossier.published import Published, PublishedDraw, quarters
from handlers.staff.letters.room import LetterRoom
from handlers.staff.reports.period import Period, start_ms
from messages.criteria.model import Criteria, Criterion, Draw, Papers, Source
from storage import desk_lists, dossier, people
from storage.errors import ErasedError
from storage.file_folder import FileFolder
from storage.keys import InvalidTag
from storage.vault import PersonVault, Vault

LONGEST: Final = timedelta(days=732)
FOREVER: Final = 2**62
LATE: Final = frozenset({Tag.RESULTS_RECORDED.value, Tag.RESULTS_PUBLISHED.value})
"""What is written down about a time when it is over already."""
FILE_IT: Final = "Nộp ở mục Minh chứng, dòng"
READ, WRITE, PACK = "read", "write", "pack"
STEPS: Final = {READ: "Đọc nhật ký", WRITE: "Lập từng tiêu chí", PACK: "Đóng gói"}

Progress = Callable[[str, int, int], None]
"""(step, done, total); called often, must be quick."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants: the days of the dossier, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what is no time."""
        if self.first > self.last or self.last - self.first > LONGEST:
            raise BadPeriodError

    @property
    def since(self) -> int:
        """When it begins, UTC ms."""
        return start_ms(self.first)

    @property
    def until(self) -> int:
        """When it has ended, UTC ms."""
        return start_ms(self.last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Unit:
    """Whose dossier: keys, folder of papers, criteria."""

    unit_id: str
    name: str
    full_name: str
    vault: Vault
    folder: FileFolder
    criteria: Criteria
    letters: LetterRoom


@dataclass(frozen=True, slots=True)
class Built:
    """All that the papers of a dossier say."""

    ask: Ask
    point: Point
    days: Days
    sections: tuple[Section, ...]
    quarters: tuple[tuple[Period, tuple[Published, ...]], ...]
    erased: int
    destroyed: int
    entries: int


def build(
    connection: Connection, unit: Unit, ask: Ask, point: Point, progress: Progress
) -> Built:
    """Draw everything; raises BrokenLogError."""
    last = min(ask.last, local_day(from_ms(point.at)))
    days = Days(ask.first, max(last, ask.first))
    papers = papers_of(connection, unit, ask, point.size)
    kept = [one for one in papers if not one.is_destroyed]
    duty = duty_of(connection, unit.unit_id, unit.vault.keys, days, point.at)
    chosen = [
        (row, _collectors(connection, unit, row, kept, duty))
        for row in unit.criteria.rows
    ]
    seen, people_seen = _read(connection, unit, ask, point, chosen, progress)
    sections = []
    total = len(chosen)
    for number, (row, collectors) in enumerate(chosen, start=1):
        found = [one.found(days) for one in collectors]
        found += _filed(unit, row, kept, days, connection)
        sections.append(judged(row, found))
        progress(WRITE, number, total)
    told = [c for _, mine in chosen for c in mine if isinstance(c, PublishedDraw)]
    lists = quarters(told[0].all(days) if told else [], days.first, days.last)
    return Built(
        ask,
        point,
        days,
        tuple(sections),
        tuple((period, tuple(mine)) for period, mine in lists),
        dossier.erased(connection, unit.unit_id, sorted(people_seen), point.at),
        len(papers) - len(kept),
        seen,
    )


def _read(
    connection: Connection,
    unit: Unit,
    ask: Ask,
    point: Point,
    chosen: Sequence[tuple[Criterion, Sequence[Collector]]],
    progress: Progress,
) -> tuple[int, set[str]]:
    """Let every entry go by; return how many were in time, and whose they were."""
    by_tag: dict[str, list[Collector]] = {}
    for _, collectors in chosen:
        for one in collectors:
            for tag in one.tags:
                by_tag.setdefault(tag, []).append(one)
    span = (unit.unit_id, point.size, ask.since, FOREVER)
    total = log.count(connection, *span)
    seen, who = 0, set[str]()
    for done, line in enumerate(log.lines(connection, *span), start=1):
        if not done % 2000:
            progress(READ, done, total)
        is_in = line.at < ask.until
        seen += is_in
        if is_in and line.person:
            who.add(line.person)
        if is_in or line.tag in LATE:
            for one in by_tag.get(line.tag, ()):
                one.take(line)
    progress(READ, total, total)
    return seen, who


def _collectors(
    connection: Connection,
    unit: Unit,
    row: Criterion,
    papers: Sequence[Paper],
    duty: Duty,
) -> list[Collector]:
    simple: Mapping[Source, Callable[[Draw], Collector]] = {
        Source.ENTRIES: Entries,
        Source.CASES: Cases,
        Source.LETTERS: lambda draw: Letters(draw, opener(connection, unit.letters)),
        Source.ROSTER: lambda draw: Roster(draw, duty),
        Source.REPLIES: Replies,
        Source.SURVEY: Survey,
        Source.ONLINE: Online,
        Source.PUBLISHED: lambda draw: PublishedDraw(draw, papers),
        Source.TALKS: lambda draw: Talks(draw, _opener(connection, unit)),
    }
    return [simple[draw.source](draw) for draw in row.draws]


def papers_of(connection: Connection, unit: Unit, ask: Ask, size: int) -> list[Paper]:
    """Return papers dated in this time, or filed in it, below a size of the log."""
    vault = dossier.vault(connection, unit.unit_id, unit.vault.keys)
    if vault is None:
        return []
    rows = dossier.papers_at(connection, unit.unit_id, size)
    found = [opened(vault, row) for row in rows]
    return [
        one
        for one in found
        if ask.first <= one.day <= ask.last or ask.since <= one.filed_at < ask.until
    ]


def _filed(
    unit: Unit,
    row: Criterion,
    papers: Sequence[Paper],
    days: Days,
    connection: Connection,
) -> list[Found]:
    mine = [one for one in papers if one.criterion == row.id]
    if not row.is_scored or (row.papers is None and not mine):
        return []
    wanted = row.papers or Papers("Giấy tờ nộp bằng tay", 0)
    when = [min(max(one.day, days.first), days.last) for one in mine]
    lacks = lacking(wanted.what, wanted.need, wanted.every, len(mine), days, when)
    vault = dossier.vault(connection, unit.unit_id, unit.vault.keys)
    advice = f"{FILE_IT} {row.number}."
    words = f"{len(mine)} giấy tờ đã nộp" if mine else "chưa nộp giấy tờ nào"
    files = tuple(_attachment(unit.folder, vault, one) for one in mine if vault)
    return [Found(wanted.what, len(mine), words, not lacks, lacks, advice, (), files)]


def _attachment(folder: FileFolder, vault: PersonVault, one: Paper) -> Attachment:
    return Attachment(
        one.title,
        one.suffix,
        lambda: b"".join(folder.read(vault, one.file_mac)),
        day=one.day,
        number=one.number,
        note=one.note,
        log=one.filed_entry,
        salt=one.salt,
        position=one.position,
    )


def _opener(connection: Connection, unit: Unit) -> Open:
    def text(line: Line) -> str | None:
        if not line.item:
            return ""
        value = _item(connection, unit, line)
        if value is None:
            return None
        said = value.get("texts", {}).get("text") or value.get("reply", {}).get("text")
        return str(said or "")

    return text


def _item(connection: Connection, unit: Unit, line: Line) -> dict[str, Any] | None:
    rows = people.get_items(connection, unit.unit_id, [line.item])
    wrapped = desk_lists.key_of(connection, unit.unit_id, line.person)
    if line.item not in rows or wrapped is None:
        return None
    try:
        vault = unit.vault.unwrap(line.person, wrapped)
        value: dict[str, Any] = vault.open(rows[line.item]["sealed"], line.item)
    except (ErasedError, InvalidTag):
        return None
    return value
