"""Which rows does an answer at a counter become? A score of nobody, its words sealed.

Words get a person of their own, about whom nothing is known: so they lie in the vault
like all words, and the same erasure reaches them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.runtime import UnitRuntime
from handlers.model import Tag
from storage import evidence, people, reports, survey
from storage.ids import Ids
from storage.vault import PersonVault, commit

CHANNEL = "counter"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said; ``mark`` makes it one answer however often it is sent."""

    counter: str
    mark: str
    score: int
    words: str = ""


def save(
    connection: Connection, unit: UnitRuntime, ids: Ids, answer: Answer, now: int
) -> bool:
    """Write an answer once, in the caller's transaction; False: it was there."""
    about = f"counter:{answer.mark}"
    if reports.is_answered(connection, unit.unit_id, about):
        return False
    told: dict[str, str | int | bool] = {
        "about": answer.counter,
        "score": answer.score,
    }
    rated = evidence.Entry(
        unit.unit_id, ids.new(), now, Tag.RATED.value, answer.mark, data=told
    )
    evidence.append(connection, [rated.row()])
    person_id, item_id = _words(connection, unit, ids, answer, now)
    survey.put(
        connection,
        {
            "unit_id": unit.unit_id,
            "about": about,
            "kind": survey.COUNTER,
            "channel": CHANNEL,
            "case_id": None,
            "person_id": person_id,
            "counter": answer.counter,
            "item_id": item_id,
            "score": answer.score,
            "at": now,
        },
    )
    return True


def _words(
    connection: Connection, unit: UnitRuntime, ids: Ids, answer: Answer, now: int
) -> tuple[str | None, str | None]:
    if not answer.words:
        return None, None
    vault, promise = unit.vault.create(ids.new()), commit(answer.words)
    item = _item(unit, vault, ids, answer.words, promise.salt, now)
    people.add_person(connection, *_nobody(unit, vault, ids, now))
    people.add_items(connection, [item])
    explained = evidence.Entry(
        unit.unit_id,
        ids.new(),
        now,
        Tag.RATING_EXPLAINED.value,
        answer.mark,
        person=vault.person_id,
        item=item["item_id"],
        data={"about": answer.counter},
        sealed={"words": promise.digest},
    )
    evidence.append(connection, [explained.row()])
    return vault.person_id, item["item_id"]


def _item(
    unit: UnitRuntime, vault: PersonVault, ids: Ids, words: str, salt: bytes, now: int
) -> Row:
    item_id = ids.new()
    value = {"words": words, "salts": {"words": salt.hex()}}
    return {
        "unit_id": unit.unit_id,
        "item_id": item_id,
        "person_id": vault.person_id,
        "kind": "survey",
        "sealed": vault.seal(value, item_id),
        "created_at": now,
    }


def _nobody(
    unit: UnitRuntime, vault: PersonVault, ids: Ids, now: int
) -> tuple[Row, Row]:
    shared = {"unit_id": unit.unit_id, "person_id": vault.person_id}
    mac = unit.vault.keys.mac(f"user:{CHANNEL}", ids.new())
    person = shared | {"wrapped_key": vault.wrapped_key, "created_at": now}
    sealed = vault.seal({"id": ""}, mac)
    identity = shared | {"channel": CHANNEL, "id_mac": mac, "sealed_id": sealed}
    return person, identity
