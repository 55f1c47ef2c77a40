"""How do staff carry out what somebody asked about their data?

Each act checks the permission itself and is proved; a look is proved before anything
is opened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.privacy.errors import (
    GoneError,
    NothingToldError,
    NoWithdrawalError,
    UnknownPurposeError,
    WrongRequestError,
)
from handlers.staff.privacy.gathering import Held, gather
from handlers.staff.privacy.keeping import Obliged, obliged
from handlers.staff.privacy.purposes import Minors, purposes
from handlers.staff.privacy.requests import Request, request_by, requests
from handlers.staff.privacy.stopping import stop
from handlers.staff.proof import proof
from handlers.tags import Tag
from storage import consent, evidence
from storage.consent import Consent
from storage.desk_lists import key_of
from storage.errors import ErasedError
from storage.tables import vault_item
from storage.vault import PersonVault, Vault, commit

CORRECTION = "staff:correction"
LONGEST = 2000
WORDS_OF_STAFF = "staff.consent:1"
"""The version of the words on the paper at the counter (docs/du-lieu-ca-nhan.md)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is kept of a person, opened, with what an erasure would leave."""

    held: Held
    consents: list[Consent]
    obliged: list[Obliged]
    is_minor: bool


async def listed(desk: Desk, *, with_closed: bool = False) -> list[Request]:
    """Return the requests, the most urgent first. Raises PeopleError."""

    def work(connection: Connection) -> list[Request]:
        found = requests(connection, desk.unit_id, with_closed=with_closed)
        desk.prove(connection, Tag.DATA_REQUESTS_LISTED, "", count=len(found))
        return found

    return await desk.change(Action.SERVE_DATA_RIGHTS, work)


async def request_of(desk: Desk, code: str) -> Request:
    """Return one request by its code. Raises WrongRequestError, PeopleError."""

    def work(connection: Connection) -> Request:
        found = request_by(connection, desk.unit_id, code)
        if found is None:
            raise WrongRequestError
        return found

    return await desk.look(Action.SERVE_DATA_RIGHTS, work)


async def shown(desk: Desk, vault: Vault, person_id: str) -> Shown:
    """Return what is kept, to look at. Raises GoneError, PeopleError."""
    return await _opened(desk, vault, person_id, Tag.PERSON_SHOWN)


async def handed(desk: Desk, vault: Vault, person_id: str) -> Held:
    """Return what is kept, to hand to the person. Raises GoneError, PeopleError."""
    found = await _opened(desk, vault, person_id, Tag.PERSON_EXPORTED)
    return found.held


async def corrected(
    desk: Desk, vault: Vault, person_id: str, wrong: str, right: str
) -> None:
    """Keep what is right beside what was said, which is proof and stays as it was.

    Raises NothingToldError, GoneError, PeopleError.
    """
    texts = {"wrong": wrong.strip()[:LONGEST], "right": right.strip()[:LONGEST]}
    if not texts["right"]:
        raise NothingToldError
    promise = commit(texts["right"])

    def work(connection: Connection) -> None:
        mine = _vault(connection, vault, person_id)
        item_id = desk.ids.new()
        value = {"texts": texts, "salts": {"right": promise.salt.hex()}}
        row = {"unit_id": desk.unit_id, "item_id": item_id, "person_id": person_id}
        made_at, sealed = desk.now_ms(), mine.seal(value, item_id)
        more = {"kind": CORRECTION, "created_at": made_at, "sealed": sealed}
        connection.execute(vault_item.insert(), {**row, **more})
        entry = proof(desk, Tag.PERSON_CORRECTED, item_id, person_id)
        made = replace(entry, item=item_id, sealed={"right": promise.digest})
        evidence.append(connection, [made.row()])

    await desk.change(Action.SERVE_DATA_RIGHTS, work)


async def set_consent(
    desk: Desk,
    person_id: str,
    purpose_code: str,
    *,
    is_given: bool,
    by_guardian: bool = False,
) -> None:
    """Write down what a person (or a guardian) said at the counter or on paper.

    After a no, what waits and rests on it stops in the same transaction.
    Raises UnknownPurposeError, NoWithdrawalError, GoneError, PeopleError.
    """
    purpose = purposes().get(purpose_code)
    if purpose is None or (by_guardian and purpose.minors is Minors.NEVER):
        raise UnknownPurposeError
    if not purpose.can_be_withdrawn:
        raise NoWithdrawalError

    def work(connection: Connection) -> None:
        if key_of(connection, desk.unit_id, person_id) is None:
            raise GoneError
        at = desk.now_ms()
        said = (purpose.code, "desk", WORDS_OF_STAFF, at, is_given, by_guardian)
        one = Consent(desk.ids.new(), person_id, *said, desk.by)
        write = consent.give if is_given else consent.withdraw
        write(connection, desk.unit_id, one)
        if not is_given:
            stop(connection, desk.unit_id, person_id, [purpose.code], at)
        entry = proof(
            desk,
            Tag.PERSON_CONSENT_SET,
            "",
            person_id,
            purpose=purpose.code,
            given=is_given,
            guardian=by_guardian,
        )
        evidence.append(connection, [entry.row()])

    await desk.change(Action.SERVE_DATA_RIGHTS, work)


async def not_minor(desk: Desk, person_id: str) -> None:
    """Take back the note that somebody is a child: staff saw a paper with their age.

    Raises GoneError, PeopleError.
    """

    def work(connection: Connection) -> None:
        if key_of(connection, desk.unit_id, person_id) is None:
            raise GoneError
        consent.not_minor(connection, desk.unit_id, person_id)
        entry = proof(desk, Tag.PERSON_CORRECTED, "", person_id, minor=False)
        evidence.append(connection, [entry.row()])

    await desk.change(Action.SERVE_DATA_RIGHTS, work)


async def _opened(desk: Desk, vault: Vault, person_id: str, tag: Tag) -> Shown:
    def prove(connection: Connection) -> None:
        _vault(connection, vault, person_id)
        entry = proof(desk, tag, person_id, person_id)
        evidence.append(connection, [entry.row()])

    await desk.change(Action.SERVE_DATA_RIGHTS, prove)

    def look(connection: Connection) -> Shown:
        unit_id = desk.unit_id
        try:
            held = gather(connection, vault, person_id)
        except ErasedError as error:
            raise GoneError from error
        if held is None:
            raise GoneError
        return Shown(
            held,
            consent.history(connection, unit_id, person_id),
            obliged(connection, unit_id, person_id),
            consent.is_minor(connection, unit_id, person_id, desk.now_ms()),
        )

    return await desk.look(Action.SERVE_DATA_RIGHTS, look)


def _vault(connection: Connection, vault: Vault, person_id: str) -> PersonVault:
    wrapped = key_of(connection, vault.unit_id, person_id)
    if wrapped is None:
        raise GoneError
    return vault.unwrap(person_id, wrapped)
