"""Where does a case stand? Told to whoever opened it, or has its code and phone."""

from __future__ import annotations

from handlers.cases import code as codes
from handlers.cases.case import Case
from handlers.cases.ports import Found
from handlers.cases.words import key_of, status_values
from handlers.citizen import buttons, guidance
from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Reply, Tag

SHOWN = 3


def by_code(turn: Turn) -> Step | None:
    """Serve a message that names a code; None when it names none of ours."""
    code = codes.find(turn.text)
    if code is None or code.letters not in turn.services.kinds.letters:
        return None
    digits = codes.last_digits(turn.text)
    found = turn.services.cases.find(str(code), digits)
    if found.is_locked:
        return _refused(turn, "locked", str(code))
    if found.case is None:
        return _refused(turn, "not_found", str(code), is_try=bool(digits))
    return _told(turn, found, found.case)


def show(turn: Turn) -> Step:
    """Tell of the citizen's own cases; without any, where dossiers are looked up."""
    mine = turn.services.cases.mine()[:SHOWN]
    if not mine:
        return guidance.case_status(turn)
    if len(mine) == 1:
        return _told(turn, Found(mine[0], is_mine=True), mine[0])
    lines = "\n".join(_line(turn, case) for case in mine)
    link = turn.services.unit.portal_url
    text = turn.say("cases.common.mine", lines=lines, link=link)
    return Step(turn.talk, (_reply(turn, text),), tuple(map(_seen, mine)))


def _told(turn: Turn, found: Found, case: Case) -> Step:
    kind = turn.services.kinds.get(case.kind)
    key = key_of(turn.services.words, case.kind, "status")
    text = turn.say(key, **status_values(case, kind, turn.now))
    event = Event(
        Tag.CASE_LOOKED_UP, {"code": case.code, "found": True, "own": found.is_mine}
    )
    return Step(turn.talk, (_reply(turn, text),), (event,))


def _refused(turn: Turn, name: str, code: str, *, is_try: bool = False) -> Step:
    """A code that is not there and digits that are wrong sound the same."""
    text = turn.say(f"cases.common.{name}", code=code)
    data: dict[str, str | int | bool] = {"code": code, "found": False, "why": name}
    event = Event(Tag.CASE_LOOKED_UP, data | {"tried": is_try})
    return Step(turn.talk, (_reply(turn, text),), (event,))


def _line(turn: Turn, case: Case) -> str:
    kind = turn.services.kinds.get(case.kind)
    key = "cases.common.status_line"
    return f"- {turn.say(key, **status_values(case, kind, turn.now))}"


def _seen(case: Case) -> Event:
    return Event(Tag.CASE_LOOKED_UP, {"code": case.code, "found": True, "own": True})


def _reply(turn: Turn, text: str) -> Reply:
    return Reply(text, (buttons.staff(turn), buttons.menu(turn)))
