"""A citizen at the counter of a small commune that has hamlets and a calendar."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from handlers.cases.nearby import Area, Near
from handlers.cases.opening import Opening
from handlers.cases.ports import Found
from handlers.citizen.intake.draft import Ask, Draft
from handlers.model import Attachment, Kind, Outcome, Place
from handlers.ports import CityChannel, Services
from tests.handlers.cases.office import Weekdays
from tests.handlers.citizen.talk import UNIT, Talk, services

HAMLETS = ("thôn Đông", "thôn Đoài", "xóm Chùa", "thôn Nội")
CITY = (
    CityChannel("Hải Phòng Smart", url="https://smart.example/"),
    CityChannel("Tổng đài 1022", phone="1022"),
)
STORY = "đèn đường trước nhà văn hóa thôn Đông hỏng ba hôm nay"
PHOTO = Attachment("image", "https://a.zdn.vn/1.jpg", "1.jpg", 10)


class Numbers:
    """A desk that knows no case and gives numbers from 42 on."""

    def __init__(self) -> None:
        self.last = 41

    def mine(self) -> tuple[()]:
        """Return none."""
        return ()

    def find(self, code: str, digits: str) -> Found:
        """Return none."""
        del code, digits
        return Found()

    def number(self) -> int:
        """Return the next one."""
        self.last += 1
        return self.last


@dataclass(slots=True)
class Neighbours:
    """Open cases nearby, as a test says."""

    found: tuple[Near, ...] = ()
    asked: list[tuple[str, Area]] = field(default_factory=list)

    def near(self, kind: str, area: Area, text: str) -> tuple[Near, ...]:
        """Return what the test says."""
        assert text
        self.asked.append((kind, area))
        return self.found


def office(neighbours: Neighbours | None = None) -> Services:
    """Return the services of the commune."""
    return replace(
        services(unit=replace(UNIT, hamlets=HAMLETS, city_channels=CITY)),
        deadlines=Weekdays(),
        cases=Numbers(),
        nearby=neighbours or Neighbours(),
    )


def talk(neighbours: Neighbours | None = None) -> Talk:
    """Return a talk with that commune."""
    return Talk(office(neighbours))


def begun(kind: str = "phan_anh", neighbours: Neighbours | None = None) -> Talk:
    """Return a talk in which a form of a kind was begun."""
    one = talk(neighbours)
    one.taps(f"#phieu:k_{kind}")
    return one


def draft_of(one: Talk) -> Draft:
    """Return the draft, which must be there."""
    assert one.state.draft is not None
    return one.state.draft


def asked(one: Talk) -> Ask:
    """Return the open question."""
    return draft_of(one).ask


def taps(one: Talk, *moves: str) -> Outcome:
    """Tap buttons of the form, return the last outcome."""
    for move in moves:
        outcome = one.taps(f"#phieu:{move}")
    return outcome


def photo(one: Talk, text: str = "") -> Outcome:
    """Send a photo."""
    return one.sends(Kind.ATTACHMENT, text=text, attachments=(PHOTO,))


def place(one: Talk, latitude: str, longitude: str) -> Outcome:
    """Share a location."""
    return one.sends(Kind.LOCATION, place=Place(latitude, longitude, "ngã ba"))


def opened(outcome: Outcome) -> Opening:
    """Return the one case that is opened."""
    (case,) = outcome.cases
    assert isinstance(case, Opening)
    return case
