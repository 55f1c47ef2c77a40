"""What is written of a comment? Once a comment, however often it is told.

The row of the comment decides in the transaction: a comment known already begins
nothing, one that was removed before we heard of it neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from handlers.model import Event, Kind, Tag
from storage import comments, evidence, operations
from storage.comments import CommentState
from storage.evidence import Entry
from storage.ids import Ids

Row = dict[str, Any]

QUIET_MS = round(timedelta(days=1) / timedelta(milliseconds=1))
"""Who writes many comments in a day is invited once."""


@dataclass(slots=True)
class Answer:
    """One message to who wrote a comment, or under it."""

    item: Row
    send: Row
    entry: Row


@dataclass(slots=True)
class CommentRows:
    """All that may be written of one comment, ready and sealed."""

    row: Row
    kind: Kind
    event: Row
    now: int
    ids: Ids
    reason: str = ""
    due: int = 0
    question: Row | None = None
    private: Answer | None = None
    thanks: Answer | None = None
    alert: str = ""
    is_urgent: bool = False
    has_sends: bool = False

    @property
    def unit_id(self) -> str:
        """The commune."""
        return str(self.row["unit_id"])

    @property
    def mac(self) -> str:
        """The keyed hash of the comment's id."""
        return str(self.row["comment_mac"])

    def write(self, connection: Connection) -> None:
        """Write what the comment's row allows, in the caller's transaction."""
        if self.kind is Kind.COMMENT_REMOVED:
            self._remove(connection)
            return
        before = comments.add(connection, self.row)
        if before is None:
            self._begin(connection)
        elif self.kind is Kind.COMMENT or before["state"] != CommentState.SHOWN:
            known = before["state"] == CommentState.SHOWN
            reason = "comment_known" if known else "comment_removed"
            self._skip(connection, reason, before)
        else:
            self._change(connection, before)

    def _begin(self, connection: Connection) -> None:
        handover_id = self._open(connection)
        self._alert(connection)
        answered = self._answer(connection)
        values = {"handover_id": handover_id, "answered_at": answered}
        comments.change(connection, self.unit_id, self.mac, **values)

    def _open(self, connection: Connection) -> str | None:
        """Put the comment before staff; return the matter's id."""
        if not self.reason or self.question is None:
            return None
        row = {
            "unit_id": self.unit_id,
            "handover_id": self.ids.new(),
            "person_id": self.row["person_id"],
            "channel": self.event["channel"],
            "reason": self.reason[:40],
            "item_id": self.question["item_id"],
            "state": "waiting",
            "due_at": self.due,
            "opened_at": self.now,
        }
        comments.open_matter(connection, row, self.question)
        fact = Event(Tag.HANDOVER_OPENED, {"reason": self.reason})
        self._prove(connection, fact, self.row["person_id"])
        return str(row["handover_id"])

    def _answer(self, connection: Connection) -> int | None:
        """Plan what is said; return when, if something is said in private."""
        private = self.private
        if private is not None and not self.is_urgent:
            since = self.now - QUIET_MS
            whose = (self.unit_id, self.row["person_id"], since)
            if comments.is_answered_since(connection, *whose):
                private = None
        chosen = [one for one in (private, self.thanks) if one is not None]
        if not chosen:
            return None
        comments.plan_answers(
            connection, [one.item for one in chosen], [one.send for one in chosen]
        )
        evidence.append(connection, [one.entry for one in chosen])
        self.has_sends = True
        return self.now if private is not None else None

    def _change(self, connection: Connection, before: Row) -> None:
        """Only the newest words are kept, and staff are shown them or told of them."""
        if before["event_id"]:
            comments.drop_words(connection, self.unit_id, before["event_id"])
        values: Row = {"event_id": self.event["event_id"], "updated_at": self.now}
        handover_id = before["handover_id"]
        if handover_id is None:
            values["handover_id"] = self._open(connection)
        else:
            self._reword(connection, handover_id)
        self._alert(connection)
        comments.change(connection, self.unit_id, self.mac, **values)
        fact = Event(Tag.COMMENT_EDITED, {"ref": handover_id or ""})
        self._prove(connection, fact, before["person_id"])

    def _reword(self, connection: Connection, handover_id: str) -> None:
        is_new = comments.state_of(connection, self.unit_id, handover_id) == "waiting"
        if self.question is not None and (is_new or not self.reason):
            comments.plan_answers(connection, [self.question], [])
            item_id = str(self.question["item_id"])
            comments.rename(connection, self.unit_id, handover_id, item_id)
        if not is_new and self.reason:
            self._notice(connection, "comment_edited", handover_id)

    def _remove(self, connection: Connection) -> None:
        """What nobody looked at yet is forgotten; staff who did are told."""
        before = comments.add(connection, self.row)
        if before is None or before["state"] != CommentState.SHOWN:
            person = before["person_id"] if before else None
            self._prove(connection, Event(Tag.COMMENT_REMOVED, {}), person)
            return
        comments.stop_answers(connection, self.unit_id, self.mac, self.now)
        ref = before["handover_id"]
        state = comments.state_of(connection, self.unit_id, ref) if ref else "waiting"
        if state == "waiting":
            comments.drop_words(connection, self.unit_id, before["event_id"] or "")
            if ref:
                comments.withdraw(connection, self.unit_id, ref)
        elif state in ("posted", "taken"):
            self._notice(connection, "comment_removed", ref)
        gone = {"state": CommentState.REMOVED.value, "updated_at": self.now}
        comments.change(connection, self.unit_id, self.mac, **gone)
        fact = Event(Tag.COMMENT_REMOVED, {"ref": ref or ""})
        self._prove(connection, fact, before["person_id"])

    def _skip(self, connection: Connection, reason: str, before: Row) -> None:
        comments.drop_words(connection, self.unit_id, self.event["event_id"])
        fact = Event(Tag.MESSAGE_SKIPPED, {"reason": reason})
        self._prove(connection, fact, before["person_id"])

    def _alert(self, connection: Connection) -> None:
        if self.alert:
            self._notice(connection, self.alert, self.event["event_id"])

    def _notice(self, connection: Connection, kind: str, subject: str) -> None:
        notice = {
            "unit_id": self.unit_id,
            "notice_id": self.ids.new(),
            "kind": kind,
            "subject": subject,
            "detail": "",
            "created_at": self.now,
        }
        operations.add_notice_once(connection, notice)

    def _prove(self, connection: Connection, fact: Event, person: str | None) -> None:
        entry = Entry(
            unit_id=self.unit_id,
            entry_id=self.ids.new(),
            at=self.now,
            tag=fact.tag.value,
            subject=self.event["event_id"],
            person=person or "",
            data=fact.data,
        )
        evidence.append(connection, [entry.row()])
