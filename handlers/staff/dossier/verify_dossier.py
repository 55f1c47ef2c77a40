"""Kiểm tra một hồ sơ minh chứng mà không cần tin nơi đã lập ra nó.

Chỉ cần Python 3.9 trở lên, không mạng, không cài thêm; chạy ngay trong thư mục hồ sơ:
    python verify_dossier.py [--key DẤU_VÂN_TAY] [--checkpoint TỆP]
Mọi byte đều được kiểm, trừ tệp này và nhat-ky/verify_evidence.py (nên lấy cả hai từ
nguồn mình tin):
1. Bản kê (dossier.txt) nêu từng tệp với mã SHA-256; không tệp nào thừa hoặc thiếu.
2. Nhật ký (nhat-ky/) được kiểm bằng verify_evidence.py: cây Merkle, mốc ký, khóa.
3. Bản kê do chính khóa của nhật ký ký, đúng mốc của nhật ký.
4. Mỗi giấy tờ nộp bằng tay đúng là tệp đã được băm vào nhật ký lúc nộp.
Thoát với mã 0 khi mọi thứ đúng, 1 khi có chỗ sai (nêu tên từng chỗ).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

FORMAT = "than-thien dossier 1"
MANIFEST, SELF, LOG = "dossier.txt", "verify_dossier.py", "nhat-ky"
FILED = "staff:paper:filed"
BROKEN = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError)


class Dossier:
    """Một hồ sơ trong thư mục; ``faults`` là chỗ sai, ``unchecked`` là chưa kiểm."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults, self.unchecked = list[str](), list[str]()
        self.files, self.papers = dict[str, tuple[str, int]](), list[list[str]]()
        self.said = dict[str, str]()
        self.number = 0

    def check(self, fingerprint: str = "", texts: tuple[str, ...] = ()) -> None:
        """Kiểm tất cả; ``texts`` là các mốc được giữ ở nơi khác."""
        at = f"{LOG}/verify_evidence.py"
        try:
            verifier = self._verifier()
            at = MANIFEST
            data = (self.folder / MANIFEST).read_bytes()
            text, made = verifier.read_note(data)
            self._read(text)
            self._contents()
            at = LOG
            bundle = verifier.Bundle(self.folder / LOG)
            bundle.check(fingerprint, texts)
            self.faults += [f"{LOG}: {fault}" for fault in bundle.faults]
            self.unchecked += bundle.unchecked
            at = MANIFEST
            self._signed(bundle, text, made)
            at = f"{LOG}/entries"
            self._filed()
        except BROKEN as error:
            self.faults.append(f"{at} thiếu, sai dạng hoặc đã bị sửa ({error!r:.60})")

    def _verifier(self) -> Any:
        """Nạp chương trình kiểm nhật ký đi kèm, không để lại tệp nào."""
        sys.dont_write_bytecode = True
        path = self.folder / LOG / "verify_evidence.py"
        spec = importlib.util.spec_from_file_location("verify_evidence", path)
        if spec is None or spec.loader is None:
            raise ValueError(path.name)
        module = importlib.util.module_from_spec(spec)
        sys.modules["verify_evidence"] = module
        spec.loader.exec_module(module)
        return module

    def _read(self, text: str) -> None:
        first, *lines = text.rstrip("\n").split("\n")
        if first != FORMAT or lines[3:] != [
            *sorted({x for x in lines[3:] if x.startswith("file ")}),
            *sorted({x for x in lines[3:] if x.startswith("paper ")}),
        ]:
            raise ValueError(first)
        self.said = dict(line.split(" ", 1) for line in lines[:3])
        for line in lines[3:]:
            kind, one, two, name = line.split(" ", 3)
            if kind == "file":
                self.files[name] = (one, int(two))
            else:
                self.papers.append([one, two, name])

    def _contents(self) -> None:
        there = {p for p in self.folder.rglob("*") if not p.is_dir()}
        known = {self.folder / name for name in (MANIFEST, SELF, *self.files)}
        for path in sorted(there - known):
            self.faults.append(f"tệp thừa: {path.relative_to(self.folder)}")
        for name, said in self.files.items():
            path = self.folder / name
            digest, size = _digest(path) if path in there else ("", -1)
            if (digest, size) != said:
                self.faults.append(f"tệp thiếu hoặc bị sửa: {name}")

    def _signed(self, bundle: Any, text: str, made: Any) -> None:
        size, root = self.said["point"].split(" ")
        if (int(size), root) != (bundle.size, bundle.root()):
            self.faults.append(f"{MANIFEST}: mốc khác với nhật ký")
        if self.said["unit"] != bundle.head["unit"]:
            self.faults.append(f"{MANIFEST}: của đơn vị khác")
        if len(made) != 1 or not bundle.keys[-1].has_signed(text, made):
            self.faults.append(f"{MANIFEST}: chữ ký sai")

    def _filed(self) -> None:
        wanted = {one[0]: one for one in self.papers}
        for path in sorted((self.folder / LOG / "entries").glob("*.txt")):
            with path.open("rb") as file:
                for line in file:
                    if FILED.encode() in line:
                        self._paper(json.loads(line), wanted)
        for _, _, name in wanted.values():
            self.unchecked.append(f"{name}: nộp trước khoảng mục có trong gói")

    def _paper(self, entry: dict[str, Any], wanted: dict[str, list[str]]) -> None:
        if entry["tag"] != FILED or entry["id"] not in wanted:
            return
        _, salt, name = wanted.pop(entry["id"])
        made = bytes.fromhex(salt) + self.files[name][0].encode()
        self.number += 1
        if hashlib.sha256(made).hexdigest() != entry["sealed"]["sha256"]:
            self.faults.append(f"giấy tờ không phải tệp đã nộp: {name}")


def _digest(path: Path) -> tuple[str, int]:
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            found.update(piece)
            size += len(piece)
    return found.hexdigest(), size


def main() -> int:
    """Chạy từ dòng lệnh."""
    parser = argparse.ArgumentParser(description="Kiểm tra hồ sơ minh chứng.")
    parser.add_argument("folder", nargs="?", default=Path(__file__).parent, type=Path)
    parser.add_argument("--key", default="", help="dấu vân tay khóa, 64 chữ số hệ 16")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path)
    asked = parser.parse_args()
    one = Dossier(asked.folder.resolve())
    one.check(asked.key, tuple(p.read_text("utf-8-sig") for p in asked.checkpoint))
    lines = [f"SAI: {fault}" for fault in one.faults[:50]]
    lines += [f"CHƯA KIỂM: {text}" for text in one.unchecked[:50]]
    lines += [f"{len(one.files)} tệp, {one.number} giấy tờ khớp với lúc nộp"]
    lines += [f"SAI: {len(one.faults)} chỗ" if one.faults else "ĐÚNG", ""]
    sys.stdout.buffer.write("\n".join(lines).encode())
    return 1 if one.faults else 0


if __name__ == "__main__":
    sys.exit(main())
