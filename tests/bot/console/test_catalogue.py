"""Can people of the commune find, word, import and take back procedures?"""

from __future__ import annotations

import re

import aiohttp

from handlers.staff.permissions import Role
from tests.bot.console.support import UNIT, Desk, Visitor

CODE = "1.001193"
"""Birth registration, in our seed."""
PAGE = f"/console/catalogue/procedure?code={CODE}"
EDIT = f"/console/catalogue/edit?code={CODE}"


def hidden(text: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, text[:1500]
    return found[1]


async def edit(browser: Visitor, **typed: str) -> str:
    """Change some cells of the form; return the page that follows."""
    form = await browser.get(EDIT)
    told = {"csrf": form.csrf, "code": CODE, "seen": hidden(form.text, "seen"), **typed}
    answer = await browser.send("/console/catalogue/edit", told)
    assert answer.status == 200, answer.text
    return answer.text


async def upload(browser: Visitor, name: str, data: bytes) -> aiohttp.FormData:
    """Return the form with a file in it."""
    page = await browser.get("/console/catalogue/import")
    form = aiohttp.FormData()
    form.add_field("csrf", page.csrf)
    form.add_field("file", data, filename=name)
    return form


async def test_found_without_accents(desk: Desk) -> None:
    """What officers type in a hurry finds the procedure."""
    browser = await desk.as_role(Role.OFFICER)
    found = await browser.get("/console/catalogue?q=khai+sinh")

    assert PAGE in found.text
    assert "Sửa phần của xã" not in (await browser.get(PAGE)).text
    assert (await browser.get("/console/catalogue?q=khong+co+gi+het")).status == 200


async def test_own_words_are_in_force_at_once_and_can_be_taken_back(desk: Desk) -> None:
    """Alias and place are the commune's, the reader knows them, and back again."""
    browser = await desk.as_role(Role.HEAD)
    said = await edit(browser, aliases="cấp giấy em bé", place="Nhà văn hóa thôn 3")
    procedure = desk.house.units[UNIT].services.catalogue.get(CODE)
    assert procedure is not None
    assert procedure.place == "Nhà văn hóa thôn 3"
    assert "cấp giấy em bé" in procedure.aliases
    assert "xã sửa" in said
    again = await edit(browser, place="")
    assert "Nhà văn hóa thôn 3" not in again
    assert "cấp giấy em bé" in again

    desk.clock.advance(ms=5)
    history = await browser.get(f"/console/catalogue/history?code={CODE}")
    version = re.findall(r'name="version" value="([^"]+)"', history.text)[-1]
    told = {"csrf": history.csrf, "code": CODE, "version": version}
    back = await browser.send("/console/catalogue/restore", told)
    assert "Nhà văn hóa thôn 3" in back.text


async def test_who_comes_second_is_told_and_loses_nothing(desk: Desk) -> None:
    """Two people edit the same procedure: the later one gets the words back."""
    browser = await desk.as_role(Role.HEAD)
    form = await browser.get(EDIT)
    await edit(browser, summary="Lời thứ nhất")
    told = {"csrf": form.csrf, "code": CODE, "seen": hidden(form.text, "seen")}
    told["summary"] = "Lời thứ hai"
    late = await browser.send("/console/catalogue/edit", told)

    assert late.status == 409
    assert "Lời thứ hai" in late.text
    assert "Lời thứ nhất" in (await browser.get(PAGE)).text


async def test_a_wrong_cell_is_named_and_everything_typed_stays(desk: Desk) -> None:
    """The form comes back with the reason; nothing was saved."""
    browser = await desk.as_role(Role.ADMIN)
    form = await browser.get(EDIT)
    told = {"csrf": form.csrf, "code": CODE, "seen": hidden(form.text, "seen")}
    told |= {"summary": "Lời đang viết dở", "levels": "sao Hỏa"}
    answer = await browser.send("/console/catalogue/edit", told)

    assert answer.status == 400
    assert "“Cấp”" in answer.text
    assert "Lời đang viết dở" in answer.text


async def test_a_question_of_the_commune(desk: Desk) -> None:
    """A code, a question and an answer are enough; a code that is taken is not."""
    browser = await desk.as_role(Role.HEAD)
    told = {"code": "XA-01", "name": "Chợ phiên họp ngày nào?"}
    told["summary"] = "Chợ phiên họp ngày 2, 7 âm lịch."
    page = await browser.post("/console/catalogue/new", told)
    taken = await browser.post("/console/catalogue/new", told)
    bad = await browser.post("/console/catalogue/new", told | {"code": "đ ?"})

    assert "Chợ phiên họp ngày 2, 7 âm lịch." in page.text
    assert (taken.status, bad.status) == (400, 400)
    assert "Chợ phiên" in taken.text
    assert "cho phien" not in page.text
    reader = desk.house.units[UNIT].services.catalogue
    assert reader.get("XA-01") is not None


async def test_a_file_is_looked_at_before_it_counts(desk: Desk) -> None:
    """Each cell that changes and each line refused is shown; then one click writes."""
    browser = await desk.as_role(Role.ADMIN)
    sheet = f"Mã;Tên;Địa điểm;Số ngày\n{CODE};;Trụ sở mới;\nXA-9;Việc mới;;nhiều\n"
    form = await upload(browser, "sua.csv", sheet.encode())
    shown = await browser.send("/console/catalogue/import", form)
    assert "Trụ sở mới" in shown.text
    assert "Dòng 3" in shown.text
    assert "Trụ sở mới" not in (await browser.get(PAGE)).text

    told = {name: hidden(shown.text, name) for name in ("csrf", "parcel", "head")}
    done = await browser.send("/console/catalogue/import/put", told)
    assert "thêm 1" in done.text
    assert "Trụ sở mới" in (await browser.get(PAGE)).text
    again = await browser.send("/console/catalogue/import/put", told)
    assert again.status == 400
    assert "admin ·" in done.text


async def test_files_that_are_no_catalogue(desk: Desk) -> None:
    """Nonsense, nothing and a forged parcel are refused in words."""
    browser = await desk.as_role(Role.ADMIN)
    for name, data in (("a.xlsx", b"zip?"), ("a.csv", b"x;y\n1;2\n"), ("a.exe", b"1")):
        form = await upload(browser, name, data)
        assert (await browser.send("/console/catalogue/import", form)).status == 400
    page = "/console/catalogue/import"
    empty = await browser.post(page, {"file": ""})
    forged = await browser.post(f"{page}/put", {"parcel": "AAAA"}, page=page)

    assert (empty.status, forged.status) == (400, 400)


async def test_the_whole_catalogue_goes_out_and_comes_back_unchanged(
    desk: Desk,
) -> None:
    """An export imported as it is changes nothing."""
    browser = await desk.as_role(Role.ADMIN)
    async with browser.http.get(f"{desk.base}/console/catalogue/export.xlsx") as answer:
        data = await answer.read()
    form = await upload(browser, "danh-muc.xlsx", data)
    shown = await browser.send("/console/catalogue/import", form)

    assert "không thay đổi gì" in shown.text


async def test_going_back_with_everything_is_asked_once_more(desk: Desk) -> None:
    """A whole version comes back after a yes; the one in force stays in the list."""
    browser = await desk.as_role(Role.HEAD)
    await edit(browser, place="Chỗ thứ nhất")
    desk.clock.advance(ms=5)
    await edit(browser, place="Chỗ thứ hai")
    page = await browser.get("/console/catalogue/versions")
    old = re.findall(r'name="version" value="([^"]+)"', page.text)[-1]
    asked = await browser.post("/console/catalogue/versions", {"version": old})
    assert "Chỗ thứ hai" in (await browser.get(PAGE)).text
    told = {"csrf": asked.csrf, "version": old, "sure": "1"}
    await browser.send("/console/catalogue/versions", told)

    assert "Chỗ thứ nhất" in (await browser.get(PAGE)).text
