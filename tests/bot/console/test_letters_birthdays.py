"""Can an officer keep birthdays in the console, and see who is next?"""

from __future__ import annotations

import re
from datetime import timedelta

import aiohttp

from handlers.staff.permissions import Role
from storage.tables import consent_event, letter, letter_birthday
from tests.bot.console.support import Desk

HERE = "/console/letters/birthdays"
FILE = "Họ tên;Ngày sinh;Đồng ý\nTrần Thị Lụa;24/11/1990;có\nVũ Văn Tư;01/01/1950;\n"


async def test_birthdays_are_kept_shown_and_taken_out(desk: Desk) -> None:
    """Form and file with preview; the keeper drafts; a withdrawal ends it."""
    officer = await desk.as_role(Role.OFFICER)
    old = {"ten": "Lê Văn Thọ", "ngay_sinh": "24/11/1946", "thon": "Đông"}
    refused = await officer.post(HERE, old)
    assert refused.status == 400
    assert "Chưa ghi nhận người này đồng ý" in refused.text
    assert 'value="24/11/1946"' in refused.text
    kept = await officer.post(HERE, old | {"dong_y": "1"})
    assert "đã lưu ngày sinh" in kept.text
    form = aiohttp.FormData({"csrf": kept.csrf})
    form.add_field("file", FILE.encode(), filename="a.csv")
    looked = await officer.send(f"{HERE}/import", form)
    assert "<strong>1</strong> dòng cần sửa" in looked.text
    parcel = re.search(r'name="parcel" value="([^"]+)"', looked.text)
    assert parcel is not None
    told = {"csrf": looked.csrf, "parcel": parcel[1]}
    done = await officer.send(f"{HERE}/import/put", told)
    assert "đã lưu 1 ngày sinh. 1 dòng chưa lưu" in done.text
    assert len(await desk.rows(letter_birthday)) == 2
    desk.clock.advance(timedelta(hours=1))
    await desk.service.letters.once()
    assert {row["kind"] for row in await desk.rows(letter)} == {"chuc_tho", "sinh_nhat"}
    page = await officer.get(HERE)
    assert page.text.count("Đã có thư") == 2
    assert "thư chúc thọ, 80 tuổi" in page.text
    one = re.search(rf"{HERE}/([0-9a-f-]{{30,}})", page.text)
    assert one is not None
    letter_id = re.search(r"/console/letters/one/[0-9a-f]{32}", page.text)
    assert letter_id is not None
    word = await officer.http.get(f"{officer.base}{letter_id[0]}/letter.docx")
    assert (await word.read()).startswith(b"PK")
    shown = await officer.get(letter_id[0])
    assert "Bài đọc loa truyền thanh" in shown.text
    gone = {"birthday": one[1], "withdrawn": "1", "csrf": page.csrf}
    assert "ghi nhận rút đồng ý" in (await officer.send(f"{HERE}/drop", gone)).text
    assert len(await desk.rows(letter_birthday)) == 1
    given = [row["is_given"] for row in await desk.rows(consent_event)]
    assert sorted(given) == [False, True, True]
