"""Which rows does an outcome become? Everything sealed before the transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bot import complaint_papers
from bot.case_plan import CasePlan, CasePlanner
from bot.clock import to_ms
from bot.codec import dump_conversation, dump_reply
from bot.comment_plan import plan_comment
from bot.comment_rows import CommentRows
from bot.consent_rows import ConsentRows, consent_rows, stops_learning
from bot.file_drops import FileDrops
from bot.planned_rows import file_row, reply_row
from bot.runtime import UnitRuntime
from bot.survey_plan import SurveyPlan, planned
from bot.usage import usage_rows
from handlers.lessons import lesson_rows
from handlers.model import (
    Channel,
    Conversation,
    Event,
    Inbound,
    Kind,
    Outcome,
    Reply,
    Tag,
)
from storage.evidence import Entry
from storage.ids import Ids
from storage.vault import PersonVault, commit

Row = dict[str, Any]

INTERACTIONS = frozenset(
    {
        Kind.TEXT,
        Kind.BUTTON,
        Kind.ATTACHMENT,
        Kind.LOCATION,
        Kind.STICKER,
        Kind.FOLLOW,
        Kind.REFERRAL,
        Kind.CONTACT,
    }
)
"""What opens a platform's answer window (PLATFORMS.md 1.7, 3.3); receipts do not."""
FILE_ITEM = "citizen:file:received"
"""The kind of the vault items that hold a file's address, later its hash."""
RECEIPTS = frozenset({Kind.DELIVERED, Kind.SEEN})


@dataclass(frozen=True, slots=True)
class Person:
    """The citizen of a lane as loaded (or just made) for one event."""

    vault: PersonVault
    id_mac: str
    user_id: str
    sealed_id: bytes
    is_new: bool
    conversation: Conversation
    version: int
    last_inbound_at: int
    sent_since_inbound: int


@dataclass(slots=True)
class Commit:
    """All rows of one handled event, ready to be written together."""

    event: Row
    now: int
    person_row: Row | None = None
    identity_row: Row | None = None
    conversation_row: Row | None = None
    seen_version: int = 0
    items: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    sends: list[Row] = field(default_factory=list)
    handover_row: Row | None = None
    receipt: tuple[list[str], Callable[[str], Row]] | None = None
    echo: tuple[str, str, Row] | None = None
    offer: Row | None = None
    lessons: list[Row] = field(default_factory=list)
    forgets_lessons: bool = False
    files: list[Row] = field(default_factory=list)
    usage: list[Row] = field(default_factory=list)
    cases: CasePlan = field(default_factory=CasePlan)
    seal: Callable[[Connection], None] | None = None
    survey: SurveyPlan | None = None
    comment: CommentRows | None = None
    consents: ConsentRows | None = None
    drops: FileDrops | None = None
    may_send: bool = False
    more: bool = False


class Planner:
    """Turns outcomes of one unit into rows."""

    def __init__(self, unit: UnitRuntime, ids: Ids) -> None:
        self._unit = unit
        self._ids = ids
        self._cases = CasePlanner(unit.unit_id, unit.vault.keys, ids)

    def plan(
        self,
        event: Row,
        inbound: Inbound,
        person: Person | None,
        outcome: Outcome,
        now: int,
    ) -> Commit:
        """Return the rows of an outcome; pure but for randomness."""
        commit_rows = Commit(event=event, now=now)
        if person is not None:
            self._person(commit_rows, person)
            self._conversation(commit_rows, inbound, person, outcome)
            self._lessons(commit_rows, person, outcome)
            self._files(commit_rows, person, outcome)
            commit_rows.items += complaint_papers.items(
                self._unit.unit_id, self._unit.vault.keys, person.vault, outcome, now
            )
            self._survey(commit_rows, person, outcome)
            whom = (self._unit.unit_id, person.vault.person_id, event["channel"])
            commit_rows.consents = consent_rows(outcome.events, *whom, now, self._ids)
            if outcome.drops_files:
                whose = (event, person.vault.person_id, outcome.drops_files)
                commit_rows.drops = FileDrops(*whose, self._ids, now)
            files = [row["file_id"] for row in commit_rows.files]
            may_tell = inbound.kind in INTERACTIONS and not person.is_new
            commit_rows.cases = self._cases.plan(
                outcome, person.vault, event, now, files, may_tell=may_tell
            )
        for fact in outcome.events:
            self._event(commit_rows, fact, person)
        for number, reply in enumerate(outcome.replies):
            self._reply(commit_rows, Channel(event["channel"]), reply, number, person)
        self._handover(commit_rows, outcome, person)
        self._receipt(commit_rows, inbound, person)
        self._echo(commit_rows, inbound)
        self._offer(commit_rows, person)
        vault = person.vault if person else None
        commit_rows.comment = plan_comment(
            self._unit, self._ids, event, inbound, outcome.comment, vault, now
        )
        return commit_rows

    def _person(self, rows: Commit, person: Person) -> None:
        if not person.is_new:
            return
        shared = {"unit_id": self._unit.unit_id, "person_id": person.vault.person_id}
        rows.person_row = shared | {
            "wrapped_key": person.vault.wrapped_key,
            "created_at": rows.now,
        }
        rows.identity_row = shared | {
            "channel": rows.event["channel"],
            "id_mac": person.id_mac,
            "sealed_id": person.sealed_id,
        }

    def _conversation(
        self, rows: Commit, inbound: Inbound, person: Person, outcome: Outcome
    ) -> None:
        talk = outcome.conversation or person.conversation
        is_interaction = inbound.kind in INTERACTIONS
        last = person.last_inbound_at
        if is_interaction:
            last = max(to_ms(inbound.at), last)
        muted = to_ms(talk.muted_until) if talk.muted_until else None
        key = f"{person.vault.person_id}:{rows.event['channel']}"
        rows.seen_version = person.version
        rows.conversation_row = {
            "unit_id": self._unit.unit_id,
            "person_id": person.vault.person_id,
            "channel": rows.event["channel"],
            "version": person.version + 1,
            "sealed": person.vault.seal(dump_conversation(talk), f"talk:{key}"),
            "opted_out": talk.opted_out,
            "muted_until": muted,
            "last_inbound_at": last,
            "sent_since_inbound": 0 if is_interaction else person.sent_since_inbound,
            "updated_at": rows.now,
        }

    def _lessons(self, rows: Commit, person: Person, outcome: Outcome) -> None:
        """What may be learnt, sealed; all of it goes when the consent does."""
        rows.usage = usage_rows(rows.event, outcome, rows.now)
        rows.forgets_lessons = stops_learning(outcome.events)
        for lesson in outcome.lessons:
            item, candidate = lesson_rows(lesson, person.vault, self._ids, rows.now)
            rows.items.append(item)
            rows.lessons.append(candidate)

    def _files(self, rows: Commit, person: Person, outcome: Outcome) -> None:
        """What is to be fetched; the address is sealed like a text of the citizen."""
        for position, file in enumerate(outcome.files):
            value = {"url": file.url, "name": file.name, "size": file.size}
            item = self._item(rows, person, FILE_ITEM, value)
            row = file_row(rows.event, person.vault.person_id, item, position, file)
            times = {"available_at": rows.now, "created_at": rows.now}
            rows.files.append(
                row
                | times
                | {
                    "file_id": file.file_id or self._ids.new(),
                    "updated_at": rows.now,
                }
            )

    def _survey(self, rows: Commit, person: Person, outcome: Outcome) -> None:
        rating = outcome.rating
        if rating is None:
            return
        item = (
            self._item(rows, person, "survey", {"words": rating.words})
            if rating.words
            else None
        )
        whom = person.vault.person_id
        rows.survey = planned(rating, rows.event, whom, item, rows.now)

    def _event(self, rows: Commit, fact: Event, person: Person | None) -> None:
        item, sealed = self._private(rows, fact.tag, fact.private, person)
        self._entry(rows, fact.tag, fact.data, person, item=item, sealed=sealed)

    def _private(
        self, rows: Commit, kind: str, private: Mapping[str, str], person: Person | None
    ) -> tuple[str, dict[str, str]]:
        texts = {name: text for name, text in private.items() if text}
        if person is None or not texts:
            return "", {}
        promises = {name: commit(text) for name, text in texts.items()}
        value = {
            "texts": texts,
            "salts": {name: promise.salt.hex() for name, promise in promises.items()},
        }
        item = self._item(rows, person, kind, value)
        return item, {name: promise.digest for name, promise in promises.items()}

    def _item(
        self, rows: Commit, person: Person, kind: str, value: Mapping[str, Any]
    ) -> str:
        item_id = self._ids.new()
        rows.items.append(
            {
                "unit_id": self._unit.unit_id,
                "item_id": item_id,
                "person_id": person.vault.person_id,
                "kind": kind[:24],
                "sealed": person.vault.seal(value, item_id),
                "created_at": rows.now,
            }
        )
        return item_id

    def _reply(
        self,
        rows: Commit,
        channel: Channel,
        reply: Reply,
        number: int,
        person: Person | None,
    ) -> None:
        if person is None:
            return
        for part in self._unit.adapters[channel].plan(reply):
            position = len(rows.sends)
            promise = commit(part.text)
            value = {"reply": dump_reply(part), "salts": {"text": promise.salt.hex()}}
            item = self._item(rows, person, "reply", value)
            row_id = self._ids.new()
            rows.sends.append(
                reply_row(rows.event, person.vault.person_id, row_id, item, position)
                | {"created_at": rows.now, "updated_at": rows.now}
                | {"available_at": rows.now}
            )
            self._entry(
                rows,
                Tag.MESSAGE_ANSWERED,
                {"send": row_id, "reply": number, "buttons": len(part.buttons)},
                person,
                item=item,
                sealed={"text": promise.digest},
            )

    def _entry(
        self,
        rows: Commit,
        tag: Tag,
        data: Mapping[str, str | int | bool],
        person: Person | None,
        *,
        item: str = "",
        sealed: Mapping[str, str] | None = None,
    ) -> None:
        entry = Entry(
            unit_id=self._unit.unit_id,
            entry_id=self._ids.new(),
            at=rows.now,
            tag=tag.value,
            subject=rows.event["event_id"],
            person=person.vault.person_id if person else "",
            item=item,
            data=data,
            sealed=sealed or {},
        )
        rows.entries.append(entry.row())

    def _handover(self, rows: Commit, outcome: Outcome, person: Person | None) -> None:
        if outcome.handover is None or person is None:
            return
        value = {"question": outcome.handover.question}
        rows.handover_row = {
            "unit_id": self._unit.unit_id,
            "handover_id": rows.cases.first_id or self._ids.new(),
            "person_id": person.vault.person_id,
            "channel": rows.event["channel"],
            "reason": outcome.handover.reason[:40],
            "item_id": self._item(rows, person, "handover", value),
            "state": "waiting",
            "due_at": to_ms(outcome.handover.due),
            "opened_at": rows.now,
        }

    def _receipt(self, rows: Commit, inbound: Inbound, person: Person | None) -> None:
        if inbound.kind not in RECEIPTS or not inbound.message_ids:
            return
        keys = self._unit.vault.keys
        macs = [keys.mac("message", message_id) for message_id in inbound.message_ids]
        is_seen = inbound.kind is Kind.SEEN
        tag = Tag.RECEIPT_SEEN if is_seen else Tag.RECEIPT_DELIVERED

        def entry(row_id: str) -> Row:
            return Entry(
                unit_id=self._unit.unit_id,
                entry_id=self._ids.new(),
                at=rows.now,
                tag=tag.value,
                subject=row_id,
                person=person.vault.person_id if person else "",
                data={"event": rows.event["event_id"]},
            ).row()

        rows.receipt = (macs, entry)

    def _echo(self, rows: Commit, inbound: Inbound) -> None:
        """An echo with our mark proves that a send of unknown fate arrived."""
        if inbound.kind is not Kind.ECHO_OWN or not inbound.payload:
            return
        proof = Entry(
            unit_id=self._unit.unit_id,
            entry_id=self._ids.new(),
            at=rows.now,
            tag=Tag.SEND_ACCEPTED.value,
            subject=inbound.payload[:48],
            data={"by": "echo", "event": rows.event["event_id"]},
        )
        mac = self._unit.vault.keys.mac("message", "".join(inbound.message_ids[:1]))
        rows.echo = (inbound.payload[:48], mac, proof.row())

    def _offer(self, rows: Commit, person: Person | None) -> None:
        """All that a sender needs of the first message, so that it need not ask."""
        if not rows.sends or person is None or rows.conversation_row is None:
            return
        first, talk = rows.sends[0], rows.conversation_row
        content = next(i for i in rows.items if i["item_id"] == first["item_id"])
        rows.offer = first | {
            "code": None,
            "message_mac": None,
            "resend_of": None,
            "wrapped_key": person.vault.wrapped_key,
            "sealed_id": person.sealed_id,
            "id_mac": person.id_mac,
            "content": content["sealed"],
            "opted_out": talk["opted_out"],
            "muted_until": talk["muted_until"],
            "last_inbound_at": talk["last_inbound_at"],
            "sent_since_inbound": talk["sent_since_inbound"],
            "is_last": len(rows.sends) == 1,
        }
