"""A year of a commune that never was: talks, cases, letters, scores, as the bot writes.

Written in bulk and in the order of time; every day ends with a signed root. The same
numbers give the same year (apart from keys and salts).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from handlers.cases.moments import LOCAL
from handlers.model import Tag
from messages.letters import kinds
from messages.letters.templates import on_disk
from storage import evidence, letters, people
from storage.database import Database
from storage.evidence import Entry
from storage.evidence.sequencer import Sequencer
from storage.keys import UnitKeys
from storage.tables import person
from storage.vault import PersonVault, Vault, commit

Data = dict[str, str | int | bool]
ORIGIN = "tro-ly.example/log/thanh-ha"
ASKED = (
    ("Cho em hỏi làm giấy khai sinh cần gì ạ", "1.001193", "documents"),
    ("Lệ phí chứng thực bản sao bao nhiêu ạ", "2.000815", "fee"),
    ("Đăng ký kết hôn mấy ngày thì xong?", "1.000894", "time"),
    ("Nộp hồ sơ tạm trú trên mạng thế nào", "1.004194", "online"),
    ("Em là Nguyễn Văn Hùng, số 0912345678, hỏi thủ tục khai tử", "1.000656", "card"),
)
ANSWER = (
    "Dạ, thủ tục này cần: tờ khai theo mẫu, giấy tờ tùy thân và giấy tờ chứng minh."
    " Anh/chị nộp tại Trung tâm Phục vụ hành chính công xã hoặc trên mạng ạ."
)
REPORT = "Đèn đường đầu thôn hỏng ba hôm nay, xã cho sửa giúp bà con với ạ"
KINDS = ("phan_anh", "gop_y", "kien_nghi", "phuc_vu_tai_nha", "tiep_dan")
LETTERS: dict[str, dict[str, str]] = {
    "ket_hon": {"chong": "Nguyễn Văn Tám", "vo": "Trần Thị Lụa", "thon": "Đông"},
    "chia_buon": {"nguoi_mat": "Phạm Văn Tư", "tuoi": "84", "ong_ba": "ông"},
    "cam_on": {"ten": "bà Lê Thị Hoa", "dong_gop_cu_the": "hiến 40 m² đất làm đường"},
    "bieu_duong": {
        "ten": "ông Vũ Văn Bảy",
        "ten_sang_kien": "Tổ thu gom rác đồng",
        "so_quyet_dinh": "210/QĐ-UBND",
        "ngay_qd": "2026-09-15",
    },
    "tham_hoi": {"ten": "bà Đỗ Thị Cúc", "hoan_canh": "gia đình bị cháy bếp"},
    "xin_loi_qua_han": {
        "ten": "anh Hoàng Văn Sáu",
        "ma_hs": "H25.12-261101-0001",
        "ten_tthc": "đăng ký khai sinh",
        "ngay_hen_goc": "2026-10-05",
        "ngay_hen_moi": "2026-10-09",
        "cong_chuc": "Trần Văn Cán",
        "ly_do": "đường truyền bị gián đoạn",
    },
}


@dataclass(slots=True)
class Year:
    """Where it is written to; ``at`` is the present of the story, UTC ms."""

    database: Database
    unit_id: str
    keys: UnitKeys
    first: date
    days: int
    interactions: int
    people: int = 400
    seed: int = 1
    at: int = 0
    made: int = 0
    numbers: random.Random = field(default_factory=random.Random)
    vaults: list[PersonVault] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)

    async def write(self) -> None:
        """Write everything."""
        self.numbers.seed(self.seed)
        await self._people()
        log = self.sequencer()
        a_day, rest = divmod(self.interactions, self.days)
        for number in range(self.days):
            today = self.first + timedelta(days=number)
            for _ in self._times(today, a_day + (number < rest)):
                self._talk()
            self._office(today, number)
            await self.save()
            self.at = _ms(today, 20)
            await log.run()

    def sequencer(self) -> Sequencer:
        """Return what orders and signs, by the clock of the story."""
        return Sequencer(
            self.database, self.unit_id, self.keys, ORIGIN, lambda: self.at, self._day
        )

    def _day(self) -> str:
        at = datetime.fromtimestamp(self.at / 1000, tz=UTC)
        return at.astimezone(LOCAL).date().isoformat()

    async def _people(self) -> None:
        vault, at = Vault(self.unit_id, self.keys), _ms(self.first, 0)
        self.vaults = [vault.create(f"{n:032x}") for n in range(1, self.people + 1)]
        rows = [
            {
                "unit_id": self.unit_id,
                "person_id": one.person_id,
                "wrapped_key": one.wrapped_key,
                "created_at": at,
                "erased_at": None,
            }
            for one in self.vaults
        ]
        await self.database.write(lambda c: _add(c, rows))

    def _times(self, day: date, number: int) -> Iterator[None]:
        start, step = _ms(day, 7), 12 * 3_600_000 // max(number, 1)
        for at in range(number):
            self.at = start + at * step
            yield

    def _talk(self) -> None:
        who = self.numbers.choice(self.vaults)
        event = self._id()
        dice = self.numbers.random()
        text, code, facet = self.numbers.choice(ASKED)
        text = REPORT if dice < 0.04 else text
        told: Data = {
            "channel": self.numbers.choice(("zalo", "facebook")),
            "kind": "text",
        }
        self._said(Tag.MESSAGE_RECEIVED, event, who, told, {"texts": {"text": text}})
        self._note(Tag.MESSAGE_UNDERSTOOD, event, {"intent": "procedure"}, who)
        if dice < 0.04:
            self._case(who)
        elif dice < 0.12:
            topics = ("dien_thoai", "lich_tiep_dan", "nop_online")
            self._note(Tag.GUIDED, event, {"topic": self.numbers.choice(topics)}, who)
        else:
            shown: Data = {"code": code, "facets": facet, "via": "exact", "sure": True}
            self._note(Tag.PROCEDURE_SHOWN, event, shown, who)
        send = self._id()
        reply = {"reply": {"text": ANSWER}}
        self._said(Tag.MESSAGE_ANSWERED, event, who, {"send": send, "reply": 0}, reply)
        self.at += self.numbers.randrange(300, 4000)
        self._note(Tag.SEND_ACCEPTED, send, {"code": ""}, who)
        if dice > 0.97:
            about = self.numbers.choice(("xa", "mot-cua", "quay-1"))
            score = self.numbers.choice((5, 5, 5, 4, 4, 3, 2))
            self._note(Tag.RATED, event, {"about": about, "score": score}, who)

    def _case(self, who: PersonVault) -> None:
        case_id, kind = self._id(), self.numbers.choice(KINDS)
        code = f"{kind[:2].upper()}-{case_id[6:12].upper()}"
        due = self._local() + timedelta(days=5)
        told: Data = {"code": code, "kind": kind, "source": "message", "by": "citizen"}
        self._note(Tag.CASE_OPENED, case_id, told | {"due": due.isoformat()}, who)
        if self.numbers.random() < 0.9:
            kept, late = self.at, self.numbers.random() < 0.06
            self.at += (9 if late else 2) * 86_400_000
            self._note(Tag.CASE_ANSWERED, case_id, {"code": code, "by": "canbo01"}, who)
            self.at = kept

    def _office(self, today: date, number: int) -> None:
        """What staff do: duty, letters, the numbers of the month."""
        if today.weekday() < 5 and today.month != 8:
            shift: Data = {"day": today.isoformat(), "part": "sang", "channel": "zalo"}
            more: Data = {"field": "", "holder": "canbo01", "deputy": "canbo02"}
            self._note(Tag.SHIFT_SET, self._id(), shift | more)
        if number % 6 == 0:
            self.letter(list(LETTERS)[number // 6 % len(LETTERS)])
        if today.day == 5:
            month = (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
            numbers: Data = {"received": 240, "online": 221, "finished": 230}
            told = numbers | {"month": month, "in_time": 226, "by": "chanhvp"}
            self._note(Tag.RESULTS_RECORDED, f"online_result:{month}", told)
            place: Data = {"period": month, "place": "board", "by": "chanhvp"}
            self._note(Tag.RESULTS_PUBLISHED, f"online_result:{month}", place)
        if number % 90 == 10:
            self._note(
                Tag.CATALOGUE_IMPORTED, self._id(), {"layer": "unit", "added": 3}
            )
            self._note(Tag.GREETING_BEGUN, self._id(), {"version": 1})

    def letter(self, kind: str) -> None:
        """Write a letter that was handed over."""
        letter_id, item_id, who = self._id(), self._id(), self.vaults[0]
        signed = {"day": self._day(), "nguoi_ky": "Phạm Văn Lãnh"}
        value = {"data": LETTERS[kind], "signed": signed}
        shared = {"unit_id": self.unit_id, "person_id": who.person_id}
        item = shared | {"item_id": item_id, "kind": "letter", "created_at": self.at}
        self.items.append(item | {"sealed": who.seal(value, item_id)})
        row = shared | {"item_id": item_id, "letter_id": letter_id, "kind": kind}
        told = {"state": "delivered", "source": "form", "created_by": "canbo01"}
        words = str(on_disk(kinds.shipped().named(kind)).version)
        counts = {"version": 1, "approved": 1, "mark": 4, "words": words}
        times = {"created_at": self.at, "updated_at": self.at}
        self.letters.append(row | told | counts | times)
        for tag in (Tag.LETTER_MADE, Tag.LETTER_SIGNED, Tag.LETTER_HANDED):
            data: Data = {"kind": kind, "version": 1, "by": "canbo01"}
            self._note(tag, letter_id, data, who)

    def _said(
        self, tag: Tag, event: str, who: PersonVault, data: Data, value: dict[str, Any]
    ) -> None:
        item_id = self._id()
        promise = commit(str(value))
        row = {
            "unit_id": self.unit_id,
            "item_id": item_id,
            "person_id": who.person_id,
            "kind": "event" if tag is Tag.MESSAGE_RECEIVED else "reply",
            "sealed": who.seal(value, item_id),
            "created_at": self.at,
        }
        self.items.append(row)
        sealed = {"text": promise.digest}
        entry = self._entry(tag, event, data, who, item_id, sealed)
        self.rows.append(entry.row())

    def _note(
        self, tag: Tag, subject: str, data: Data, who: PersonVault | None = None
    ) -> None:
        self.rows.append(self._entry(tag, subject, data, who, "", {}).row())

    def _entry(
        self,
        tag: Tag,
        subject: str,
        data: Data,
        who: PersonVault | None,
        item: str,
        sealed: dict[str, str],
    ) -> Entry:
        person_id = who.person_id if who else ""
        return Entry(
            self.unit_id,
            self._id(),
            self.at,
            tag.value,
            subject,
            person_id,
            item,
            data,
            sealed,
        )

    async def save(self) -> None:
        """Write what waits."""
        rows, items, written = self.rows, self.items, self.letters
        self.rows, self.items, self.letters = [], [], []

        def work(connection: Connection) -> None:
            people.add_items(connection, items)
            for row in written:
                letters.add(connection, row)
            evidence.append(connection, rows)

        await self.database.write(work)

    def _id(self) -> str:
        self.made += 1
        return f"{(self.at << 80) | (self.made << 40) | self.seed:032x}"

    def _local(self) -> date:
        return date.fromisoformat(self._day())


def _add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(person.insert(), rows)


def _ms(day: date, hour: int) -> int:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL)
    return round(at.timestamp() * 1000)
