"""What does every handler look at, and what does it give back?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.cases.change import Change
from handlers.cases.opening import Guidance, Opening
from handlers.citizen import honorifics, payloads
from handlers.citizen.complaint.draft import Paper
from handlers.citizen.payloads import Payload
from handlers.citizen.rating_model import Rating
from handlers.model import (
    Button,
    Conversation,
    Event,
    Handover,
    Inbound,
    Lesson,
    Reply,
    Secrecy,
    Tag,
)
from handlers.ports import Services

TEXT_LIMIT = 4000
"""Characters of a message that are looked at; the platforms allow about half."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message in the light of what was said before.

    ``talk`` has forgotten what is too old; ``forgotten`` is the procedure that was
    dropped for that reason. ``now`` is the clock, UTC; the talk itself is measured
    by the platform's clock, so that a backlog is read as it was meant.
    """

    inbound: Inbound
    talk: Conversation
    services: Services
    now: datetime
    text: str = ""
    forgotten: str = ""

    @property
    def at(self) -> datetime:
        """When the citizen acted."""
        return self.inbound.at

    @property
    def link_base(self) -> str:
        """The address of our public pages without a slash; "" when there is none."""
        return self.services.unit.public_url.rstrip("/")

    def say(self, key: str, **values: object) -> str:
        """Return a sentence that addresses this citizen properly."""
        unit = self.services.unit
        xh = honorifics.spoken(self.talk.honorific)
        common = {
            "xh": xh,
            "Xh": xh[:1].upper() + xh[1:],
            "xa": unit.name,
            "place": f"{unit.place} {unit.full_name} {unit.name}",
        }
        return self.services.words.say(key, **(values | common))

    def title(self, key: str) -> str:
        """Return the label of a button."""
        return self.services.words.title(key)

    def button(self, key: str, payload: Payload) -> Button:
        """Return a button with one of our labels."""
        return Button(self.title(key), payload=payloads.build(payload))

    def reply(self, key: str, *buttons: Button, **values: object) -> Reply:
        """Return one message with buttons."""
        return Reply(self.say(key, **values), buttons)


@dataclass(frozen=True, slots=True)
class Step:
    """What a handler wants to happen; the router makes an Outcome of it.

    ``is_sealed``: the citizen's words are kept nowhere; with ``moves`` they go, with
    those said before, to the sealed queue. ``is_calm``: a good moment
    for a small question of ours. ``is_duty``: a right that is carried out even
    while a person of the commune answers and we are silent. ``is_urgent``: said
    even then, and nothing else with it. ``is_form``: the form of the talk said it.
    ``refuses_files``: the files of this message are not kept; ``drops_files``: ids of
    files received before that nobody needs any more.
    """

    talk: Conversation
    replies: tuple[Reply, ...] = ()
    events: tuple[Event, ...] = ()
    handover: Handover | None = None
    lessons: tuple[Lesson, ...] = ()
    cases: tuple[Opening | Guidance | Change, ...] = ()
    is_sealed: bool = False
    moves: bool = False
    is_calm: bool = False
    is_duty: bool = False
    is_urgent: bool = False
    is_form: bool = False
    refuses_files: bool = False
    paper: Paper | None = None
    drops_files: tuple[str, ...] = ()
    rating: Rating | None = None

    @property
    def secrecy(self) -> Secrecy:
        """What becomes of the words of this message."""
        if self.moves:
            return Secrecy.SEALED
        return Secrecy.UNKEPT if self.is_sealed else Secrecy.OPEN

    def after(self, *events: Event) -> Step:
        """Return the step with events that happened before its own."""
        return replace(self, events=(*events, *self.events))


def guided(topic: str) -> Event:
    """Return the event that guidance on a topic was given."""
    return Event(Tag.GUIDED, {"topic": topic})
