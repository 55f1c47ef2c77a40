"""Do signing, handing over and what the one-stop system told work in the console?"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import aiohttp

from handlers.staff.letters import occasions
from handlers.staff.letters.occasion_form import OccasionEvent, Told
from handlers.staff.people.model import OPERATOR
from handlers.staff.permissions import Role
from storage.tables import letter, letter_receipt, letter_signature, vault_item
from tests.bot.console.support import UNIT, Desk, Visitor
from tests.bot.console.test_letters import act, draft
from tests.bot.test_letters_signing import Certificate
from tests.handlers.files.samples import photo

MARK = re.compile(r'name="mark" value="(\d+)"')


async def printed(officer: Visitor, leader: Visitor) -> tuple[str, bytes]:
    """Return a letter that was taken for the road on paper, and the parcel."""
    url = await draft(officer)
    assert await act(officer, url, "write/check") == 200
    assert await act(leader, url, "lead/approve") == 200
    assert await act(officer, url, "schedule") == 200
    page = await officer.get("/console/letters/print")
    letter_id = url.rpartition("/")[2]
    form = {"csrf": page.csrf, "letter": letter_id}
    where = officer.base + "/console/letters/print"
    async with officer.http.post(where, data=form) as answer:
        return letter_id, await answer.read()


async def test_a_phone_page_notes_who_took_the_letter(desk: Desk) -> None:
    """Name and picture are sealed; the letter is delivered; the page shows both."""
    officer, leader = await desk.as_role(Role.OFFICER), await desk.as_role(Role.LEADER)
    letter_id, _ = await printed(officer, leader)
    where = f"/console/letters/hand/{letter_id}"
    page = await officer.get(where)
    mark = MARK.search(page.text)
    assert mark is not None

    def form(data: bytes, name: str) -> aiohttp.FormData:
        made = aiohttp.FormData({"csrf": page.csrf, "mark": mark[1], "name": name})
        made.add_field("photo", data, filename="a.jpg", content_type="image/jpeg")
        return made

    refused = await officer.send(where, form(b"MZ not a picture", "Bà Lành"))
    assert refused.status == 400
    assert "chỉ nhận ảnh" in refused.text
    assert 'value="Bà Lành"' in refused.text
    assert (await officer.send(where, form(photo(), " "))).status == 400
    done = await officer.send(where, form(photo(), "Bà Lành, chị gái"))
    assert "đã ghi nhận Bà Lành" in done.text
    (row,) = await desk.rows(letter)
    (kept,) = await desk.rows(letter_receipt)
    assert (row["state"], kept["by"]) == ("delivered", "officer")
    assert "Lành".encode() not in b"".join(
        one["sealed"] for one in await desk.rows(vault_item)
    )
    shown = await leader.get(f"/console/letters/one/{letter_id}")
    assert "Bà Lành, chị gái" in shown.text
    shot = await leader.get(f"/console/letters/one/{letter_id}/photo")
    assert shot.headers["Content-Type"] == "image/jpeg"
    again = await officer.get(where)
    assert "đã được ghi nhận" in again.text


async def test_what_is_approved_is_signed_digitally_and_printed_so(
    desk: Desk, tmp_path: Path
) -> None:
    """The parcel holds the very file that was signed; the page tells the level."""
    _certify(desk, Certificate(tmp_path).section())
    officer, leader = await desk.as_role(Role.OFFICER), await desk.as_role(Role.LEADER)
    letter_id, parcel = await printed(officer, leader)
    (row,) = await desk.rows(letter_signature)
    assert (row["level"], row["by"]) == ("B-B", "leader")
    with zipfile.ZipFile(io.BytesIO(parcel)) as box:
        (name,) = [one for one in box.namelist() if "thu-so" in one]
        assert b"/ETSI.CAdES.detached" in box.read(name)
    page = await leader.get(f"/console/letters/one/{letter_id}")
    assert "đã ký số, mức B-B" in page.text


async def test_a_certificate_that_fails_holds_nothing_up(
    desk: Desk, tmp_path: Path
) -> None:
    """The letter is signed in the book and leaves; the page says why and offers."""
    wrong = Certificate(tmp_path).section(pkcs12_password="sai")
    _certify(desk, wrong)
    officer, leader = await desk.as_role(Role.OFFICER), await desk.as_role(Role.LEADER)
    letter_id, _ = await printed(officer, leader)
    page = await leader.get(f"/console/letters/one/{letter_id}")
    assert "chưa ký số" in page.text
    assert "Ký số lại" in page.text
    _certify(desk, Certificate(tmp_path).section())
    where = f"/console/letters/one/{letter_id}"
    done = await leader.post(f"{where}/seal", page=where)
    assert "Đã ký số mức B-B" in done.text


async def test_a_death_told_by_the_one_stop_system_fills_the_form(desk: Desk) -> None:
    """The list shows it, the form is filled, the draft closes it; or it is laid by."""
    room = desk.service.letters.room(UNIT, OPERATOR)
    for number, name in enumerate(("Lê Văn Thọ", "Trần Thị Mão")):
        told = Told(OccasionEvent.DEATH, {"nguoi_mat": name})
        await occasions.receive(room, f"k{number}", told)
    officer = await desk.as_role(Role.OFFICER)
    page = await officer.get("/console/letters/occasions")
    link = re.search(r'href="(/console/letters/new/chia_buon\?[^"]+)"', page.text)
    assert link is not None
    form = await officer.get(link[1])
    assert 'value="Lê Văn Thọ"' in form.text
    found = re.search(r'name="occasion" value="([^"]+)"', form.text)
    assert found is not None
    data: dict[str, Any] = {"nguoi_mat": "Cụ Lê Văn Thọ", "tuoi": "85", "sure": "1"}
    new = data | {"keep": "1", "occasion": found[1]}
    await officer.post("/console/letters/new/chia_buon", new)
    page = await officer.get("/console/letters/occasions")
    assert "Lê Văn Thọ" not in page.text
    other = re.search(r'name="occasion" value="([^"]+)"', page.text)
    assert other is not None
    await officer.post("/console/letters/occasions", {"occasion": other[1]})
    assert await occasions.waiting(room) == []


def _certify(desk: Desk, section: Any) -> None:
    config = desk.house.config.model_copy(update={"signing": section})
    object.__setattr__(desk.house, "config", config)
