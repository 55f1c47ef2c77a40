"""Does the keeper sign, stamp and copy in its rounds, and never fall over?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from sqlalchemy import text

from bot import installation
from bot.config import parse_config
from bot.evidence_keeper import EvidenceKeeper
from bot.installation import Installation, prepare
from storage import evidence, operations
from storage.evidence import checkpoints
from storage.evidence.tiles import reader
from tests.bot.cli.conftest import DOCUMENT
from tests.conftest import START, FakeClock
from tests.storage.evidence import naive
from tests.storage.evidence.log import entry

UNIT = "thanh-ha"


def _stamper() -> DummyTimeStamper:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "notary")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(START - timedelta(days=1))
        .not_valid_after(START + timedelta(days=9))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    cert = made.public_bytes(serialization.Encoding.DER)
    return DummyTimeStamper(
        asn1_x509.Certificate.load(cert),
        asn1_keys.PrivateKeyInfo.load(der),
        fixed_dt=START,
    )


@dataclass
class Notary:
    """A time stamp service of our own: honest, silent, or lying."""

    mood: str = "honest"
    asked: int = 0
    stamper: DummyTimeStamper = field(default_factory=_stamper)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as the mood is."""
        self.asked += 1
        data = await request.read()
        if self.mood == "silent":
            return web.Response(status=503)
        asked = tsp.TimeStampReq.load(data)
        if self.mood == "lying":
            asked["message_imprint"]["hashed_message"] = bytes(64)
        made = self.stamper.request_tsa_response(asked)
        return web.Response(body=made.dump())


@dataclass
class Kept:
    """An installation, its keeper, its notary."""

    opened: Installation
    keeper: EvidenceKeeper
    notary: Notary
    clock: FakeClock
    folder: Path

    async def write(self, begin: int, end: int) -> None:
        """Append entries of the unit."""
        rows = [entry(number, UNIT).row() for number in range(begin, end)]
        await self.opened.database.write(lambda c: evidence.append(c, rows))

    async def round(self) -> int:
        """Run a slow round; return the size of what is signed."""
        await self.keeper.round(UNIT, is_slow=True)
        signed = await self.opened.database.read(lambda c: checkpoints.newest(c, UNIT))
        return signed.size if signed else 0

    async def stamps(self) -> list[int]:
        """Return the sizes of stamped checkpoints."""
        found = await self.opened.database.read(lambda c: checkpoints.stamps(c, UNIT))
        return [one.size for one in found]


@pytest.fixture
async def kept(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Kept]:
    """A commune with a copy folder and a time stamp service."""
    notary = Notary()
    app = web.Application()
    app.router.add_post("/", notary.answer)
    async with TestServer(app) as server:
        section = {"copy_to": "banh", "timestamp_url": str(server.make_url("/"))}
        config = parse_config(DOCUMENT | {"evidence": section}, {}, tmp_path)
        prepare(config)
        async with (
            installation.open_installation(config, clock=clock) as opened,
            aiohttp.ClientSession() as session,
        ):
            keeper = EvidenceKeeper(opened, session, "me")
            yield Kept(opened, keeper, notary, clock, tmp_path / "data/banh" / UNIT)


async def test_a_round_signs_and_copies(kept: Kept) -> None:
    """The folder holds the tiles and the leaves of the signed tree, as C2SP says."""
    for begin, end in ((0, 3), (3, 300), (300, 700)):
        await kept.write(begin, end)
        assert await kept.round() == end

    def load(level: int, number: int) -> bytes:
        place = kept.folder / "tile" / str(level)
        found = sorted([*place.glob(f"{number:03d}"), *place.glob(f"{number:03d}.p/*")])
        return max((path.read_bytes() for path in found), key=len)

    leaves = [entry(number, UNIT).leaf() for number in range(700)]
    read = reader(load)
    root = naive.sha(b"\x01" + read(9, 0) + _right(read))
    assert root == naive.tree(leaves)
    bundle = (kept.folder / "tile/entries/002.p/188").read_bytes()
    assert bundle[2 : 2 + int.from_bytes(bundle[:2], "big")] == leaves[512]
    assert (kept.folder / "checkpoint").read_text("utf-8").split("\n")[1] == "700"
    assert len(list((kept.folder / "days").iterdir())) == 1


def _right(read: Callable[[int, int], bytes]) -> bytes:
    """Return the root over the leaves 512 to 700: 128, 32, 16, 8 and 4 of them."""
    parts = [read(7, 4), read(5, 20), read(4, 42), read(3, 86), read(2, 174)]
    root = parts.pop()
    while parts:
        root = naive.sha(b"\x01" + parts.pop() + root)
    return root


async def test_a_day_that_is_over_is_stamped_once(kept: Kept) -> None:
    """Today's root is not stamped yet; tomorrow it is, and only once."""
    await kept.write(0, 2)
    await kept.round()
    assert kept.notary.asked == 0
    kept.clock.advance(timedelta(days=1))
    await kept.round()
    await kept.round()

    assert await kept.stamps() == [2]
    assert kept.notary.asked == 1


@pytest.mark.parametrize("mood", ["silent", "lying"])
async def test_no_stamp_holds_nothing_up(kept: Kept, mood: str) -> None:
    """A notary that is away or answers about something else: tried again later."""
    kept.notary.mood = mood
    await kept.write(0, 2)
    await kept.round()
    kept.clock.advance(timedelta(days=1))
    await kept.write(2, 4)
    assert await kept.round() == 4
    assert await kept.stamps() == []

    kept.notary.mood = "honest"
    await kept.round()
    assert await kept.stamps() == [2]


async def test_a_copy_that_cannot_be_written_is_caught_up(kept: Kept) -> None:
    """The disk is away for one round; the next one writes it all."""
    kept.folder.parent.mkdir(parents=True)
    kept.folder.write_text("không phải thư mục", encoding="utf-8")
    await kept.write(0, 2)
    assert await kept.round() == 2
    kept.folder.unlink()
    await kept.round()

    assert (kept.folder / "checkpoint").exists()


@pytest.mark.parametrize("harm", ["copy", "log"])
async def test_another_history_is_told_to_staff_once(kept: Kept, harm: str) -> None:
    """A copy we never made, or hashes that changed under a signed root."""
    await kept.write(0, 2)
    await kept.round()
    if harm == "copy":
        path = kept.folder / "checkpoint"
        path.write_text(path.read_text("utf-8").replace("\n2\n", "\n1\n"), "utf-8")
    else:
        forge = text("UPDATE evidence_tile SET hashes = zeroblob(64)")
        await kept.opened.database.write(lambda c: c.execute(forge))
    await kept.write(2, 4)
    for _ in range(2):
        await kept.round()

    notices = await kept.opened.database.read(operations.open_notices)
    assert [row["kind"] for row in notices] == ["evidence_forked"]
