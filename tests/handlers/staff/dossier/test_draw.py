"""Does evidence count what happened once, and show it in words for people?"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pypdfium2  # type: ignore[import-untyped]  # it has no stubs

from handlers.cases.moments import LOCAL
from handlers.model import Tag
from handlers.staff.dossier.draw import Days, Entries
from handlers.staff.dossier.draw_talks import Talks
from handlers.staff.dossier.log import Line
from handlers.staff.dossier.sheet import SHORT
from messages.criteria.model import Draw, Source

DAYS = Days(date(2026, 1, 1), date(2026, 2, 28))
BEGUN, POSTED = Tag.GREETING_BEGUN.value, Tag.GREETING_POSTED.value


def line(number: int, tag: str, subject: str, **data: str) -> Line:
    """Return an entry, a minute after the one before."""
    at = round(datetime(2026, 2, 3, 9, number, tzinfo=LOCAL).timestamp() * 1000)
    return Line(f"{number:032x}", at, tag, subject, "somebody", str(number), data)


def test_steps_of_one_thing_are_counted_once() -> None:
    """A greeting that was begun and then posted is one; months and list agree."""
    one = Entries(Draw(Source.ENTRIES, "Lời chúc", tags=(BEGUN, POSTED)))
    for number, (tag, subject) in enumerate(
        ((BEGUN, "a"), (POSTED, "a"), (POSTED, "b"))
    ):
        one.take(line(number, tag, subject, state="posted", version="1"))
    found = one.found(DAYS)

    assert (found.count, found.told) == (2, "2 lượt")
    assert found.table == (("1/26", "2/26"), ("0", "2"))
    assert found.files[0].suffix == ".xlsx"


def test_a_long_list_speaks_to_people() -> None:
    """CSV, made when it is written: no field that only a programmer reads."""
    one = Entries(Draw(Source.ENTRIES, "Tra cứu", tags=("x",)))
    for number in range(SHORT + 1):
        more = {"as_of": "2026-01-01", "via": "search", "code": "=1.001193"}
        one.take(line(number % 60, "x", "a", facets="fee,time", **more))
    (file,) = one.found(DAYS).files
    rows = list(csv.reader(io.StringIO(file.make().decode("utf-8-sig"))))

    assert file.suffix == ".csv"
    assert rows[1] == [
        "03/02/2026 09:00",
        f"{0:032x}",
        "mã: =1.001193; hỏi về: phí, lệ phí, thời hạn",
    ]
    assert len(rows) == SHORT + 2


def test_a_talk_shows_both_sides() -> None:
    """What the bot said on the way is there; a tapped button is no code."""
    said = {
        "0": "Đèn hỏng, em là Nguyễn Văn Hùng",
        "1": "Dạ, anh/chị chọn giúp loại ạ.",
        "2": "#phieu:k_phan_anh",
        "4": "Dạ, đã ghi nhận ạ.",
    }
    opened, came = Tag.CASE_OPENED.value, Tag.MESSAGE_RECEIVED.value
    sent = Tag.MESSAGE_ANSWERED.value
    one = Talks(
        Draw(Source.TALKS, "Trò chuyện", tags=(opened,)), lambda x: said.get(x.item, "")
    )
    for number, tag in enumerate((came, sent, came, opened, sent)):
        channel = {"channel": "zalo"} if tag == came else {}
        one.take(line(number, tag, "a", **channel))
    (file,) = one.found(DAYS).files
    with pypdfium2.PdfDocument(file.make()) as document:
        words = " ".join(document[0].get_textpage().get_text_range().split())

    parts = (
        "Zalo",
        "em là [họ tên]",
        "chọn giúp loại",
        "[bấm nút chọn]",
        "đã ghi nhận",
    )
    assert sorted(parts, key=words.index) == list(parts)
    assert "#phieu" not in words
    assert "Hùng" not in words
