"""Does ``thanthien evidence`` check, hand out and prove, and fail when it must?"""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import pytest

from bot import installation
from bot.config import load_config
from storage import evidence
from tests.bot.cli.conftest import Office
from tests.handlers.staff.evidence.tamper import unlocked
from tests.storage.evidence.log import entry

UNIT = "thanh-ha"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


async def _write(path: Path, begin: int, end: int) -> None:
    async with installation.open_installation(load_config(path)) as opened:
        rows = [entry(number, UNIT).row() for number in range(begin, end)]
        await opened.database.write(lambda c: evidence.append(c, rows))


@pytest.fixture
def kept(office: Office) -> Office:
    """An office with twelve entries that nobody has ordered yet."""
    office.prepare()
    asyncio.run(_write(office.path, 0, 12))
    return office


def said(office: Office, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run a command with --json."""
    code, out, err = office.run("evidence", *arguments, "--json")
    return code, json.loads(out or err)


def test_an_empty_log_is_in_order(office: Office) -> None:
    """Nothing happened: nothing is wrong, and the bundle of nothing verifies."""
    office.prepare()
    code, live = said(office, "verify")
    assert said(office, "export", "--out", str(office.folder / "b"))[0] == 0
    bundle_code, bundle = said(office, "verify", "--bundle", str(office.folder / "b"))

    assert (code, bundle_code) == (0, 0)
    assert live["ok"]
    assert (live["entries"], live["root"]) == (0, EMPTY)
    assert (bundle["ok"], bundle["entries"], bundle["root"]) == (True, 0, EMPTY)


def test_log_and_bundle_say_the_same(kept: Office) -> None:
    """What waits is taken in first; entries, root and exit code agree."""
    code, live = said(kept, "verify")
    out = str(kept.folder / "goi")
    _, exported = said(kept, "export", "--out", out)
    _, keys = said(kept, "key")
    bundle_code, bundle = said(
        kept,
        "verify",
        "--bundle",
        out,
        "--key",
        keys[0]["fingerprint"],  # type: ignore[index]
        "--checkpoint",
        f"{out}/checkpoints/{12:012d}.note",
    )

    assert (code, bundle_code) == (0, 0)
    assert (live["ok"], live["entries"], live["waiting"]) == (True, 12, 0)
    assert live["root"] == exported["root"] == bundle["root"]
    assert bundle["unchecked"] == []


def test_a_proof_leaves_with_the_leaf(kept: Office) -> None:
    """The file holds the entry's own bytes; an unknown id is a sentence and a hint."""
    code, out, _ = kept.run("evidence", "prove", entry(3, UNIT).entry_id)
    bad, _, err = kept.run("evidence", "prove", "khong-co")

    assert (code, bad) == (0, 1)
    assert out.startswith("c2sp.org/tlog-proof@v1\n")
    leaf = base64.b64decode(out.split("\n")[1].removeprefix("extra "))
    assert leaf == entry(3, UNIT).leaf()
    assert "Gợi ý" in err


def test_a_new_key_follows_the_old_one(kept: Office) -> None:
    """After a rotation everything verifies; twice without an entry is refused."""
    _, keys = said(kept, "key", "--rotate")
    refused, _, err = kept.run("evidence", "key", "--rotate")
    asyncio.run(_write(kept.path, 12, 15))
    code, live = said(kept, "verify", "--key", keys[0]["fingerprint"])  # type: ignore[index]

    assert len(keys) == 2
    assert refused == 1
    assert "Gợi ý" in err
    assert (code, live["entries"]) == (0, 15)


def test_a_changed_log_exits_with_one(kept: Office) -> None:
    """The fault is named, "ok" is false, and export refuses to hand it out."""
    assert said(kept, "verify")[0] == 0
    forged = unlocked(kept.folder / "data" / "a.db")
    forged.execute("UPDATE evidence_entry SET tag = 'x' WHERE rowid = 5")
    forged.commit()
    forged.close()
    code, live = said(kept, "verify")
    text_code, out, _ = kept.run("evidence", "verify")

    assert (code, text_code, live["ok"]) == (1, 1, False)
    assert "ở vị trí 4: cột dữ liệu khác nội dung" in live["faults"][0]
    assert "✗ SAI (1 chỗ)" in out


def test_a_removed_entry_is_not_exported_over(kept: Office) -> None:
    """A bundle of a log with a hole is not made; words say what to do."""
    assert said(kept, "verify")[0] == 0
    forged = unlocked(kept.folder / "data" / "a.db")
    forged.execute("DELETE FROM evidence_entry WHERE rowid = 5")
    forged.commit()
    forged.close()
    code, _, err = kept.run("evidence", "export", "--out", str(kept.folder / "b"))

    assert code == 1
    assert "evidence verify" in err


@pytest.mark.parametrize("options", [("--key", "12"), ("--checkpoint", "config.yml")])
def test_what_cannot_be_read_is_refused(
    kept: Office, options: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short fingerprint or a file that is no checkpoint: one sentence, exit 1."""
    monkeypatch.chdir(kept.folder)
    code, _, err = kept.run("evidence", "verify", *options)

    assert code == 1
    assert err.startswith("Dạ, xin lỗi")
