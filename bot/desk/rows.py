"""Which rows does a word to staff become? One a platform and place, all sealed.

The only ``StaffChannel`` there is: it stands for every staff channel of a unit, and
nothing leaves before its rows are written in somebody's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.codec import dump_reply
from bot.desk.adapters import StaffAdapter
from bot.desk.job import Job, Op, dump
from handlers.model import Button, Channel, Media, Reply
from handlers.ports import Words
from handlers.staff.desk import CARD, Act, Choice, Tap, payload
from storage.desk import TOLD
from storage.ids import Ids
from storage.outbox import Priority, State
from storage.vault import PersonVault

Row = dict[str, Any]

PRIVATE = "u"
"""Begins a place on Telegram that is a person's own talk (bot.desk.telegram)."""
ROOM = ("",)
"""A group is one place; without one, each member of staff is a place."""


class DeskRows:
    """Collects outbox rows and sealed items about one person, for one cause."""

    def __init__(
        self,
        adapters: Mapping[Channel, StaffAdapter],
        places: Mapping[Channel, Sequence[str]],
        vault: PersonVault,
        words: Words,
        ids: Ids,
        *,
        cause: str,
        now: int,
        position: int = 0,
    ) -> None:
        self._adapters = adapters
        self._places = places
        self._vault = vault
        self._words = words
        self._ids = ids
        self._cause = cause
        self._now = now
        self._position = position
        self._titles: dict[str, str] = {}
        self._here: tuple[Channel, str] | None = None
        self.rows: list[Row] = []
        self.items: list[Row] = []

    def name_topic(self, ref: str, title: str) -> None:
        """Tell the title under which a matter's topic is opened when it has none."""
        self._titles[ref] = title

    def open_topic(
        self,
        ref: str,
        title: str,
        summary: str,
        link: str = "",
        acts: Sequence[Act | Choice] = (),
    ) -> str:
        """Plan the card of a matter; the topic is made when it is sent."""
        del link  # it stands in the text: a citizen's case must not hide in a button
        self.name_topic(ref, title)
        self._everywhere(Op.POST, ref, summary, acts, name=CARD)
        return ref

    def post(
        self,
        topic: str,
        text: str,
        acts: Sequence[Act | Choice] = (),
        media: Media | None = None,
    ) -> None:
        """Plan a message in a topic."""
        self._everywhere(Op.POST, topic, text, acts, media=media)

    def stand(self, channel: Channel, place: str) -> None:
        """Tell where the one who acts is: questions to them go there."""
        self._here = (channel, place)

    def ask(self, topic: str, text: str, acts: Sequence[Act | Choice] = ()) -> None:
        """Plan a question to the one who acted, where they are."""
        if self._here is None or not self._here[1].startswith(PRIVATE):
            self.post(topic, text, acts)
            return
        channel, place = self._here
        self.private(channel, topic, place, text, "", acts)

    def private(
        self,
        channel: Channel,
        ref: str,
        place: str,
        text: str,
        naming: str,
        acts: Sequence[Act | Choice] = (),
    ) -> None:
        """Plan a word to one person; ``naming`` begins it if the group must do."""
        adapter = self._adapters[channel]
        reply = Reply(text, tuple(self._button(act, ref) for act in acts))
        known = naming if adapter.has_topics else ""
        for part in adapter.plan(reply):
            self._add(channel, Job(Op.POST, place=place, naming=known), part)

    def in_room(self, ref: str, text: str, acts: Sequence[Act | Choice] = ()) -> None:
        """Plan a word to everybody: in the group where there is one, and only there."""
        reply = Reply(text, tuple(self._button(act, ref) for act in acts))
        groups = [c for c, one in self._adapters.items() if one.has_topics]
        for channel in groups or list(self._adapters):
            for place in self._places.get(channel, ROOM):
                for part in self._adapters[channel].plan(reply):
                    self._add(channel, Job(Op.POST, place=place), part)

    def show_file(self, topic: str, file_id: str, caption: str) -> None:
        """Plan a stored picture in a topic, where there are topics."""
        for channel, adapter in self._adapters.items():
            if adapter.has_topics:
                title = self._titles.get(topic, "")
                media = Media("image", stored=file_id)
                job = Job(Op.POST, topic, title)
                self._add(channel, job, Reply(caption, media=media))

    def mark(self, notice_ids: Iterable[str], vault: PersonVault | None = None) -> None:
        """Write down that these notices are told; by the room's own key."""
        room = vault or self._vault
        for notice_id in notice_ids:
            self.items.append(
                {
                    "unit_id": room.unit_id,
                    "person_id": room.person_id,
                    "item_id": notice_id,
                    "kind": TOLD,
                    "sealed": room.seal({}, notice_id),
                    "created_at": self._now,
                }
            )

    def edit(
        self, topic: str, message: str, text: str, acts: Sequence[Act | Choice] = ()
    ) -> None:
        """Plan a replacement; where none is possible it is said anew."""
        self._everywhere(Op.EDIT, topic, text, acts, name=message)

    def close_topic(self, topic: str) -> None:
        """Plan the end of a topic, where there are topics."""
        for channel, adapter in self._adapters.items():
            if adapter.has_topics:
                self._add(channel, Job(Op.CLOSE, topic), Reply(""))

    def tell(
        self,
        channel: Channel,
        ref: str,
        place: str,
        text: str,
        priority: Priority = Priority.STAFF,
    ) -> None:
        """Plan a word to the one who acted: in the matter's topic, else where they
        are.
        """
        adapter = self._adapters[channel]
        fixed = "" if ref and adapter.has_topics else place
        job = Job(Op.POST, ref, self._titles.get(ref, ""), place=fixed)
        for part in adapter.plan(Reply(text)):
            self._add(channel, job, part, priority)

    def _everywhere(
        self,
        op: Op,
        ref: str,
        text: str,
        acts: Sequence[Act | Choice],
        *,
        name: str = "",
        media: Media | None = None,
    ) -> None:
        reply = Reply(text, tuple(self._button(act, ref) for act in acts), media)
        for channel, adapter in self._adapters.items():
            parts = list(adapter.plan(reply))
            for place in self._places.get(channel, ROOM):
                for part in parts:
                    known = name if part is parts[-1] else ""
                    title = self._titles.get(ref, "")
                    self._add(channel, Job(op, ref, title, known, place), part)

    def _button(self, one: Act | Choice, ref: str) -> Button:
        choice = one if isinstance(one, Choice) else Choice(one)
        title = choice.title or self._words.title(f"desk_{choice.act.value}")
        if choice.url:
            return Button(title, url=choice.url)
        return Button(title, payload=payload(Tap(choice.act, ref, choice.detail)))

    def _add(
        self,
        channel: Channel,
        job: Job,
        part: Reply,
        priority: Priority = Priority.STAFF,
    ) -> None:
        item_id = self._ids.new()
        value = {"reply": dump_reply(part), "desk": dump(job)}
        shared = {"unit_id": self._vault.unit_id, "person_id": self._vault.person_id}
        self.items.append(
            shared
            | {
                "item_id": item_id,
                "kind": "desk",
                "sealed": self._vault.seal(value, item_id),
                "created_at": self._now,
            }
        )
        self.rows.append(
            shared
            | {
                "row_id": self._ids.new(),
                "channel": channel.value,
                "item_id": item_id,
                "kind": "staff",
                "priority": int(priority),
                "human": False,
                "cause": self._cause,
                "position": self._position,
                "state": State.PLANNED.value,
                "attempt": 0,
                "available_at": self._now,
                "created_at": self._now,
                "updated_at": self._now,
            }
        )
        self._position += 1
