"""What does the dossier of a year look like that went through the real service?

``.venv/bin/python -m benchmarks.dossier_year FOLDER [MESSAGES]``: the whole service on
SQLite, webhooks from the sandbox platforms, a clock that jumps from day to day (2026,
January to November); staff work through their own handlers. Ends with FOLDER/dossier/
unpacked and checked, and every page of every PDF as a picture in FOLDER/pages/.
"""

from __future__ import annotations

import asyncio
import io
import random
import re
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any

import aiohttp
import openpyxl
import pypdfium2  # type: ignore[import-untyped]  # it has no stubs
from sqlalchemy import select

from bot import installation
from bot.app import build
from bot.case_rooms import room_beside
from bot.cli.migrate import seed_all
from bot.config import parse_config
from bot.dossier_room import file_paper, make, point_now, unit_of
from bot.installation import Installation
from bot.letters_keeper import post_of, room_of
from bot.parts import Part as Work
from bot.sandbox.answers import SANDBOX
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import create_sandbox
from bot.sandbox.webhook import facebook_event, zalo_event
from bot.server import application, listen, port_of
from bot.services import load_services
from handlers.cases import actions
from handlers.cases.moments import LOCAL
from handlers.staff.cases.act import act
from handlers.staff.cases.answer import answer, approve
from handlers.staff.cases.file import opened
from handlers.staff.dossier.build import Ask
from handlers.staff.dossier.paper import NewPaper, PaperRoom
from handlers.staff.dossier.verify_dossier import Dossier
from handlers.staff.greetings import acts
from handlers.staff.letters import delivery, handing, steps
from handlers.staff.letters.writing import NewLetter
from handlers.staff.letters.writing import make as write
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import OPERATOR, Profile
from handlers.staff.permissions import Role
from handlers.staff.reports import online
from handlers.staff.reports.period import Period
from handlers.staff.roster import imports, sheet
from handlers.staff.roster.model import Part, Shift, Slot
from handlers.staff.roster.shifts import set_shifts
from handlers.staff.roster.table import TITLES
from messages.documents import typeset
from messages.letters.kinds import shipped as kinds
from scheduler.calendar.year import occasions
from storage import greetings, tables
from storage.fires import Fire
from tests.bot.process import Process
from tests.bot.support import UNIT, document, eventually, platforms
from tests.conftest import FakeClock
from tests.handlers.staff.dossier.year import ASKED, LETTERS

YEAR, LAST = 2026, date(2026, 11, 24)
ASK = Ask(date(YEAR, 1, 1), date(YEAR, 12, 31))
STAFF = {
    "canbo01": ("Trần Văn Cán", "Công chức Tư pháp - Hộ tịch", Role.OFFICER),
    "canbo02": ("Lê Thị Duyên", "Công chức Văn hóa - Xã hội", Role.OFFICER),
    "chanhvp": ("Đỗ Văn Chánh", "Chánh Văn phòng", Role.HEAD),
    "chutich": ("Phạm Thị Lãnh", "Chủ tịch", Role.LEADER),
}
REPORTS = (
    "Đèn đường trước nhà văn hóa thôn Đông hỏng ba hôm nay, tối đi nguy hiểm",
    "Rác trước chợ thôn Đoài đầy hai hôm nay, xã cho người thu gom với ạ",
    "Cống trước nhà văn hóa thôn Vạn tắc ba hôm nay, mưa xuống là ngập",
)
MORE = (
    "số điện thoại của xã là gì",
    "lịch tiếp dân của chủ tịch xã thế nào",
    "nộp hồ sơ trực tuyến ở đâu",
    "cảm ơn các cháu nhé, phục vụ tốt lắm",
    "hôm nay trời đẹp quá",
)
ANSWERS = "Xã đã cử người đến làm xong trong sáng nay, xin cảm ơn anh/chị đã báo."
PAPERS = (
    ("I.1.a", "Bản cam kết không gây phiền hà, sách nhiễu", "12/CK-UBND", "board"),
    ("I.1.c", "Danh mục phí, lệ phí", "15/TB-UBND", "website"),
    ("II.4.d", "Quyết định công nhận sáng kiến", "210/QĐ-UBND", ""),
    ("IV.3.d", "Ảnh bảng wifi miễn phí tại Trung tâm", "", ""),
    ("IV.7", "Quyết định công nhận xã đạt chuẩn tiếp cận pháp luật", "31/QĐ-UBND", ""),
    ("III.1.1.a", "Quy tắc ứng xử của cán bộ, công chức", "08/QĐ-UBND", "board"),
)
SECONDS = 30.0


@dataclass(slots=True)
class Town:
    """The service, the platforms, the clock, and chance."""

    process: Process
    platform: Sandbox
    house: Installation
    clock: FakeClock
    dice: random.Random
    folder: Path
    http: aiohttp.ClientSession
    codes: list[str] = field(default_factory=list)

    def at(self, day: date, hours: int, minutes: int = 0) -> None:
        """Set the clock to a local hour."""
        self.clock.set(datetime.combine(day, hour(hours, minutes), LOCAL))

    def desk(self, by: str) -> Desk:
        """Return somebody's desk."""
        keys = self.house.ring.unit(UNIT)
        now = self.house.clock.now_ms
        return Desk(self.house.database, UNIT, keys, self.house.ids, now, by)

    async def says(self, number: int, text: str) -> list[str]:
        """Let a citizen write, see everything settled; return what they read."""
        who = str(7_000_000_000_000_000 + number)
        before = len(self.platform.record.sent(user_id=who))
        known = await self._events()
        self.clock.advance(timedelta(seconds=self.dice.randrange(2, 40)))
        await self.process.service.sweeper.sweep()  # the keys of a new day
        event = zalo_event if number % 3 else facebook_event
        one = event(platforms(), who, text, at_ms=self.clock.now_ms())
        url = self.process.url + one.path
        async with self.http.post(url, data=one.body, headers=one.headers) as answer:
            assert answer.status == 200, answer.status

        async def arrived() -> bool:
            is_new = not await self._events() <= known
            return is_new and await self.process.is_settled()

        await eventually(arrived, SECONDS)
        sent = self.platform.record.sent(user_id=who)[before:]
        return [str(one.body.get("message", {}).get("text", "")) for one in sent]

    async def _events(self) -> set[str]:
        rows = await self.process.rows(tables.inbox_event)
        return {row["event_id"] for row in rows}

    async def night(self, day: date) -> None:
        """Let the keepers work as they do at any hour, and end the day."""
        self.at(day, 20)
        await self.process.service.timekeeper.sweep(Fire(UNIT, "sweep", "x"))
        await self.process.service.evidence.round(UNIT, is_slow=False)


async def main(folder: Path, messages: int) -> None:
    """Live the year, build, check, draw."""
    clock, begun = FakeClock(), time.perf_counter()
    clock.set(datetime(YEAR, 1, 2, 8, tzinfo=LOCAL))
    async with opened_town(folder, clock) as town:
        for code, (name, title, role) in STAFF.items():
            new = NewMember(code, Profile(name, title), frozenset({role}))
            await add(town.desk(OPERATOR), new)
        for number, day in enumerate(_workdays(messages)):
            await lived(town, day, number)
        print(f"lived: {time.perf_counter() - begun:.0f} s")
        await built(town)
    drawn(folder)


@asynccontextmanager
async def opened_town(folder: Path, clock: FakeClock) -> AsyncIterator[Town]:
    """Start platforms and service; what the clock does is called by the year."""
    app = create_sandbox(platforms(), clock)
    far = await listen(app, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{port_of(far)}"
    config = parse_config(document(platforms(), base), {}, folder)
    installation.prepare(config)
    await seed_all(config)
    async with installation.open_installation(
        config, exclusive=True, clock=clock
    ) as house:
        services = await load_services(config, house.database, clock)
        service = build(house, services)
        await service.start({Work.DOOR, Work.ROAD})
        runner = await listen(application(service), "127.0.0.1", 0)
        process = Process(service, runner)
        app[SANDBOX].service_url = process.url
        async with aiohttp.ClientSession() as http:
            dice = random.Random(1)
            yield Town(process, app[SANDBOX], house, clock, dice, folder, http)
        await process.stop()
    await far.cleanup()


def _workdays(messages: int) -> Iterator[date]:
    """Yield a day for every three messages, spread over the year, none a Sunday."""
    first = date(YEAR, 1, 5)
    days = max(messages // 3, 1)
    for number in range(days):
        day = first + (LAST - first) * number // days
        yield day + timedelta(days=day.weekday() == 6)


async def lived(town: Town, day: date, number: int) -> None:
    """One day: the office first, then citizens, then the night."""
    town.at(day, 8)
    await _month(town, day)
    await _greet(town, day)
    for _ in range(2):
        who = town.dice.randrange(60)
        questions = [one[0] for one in ASKED] + list(MORE)
        await town.says(who, town.dice.choice(questions))
    if number % 4 == 0:
        await _report(town, number)
    if number % 4 == 1:
        await _letter(town, number)
    if number < len(PAPERS):
        await _paper(town, day, number)
    await town.night(day)


_months: set[int] = set()


async def _month(town: Town, day: date) -> None:
    """Once a month: the duty of the next weeks, and the numbers of the month before."""
    if day.month in _months or day.month == 7:
        return
    _months.add(day.month)
    desk = town.desk("chanhvp")
    days = [day + timedelta(days=n) for n in range(10)]
    if day.month % 2:
        shifts = [
            Shift(Slot(one, Part.SANG, "zalo"), "canbo01", "canbo02")
            for one in days
            if one.weekday() < 5
        ]
        await set_shifts(desk, shifts)
    else:
        path = town.folder / "truc.xlsx"
        _table(path, [one for one in days if one.weekday() < 5])
        await imports.apply(desk, path)
        made = await sheet.made(desk, "xã Thanh Hà", "Thanh Hà", days[0], days[-1])
        await sheet.prove(desk, made)
    if day.month > 1:
        month = Period(day.year, day.month - 1, 1)
        told = online.Numbers(240, 215 + day.month, 230, 226)
        await online.record(desk, month, told, 0)
        if day.month in (2, 4, 10):
            await online.publish(desk, month, "board")


def _table(path: Path, days: list[date]) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(TITLES)
    for one in days:
        page.append([f"{one:%d/%m/%Y}", "Sáng", "Zalo", "", "canbo02", "canbo01"])
    book.save(path)


async def _greet(town: Town, day: date) -> None:
    """Holidays since the last day: drafted ahead, approved, posted in their hour."""
    keeper, known = town.process.service.greetings, occasions(YEAR)
    for one in known:
        if day - timedelta(days=3) < one.date <= day:
            for ahead, at in ((2, 9), (0, 9)):
                town.at(one.date - timedelta(days=ahead), at)
                await keeper.round(UNIT)
                rows = await town.house.database.read(
                    lambda c: greetings.listed(c, UNIT, ["draft", "asked"])
                )
                for row in rows:
                    desk = town.desk("chutich")
                    await acts.approve(desk, str(row["greeting_id"]), row["version"])
                await keeper.round(UNIT)
    town.at(day, 8, 30)


async def _report(town: Town, number: int) -> None:
    """A report by the form, worked on to its end, and rated."""
    who = 100 + number
    text = REPORTS[number % len(REPORTS)]
    await town.says(who, text)
    for word in ("#phieu:k_phan_anh", "xong", "bỏ qua", "không cần", "không"):
        await town.says(who, word)
    found = None
    for word in ("gửi", "bỏ qua", "không cần", "không", "gửi"):  # one more question
        told = " ".join(await town.says(who, word))
        found = found or re.search(r"[A-Z]{2}-\d{6}-\d{4}", told)
        if found is not None:
            break
    if found is None:
        print(f"no receipt: {told[:120]!r}")
        return
    code = found[0]
    town.codes.append(code)
    room = await room_beside(town.house, UNIT, "canbo01")
    await act(room, code, actions.Classify("phan_anh"))
    await act(room, code, actions.Accept())
    if number % 9 == 0:
        town.clock.advance(timedelta(days=20))
    else:
        town.clock.advance(timedelta(hours=5))
    await answer(room, code, ANSWERS)
    if (await opened(room, code)).kind.needs_approval:
        await approve(await room_beside(town.house, UNIT, "chutich"), code)
    await act(room, code, actions.Close())
    await town.says(who, f"#diem:{code}/{town.dice.choice((5, 5, 4, 2))}")


async def _letter(town: Town, number: int) -> None:
    """A letter of the next kind: by chat when its people write to us, else by hand."""
    code = list(LETTERS)[number // 4 % len(LETTERS)]
    data = dict(LETTERS[code])
    data |= {"ma_hs": f"H25.12-{number:06d}-0001"} if "ma_hs" in data else {}
    for name in ("chong", "nguoi_mat", "ten"):
        if name in data:
            family = town.dice.choice(("Minh", "Hòa", "Thảo", "Quang"))
            data[name] = f"{data[name]} {family}{number}".rstrip("0123456789")
            data[name] += " " + "ABCDEFGHIKLMNOPQRSTUVXY"[number % 23] + "n"
    writer, leader = (
        room_of(town.house, UNIT, "canbo02"),
        room_of(town.house, UNIT, "chutich"),
    )
    case = town.codes[-1] if town.codes and number % 8 == 1 else ""
    new = NewLetter(kinds().named(code), data, case_code=case, is_sure=True)
    made = await write(writer, new)
    letter_id = made.letter_id
    await steps.check(writer, letter_id, 1)
    await steps.approve(leader, letter_id, 2)
    await steps.schedule(writer, letter_id, await _mark(town, letter_id))
    if case:
        woken = await delivery.send_due(writer, post_of(town.house, UNIT))
        for channel in woken:
            town.process.service.outlet.wake(channel)
        await eventually(town.process.is_settled, SECONDS)
        await delivery.settle(writer)
    if (await _row(town, letter_id))["state"] == "scheduled":
        await steps.put_on_paper(writer, [letter_id], lambda _kept: b"")
        mark = await _mark(town, letter_id)
        await handing.confirm(writer, letter_id, mark, "người nhà", None)


async def _mark(town: Town, letter_id: str) -> int:
    return int((await _row(town, letter_id))["mark"])


async def _row(town: Town, letter_id: str) -> dict[str, Any]:
    table = tables.letter
    return await town.house.database.read(
        lambda c: dict(
            c.execute(select(table).where(table.c.letter_id == letter_id))
            .mappings()
            .one()
        )
    )


async def _paper(town: Town, day: date, number: int) -> None:
    criterion, title, sign, place = PAPERS[number]
    rows = [[title, f"số {sign}", f"{day:%d/%m/%Y}", ""]]
    quarters = [{"name": "Giấy tờ giả lập", "rows": rows}]
    page = {"agency": ["XÃ THANH HÀ"], "title": title, "quarters": quarters}
    picture = typeset.png("published", page)
    unit = unit_of(town.house, UNIT)
    room = PaperRoom(town.desk("canbo02"), unit.folder, unit.criteria)
    until = day + timedelta(days=35) if place else None
    new = NewPaper(criterion, title, day, sign, "", place, until)
    await file_paper(town.house.config, room, new, picture)


async def built(town: Town) -> None:
    """Build the dossier twice, compare the bytes, unpack and check it."""
    town.at(LAST, 21)
    begun, desk = time.perf_counter(), town.desk("canbo01")
    point = await point_now(town.house, desk, ASK)
    unit, made = unit_of(town.house, UNIT), []
    for _ in range(2):
        out = io.BytesIO()
        told = await make(town.house, unit, ASK, point, out, lambda _s, _d, _t: None)
        made.append(out.getvalue())
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        archive.extractall(town.folder / "dossier")
    found = Dossier(town.folder / "dossier")
    found.check(point.fingerprint)
    print(f"built twice: {time.perf_counter() - begun:.1f} s, {told.entries} entries")
    print(f"same bytes: {made[0] == made[1]}, faults: {found.faults}")


def drawn(folder: Path) -> None:
    """Draw every page of every PDF."""
    (folder / "pages").mkdir(exist_ok=True)
    number = 0
    for path in sorted((folder / "dossier").rglob("*.pdf")):
        paper = pypdfium2.PdfDocument(path)
        for at in range(len(paper)):
            page = paper[at].render(scale=1.1, rev_byteorder=True).to_numpy()
            png = _png(page.shape[1], page.shape[0], page[:, :, :3])
            (folder / "pages" / f"{path.stem}-{at + 1:03d}.png").write_bytes(png)
            number += 1
    print(f"pages: {number}")


def _png(wide: int, high: int, rows: Any) -> bytes:
    """Return RGB rows as a PNG."""
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    made = b"\x89PNG\r\n\x1a\n"
    for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")):
        made += struct.pack(">I", len(data)) + name + data
        made += struct.pack(">I", zlib.crc32(name + data))
    return made


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True)
    asyncio.run(main(place, int([*sys.argv, "300"][2])))
