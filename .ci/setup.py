"""How does a fresh clone become a working .venv? pip and hashes; uv where there is.

Called as ``setup.py run`` or ``setup.py dev`` by any Python >= 3.11, standard
library only. A stamp makes the second call instant; a mark left by an interrupted
call makes the next one begin anew.
"""

# ruff: noqa: INP001, T201, S603  a script: it talks to a terminal and starts commands

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".unfinished"
LOG = VENV / "setup.log"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
PINNED = re.compile(r"^[A-Za-z0-9][^\s=]*==", re.MULTILINE)
FETCHED = re.compile(r"^(?:Collecting|Requirement already satisfied:) ([^\s=<>~!;]+)")
TAIL = 12


def main(arguments: Sequence[str]) -> int:
    """Make the environment ready; one call at a time."""
    kind = arguments[0] if arguments else "dev"
    if kind not in LOCKS:
        fail(f"không có kiểu chuẩn bị '{kind}'.", "xin dùng: run hoặc dev.")
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    if UNFINISHED.exists():
        print("Lần chuẩn bị trước bị ngắt giữa chừng, xin làm lại từ đầu.")
        remove()
    if not (is_usable() and is_ready(kind)):
        prepare(kind)
    return 0


def prepare(kind: str) -> None:
    """Build what is missing, then leave the stamp."""
    if not is_usable():
        step(1, f"Tạo môi trường .venv bằng Python {version(sys.executable)}")
        create()
    UNFINISHED.touch()
    count = len(PINNED.findall((ROOT / LOCKS[kind]).read_text()))
    step(2, f"Cài {count} gói đã khóa phiên bản ({LOCKS[kind]}), lần đầu vài phút")
    install(["--require-hashes", "--requirement", LOCKS[kind]], count)
    step(3, "Cài Thân Thiện vào môi trường")
    install(["--no-deps", "--no-build-isolation", "--editable", "."], 0)
    for ready in LOCKS if kind == "dev" else [kind]:
        stamp(ready).write_text(digest())
    UNFINISHED.unlink()
    print("Môi trường đã sẵn sàng.")


def step(number: int, text: str) -> None:
    """Say what is being done."""
    print(f"[{number}/3] {text}", flush=True)


def is_usable() -> bool:
    """Whether .venv runs, lies where it was made, and is the Python asked for."""
    asked = os.environ.get("PYTHON")
    try:
        answer = subprocess.run(
            [PYTHON, "-c", "import pip"], capture_output=True, check=False
        )
        script = (PYTHON.parent / "pip").read_text()
    except OSError:
        return False
    if answer.returncode != 0 or f"{VENV}/bin/python" not in script:
        return False
    return not asked or version(str(PYTHON)) == version(asked)


def is_ready(kind: str) -> bool:
    """Whether the locks and the project are those that were installed."""
    try:
        return stamp(kind).read_text() == digest()
    except FileNotFoundError:
        return False


def stamp(kind: str) -> Path:
    """Return the file that says what was installed."""
    return VENV / f".ready-{kind}"


def digest() -> str:
    """Name everything that decides what .venv must hold."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    tools = project.get("tool", {}).get("setuptools", {})
    parts = [project["build-system"], project["project"], tools]
    hashed = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    for name in LOCKS.values():
        hashed.update((ROOT / name).read_bytes())
    return hashed.hexdigest()


def create() -> None:
    """Make an empty environment; Debian splits off what this needs."""
    try:
        import ensurepip  # noqa: F401, PLC0415  Debian leaves it out
    except ImportError:
        name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        fail(
            "Python này thiếu phần tạo môi trường (venv).",
            f"xin chạy: sudo apt-get install {name} (hoặc python3-venv).",
        )
    remove()
    VENV.mkdir()
    UNFINISHED.touch()
    command = [sys.executable, "-m", "venv", str(VENV)]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    if made.returncode != 0:
        print(made.stdout[-2000:], made.stderr[-2000:], file=sys.stderr)
        fail("chưa tạo được môi trường .venv.", "xin xem thông báo ngay phía trên.")


def install(arguments: list[str], count: int) -> None:
    """Install with uv where there is one, else with pip."""
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "--python", str(PYTHON), *arguments]
        if subprocess.run(command, cwd=ROOT, check=False).returncode == 0:
            return
        print("uv chưa cài được, xin thử lại bằng pip.", flush=True)
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    command = [str(PYTHON), "-m", "pip", "install", *options, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        tail = list(follow(pip.stdout or [], count))[-TAIL:]
    if pip.returncode != 0:
        print("".join(tail), file=sys.stderr)
        fail(
            "chưa cài được các gói cần thiết.",
            f"xin kiểm tra mạng rồi chạy lại; chi tiết ở {LOG.relative_to(ROOT)}.",
        )


def follow(lines: Iterator[str] | Sequence[str], count: int) -> Iterator[str]:
    """Keep pip's words in the log and show how far it got."""
    seen = 0
    with LOG.open("a") as log:
        for line in lines:
            log.write(line)
            yield line
            name = FETCHED.match(line)
            if name and count and seen < count:
                seen += 1
                show(f"      {seen}/{count} {name[1]}", last=seen == count)
            elif line.startswith("Installing collected packages") and count:
                show("      đang chép vào .venv …", last=True)


def show(text: str, *, last: bool) -> None:
    """Overwrite one line on a terminal; in a log show every tenth and the last."""
    if sys.stdout.isatty():
        print(f"\r{text:<60}", end="\n" if last else "", flush=True)
    elif last or text.split("/", maxsplit=1)[0].strip().endswith("0"):
        print(text, flush=True)


def version(python: str) -> str:
    """Return the version of an interpreter, like 3.11.7."""
    code = "import platform; print(platform.python_version())"
    return subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=False
    ).stdout.strip()


def remove() -> None:
    """Remove .venv; a link goes, what it points at stays."""
    if VENV.is_symlink():
        VENV.unlink()
    else:
        shutil.rmtree(VENV, ignore_errors=True)


def fail(sentence: str, hint: str) -> NoReturn:
    """Say one sentence and one hint, then stop."""
    print(f"Dạ, xin lỗi: {sentence}\nGợi ý: {hint}", file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nĐã dừng theo yêu cầu; lần sau sẽ làm lại từ đầu.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        fail(f"chưa ghi được vào thư mục này ({error}).", "xin kiểm tra quyền ghi.")
