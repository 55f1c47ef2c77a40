"""Does the log reach far places, and does a dead one block nothing?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import installation
from bot.config import parse_config
from bot.evidence_away import EvidenceAway
from bot.evidence_copy import copy
from bot.evidence_keeper import EvidenceKeeper
from bot.installation import Installation, prepare
from bot.sigv4 import Account, signed_headers
from storage import evidence
from tests.bot.cli.conftest import DOCUMENT
from tests.bot.far_places import PostOffice, Storage
from tests.conftest import FakeClock
from tests.storage.evidence.log import entry

UNIT = "thanh-ha"
ACCOUNT = Account("AKTEST", "secret/test+key", "vn-1")


def test_the_published_example_of_aws() -> None:
    """GET Object of "Authenticating Requests (AWS Signature Version 4)"."""
    account = Account(
        "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"
    )
    at = datetime(2013, 5, 24, tzinfo=UTC)
    url = "https://examplebucket.s3.amazonaws.com/test.txt"
    made = signed_headers(account, "GET", url, b"", at, {"range": "bytes=0-9"})

    assert made["Authorization"].endswith(
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


@dataclass
class Away:
    """An installation with both far places."""

    opened: Installation
    session: aiohttp.ClientSession
    storage: Storage
    post: PostOffice
    clock: FakeClock
    told: list[str]

    @property
    def task(self) -> EvidenceAway:
        """What is tested; made anew, as after a restart."""

        async def tell(_unit: str, detail: str) -> None:
            self.told.append(detail)

        return EvidenceAway(self.opened, self.session, tell)

    async def write(self, begin: int, end: int) -> None:
        """Append entries and sign them."""
        rows = [entry(number, UNIT).row() for number in range(begin, end)]
        await self.opened.database.write(lambda c: evidence.append(c, rows))
        keeper = EvidenceKeeper(self.opened, self.session, "me")
        await keeper.round(UNIT, is_slow=False)


@pytest.fixture
async def away(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Away]:
    """A commune whose log goes to a bucket and to another agency."""
    storage, app = Storage(ACCOUNT), web.Application()
    app.router.add_route("*", "/{path:.*}", storage.answer)
    async with TestServer(app) as server, PostOffice() as post:
        s3 = {"endpoint": str(server.make_url("/")), "bucket": "minh-chung"}
        s3 |= {"access_key": ACCOUNT.access_key, "secret_key": ACCOUNT.secret_key}
        mail = {"to": "tinh@example.vn", "sender": "xa@example.vn", "port": post.port}
        section = {
            "s3": s3 | {"region": ACCOUNT.region},
            "mail": mail | {"host": "127.0.0.1", "starttls": False},
        }
        config = parse_config(DOCUMENT | {"evidence": section}, {}, tmp_path)
        prepare(config)
        async with (
            installation.open_installation(config, clock=clock) as opened,
            aiohttp.ClientSession() as session,
        ):
            yield Away(opened, session, storage, post, clock, [])


async def test_the_bucket_holds_what_the_folder_holds(
    away: Away, tmp_path: Path
) -> None:
    """Byte for byte the same files, after a first and after a second copy."""
    for begin, end in ((0, 300), (300, 520)):
        await away.write(begin, end)
        await away.task.round(UNIT)
        folder = tmp_path / f"copy-{end}"
        await away.opened.database.read(lambda c, to=folder: copy(c, UNIT, to))  # type: ignore[misc]  # bound at once
        wanted = {
            f"{UNIT}/{path.relative_to(folder).as_posix()}": path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert {n: away.storage.objects.get(n) for n in wanted} == wanted
    asked = away.storage.asked
    await away.task.round(UNIT)
    assert away.storage.asked == asked + 1


async def test_a_dead_bucket_stops_no_mail_and_is_tried_again(away: Away) -> None:
    """The other target is served; what was missed comes later, whole."""
    await away.write(0, 3)
    away.storage.mood = "dead"
    away.clock.advance(timedelta(days=1))
    await away.task.round(UNIT)
    assert (len(away.post.letters), away.storage.objects) == (1, {})
    away.storage.mood = "well"
    await away.task.round(UNIT)
    assert f"{UNIT}/checkpoint" in away.storage.objects
    assert away.told == []


async def test_another_history_is_left_alone_and_told(away: Away) -> None:
    """The bucket is the witness: nothing in it is written over."""
    await away.write(0, 3)
    await away.task.round(UNIT)
    kept = dict(away.storage.objects)
    name = f"{UNIT}/checkpoint"
    lines = kept[name].decode().split("\n")
    lines[2] = "A" * 43 + "="
    away.storage.objects[name] = "\n".join(lines).encode()
    kept = dict(away.storage.objects)
    await away.write(3, 5)
    await away.task.round(UNIT)
    assert away.storage.objects == kept
    assert [one[:3] for one in away.told] == ["s3:"]


async def test_each_day_is_mailed_once(away: Away) -> None:
    """With the note as it was signed; a refusal is tried again."""
    await away.write(0, 3)
    await away.task.round(UNIT)
    assert away.post.letters == []
    away.clock.advance(timedelta(days=1))
    away.post.refuses = True
    await away.task.round(UNIT)
    assert away.post.letters == []
    away.post.refuses = False
    for _ in range(2):
        await away.task.round(UNIT)
    (letter,) = away.post.letters
    note = next(part for part in letter.walk() if part.get_filename())
    assert note.get_filename() == "2026-11-23.checkpoint"
    payload = note.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert b"/log/thanh-ha\n3\n" in payload


async def test_rounds_do_not_wait_for_a_dead_target(away: Away) -> None:
    """The keeper's own round signs at once, whatever the far places do."""
    away.storage.mood = "dead"
    await away.write(0, 3)
    asked = away.storage.asked
    await away.write(3, 6)
    assert away.storage.asked == asked
