"""Which rows does one act of staff become? All sealed before the transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.clock import from_ms, to_ms
from bot.codec import dump_conversation, dump_reply
from bot.desk.rows import DeskRows
from bot.desk.sources import Loaded, Sources
from bot.desk.ticket import Matter, UnitDesk
from bot.policy import Refuse, Request, decide
from handlers.model import Conversation, Event, Reply, Tag
from handlers.staff.desk import StaffInbound
from handlers.staff.handover import wishes
from handlers.staff.handover.answer import Situation, answer
from handlers.staff.handover.model import Decision, Wish
from storage import conversations, desk, evidence, inbox, outbox, people
from storage.evidence import Entry
from storage.outbox import Priority, State
from storage.vault import PersonVault, commit

Row = dict[str, Any]


class Plan:
    """All rows of one act of staff, sealed before the transaction."""

    def __init__(self, sources: Sources, unit_desk: UnitDesk, event: Row) -> None:
        self._sources = sources
        self._desk = unit_desk
        self._event = event
        self._now = sources.clock.now_ms()
        self._loaded: Loaded | None = None
        self._decision = Decision()
        self._items: list[Row] = []
        self._sends: list[Row] = []
        self._entries: list[Row] = []
        self._talk_row: Row | None = None
        self.toast = ""
        self.result = "nothing"

    async def make(self, said: StaffInbound) -> None:
        """Decide, and turn the decision into rows."""
        who = self._who(said)
        if not who:
            key = "stranger" if said.user_id else "hidden"
            await self._tell(said, self._say(key, user=said.user_id), key)
            return
        wish = await self._wish(said)
        if isinstance(wish, str):
            await self._tell(said, wish, "unclear", by=who)
            return
        self._loaded = await self._sources.load(self._desk, wish.ref)
        if self._loaded is None:
            await self._tell(said, self._say("gone"), "gone", by=who)
            return
        self._decide(said, who, wish, self._loaded)

    def write(
        self, connection: Connection, owner: str, lease_until: int, *, release: bool
    ) -> bool:
        """Write everything; raises ConflictError, LeaseLostError."""
        more = False
        if release:
            more = inbox.complete_last(connection, self._event, owner=owner)
        else:
            inbox.complete(
                connection, self._event, owner=owner, lease_until=lease_until
            )
        if self._loaded is not None and self._decision.state is not None:
            ticket = self._loaded.matter.ticket
            unit_id = self._desk.unit.unit_id
            desk.move(
                connection, unit_id, ticket.ref, ticket.state, self._decision.state
            )
        if self._talk_row is not None and self._loaded is not None:
            seen = self._loaded.talk_row
            version = seen["version"] if seen else 0
            conversations.save(connection, self._talk_row, version)
        people.add_items(connection, self._items)
        evidence.append(connection, self._entries)
        outbox.plan(connection, self._sends)
        return more

    def wake(self, wake: Callable[[str], None]) -> None:
        """Let the senders of what was planned look."""
        for channel in {row["channel"] for row in self._sends}:
            wake(channel)

    def _who(self, said: StaffInbound) -> str:
        if not said.user_id:
            return ""
        return self._desk.directory.member(said.channel, said.user_id) or ""

    async def _wish(self, said: StaffInbound) -> Wish | str:
        adapter = self._desk.adapters[said.channel]
        ref, codes = said.ref, []
        if not adapter.has_topics:
            codes = await self._sources.open_codes(self._desk)
        elif not ref:
            ref = await self._sources.ref_of_topic(self._desk, said)
        return wishes.read(said, ref, codes, self._desk.unit.services.words)

    def _say(self, key: str, **values: object) -> str:
        return self._desk.unit.services.words.say(f"desk.{key}", **values)

    async def _tell(
        self, said: StaffInbound, text: str, reason: str, by: str = ""
    ) -> None:
        """Tell who acted why nothing came of it; a press is answered, not posted."""
        self.result = reason
        data: dict[str, str | int | bool] = {"reason": reason, "via": said.channel}
        self._fact(Event(Tag.MESSAGE_SKIPPED, data | ({"by": by} if by else {})), None)
        if said.tap is not None:
            self.toast = text
            return
        rows = self._rows(await self._sources.room(self._desk))
        place = self._desk.adapters[said.channel].place(said.topic)
        # Whoever found the bot may write as much as they like: staff go first.
        priority = Priority.STAFF if by else Priority.BULK
        rows.tell(said.channel, "", place, text, priority)
        self._add(rows)

    def _rows(self, vault: PersonVault) -> DeskRows:
        return DeskRows(
            self._desk.adapters,
            self._desk.places(),
            vault,
            self._desk.unit.services.words,
            self._sources.ids,
            cause=self._event["event_id"],
            now=self._now,
            position=len(self._sends),
        )

    def _add(self, rows: DeskRows) -> None:
        self._items += rows.items
        self._sends += rows.rows

    def _decide(self, said: StaffInbound, who: str, wish: Wish, loaded: Loaded) -> None:
        found = loaded.matter
        rows = self._rows(found.vault)
        rows.name_topic(found.ticket.ref, found.title)
        situation = Situation(
            said,
            who,
            wish,
            found.ticket,
            loaded.talk,
            rows,
            self._desk.unit.services,
            may_write=self._may_write(loaded),
            now=from_ms(self._now),
        )
        decision = self._decision = answer(situation)
        self.result = wish.act.value
        self.toast = decision.told
        if decision.told and said.tap is None:
            rows.tell(said.channel, found.ticket.ref, said.topic, decision.told)
        self._add(rows)
        for fact in decision.events:
            self._fact(fact, found)
        if decision.words:
            self._to_citizen(found, decision.words)
        if decision.talk is not None:
            self._save_talk(loaded, decision.talk)

    def _may_write(self, loaded: Loaded) -> bool:
        last = loaded.talk_row["last_inbound_at"] if loaded.talk_row else 0
        request = Request(
            channel=loaded.matter.ticket.channel,
            priority=Priority.STAFF,
            human=True,
            last_inbound=from_ms(last) if last else None,
            opted_out=False,
        )
        has_channel = loaded.matter.ticket.channel in self._desk.unit.adapters
        verdict = decide(request, from_ms(self._now))
        return has_channel and not isinstance(verdict, Refuse)

    def _fact(self, fact: Event, found: Matter | None) -> None:
        texts = {name: text for name, text in fact.private.items() if text}
        item, sealed = "", {}
        if found is not None and texts:
            promises = {name: commit(text) for name, text in texts.items()}
            salts = {name: one.salt.hex() for name, one in promises.items()}
            item = self._item(found, fact.tag, {"texts": texts, "salts": salts})
            sealed = {name: one.digest for name, one in promises.items()}
        entry = Entry(
            unit_id=self._desk.unit.unit_id,
            entry_id=self._sources.ids.new(),
            at=self._now,
            tag=fact.tag.value,
            subject=found.ticket.ref if found else self._event["event_id"],
            person=found.person_id if found else "",
            item=item,
            data=fact.data,
            sealed=sealed,
        )
        self._entries.append(entry.row())

    def _item(self, found: Matter, kind: str, value: Mapping[str, Any]) -> str:
        item_id = self._sources.ids.new()
        self._items.append(
            {
                "unit_id": self._desk.unit.unit_id,
                "item_id": item_id,
                "person_id": found.person_id,
                "kind": kind[:24],
                "sealed": found.vault.seal(value, item_id),
                "created_at": self._now,
            }
        )
        return item_id

    def _to_citizen(self, found: Matter, words: str) -> None:
        """A person's words leave as such: the platforms treat them differently."""
        channel = found.ticket.channel
        for part in self._desk.unit.adapters[channel].plan(Reply(words)):
            promise = commit(part.text)
            value = {"reply": dump_reply(part), "salts": {"text": promise.salt.hex()}}
            item_id = self._item(found, "reply", value)
            self._sends.append(
                {
                    "unit_id": self._desk.unit.unit_id,
                    "row_id": self._sources.ids.new(),
                    "channel": channel.value,
                    "person_id": found.person_id,
                    "item_id": item_id,
                    "kind": "reply",
                    "priority": int(Priority.STAFF),
                    "human": True,
                    "cause": self._event["event_id"],
                    "position": len(self._sends),
                    "state": State.PLANNED.value,
                    "attempt": 0,
                    "available_at": self._now,
                    "created_at": self._now,
                    "updated_at": self._now,
                }
            )

    def _save_talk(self, loaded: Loaded, talk: Conversation) -> None:
        found, seen = loaded.matter, loaded.talk_row
        channel = found.ticket.channel.value
        name = f"talk:{found.person_id}:{channel}"
        self._talk_row = {
            "unit_id": self._desk.unit.unit_id,
            "person_id": found.person_id,
            "channel": channel,
            "version": (seen["version"] if seen else 0) + 1,
            "sealed": found.vault.seal(dump_conversation(talk), name),
            "opted_out": talk.opted_out,
            "muted_until": to_ms(talk.muted_until) if talk.muted_until else None,
            "last_inbound_at": seen["last_inbound_at"] if seen else 0,
            "sent_since_inbound": seen["sent_since_inbound"] if seen else 0,
            "updated_at": self._now,
        }
