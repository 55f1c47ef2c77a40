"""How does a job reach its topic? The topic is made when the first job needs it.

Where a matter is talked about is written down before the first word goes there; a
topic that staff deleted is made again, once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.channels.results import Accepted, Refused, SendResult
from bot.channels.telegram.errors_table import THREAD_GONE
from bot.clock import Clock
from bot.desk.adapters import StaffAdapter
from bot.desk.job import Job, Op, Topic, dump, load_topic
from bot.runtime import UnitRuntime
from handlers.model import Channel, Reply
from storage import desk
from storage.database import Database
from storage.keys import InvalidTag
from storage.vault import PersonVault

MESSAGE_GONE = "message-gone"


class Courier:
    """Carries out the jobs of one staff channel."""

    def __init__(self, channel: Channel, database: Database, clock: Clock) -> None:
        self._channel = channel
        self._database = database
        self._clock = clock

    async def carry(
        self, unit: UnitRuntime, vault: PersonVault, job: Job, part: Reply
    ) -> SendResult:
        """Do a job; never raises for what the platform or network does."""
        adapter = unit.adapters[self._channel]
        if not isinstance(adapter, StaffAdapter):
            raise TypeError(self._channel)
        if job.naming:
            return await _to_person(adapter, job, part)
        if job.place or not job.ref or not adapter.has_topics:
            return await adapter.post(part, job.place)
        return await _Trip(self, adapter, unit, vault, job, part).go()

    async def find(
        self, unit: UnitRuntime, vault: PersonVault, ref: str
    ) -> Topic | None:
        """Return where a matter is talked about, None when nowhere yet."""
        item_id = topic_item(unit, self._channel, ref)
        sealed = await self._database.read(
            lambda c: desk.sealed_item(c, unit.unit_id, item_id)
        )
        if sealed is None:
            return None
        try:
            return load_topic(vault.open(sealed, item_id))
        except InvalidTag:
            return None

    async def save(
        self, unit: UnitRuntime, vault: PersonVault, ref: str, topic: Topic, name: str
    ) -> None:
        """Write the topic down, with the address under which it writes to us."""
        item, place = self._rows(unit, vault, ref, topic, name)
        await self._database.write(lambda c: desk.save_topic(c, item, place))

    def _rows(
        self, unit: UnitRuntime, vault: PersonVault, ref: str, topic: Topic, name: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        shared = {"unit_id": unit.unit_id, "person_id": vault.person_id}
        item_id = topic_item(unit, self._channel, ref)
        mac = unit.vault.keys.mac(f"user:{self._channel}", name)
        item = shared | {
            "item_id": item_id,
            "kind": desk.TOPIC,
            "sealed": vault.seal(dump(topic), item_id),
            "created_at": self._clock.now_ms(),
        }
        place = shared | {
            "channel": self._channel.value,
            "id_mac": mac,
            "sealed_id": vault.seal({"id": name, "ref": ref}, mac),
        }
        return item, place


async def _to_person(adapter: StaffAdapter, job: Job, part: Reply) -> SendResult:
    """Nobody can be written to who never began a talk with the bot: then the group."""
    result = await adapter.post(part, job.place)
    if not isinstance(result, Refused):
        return result
    return await adapter.post(replace(part, text=f"{job.naming}\n{part.text}"), "")


class _Trip:
    """One job on the way to one topic."""

    def __init__(
        self,
        courier: Courier,
        adapter: StaffAdapter,
        unit: UnitRuntime,
        vault: PersonVault,
        job: Job,
        part: Reply,
    ) -> None:
        self._courier = courier
        self._adapter = adapter
        self._unit = unit
        self._vault = vault
        self._job = job
        self._part = part

    async def go(self) -> SendResult:
        """Find or make the topic, do the job, remember a named message."""
        topic = await self._courier.find(self._unit, self._vault, self._job.ref)
        if self._job.op is Op.CLOSE:
            return await self._close(topic)
        made = topic is None
        for _ in range(2):
            found = topic or await self._open()
            if not isinstance(found, Topic):
                return await self._without(found)
            result = await self._say(found)
            if not (isinstance(result, Refused) and result.code == THREAD_GONE):
                return await self._remember(found, result)
            if made:
                break
            topic, made = None, True
        return result

    async def _close(self, topic: Topic | None) -> SendResult:
        if topic is None:
            return Accepted("")
        return await self._adapter.close_topic(topic.place)

    async def _open(self) -> Topic | SendResult:
        result = await self._adapter.open_topic(self._job.title or self._job.ref)
        if not isinstance(result, Accepted):
            return result
        topic = Topic(result.message_id)
        await self._save(topic)
        return topic

    async def _without(self, result: SendResult) -> SendResult:
        """A group without topics is still a group; its buttons name the matter."""
        if isinstance(result, Refused):
            return await self._adapter.post(self._part, "")
        return result

    async def _say(self, topic: Topic) -> SendResult:
        known = topic.messages.get(self._job.name, "")
        if self._job.op is Op.EDIT and known:
            result = await self._adapter.edit(known, self._part)
            if not (isinstance(result, Refused) and result.code == MESSAGE_GONE):
                return result
        return await self._adapter.post(self._part, topic.place)

    async def _remember(self, topic: Topic, result: SendResult) -> SendResult:
        name = self._job.name
        if not name or not isinstance(result, Accepted):
            return result
        if topic.messages.get(name) != result.message_id:
            messages = {**topic.messages, name: result.message_id}
            await self._save(replace(topic, messages=messages))
        return result

    async def _save(self, topic: Topic) -> None:
        name = self._adapter.address(topic.place)
        await self._courier.save(self._unit, self._vault, self._job.ref, topic, name)


def topic_item(unit: UnitRuntime, channel: Channel, ref: str) -> str:
    """Return the id of the item that holds a matter's topic."""
    return unit.vault.keys.mac(f"desk-topic:{channel}", ref)
