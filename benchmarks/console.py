"""How long does the server take for the pages of the desk over 100,000 talks?

    .venv/bin/python -m benchmarks.console [TALKS] [CASES] [ROUNDS]

SQLite is filled directly: talks of two proved messages, the index of words, cases
of several kinds of which a fifth is open. Then one officer, logged in over HTTP on the
real service, opens each page in turn; p50, p95 and the largest are what the client
waits, so the wire on this machine is in it. Processor time is that of this process, the
client in it, and stays the same on a busy machine. Wanted: p95 of at most 50 ms.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer
from sqlalchemy import Connection

from bot import installation
from bot.app import Service, build
from bot.case_mail import CaseMail
from bot.cli.migrate import seed_all
from bot.clock import SystemClock
from bot.config import parse_config
from bot.console.routes import HOUSE
from bot.server import application
from bot.services import load_services
from handlers.cases.apply import CaseServices
from handlers.cases.begin import Birth, opened
from handlers.cases.clocks import started
from handlers.cases.code import CaseCode
from handlers.cases.moments import from_ms, local_day
from handlers.cases.opening import Opening
from handlers.cases.rows import Sealer, rows_of
from handlers.model import Tag
from handlers.staff.access.passwords import Hasher
from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list import search
from handlers.staff.permissions import Role
from storage import cases, desk_search
from storage.bulk import Bulk, bulk
from storage.evidence.entry import canonical
from storage.tables import (
    conversation,
    evidence_entry,
    identity,
    person,
    vault_item,
)
from storage.vault import PersonVault
from tests.bot.console.support import QUICK, UNIT, Desk
from tests.bot.support import document, platforms

BATCH = 2_000
KINDS = ("phan_anh", "gop_y", "kien_nghi", "ho_tro", "khen_ngoi")
OPEN_SHARE = 5
KEPT_BACK = 0.005
"""Share of the messages whose words an officer may not read."""
DAY_MS = 86_400_000
SYLLABLES = re.findall(
    r"\w+",
    "đường điện nước rác cầu cống trường chợ sân kênh mương đèn biển báo nhà văn hóa"
    " thôn xóm ngõ hẻm ủy ban hộ khẩu khai sinh kết hôn đất đai thuế phí xe buýt cây"
    " xanh ồn khói bụi ngập úng nứt hỏng vỡ tắc chậm sửa thay dọn lấp mở đóng cấp đổi",
)
BULKS = tuple(
    Bulk(table.insert(), tuple(column.name for column in table.c))
    for table in (person, identity, conversation, vault_item, evidence_entry)
)


def words(dice: random.Random) -> str:
    """Return a message of a dozen syllables and a rare number."""
    said = " ".join(dice.choices(SYLLABLES, k=12))
    return f"{said} số {dice.randrange(10**6):06d}"


def citizens(room: Room, count: int, dice: random.Random) -> Iterator[list[list[Any]]]:
    """Yield batches of rows: people, identities, talks, messages, their proofs."""
    rows: list[list[Any]] = [[], [], [], [], []]
    now = room.now_ms()
    for number in range(count):
        vault = room.vault.create(room.ids.new())
        at = now - dice.randrange(90 * DAY_MS)
        made = _citizen(room, vault, number, at, dice)
        for kept, new in zip(rows, made, strict=True):
            kept.extend(new)
        if len(rows[0]) == BATCH:
            yield rows
            rows = [[], [], [], [], []]
    if rows[0]:
        yield rows


def _citizen(
    room: Room, vault: PersonVault, number: int, at: int, dice: random.Random
) -> tuple[list[Any], ...]:
    shared = {"unit_id": UNIT, "person_id": vault.person_id}
    channel = ("zalo", "facebook")[number % 2]
    mac = room.vault.keys.mac(f"user:{channel}", str(number))
    head = {"wrapped_key": vault.wrapped_key, "created_at": at, "erased_at": None}
    known = {
        "channel": channel,
        "id_mac": mac,
        "sealed_id": vault.seal({"id": str(number)}, mac),
    }
    talk = {
        "channel": channel,
        "version": 2,
        "sealed": vault.seal({}, f"talk:{vault.person_id}:{channel}"),
        "opted_out": False,
        "muted_until": None,
        "last_inbound_at": at,
        "sent_since_inbound": 0,
        "updated_at": at,
    }
    messages = [_message(room, vault, at + step, words(dice)) for step in range(2)]
    proofs = [one for told in messages for one in _proofs(room, told, dice)]
    return [shared | head], [shared | known], [shared | talk], messages, proofs


def _message(room: Room, vault: PersonVault, at: int, text: str) -> dict[str, Any]:
    item_id = room.ids.new()
    return {
        "unit_id": UNIT,
        "item_id": item_id,
        "person_id": vault.person_id,
        "kind": desk_search.WORDS,
        "sealed": vault.seal({"texts": {"text": text}, "salts": {}}, item_id),
        "created_at": at,
    }


def _proofs(
    room: Room, message: dict[str, Any], dice: random.Random
) -> list[dict[str, Any]]:
    """Return that a message came and as what it was read."""
    is_kept_back = dice.random() < KEPT_BACK
    read = "khieu_nai" if is_kept_back else "phan_anh"
    at, subject = message["created_at"], room.ids.new()
    told = (
        (Tag.MESSAGE_RECEIVED, {"item": message["item_id"]}),
        (Tag.MESSAGE_UNDERSTOOD, {"data": {"intent": read, "score": 93}}),
    )
    return [
        {
            "unit_id": UNIT,
            "entry_id": room.ids.new(),
            "at": at,
            "tag": tag.value,
            "subject": subject,
            "leaf": canonical(found),
            "leaf_hash": b"",
        }
        for tag, found in told
    ]


async def fill(room: Room, talks: int, number: int) -> list[str]:
    """Write everything; return the codes of the cases."""
    dice = random.Random(7)
    people: list[dict[str, Any]] = []
    for rows in citizens(room, talks, dice):

        def work(connection: Connection, rows: list[list[Any]] = rows) -> None:
            for one, found in zip(BULKS, rows, strict=True):
                bulk(connection, one, found)

        await room.database.write(work)
        people += [
            known | {"channel": talk["channel"]}
            for known, talk in zip(rows[0], rows[2], strict=True)
        ]
    chosen = dice.sample(people, min(number, len(people)))
    codes = []
    for start in range(0, number, 500):
        made = [
            _case(room, dice.choice(chosen), n, dice)
            for n in range(start, min(start + 500, number))
        ]

        def write(connection: Connection, made: list[Any] = made) -> None:
            for rows in made:
                cases.write(connection, rows)

        await room.database.write(write)
        codes += [rows.record["code"] for rows in made]
    return codes


def _case(room: Room, whose: dict[str, Any], number: int, dice: random.Random) -> Any:
    kind = room.services.kinds.get(KINDS[number % len(KINDS)])
    at = room.now_ms() - dice.randrange(30 * DAY_MS)
    received = from_ms(at)
    vault = room.vault.unwrap(whose["person_id"], whose["wrapped_key"])
    opening = Opening(
        kind=kind.code,
        code=str(CaseCode(kind.letters, local_day(received), number)),
        text=words(dice),
        received_at=received,
        clocks=started(kind, received, room.services.deadlines),
        contact={"phone": f"09{number:08d}"},
    )
    birth = Birth(UNIT, room.ids.new(), vault.person_id, whose["channel"])
    sealer = Sealer(room.ids, vault, room.vault.keys, at)
    rows = rows_of(opened(opening, birth, received), sealer)
    if number % OPEN_SHARE:
        rows.record |= {"state": "closed", "closed_at": at + DAY_MS}
    elif number % (3 * OPEN_SHARE) == 0:
        rows.record |= {"owner": "officer", "state": "accepted"}
    return rows


def room_of(desk: Desk) -> Room:
    """Return the room of the service itself."""
    unit = desk.house.units[UNIT]
    services = unit.services
    return Room(
        database=desk.house.database,
        unit=services.unit,
        vault=unit.vault,
        ids=desk.house.ids,
        clock=desk.house.clock,
        by="bench",
        services=CaseServices(services.kinds, services.deadlines),
        words=services.words,
        mail=CaseMail(),
    )


async def measure(desk: Desk, codes: list[str], rounds: int) -> None:
    """Open each page so many times and print what it took."""
    officer = await desk.as_role(Role.OFFICER)
    dice = random.Random(11)
    pages: dict[str, Callable[[], str]] = {
        "list, new": lambda: "/console/cases",
        "list, overdue, one kind": lambda: "/console/cases?tab=overdue&kind=phan_anh",
        "list, done": lambda: "/console/cases?tab=done",
        "talks": lambda: "/console/cases/talks",
        "search, two common words": lambda: _asked(dice, 2),
        "search, three common words": lambda: _asked(dice, 3),
        "search, a code": lambda: f"/console/cases?q={dice.choice(codes)}",
        "case": lambda: f"/console/cases/{dice.choice(codes)}",
    }
    print("| page | p50 | p95 | max | processor p50 | p95 |\n|---|---|---|---|---|---|")
    for name, path in pages.items():
        waited, worked = [], []
        for _ in range(rounds):
            begun, busy = time.perf_counter(), time.process_time()
            answer = await officer.get(path())
            waited.append((time.perf_counter() - begun) * 1000)
            worked.append((time.process_time() - busy) * 1000)
            assert answer.status == 200, (name, answer.status)
        told = [*_spread(waited), max(waited), *_spread(worked)]
        print(f"| {name} |", " | ".join(f"{ms:.0f} ms" for ms in told), "|")


def _spread(taken: list[float]) -> tuple[float, float]:
    """Return p50 and p95."""
    ordered = sorted(taken)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]


def _asked(dice: random.Random, number: int) -> str:
    return "/console/cases?q=" + "+".join(dice.sample(SYLLABLES, number))


async def main(talks: int, number: int, rounds: int) -> None:
    """Fill a database in a folder of its own and measure."""
    with tempfile.TemporaryDirectory() as folder:
        place, clock = Path(folder), SystemClock()
        config = parse_config(document(platforms(), "http://127.0.0.1:9"), {}, place)
        installation.prepare(config)
        await seed_all(config)
        async with installation.open_installation(
            config, exclusive=True, clock=clock
        ) as opened_one:
            services = await load_services(config, opened_one.database, clock)
            service: Service = build(opened_one, services)
            app = application(service, hasher=Hasher(QUICK))
            house = next(one[HOUSE] for one in app._subapps if HOUSE in one)  # noqa: SLF001
            async with TestServer(app) as server:
                base = str(server.make_url("")).rstrip("/")
                desk = Desk(service, house, base, clock)  # type: ignore[arg-type]
                await _run(desk, talks, number, rounds)
            await service.stop()


async def _run(desk: Desk, talks: int, number: int, rounds: int) -> None:
    room = room_of(desk)
    begun = time.perf_counter()
    codes = await fill(room, talks, number)
    filled = time.perf_counter()
    read = await search.rebuild(room.database, UNIT, room.vault.keys)
    spent = time.perf_counter() - filled
    print(
        f"{talks} talks, {number} cases written in {filled - begun:.0f} s;"
        f" {read} texts indexed in {spent:.0f} s"
    )
    await measure(desk, codes, rounds)
    for browser in desk.browsers:
        await browser.close()


if __name__ == "__main__":
    wanted = [int(one) for one in sys.argv[1:]]
    asyncio.run(main(*(wanted + [100_000, 10_000, 100][len(wanted) :])))
