"""Which rows does one act of staff become? All sealed before the transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.clock import from_ms
from bot.codec import dump_reply
from bot.desk.case_step import CaseStep, opened
from bot.desk.kept_file import Kept, entry_of
from bot.desk.rows import DeskRows
from bot.desk.sources import Loaded, Sources
from bot.desk.talk import talk_row
from bot.desk.ticket import Matter, UnitDesk
from bot.policy import Refuse, Request, decide
from handlers.cases.errors import CaseError
from handlers.model import Event, Reply, Tag
from handlers.staff.cases.act import written
from handlers.staff.desk import StaffInbound
from handlers.staff.handover import wishes
from handlers.staff.handover.answer import Situation, answer, nothing
from handlers.staff.handover.model import Decision, Wish
from storage import conversations, desk, desk_files, evidence, inbox, outbox, people
from storage.desk import State as Handed
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
        self._step: CaseStep | None = None
        self._kept: Kept | None = None
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
        await self._decide(said, who, wish, self._loaded)

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
        if self._kept is not None and self._decision.files:
            desk_files.keep(connection, self._kept.row)
        for step in self._step.steps if self._step else ():
            written(connection, step)
        people.add_items(connection, self._items)
        evidence.append(connection, self._entries)
        outbox.plan(connection, self._sends)
        return more

    def wake(self, wake: Callable[[str], None]) -> None:
        """Let the senders of what was planned look."""
        steps = self._step.steps if self._step else []
        sends = [*self._sends, *(row for one in steps for row in one.rows.sends)]
        for channel in {row["channel"] for row in sends}:
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

    async def _decide(
        self, said: StaffInbound, who: str, wish: Wish, loaded: Loaded
    ) -> None:
        found = loaded.matter
        rows = self._rows(found.vault)
        rows.name_topic(found.ticket.ref, found.title)
        rows.stand(said.channel, self._desk.adapters[said.channel].place(said.topic))
        failure = await self._file(said, found)
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
            files=(self._kept.row["file_id"],) if self._kept else (),
            file_failure=failure,
        )
        decision = self._decision = await self._decided(situation)
        self.result = wish.act.value
        self.toast = decision.told
        if decision.told and said.tap is None:
            rows.tell(said.channel, found.ticket.ref, said.topic, decision.told)
        self._add(rows)
        for fact in decision.events:
            self._fact(fact, found)
        kept = self._kept if decision.files else None
        if kept is not None:
            self._items.append(kept.item)
            ids = self._sources.ids
            proof = entry_of(kept, who, ids, self._now, found.ticket.ref)
            self._entries.append(proof.row())
        if decision.words or kept is not None:
            media = kept.media if kept is not None else None
            self._to_citizen(found, Reply(decision.words, media=media))
        if decision.talk is not None:
            unit_id = self._desk.unit.unit_id
            self._talk_row = talk_row(unit_id, loaded, decision.talk, self._now)

    async def _file(self, said: StaffInbound, found: Matter) -> str:
        """Keep a file that came along; return the sentence's name when it is not."""
        if not said.files:
            return ""
        keeper, adapter = self._sources.files, self._desk.adapters[said.channel]
        if keeper is None:
            return "file_not_here"
        event_id = self._event["event_id"]
        kept = await keeper.keep(self._desk, adapter, found, said, event_id)
        if isinstance(kept, str):
            return kept
        self._kept = kept
        return ""

    async def _decided(self, situation: Situation) -> Decision:
        """A matter that is a case goes the way of cases."""
        ref, who = situation.ticket.ref, situation.who
        sources = self._sources
        try:
            self._step = await opened(sources, self._desk, ref, who)
        except CaseError as error:
            return nothing(situation, "changed", "case", why=str(error))
        if self._step is None or situation.ticket.state is Handed.CLOSED:
            return answer(situation)
        return await self._step.decide(situation)

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

    def _to_citizen(self, found: Matter, reply: Reply) -> None:
        """A person's words leave as such: the platforms treat them differently."""
        channel = found.ticket.channel
        for part in self._desk.unit.adapters[channel].plan(reply):
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
