"""Do the commands say in one sentence what is wrong, and exit 0 only on success?"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from bot.cli.common import run
from bot.cli.migrate import seed_all
from bot.cli.service import serve
from bot.config import load_config
from bot.errors import BotError
from storage.sqlite import SqliteDatabase
from tests.bot.cli.conftest import Office
from tests.bot.kill_harness import free_port


def sentence(office: Office, *arguments: str) -> str:
    """Run a command that fails; return what it says, checked for its form."""
    code, out, err = office.run(*arguments)
    lines = err.splitlines()
    assert code == 1
    assert out == ""
    assert len(lines) == 2
    assert lines[0].startswith("Dạ, xin lỗi: ")
    assert lines[1].startswith("Gợi ý: ")
    assert "Traceback" not in err
    assert "BIMAT" not in err
    return err


def findings(office: Office) -> tuple[int, dict[str, list[tuple[str, str]]]]:
    """Run check; return its exit code and (level, text) by part."""
    code, out, _ = office.run("check", "--json")
    body = json.loads(out)
    assert body["ok"] == (code == 0)
    assert "BIMAT" not in out
    found: dict[str, list[tuple[str, str]]] = {}
    for one in body["findings"]:
        found.setdefault(one["part"], []).append((one["level"], one["text"]))
    return code, found


def errors(office: Office) -> list[str]:
    """Return the errors check finds, and expect exit 1."""
    code, found = findings(office)
    assert code == 1
    return [
        text for all_of in found.values() for level, text in all_of if level == "error"
    ]


def test_check_of_a_prepared_folder_is_well(office: Office) -> None:
    """After migrate check exits 0 and names what an officer should still do."""
    assert office.run("migrate")[0] == 0

    code, found = findings(office)
    assert code == 0
    assert found["cơ sở dữ liệu"] == [("ok", "SQLite, đúng phiên bản")]
    assert found["quyền Zalo thanh-ha"] == [("warning", "đang xin cấp mới")]
    levels = [level for level, _ in found["cấu hình"]]
    assert levels == ["ok", "warning"]
    assert found["khóa"][0][0] == "warning"


def test_check_prints_signs_for_people(office: Office) -> None:
    """Without --json each finding is a line with a sign."""
    office.prepare()
    code, out, _ = office.run("check")

    assert code == 0
    assert all(line[0] in "✓!✗" for line in out.splitlines())


def test_migrate_twice_changes_nothing(office: Office) -> None:
    """The second run makes no new key and still succeeds."""
    assert "khóa mã hóa" in office.run("migrate")[1]
    key = (office.folder / "data/keys/vault.key").read_text()
    code, out, _ = office.run("migrate")

    assert (code, "khóa mã hóa" in out) == (0, False)
    assert (office.folder / "data/keys/vault.key").read_text() == key
    assert (office.folder / "data/keys/vault.key").stat().st_mode & 0o777 == 0o600


def test_check_before_migrate_says_what_to_run(office: Office) -> None:
    """A fresh folder: exit 1 and the command that helps."""
    (text,) = errors(office)
    assert "thanthien migrate" in text


def test_a_missing_configuration_is_named(office: Office) -> None:
    """No file: the sentence names it."""
    office.path.unlink()
    assert "config.yml" in sentence(office, "check")


def test_a_bad_key_is_named(office: Office) -> None:
    """A wrong key stops every command by name."""
    office.document["units"]["thanh-ha"]["chanels"] = {}
    office.write()
    for command in ("check", "migrate", "replay"):
        assert "units.thanh-ha.chanels" in sentence(office, command)


def test_bad_office_hours_are_a_configuration_error(office: Office) -> None:
    """Hours nobody can read stop the start like any bad value."""
    office.document["units"]["thanh-ha"]["office_hours"] = {"t2": ["tám giờ"]}
    office.write()
    assert "office_hours" in sentence(office, "check")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_file_others_can_read_is_refused(office: Office, mode: int) -> None:
    """A key that is too open is as bad as none."""
    office.prepare()
    (office.folder / "data/keys/vault.key").chmod(mode)

    (text,) = errors(office)
    assert "khóa mã hóa" in text
    assert "0600" in sentence(office, "migrate")


def test_a_missing_key_file_is_not_replaced_silently(office: Office) -> None:
    """Beside a database a lost key is an error for check, and for the service."""
    office.prepare()
    (office.folder / "data/keys/vault.key").unlink()

    (text,) = errors(office)
    assert "khóa mã hóa" in text
    with pytest.raises(BotError, match="khóa mã hóa"):
        asyncio.run(serve(office.path))


@pytest.mark.parametrize("content", ["", "zz", "00" * 31])
def test_a_damaged_key_file_is_refused(office: Office, content: str) -> None:
    """A key that is no key is told, not used."""
    office.prepare()
    (office.folder / "data/keys/vault.key").write_text(content)

    (text,) = errors(office)
    assert "khóa mã hóa" in text


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_another_schema_stops_the_start(office: Office, version: str) -> None:
    """An older or newer schema: check and service say which command helps."""
    office.prepare()
    with sqlite3.connect(office.folder / "data/a.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.close()

    (text,) = errors(office)
    assert "thanthien migrate" in text


def test_a_file_that_is_no_database_is_told(office: Office) -> None:
    """Garbage in the place of the database is one finding, no traceback."""
    office.prepare()
    for path in (office.folder / "data").glob("a.db*"):
        path.write_bytes(b"x" * 4096)

    (text,) = errors(office)
    assert "cơ sở dữ liệu" in text
    assert "cơ sở dữ liệu" in sentence(office, "replay")


def test_a_folder_that_takes_no_files_is_told(office: Office) -> None:
    """A file in the place of the data folder (root ignores permissions)."""
    (office.folder / "data").write_bytes(b"")

    assert "không ghi được" in sentence(office, "migrate")
    assert any("không ghi được" in text for text in errors(office))


def test_a_second_process_on_the_same_database_is_refused(office: Office) -> None:
    """Only one service may hold an embedded database; check and replay may look."""
    office.prepare()
    path = office.folder / "data/a.db"
    holder = SqliteDatabase(path)
    try:
        with pytest.raises(SystemExit) as raised:
            run(serve(office.path))
        assert raised.value.code == 1
        assert findings(office)[0] == 0
        assert office.run("replay")[0] == 0
    finally:
        asyncio.run(holder.close())


def test_a_unit_without_a_catalogue_is_named(office: Office) -> None:
    """A unit added to the file but not migrated is a sentence, not a traceback."""
    office.prepare()

    with pytest.raises(BotError, match="thanh-ha") as raised:
        asyncio.run(serve(office.path))
    assert "migrate" in raised.value.hint


def test_an_unknown_command_or_option_is_told(office: Office) -> None:
    """A typing mistake gets a sentence and the way to the help."""
    assert "--help" in sentence(office, "chek")
    assert "--help" in sentence(office, "check", "--jsn")


def test_replay_lists_and_repeats_what_was_set_aside(office: Office) -> None:
    """Failed messages are listed by id; --event and --all make them wait again."""
    office.prepare()
    for name in ("e1", "e2", "e3"):
        fail(office, name)

    code, out, _ = office.run("replay", "--json")
    listed = json.loads(out)
    assert (code, listed["replayed"]) == (0, 0)
    assert [row["event"] for row in listed["failed"]] == ["e1", "e2", "e3"]
    assert (
        json.loads(office.run("replay", "--event", "e2", "--json")[1])["replayed"] == 1
    )
    assert json.loads(office.run("replay", "--all", "--json")[1])["replayed"] == 2
    assert "0 tin đang gác lại" in office.run("replay")[1]
    assert states(office) == [("received", 0)] * 3


def test_replay_of_an_unknown_message_is_no_success(office: Office) -> None:
    """A mistyped id exits 1 and says so."""
    office.prepare()
    assert "mã này" in sentence(office, "replay", "--event", "khong-co")


def fail(office: Office, name: str) -> None:
    """Put a failed event into the inbox."""
    with sqlite3.connect(office.folder / "data/a.db") as connection:
        connection.execute(
            "INSERT INTO inbox_event (unit_id, event_id, body_id, body_index, channel,"
            " dedupe, lane, state, attempts, available_at, platform_at, received_at,"
            " error) VALUES ('thanh-ha', ?, ?, 0, 'zalo', ?, 'l', 'failed', 8, 1, 1, 1,"
            " 'KeyError')",
            (name, name, name),
        )
        connection.execute("INSERT OR IGNORE INTO lane VALUES ('thanh-ha','l',0,'',0)")
    connection.close()


def states(office: Office) -> list[tuple[str, int]]:
    """Return state and attempts of every event."""
    with sqlite3.connect(office.folder / "data/a.db") as connection:
        rows = connection.execute(
            "SELECT state, attempts FROM inbox_event ORDER BY event_id"
        ).fetchall()
    connection.close()
    return rows


def test_nlu_parse_has_its_public_shape(office: Office) -> None:
    """Each text is one JSON line with the fields that outside checks read."""
    assert office.run("migrate")[0] == 0
    code, out, _ = office.run("nlu", "parse", "--json", "đăng ký khai sinh", "xin chào")

    readings = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [reading["text"] for reading in readings] == [
        "đăng ký khai sinh",
        "xin chào",
    ]
    fields = ["text", "intent", "facets", "decision", "candidates", "has_accents", "ms"]
    assert all(list(reading) == fields for reading in readings)
    assert readings[0]["candidates"][0].keys() == {"code", "score"}
    assert readings[0]["has_accents"] is True


def test_nlu_parse_reads_lines_and_names_a_bad_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON lines come from standard input; a broken line is named by its number."""
    office.path.unlink()
    monkeypatch.setattr(sys, "stdin", ['{"text": "khai sinh"}', "", '{"txt": 1}'])
    code, out, err = office.run("nlu", "parse", "--json")

    assert json.loads(out)["text"] == "khai sinh"
    assert (code, "Dòng 3" in err) == (1, True)


def test_one_unit_is_chosen_by_name(office: Office) -> None:
    """With several units a command asks which; an unknown one is refused."""
    other = json.loads(json.dumps(office.document["units"]["thanh-ha"]))
    other["channels"] = {"facebook": other["channels"]["facebook"] | {"page_id": "9"}}
    office.document["units"]["xa-hai"] = other
    office.write()

    assert "thanh-ha, xa-hai" in sentence(office, "nlu", "parse", "x")
    assert "khac" in sentence(office, "nlu", "parse", "x", "--unit", "khac")


async def spawn(path: Path, *words: str) -> asyncio.subprocess.Process:
    """Start the real command line in a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        "--config",
        str(path),
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def is_ready(port: int) -> dict[str, Any]:
    """Ask /readyz until it answers."""
    url = f"http://127.0.0.1:{port}/readyz"
    async with aiohttp.ClientSession() as session:
        for _ in range(2000):
            try:
                async with session.get(url) as answer:
                    body: dict[str, Any] = await answer.json()
                    return body
            except aiohttp.ClientError:
                await asyncio.sleep(0.01)
    raise AssertionError("never ready")


async def test_run_serves_until_it_is_asked_to_stop(office: Office) -> None:
    """The real process: ready with its platforms dead, and 0 within ten seconds.

    A second one on the same database, or on the same port, says one sentence.
    """
    port = free_port()
    office.document["server"]["port"] = port
    await asyncio.to_thread(seeded, office)
    process = await spawn(office.path, "run")
    try:
        body = await is_ready(port)
        assert body["parts"]["tokens"]["thanh-ha"]["status"] == "renewing"
        second = await spawn(office.path, "run")
        out, err = await asyncio.wait_for(second.communicate(), 20)
        assert (second.returncode, out) == (1, b"")
        assert "Một tiến trình khác" in err.decode()
        await same_port(office, port)
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}" in out.decode()
    assert "BIMAT" not in (out + err).decode()
    assert all(line.startswith("{") for line in err.decode().splitlines())


def seeded(office: Office) -> None:
    """Prepare as migrate does, with the catalogue."""
    office.prepare()
    asyncio.run(seed_all(load_config(office.path)))


async def same_port(office: Office, port: int) -> None:
    """Start on another database but the same port, and read the sentence."""
    office.document["storage"]["url"] = "sqlite:///other/b.db"
    await asyncio.to_thread(seeded, office)
    third = await spawn(office.path, "run")
    _, err = await asyncio.wait_for(third.communicate(), 20)
    lines = [line for line in err.decode().splitlines() if not line.startswith("{")]
    assert third.returncode == 1
    assert lines[0] == f"Dạ, xin lỗi: Cổng 127.0.0.1:{port} đang có chương trình dùng."
    assert len(lines) == 2


def test_the_tests_leave_logging_as_it_was() -> None:
    """Commands that only report do not set up logging for the whole process."""
    assert structlog.is_configured() is False
