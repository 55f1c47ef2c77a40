"""What is known of the citizen of a claimed lane?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from bot.channels.wire import WireEvent
from bot.codec import load_conversation
from bot.planner import Commit, Person
from bot.runtime import UnitRuntime
from handlers.model import Conversation, Kind, Outcome
from storage import conversations, people
from storage.ids import Ids
from storage.inbox import LaneRef

NOT_A_PERSON = frozenset(
    {
        Kind.UNKNOWN,
        Kind.DELIVERED,
        Kind.SEEN,
        Kind.ECHO_OWN,
        Kind.HANDBACK,
        Kind.COMMENT_REMOVED,
    }
)
"""Events that never make us start a file on somebody."""


@dataclass(slots=True)
class Loaded:
    """A lane with what storage knows of its citizen; kept up to date in turn."""

    ref: LaneRef
    unit: UnitRuntime | None
    identity: Mapping[str, Any] | None
    talk: Mapping[str, Any] | None
    ids: Ids
    known: Person | None = None

    def person(
        self, unit: UnitRuntime, event: Mapping[str, Any], wire: WireEvent
    ) -> Person | None:
        """Return the citizen, new when unknown; None for events about nobody."""
        if self.known is not None:
            return self.known
        if self.identity is not None:
            return self._stored(unit, event, wire)
        if not wire.user_id or wire.inbound.kind in NOT_A_PERSON:
            return None
        vault = unit.vault.create(self.ids.new())
        return Person(
            vault=vault,
            id_mac=self.ref.lane,
            user_id=wire.user_id,
            sealed_id=vault.seal({"id": wire.user_id}, self.ref.lane),
            is_new=True,
            conversation=Conversation(),
            version=0,
            last_inbound_at=0,
            sent_since_inbound=0,
        )

    def committed(self, person: Person | None, outcome: Outcome, rows: Commit) -> None:
        """Remember what was just written, for the next event of the lane."""
        if person is None or rows.conversation_row is None:
            return
        self.known = replace(
            person,
            is_new=False,
            conversation=outcome.conversation or person.conversation,
            version=person.version + 1,
            last_inbound_at=rows.conversation_row["last_inbound_at"],
            sent_since_inbound=rows.conversation_row["sent_since_inbound"],
        )

    def _stored(
        self, unit: UnitRuntime, event: Mapping[str, Any], wire: WireEvent
    ) -> Person:
        identity, talk = self.identity or {}, self.talk
        vault = unit.vault.unwrap(identity["person_id"], identity["wrapped_key"])
        conversation = Conversation()
        if talk is not None:
            key = f"talk:{vault.person_id}:{event['channel']}"
            conversation = load_conversation(vault.open(talk["sealed"], key))
        return Person(
            vault=vault,
            id_mac=self.ref.lane,
            user_id=wire.user_id,
            sealed_id=identity["sealed_id"],
            is_new=False,
            conversation=conversation,
            version=talk["version"] if talk else 0,
            last_inbound_at=talk["last_inbound_at"] if talk else 0,
            sent_since_inbound=talk["sent_since_inbound"] if talk else 0,
        )


class LaneReader:
    """Loads identities and conversations for claimed lanes, in two queries."""

    def __init__(self, units: Mapping[str, UnitRuntime], ids: Ids) -> None:
        self._units = units
        self._ids = ids

    def load(self, connection: Connection, refs: Sequence[LaneRef]) -> list[Loaded]:
        """Return the lanes with what is known."""
        keys = [
            (ref.unit_id, ref.events[0]["channel"], ref.lane)
            for ref in refs
            if ref.events
        ]
        identities = people.find_identities(connection, keys)
        talks = conversations.load(
            connection,
            [(k[0], row["person_id"], k[1]) for k, row in identities.items()],
        )
        return [self._loaded(ref, identities, talks) for ref in refs]

    def _loaded(
        self,
        ref: LaneRef,
        identities: Mapping[tuple[str, str, str], Mapping[str, Any]],
        talks: Mapping[tuple[str, str, str], Mapping[str, Any]],
    ) -> Loaded:
        unit = self._units.get(ref.unit_id)
        if not ref.events:
            return Loaded(ref, unit, None, None, self._ids)
        channel = ref.events[0]["channel"]
        identity = identities.get((ref.unit_id, channel, ref.lane))
        talk = identity and talks.get((ref.unit_id, identity["person_id"], channel))
        return Loaded(ref, unit, identity, talk or None, self._ids)
