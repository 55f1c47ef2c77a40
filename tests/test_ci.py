"""Does the CI script run the check first, the rest where it is, and tell the truth?

``make``, Python, Rasa and the judges of the log are small scripts in a folder of the
test's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CLOSING = "4146 passed in 1.00s"

Ran = tuple[int, list[str], list[str]]
Run = Callable[..., Ran]


def script(path: Path, *lines: str) -> None:
    """Write a program of sh."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run .ci/run with these exit codes; return its own, what was made, its output."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    calls = tmp_path / "calls"

    def go(
        *, check: int = 0, rasa: int = 0, install: int = 0, log: int | None = None
    ) -> Ran:
        script(tmp_path / ".ci/python", "echo true")
        script(tmp_path / ".ci/log", f"exit {int(log is None)}")
        script(
            tmp_path / ".ci/rasa",
            'echo "==> Không chạy kiểm thử với Rasa thật: không có mạng" >&2'
            if install
            else "echo somewhere",
            f"exit {install}",
        )
        script(
            tmp_path / "bin/make",
            f'for last; do :; done; echo "$last" >>{calls}',
            f'if [ "$last" = check ]; then echo "{CLOSING}"; exit {check}; fi',
            f'if [ "$last" = test-log ]; then echo "15 passed"; exit {log}; fi',
            f'echo "2 passed in 99.00s"; exit {rasa}',
        )
        path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [tmp_path / ".ci/run"],
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, calls.read_text().split(), done.stdout.splitlines()

    return go


def test_both_are_run_and_the_check_has_the_last_word(run: Run) -> None:
    """Rasa comes after the check; the last line is still pytest's of the check."""
    code, made, lines = run()

    assert (code, made) == (0, ["check", "test-rasa"])
    assert lines[-1] == CLOSING
    assert "2 passed in 99.00s" in lines


def test_a_failed_check_is_all_there_is(run: Run) -> None:
    """Its exit code is CI's, and nothing is trained."""
    code, made, lines = run(check=2)

    assert (code, made) == (2, ["check"])
    assert lines[-1] == CLOSING


def test_without_rasa_one_line_says_why(run: Run) -> None:
    """A machine without Python 3.10 or a network passes."""
    code, made, lines = run(install=1)

    assert (code, made) == (0, ["check"])
    assert [line for line in lines if "Rasa" in line] == [
        "==> Không chạy kiểm thử với Rasa thật: không có mạng"
    ]
    assert lines[-1] == CLOSING


def test_a_failing_rasa_fails(run: Run) -> None:
    """Where Rasa is there, its tests count."""
    code, made, lines = run(rasa=1)

    assert (code, made) == (1, ["check", "test-rasa"])
    assert "==> Kiểm thử với Rasa thật không đạt (mã 1)" in lines


def test_a_machine_too_slow_for_rasa_decides_nothing(run: Run) -> None:
    """What did not end in time is told, and does not fail the check."""
    code, made, lines = run(rasa=124)

    assert (code, made) == (0, ["check", "test-rasa"])
    assert any("không kết luận" in line for line in lines)


def test_the_judges_of_the_log_come_before_rasa(run: Run) -> None:
    """Where they can be made they are asked, and the check has the last word."""
    code, made, lines = run(log=0)

    assert (code, made) == (0, ["check", "test-log", "test-rasa"])
    assert "15 passed" in lines
    assert lines[-1] == CLOSING


def test_a_judge_who_disagrees_fails(run: Run) -> None:
    """A log that strangers cannot follow is a failure."""
    code, made, lines = run(log=1)

    assert (code, made) == (1, ["check", "test-log"])
    assert "==> Đối chiếu nhật ký minh chứng không đạt (mã 1)" in lines


def test_a_machine_without_judges_is_told_who_is_missing(
    tmp_path: Path, tools: str
) -> None:
    """A line for each, exit 1; nothing is fetched where nothing can be."""
    done = subprocess.run(
        [ROOT / ".ci/log", "install"],
        env={
            "PATH": tools,
            "HOME": str(tmp_path),
            "PYTHON": str(tmp_path / "none"),
            "GO_PACKAGES": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert ["pymerkle" in done.stderr, "golang-go" in done.stderr] == [True, True]


def rasa(home: Path, argument: str, path: str) -> subprocess.CompletedProcess[str]:
    """Run .ci/rasa with a folder and a PATH."""
    return subprocess.run(
        [ROOT / ".ci/rasa", argument],
        env={
            "PATH": path,
            "HOME": str(home),
            "PYENV_ROOT": str(home),
            "THANTHIEN_RASA": str(home / "rasa"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def tools(tmp_path: Path) -> str:
    """A PATH with what a shell needs, and no Python but what a test adds."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("sh", "sed", "dirname", "df", "awk", "mkdir", "mktemp", "rm"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return str(folder)


def test_a_machine_without_python_310_is_told(tmp_path: Path, tools: str) -> None:
    """One line, one reason, exit 1."""
    done = rasa(tmp_path, "install", tools)

    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert "chưa có Python 3.10" in line


def test_a_machine_without_a_network_is_told(tmp_path: Path, tools: str) -> None:
    """A Python that cannot fetch the package."""
    script(tmp_path / "tools/python3.10", 'case "$1" in -c) exit 0;; *) exit 1;; esac')
    done = rasa(tmp_path, "ready", tools)

    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert "chưa tải được gói" in line or "cần khoảng 4 GB" in line


def test_an_installed_rasa_is_used(tmp_path: Path, tools: str) -> None:
    """Nothing is fetched; the folder is printed."""
    home = tmp_path / "rasa"
    script(home / "bin/python", "exit 0")
    (home / ".ready-3.6.21").touch()
    done = rasa(tmp_path, "install", tools)

    assert (done.returncode, done.stdout.strip()) == (0, str(home))


def test_a_stamp_without_a_python_is_not_believed(tmp_path: Path, tools: str) -> None:
    """The folder came with another machine's image."""
    home = tmp_path / "rasa"
    home.mkdir()
    (home / ".ready-3.6.21").touch()

    assert rasa(tmp_path, "ready", tools).returncode == 1
