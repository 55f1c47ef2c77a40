"""How does an answer leave: at once, or approved by a leader first?"""

from __future__ import annotations

from dataclasses import replace

from handlers.cases import apply as applying
from handlers.cases.actions import (
    SYSTEM,
    Actor,
    Answer,
    Approve,
    DraftAnswer,
    Note,
    Reject,
)
from handlers.cases.case import Drafted
from handlers.cases.change import Message
from handlers.cases.errors import NoDraftError, NotApprovedError, PersonErasedError
from handlers.staff.cases.act import (
    Done,
    Prepared,
    act,
    carried_out,
    changed,
    prepared,
)
from handlers.staff.cases.file import CaseFile, load, opened
from handlers.staff.cases.workroom import Room
from storage import cases, people


async def answer(room: Room, ref: str, text: str) -> Done:
    """Answer the citizen; where the kind demands a leader, keep a draft instead."""
    file = await opened(room, ref)
    if file.kind.needs_approval:
        return await act(room, ref, DraftAnswer(text))
    return await _sent(room, ref, text)


async def approve(room: Room, ref: str, *, send: bool = True) -> Done:
    """Approve the draft, and let it leave unless ``send`` is False."""
    done = await act(room, ref, Approve())
    return await send_approved(room, ref) if send else done


async def reject(room: Room, ref: str, reason: str) -> Done:
    """Send the draft back."""
    return await act(room, ref, Reject(reason))


async def send_approved(room: Room, ref: str) -> Done:
    """Send the approved draft, word for word; raises NoDraftError, NotApprovedError."""
    file = await opened(room, ref)
    draft = file.case.draft
    if draft is None:
        raise NoDraftError
    if draft.state is not Drafted.APPROVED:
        raise NotApprovedError
    return await _sent(room, ref, await words_of(room, file, draft.seq))


async def _sent(room: Room, ref: str, text: str) -> Done:
    """Send an answer, also to those whose cases were merged into this one."""

    async def plan() -> list[Prepared]:
        file = await opened(room, ref)
        mine = prepared(room, file, changed(room, file, Answer(text)))
        others = await merged(room, file)
        return [mine, *(shared(room, other, file, text) for other in others)]

    return (await carried_out(room, plan))[0]


async def merged(room: Room, file: CaseFile) -> list[CaseFile]:
    """Return the cases that ended in favour of this one."""
    refs = [link.ref for link in file.case.links if link.kind == "case"]
    found = await room.database.read(
        lambda c: [
            load(c, room, ref)
            for ref in refs
            if cases.get(c, room.unit_id, ref) is not None
        ]
    )
    mine = file.case.case_id
    return [one for one in found if one.case.merged_into == mine and one.vault]


def shared(room: Room, other: CaseFile, into: CaseFile, text: str) -> Prepared:
    """Tell the citizen of a merged case the same, under their own code."""
    note = Note(f"Đã báo kết quả của hồ sơ {into.case.code}.")
    actor = Actor(room.by, SYSTEM)
    at = room.clock.now()
    change = applying.apply(other.case, note, actor, at, room.services)
    message = Message("answered", change.case.seq, {"text": text}, is_human=True)
    return prepared(room, other, replace(change, messages=(message,)))


async def words_of(room: Room, file: CaseFile, seq: int) -> str:
    """Return what an entry of the history says, such as a draft."""
    if file.vault is None:
        raise PersonErasedError(file.case.code)
    unit_id, case_id = room.unit_id, file.case.case_id
    lines = await room.database.read(lambda c: cases.history(c, unit_id, case_id))
    item_id = next(line["item_id"] for line in lines if line["seq"] == seq)
    items = await room.database.read(lambda c: people.get_items(c, unit_id, [item_id]))
    value = file.vault.open(items[item_id]["sealed"], item_id)
    return str(value["texts"]["text"])
