"""How does a letter begin, and how is it changed? One transaction with its proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.letters import guards, model
from handlers.staff.letters.errors import (
    DuplicateLetterError,
    LetterChangedError,
    LetterStepError,
)
from handlers.staff.letters.keeping import (
    NOTHING,
    Data,
    Kept,
    item_of,
    load,
    save,
)
from handlers.staff.letters.model import LetterAct, LetterState
from handlers.staff.letters.recipient import Recipient, found
from handlers.staff.letters.room import LetterRoom
from handlers.staff.permissions import Action
from handlers.staff.proof import proof
from messages.letters.compose import Letter, compose
from messages.letters.errors import LetterError, UnknownLetterError
from messages.letters.kinds import LetterKind
from storage import evidence, letters, letters_occasions, people
from storage.vault import PersonVault


@dataclass(frozen=True, slots=True)
class NewLetter:
    """What somebody wants written; ``is_sure``: they looked where we doubted.

    ``source`` is form, import, api, apology or birthday, ``ref`` what makes it once
    there, ``occasion`` what the one-stop system told and this letter answers. ``vault``
    says whose it is where that is known already.
    """

    kind: LetterKind
    data: Mapping[str, object]
    source: str = guards.FORM
    ref: str = ""
    case_code: str = ""
    phone: str = ""
    is_sure: bool = False
    occasion: str = ""
    vault: PersonVault | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """The letter of an order; ``is_new`` False: the same order came before."""

    letter_id: str
    is_new: bool = True
    person_id: str = ""


async def make(room: LetterRoom, new: NewLetter) -> Made:
    """Write a draft. Raises LetterError for its data, LetterStepError when a guard
    or a letter for the same occasion speaks against it, NotAllowedError.
    """
    told = compose(new.kind, new.data, room.office, room.today())

    def work(connection: Connection) -> Made:
        return made_in(connection, room, new, told)

    return await room.desk.change(Action.WRITE_LETTERS, work)


async def make_many(
    room: LetterRoom, wanted: Sequence[NewLetter]
) -> list[Made | LetterError | LetterStepError]:
    """Write drafts one by one: a bad one stops no other; order is kept."""
    done: list[Made | LetterError | LetterStepError] = []
    for new in wanted:
        try:
            done.append(await make(room, new))
        except (LetterError, LetterStepError) as error:
            done.append(error)
    return done


async def edit(
    room: LetterRoom, letter_id: str, seen: int, data: Mapping[str, object]
) -> None:
    """Change the data of a letter; an approval of it is void with that.

    Raises LetterError, LetterStepError (LetterChangedError when ``seen`` is old).
    """

    def work(connection: Connection) -> None:
        one = seen_one(connection, room, letter_id, seen)
        one = replace(one, kind=_newest(room, one))
        told = compose(one.kind, data, room.office, room.today())
        life = model.step(one.life, LetterAct.EDIT, room.desk.by, room.now())
        assert one.vault is not None  # noqa: S101  seen_one refuses erased letters
        mac = guards.occasion_mac(room, one.kind, told.data)
        _only_one(connection, room, mac, letter_id)
        save(
            connection,
            room,
            one,
            life,
            item=item_of(room, one.vault, told.data),
            occasion_mac=mac,
            subject_mac=guards.subject_mac(room, one.kind, told.data),
            words=str(told.version)[:40],
            channel=None,
            waits_for=None,
        )

    await room.desk.change(Action.WRITE_LETTERS, work)


def _newest(room: LetterRoom, one: Kept) -> LetterKind:
    """An edit takes the newest words of a kind that is still offered."""
    try:
        return room.kinds.named(one.kind.code)
    except UnknownLetterError:
        return one.kind


def seen_one(
    connection: Connection, room: LetterRoom, letter_id: str, seen: int
) -> Kept:
    """Return a letter as a page showed it; raises LetterChangedError."""
    one = load(connection, room, letter_id)
    if one.mark != seen or one.vault is None:
        raise LetterChangedError
    return one


def made_in(
    connection: Connection, room: LetterRoom, new: NewLetter, told: Letter
) -> Made:
    """Write a draft in the caller's transaction, who asked for the permission."""
    if new.ref:
        before = letters.by_source(connection, room.unit_id, new.source, new.ref)
        if before is not None:
            return Made(before["letter_id"], is_new=False)
    whose = _whose(connection, room, new)
    mac = _free(connection, room, new, told, whose)
    whose.add(connection)
    item = item_of(room, whose.vault, told.data, NOTHING)
    people.add_items(connection, [item])
    row = _row(room, new, told) | {
        "person_id": whose.vault.person_id,
        "item_id": item["item_id"],
        "occasion_mac": mac,
        "subject_mac": guards.subject_mac(room, new.kind, told.data),
    }
    letters.add(connection, row)
    letter_id = str(row["letter_id"])
    _answered(connection, room, new, letter_id, mac)
    entry = proof(
        room.desk,
        Tag.LETTER_MADE,
        letter_id,
        whose.vault.person_id,
        kind=new.kind.code,
        source=new.source,
        words=str(told.version),
    )
    evidence.append(connection, [entry.row()])
    return Made(letter_id, person_id=whose.vault.person_id)


def check(
    connection: Connection, room: LetterRoom, new: NewLetter, told: Letter
) -> None:
    """Raise LetterStepError when this draft could not be written; write nothing."""
    _free(connection, room, new, told, _whose(connection, room, new))


def _whose(connection: Connection, room: LetterRoom, new: NewLetter) -> Recipient:
    if new.vault is not None:
        return Recipient(new.vault)
    return found(connection, room, new.case_code, new.phone)


def _free(
    connection: Connection,
    room: LetterRoom,
    new: NewLetter,
    told: Letter,
    whose: Recipient,
) -> str:
    """Return the mark of the occasion; raises LetterStepError when it is taken."""
    guards.check(
        connection,
        room,
        new.kind,
        told.data,
        whose.vault.person_id,
        source=new.source,
        is_sure=new.is_sure,
    )
    mac = guards.occasion_mac(room, new.kind, told.data)
    _only_one(connection, room, mac)
    return mac


def _answered(
    connection: Connection, room: LetterRoom, new: NewLetter, letter_id: str, mac: str
) -> None:
    """An occasion that waited for this letter waits no more."""
    now = room.desk.now_ms()
    letters_occasions.written(connection, room.unit_id, mac, letter_id, now)
    if new.occasion:
        letters_occasions.move(
            connection,
            room.unit_id,
            new.occasion[:32],
            letters_occasions.WAITING,
            letters_occasions.DONE,
            now,
            letter_id=letter_id,
        )


def _row(room: LetterRoom, new: NewLetter, told: Letter) -> dict[str, object]:
    now = room.desk.now_ms()
    return {
        "unit_id": room.unit_id,
        "letter_id": room.desk.ids.new(),
        "kind": new.kind.code,
        "state": LetterState.DRAFT.value,
        "source": new.source,
        "source_ref": new.ref[:48] or None,
        "version": 1,
        "approved": 0,
        "mark": 1,
        "words": str(told.version)[:40],
        "created_by": room.desk.by,
        "created_at": now,
        "updated_at": now,
    }


def _only_one(
    connection: Connection, room: LetterRoom, mac: str, own: str = ""
) -> None:
    there = letters.by_occasion(connection, room.unit_id, mac)
    if there is not None and there["letter_id"] != own:
        raise DuplicateLetterError(f"mã {str(there['letter_id'])[-6:]}")


def with_data(one: Kept, data: Data) -> Kept:
    """Return a letter under edit, to look at before it is saved."""
    return replace(one, data=data)
