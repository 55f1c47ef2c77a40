"""Who writes in the privacy tests? Invented people with all the rows of a talk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from storage import conversations, evidence, inbox, operations, outbox, people, tokens
from storage.evidence import Entry
from storage.ids import Ids
from storage.keys import Box, KeyRing
from storage.vault import PersonVault, Vault, commit
from tests.storage.rows import CHANNEL, DAY, UNIT, Notice, send

DAY_BOX = Box(bytes(range(32, 64)))


@dataclass(frozen=True, slots=True)
class Citizen:
    """One invented citizen; every field but the ids is a marker to search for."""

    person_id: str
    platform_id: str
    name: str
    words: str

    @property
    def markers(self) -> tuple[str, ...]:
        """What must never lie in the open."""
        return self.platform_id, self.name, self.words


LUA = Citizen(
    "p-lua", "7700112233445566", "Nguyễn Thị Lụa-Thử", "thửa đất số 88 của tôi"
)
SON = Citizen("p-son", "9934560217884321", "Trần Văn Sơn-Thử", "ngõ tôi mất điện 3 hôm")


def lane_of(ring: KeyRing, citizen: Citizen) -> str:
    """Return the citizen's lane, which is the HMAC of their identity."""
    return ring.unit(UNIT).mac(f"user:{CHANNEL}", citizen.platform_id)


def sealed_body(body_id: str, messages: Iterable[Mapping[str, str] | None]) -> bytes:
    """Seal a raw body as the edge does, under the key of its day."""
    plain = json.dumps(list(messages), ensure_ascii=False).encode()
    return DAY_BOX.seal(plain, body_id)


def opened_body(body_id: str, sealed: bytes) -> list[dict[str, str] | None]:
    """Open a raw body."""
    value: list[dict[str, str] | None] = json.loads(DAY_BOX.open(sealed, body_id))
    return value


def webhook(
    ring: KeyRing, body_id: str, *citizens: Citizen, keys: str = ""
) -> inbox.Delivery:
    """Return one webhook call with a message of each citizen."""
    messages = [{"from": c.platform_id, "text": c.words} for c in citizens]
    events = [
        inbox.StoredEvent(
            event_id=f"{body_id}-{index}",
            body_index=index,
            dedupe=ring.unit(UNIT).mac("event", f"{keys or body_id}-{c.person_id}"),
            lane=lane_of(ring, c),
            platform_at=500,
        )
        for index, c in enumerate(citizens)
    ]
    sealed = sealed_body(body_id, messages)
    return inbox.Delivery(UNIT, CHANNEL, body_id, DAY, sealed, 1000, tuple(events))


def settle(
    connection: Connection, ring: KeyRing, ids: Ids, citizen: Citizen
) -> PersonVault:
    """Write everything a talk leaves: person, items, talk, handover, sends, proof."""
    vault = Vault(UNIT, ring.unit(UNIT)).create(citizen.person_id)
    mac = lane_of(ring, citizen)
    shared = {"unit_id": UNIT, "person_id": citizen.person_id}
    people.add_person(
        connection,
        shared | {"wrapped_key": vault.wrapped_key, "created_at": 1000},
        shared
        | {
            "channel": CHANNEL,
            "id_mac": mac,
            "sealed_id": vault.seal({"id": citizen.platform_id}, mac),
        },
    )
    _remember(connection, ids, citizen, vault)
    _talk(connection, citizen, vault)
    return vault


def _remember(
    connection: Connection, ids: Ids, citizen: Citizen, vault: PersonVault
) -> None:
    promise, item_id = commit(citizen.words), ids.new()
    value = {"texts": {"text": citizen.words, "ten": citizen.name}}
    item = {
        "unit_id": UNIT,
        "item_id": item_id,
        "person_id": citizen.person_id,
        "kind": "citizen:message:received",
        "sealed": vault.seal(value | {"salt": promise.salt.hex()}, item_id),
        "created_at": 1000,
    }
    entry = Entry(
        unit_id=UNIT,
        entry_id=ids.new(),
        at=1000,
        tag="citizen:message:received",
        subject=f"event-{citizen.person_id}",
        person=citizen.person_id,
        item=item_id,
        data={"channel": CHANNEL},
        sealed={"text": promise.digest},
    )
    people.add_items(connection, [item])
    evidence.append(connection, [entry.row()])
    row = send(f"send-{citizen.person_id}", citizen.person_id, item_id=item_id)
    outbox.plan(connection, [row])


def _talk(connection: Connection, citizen: Citizen, vault: PersonVault) -> None:
    shared = {"unit_id": UNIT, "person_id": citizen.person_id, "channel": CHANNEL}
    conversations.save(
        connection,
        shared
        | {
            "version": 1,
            "sealed": vault.seal({"last_text": citizen.words}, "talk"),
            "opted_out": False,
            "muted_until": None,
            "last_inbound_at": 1000,
            "sent_since_inbound": 0,
            "updated_at": 1000,
        },
        0,
    )
    conversations.open_handover(
        connection,
        shared
        | {
            "handover_id": f"h-{citizen.person_id}",
            "reason": "asked",
            "item_id": "i",
            "state": "waiting",
            "due_at": 9000,
            "opened_at": 1000,
        },
    )


def secrets(connection: Connection, ring: KeyRing, token: str) -> None:
    """Write what the platforms entrust to us, and a notice about it."""
    sealed = ring.unit(UNIT).box.seal(token.encode(), "token")
    tokens.save(
        connection,
        {
            "unit_id": UNIT,
            "channel": CHANNEL,
            "sealed": sealed,
            "seed_mac": ring.unit(UNIT).mac("token-seed", token),
            "access_expires_at": 9000,
            "refresh_issued_at": 1000,
            "version": 1,
            "updated_at": 1000,
        },
    )
    operations.add_notice(connection, Notice(1).row())
