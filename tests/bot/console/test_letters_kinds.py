"""Can a commune make a kind of letter itself, safely, in versions?"""

from __future__ import annotations

from bot.console.letters.kinds import BEGIN
from handlers.staff.letters import steps
from handlers.staff.letters.keeping import load, written
from handlers.staff.letters.own_kinds import equipped
from handlers.staff.people.model import OPERATOR
from handlers.staff.permissions import Role
from storage.tables import letter, letter_own_kind
from tests.bot.console.support import UNIT, Desk

EDIT = "/console/letters/kinds/edit"
OPEN = {
    "name": "Thư mời họp mặt",
    "tone": "neutral",
    "label0": "việc làm",
    "type0": "text",
    "needed0": "1",
    "letter": BEGIN.letter,
    "card": BEGIN.card,
    "chat": BEGIN.chat,
    "code": "",
    "seen": "0",
}
CODE = "xa_thu_moi_hop_mat"
NEW = f"/console/letters/new/{CODE}"


async def test_an_own_kind_is_made_tried_and_written_with(desk: Desk) -> None:
    """Preview keeps nothing; once saved it is offered; a letter keeps its words."""
    head, officer = await desk.as_role(Role.HEAD), await desk.as_role(Role.OFFICER)
    look = await head.post(EDIT, OPEN | {"look": "1"})
    assert "Mẫu đạt mọi trường hợp thử" in look.text
    assert "việc làm cụ thể" in look.text
    assert await desk.rows(letter_own_kind) == []
    assert (await officer.get(EDIT)).status == 403
    done = await head.post(EDIT, OPEN)
    assert "bản 1" in done.text
    data = {"ten": "Trần Thị Lụa", "viec_lam": "chuyến thăm trường", "keep": "1"}
    made = await officer.post(NEW, data)
    assert "chuyến thăm trường" in made.text
    changed = OPEN["letter"].replace("lời hỏi thăm", "lời thăm hỏi ân cần")
    second = OPEN | {"letter": changed, "code": CODE, "seen": "1"}
    assert "bản 2" in (await head.post(EDIT, second)).text
    assert (await head.post(EDIT, second)).status == 409
    room = await equipped(desk.service.letters.room(UNIT, OPERATOR))
    (row,) = await desk.rows(letter)
    one = await room.desk.database.read(lambda c: load(c, room, row["letter_id"]))
    assert "lời hỏi thăm" in " ".join(written(room, one).sheet.body)
    await steps.check(room, row["letter_id"], 1)
    assert room.kinds.named(CODE).version == 2
    await head.post(
        "/console/letters/kinds/offer",
        {"code": CODE, "offer": "0"},
        page="/console/letters/kinds",
    )
    assert (await officer.get(NEW)).status == 404
    assert "Trần Thị Lụa" in (await officer.get("/console/letters")).text


async def test_a_kind_with_faults_is_not_kept(desk: Desk) -> None:
    """Bad manners, unknown names, code, loops: told in a sentence, nothing kept."""
    head = await desk.as_role(Role.HEAD)
    grief = OPEN | {"tone": "mourning", "letter": BEGIN.letter.replace(".", "!")}
    cases = [
        (grief, "dấu chấm than"),
        (OPEN | {"letter": BEGIN.letter + "{{ mat_khau }}"}, "mục lạ mat_khau"),
        (OPEN | {"chat": "{{ ''.__class__ }}"}, "điều kiện if"),
        (OPEN | {"chat": "{% for i in range(9) %}x{% endfor %}"}, "điều kiện if"),
        (OPEN | {"chat": "{{ 'x' * 999999999 }}"}, "điều kiện if"),
        (OPEN | {"chat": "{{ goi"}, "chat"),
        (OPEN | {"label0": "họ và tên", "label1": "họ và tên"}, "trùng"),
        (OPEN | {"name": ""}, "tên loại thư"),
        (OPEN | {"tone": "x"}, "giọng thư"),
        (OPEN | {"letter": "một đoạn"}, "Kính gửi"),
    ]
    for form, word in cases:
        answer = await head.post(EDIT, form)
        assert answer.status == 400, form
        assert word in answer.text
    assert await desk.rows(letter_own_kind) == []
