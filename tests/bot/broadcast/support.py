"""What do tests of greetings share? A unit with people, a page, and a keeper."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, select, update

from bot.broadcast_days import UnitDays
from bot.broadcast_keeper import AtClock, GreetingKeeper, UnitGreetings
from bot.broadcast_people import Campaign
from bot.channels.results import Accepted, SendResult, Unknown
from bot.codec import dump_conversation
from handlers.model import Consent, Conversation
from handlers.staff.people.desk import Desk
from messages.letters.office import Office
from scheduler.moments import LOCAL
from storage import conversations, greetings, people
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import greeting, greeting_person, outbox
from storage.vault import Vault
from tests.conftest import FakeClock

UNIT = "thanh-ha"
OFFICE = Office("xã Thanh Hà", "Ủy ban nhân dân xã Thanh Hà")


@dataclass(slots=True)
class PageFake:
    """A page that keeps what was posted, with the hour."""

    clock: FakeClock
    posts: list[tuple[datetime, str]] = field(default_factory=list)
    result: SendResult | None = None
    is_lost: bool = False

    async def publish(self, text: str) -> SendResult:
        """Keep the post, unless told to answer otherwise."""
        if self.result is not None:
            return self.result
        self.posts.append((self.clock.now(), text))
        return Unknown("lost") if self.is_lost else Accepted(f"page_{len(self.posts)}")

    async def find_post(self, text: str) -> SendResult | None:
        """Say whether a post stands."""
        return Accepted("page_found") if text in [t for _, t in self.posts] else None


@dataclass(slots=True)
class Commune:
    """One unit and everything that greets there."""

    database: Database
    clock: FakeClock
    ids: Ids
    vault: Vault
    desk: Desk
    page: PageFake
    keeper: GreetingKeeper
    woken: list[str]

    async def round(self) -> None:
        """Let the keeper look once."""
        await self.keeper.round(UNIT)

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Set the local time."""
        self.clock.set(datetime.combine(day, time(hour, minute), LOCAL).astimezone(UTC))

    async def people(self, number: int, channel: str = "zalo", **talk: object) -> None:
        """Let so many people have written just now."""

        def work(connection: Connection) -> None:
            for _ in range(number):
                self._person(connection, channel, dict(talk))

        await self.database.write(work)

    async def row(self, occasion: str) -> dict[str, object]:
        """Return the only greeting of an occasion."""
        rows = await self.database.read(lambda c: greetings.listed(c, UNIT))
        return next(row for row in rows if row["occasion"] == occasion)

    async def sends(self) -> list[dict[str, object]]:
        """Return the rows of the outbox."""

        def work(connection: Connection) -> list[dict[str, object]]:
            return [dict(r) for r in connection.execute(select(outbox)).mappings()]

        return await self.database.read(work)

    async def accept_all(self, limit: int = 10_000) -> None:
        """Let the platforms take what waits."""

        def work(connection: Connection) -> None:
            some = select(outbox.c.row_id).where(outbox.c.state == "planned")
            connection.execute(
                update(outbox)
                .where(outbox.c.row_id.in_(some.limit(limit)))
                .values(state="accepted", updated_at=self.clock.now_ms())
            )

        await self.database.write(work)

    async def in_campaign(self) -> list[tuple[str, str]]:
        """Return greeting and person of every planned person."""

        def work(connection: Connection) -> list[tuple[str, str]]:
            query = select(greeting.c.occasion, greeting_person.c.person_id).join(
                greeting, greeting.c.greeting_id == greeting_person.c.greeting_id
            )
            return [(row[0], row[1]) for row in connection.execute(query)]

        return await self.database.read(work)

    def _person(
        self, connection: Connection, channel: str, talk: dict[str, object]
    ) -> None:
        name = self.ids.new()
        vault = self.vault.create(name)
        shared = {"unit_id": UNIT, "person_id": name}
        mac = self.vault.keys.mac(f"user:{channel}", name)
        person = shared | {"wrapped_key": vault.wrapped_key, "created_at": 1}
        sealed_id = vault.seal({"id": str(int(name, 16) % 10**18)}, mac)
        identity = {"channel": channel, "id_mac": mac, "sealed_id": sealed_id}
        people.add_person(connection, person, shared | identity)
        consent = Consent.GIVEN if talk.pop("agreed", True) else Consent.DECLINED
        known = dump_conversation(Conversation(consent=consent))
        row = shared | {
            "channel": channel,
            "version": 1,
            "sealed": vault.seal(known, f"talk:{name}:{channel}"),
            "opted_out": False,
            "muted_until": None,
            "last_inbound_at": self.clock.now_ms(),
            "sent_since_inbound": 0,
            "updated_at": self.clock.now_ms(),
        }
        conversations.save(connection, row | talk, 0)


def commune(
    database: Database, ring: KeyRing, clock: FakeClock, owner: str = "test"
) -> Commune:
    """Wire a unit with both channels of citizens and a page."""
    ids, page = Ids(clock.now_ms), PageFake(clock)
    woken: list[str] = []
    vault = Vault(UNIT, ring.unit(UNIT))
    unit = UnitGreetings(
        AtClock(UNIT, ids, clock),
        lambda: UnitDays(OFFICE),
        Campaign(vault, frozenset({"zalo", "facebook"})),
        page,
    )
    keeper = GreetingKeeper(database, {UNIT: unit}, owner, woken.append)
    desk = Desk(database, UNIT, ring.unit(UNIT), ids, clock.now_ms)
    return Commune(database, clock, ids, vault, desk, page, keeper, woken)
