"""Does the commune speak in its own words at once, and never curtly or brokenly?"""

from __future__ import annotations

import re

from bot.services import sayable
from handlers.staff.permissions import Role
from handlers.staff.words import replies
from handlers.staff.words.errors import UnfitSentenceError
from messages.words import ChatWords
from storage.tables import evidence_entry
from tests.bot.console.support import UNIT, Desk, Visitor

KEY = "small_talk.thanks"
PAGE = f"/console/words/sentence?key={KEY}"


def hidden(text: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, text[:1500]
    return found[1]


async def word(browser: Visitor, text: str, do: str = "save") -> tuple[int, str]:
    """Send the form of the sentence; return status and page."""
    form = await browser.get(PAGE)
    told = {"csrf": form.csrf, "key": KEY, "seen": hidden(form.text, "seen")}
    told |= {"text": text, "do": do}
    answer = await browser.send("/console/words/sentence", told)
    return answer.status, answer.text


def said(desk: Desk) -> str:
    """Return what citizens hear now."""
    words = desk.house.units[UNIT].services.words
    return words.say(KEY, xh="bác", Xh="Bác", xa="UBND xã", place="xã")


async def test_a_sentence_is_tried_kept_and_taken_back(desk: Desk) -> None:
    """A try changes nothing; a save is heard at once, proved, and can be undone."""
    browser = await desk.as_role(Role.HEAD)
    assert KEY in (await browser.get("/console/words?q=cam+on")).text
    first = said(desk)
    new = "Dạ, {{ xa }} cảm ơn {{ xh }} thật nhiều ạ."
    status, page = await word(browser, new, "try")
    assert (status, said(desk)) == (200, first)
    assert "Dạ, UBND xã cảm ơn anh/chị thật nhiều ạ." in page
    await word(browser, new)
    assert said(desk) == "Dạ, UBND xã cảm ơn bác thật nhiều ạ."
    tags = [row["tag"] for row in await desk.rows(evidence_entry)]
    assert "staff:words:changed" in tags
    assert KEY in (await browser.get("/console/words?own=yes")).text
    desk.clock.advance(ms=5)
    await browser.post("/console/words/drop", {"key": KEY}, page=PAGE)

    assert said(desk) == first
    assert "(dùng lại câu gốc)" in (await browser.get(PAGE)).text


async def test_broken_and_curt_sentences_stay_outside(desk: Desk) -> None:
    """Unknown values, torn templates, empty and curt ones are named; words are kept."""
    browser = await desk.as_role(Role.ADMIN)
    first = said(desk)
    for text, reason in (
        ("Dạ {{ so_nha }} ạ", "so_nha"),
        ("Dạ {{ xh ạ", "chưa đúng"),
        ("   ", "để trống"),
        ("Dạ, việc này công dân phải tự tìm ạ", "tự tìm"),
        ("Dạ {{ xh.__class__ }} ạ", "chưa đúng"),
    ):
        status, page = await word(browser, text)
        assert status == 400, text
        assert reason in page, text
    assert said(desk) == first


async def test_the_second_who_words_a_sentence_is_told(desk: Desk) -> None:
    """Two people at one sentence: 409, and the words are there to copy."""
    browser = await desk.as_role(Role.HEAD)
    form = await browser.get(PAGE)
    await word(browser, "Dạ, cảm ơn {{ xh }} ạ.")
    told = {"csrf": form.csrf, "key": KEY, "seen": hidden(form.text, "seen")}
    told |= {"text": "Dạ, em cảm ơn ạ.", "do": "save"}
    late = await browser.send("/console/words/sentence", told)

    assert late.status == 409
    assert "Dạ, em cảm ơn ạ." in late.text


async def test_an_officer_reads_and_may_not_write(desk: Desk) -> None:
    """The sentence is there to read, without a form."""
    browser = await desk.as_role(Role.OFFICER)
    page = await browser.get(PAGE)

    assert page.status == 200
    assert "<textarea" not in page.text


async def test_replies_by_kind_and_state(desk: Desk) -> None:
    """Kept, offered where they fit, worded anew, and gone with their history."""
    browser = await desk.as_role(Role.HEAD)
    page = "/console/replies/one"
    told = {"title": "Hẹn kiểm tra", "kind": "phan_anh", "state": "accepted"}
    told |= {"text": "Dạ, {{ xa }} xin hẹn {{ xh }} ngày {{ due }} ạ.", "do": "save"}
    made = await browser.post(page, told)
    assert "Dạ, UBND xã xin hẹn anh/chị ngày 30/11/2026 ạ." in made.text
    at = desk.gate.desk("head")
    fits = await replies.offered(at, "phan_anh", "accepted")
    assert [one.title for one in fits] == ["Hẹn kiểm tra"]
    assert fits[0].filled({"xh": "bác", "xa": "xã"}).endswith("hẹn bác ngày … ạ.")
    assert await replies.offered(at, "kien_nghi", "accepted") == []
    for bad in ({"text": "Dạ {{ ten }} ạ"}, {"title": " "}, {"text": "không rõ"}):
        assert (await browser.post(page, told | bad)).status == 400
    desk.clock.advance(ms=5)
    keep = {"id": fits[0].reply_id, "seen": fits[0].version}
    changed = told | keep | {"text": "Dạ, lời mới ạ."}
    newer = await browser.post(page, changed)
    assert "Các bản đã lưu" in newer.text
    assert (await browser.post(page, told | keep)).status == 409
    await browser.post("/console/replies/drop", keep, page=page)
    assert await replies.listed(at) == []


def test_words_survive_an_update_of_ours(desk: Desk) -> None:
    """A sentence that is gone or uses other values is left out; the rest stays."""
    unit = desk.house.config.units[UNIT]
    own = {"gone.key": "x", KEY: "Dạ vâng ạ.", "small_talk.deny": "{{ gone }}"}
    words = sayable(ChatWords(), unit, own)

    assert words.source(KEY) == "Dạ vâng ạ."
    assert words.source("small_talk.deny") == words.shipped("small_talk.deny")


def test_what_a_reply_may_not_hold() -> None:
    """Strangers, torn holes and curt phrases are each told."""
    assert replies.problems("Dạ {{ xh }} ạ") == ()
    assert len(replies.problems("{{ a }} {{ b }} }} bắt buộc.")) == 4
    assert issubclass(UnfitSentenceError, Exception)
